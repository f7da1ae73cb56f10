import type { EigenvalueOptions, LinearAlgebra } from '@hessian-rmt/numerics';
import type { Spectrum, SymmetricMatrix } from './operator.js';

export interface EigenvaluesOptions extends Pick<EigenvalueOptions, 'method'> {
  readonly linearAlgebra: LinearAlgebra;
  /** Destroys the matrix instead of copying it: a 20,060 matrix is 3.2 GB. Default false. */
  readonly overwrite?: boolean;
}

/** All eigenvalues of a dense symmetric matrix, by LAPACK where there is one. */
export async function eigenvalues(
  { n, data }: SymmetricMatrix,
  { linearAlgebra, ...options }: EigenvaluesOptions,
): Promise<Spectrum> {
  return spectrumOf(await linearAlgebra.symmetricEigenvalues(data, n, options));
}

/**
 * Eigenvalues, ascending, as a spectrum: all those of a matrix whose size is their number, computed in float64.
 *
 * The rounding floor is n epsilon max |lambda|: a backward-stable eigensolver returns the eigenvalues of a matrix that
 * differs by a modest multiple of epsilon |A| (Anderson et al. 1999, LAPACK Users' Guide, sec. 4.7), and n is the usual
 * bound of the multiple. It is cautious: the error seen is a few epsilon max |lambda|.
 *
 * @throws RangeError if there are no values or they are not ascending and finite
 */
export function spectrumOf(values: Float64Array): Spectrum {
  const n = values.length;
  if (n === 0) throw new RangeError('a spectrum needs eigenvalues; found none');
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(values[i])) throw new RangeError(`eigenvalue ${i} is ${values[i]}; they must be finite`);
    if (i > 0 && values[i] < values[i - 1]) {
      throw new RangeError(`eigenvalues must ascend; number ${i} is ${values[i]} after ${values[i - 1]}`);
    }
  }
  const largest = Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
  return { values, size: n, precision: 'float64', roundingFloor: n * Number.EPSILON * largest };
}
