import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { requireInteger, requirePositive } from '../checks.js';

export interface WishartParameters {
  /** M, rows of X: the size of the matrix; parameters, in a Gauss-Newton matrix. */
  readonly dimension: number;
  /** N, columns of X. */
  readonly samples: number;
  /** Variance of the entries of X. Default 1. */
  readonly scale?: number;
  /**
   * Population eigenvalues that differ from the others, in units of the scale: spike i belongs to coordinate i, all
   * further coordinates have 1. Default none.
   */
  readonly spikes?: readonly number[];
}

/**
 * A Wishart matrix X X^T / N, M x M, row-major, both triangles: X is M x N, its columns independent normals of
 * covariance `scale` diag(spikes, 1, 1, ...). Its spectrum tends to the Marchenko-Pastur law of ratio M / N, but for
 * the outliers of `spikedWishart`.
 *
 * @throws RangeError unless the sizes are positive integers, the scale positive, and the spikes not negative and no
 *   more than M
 */
export function wishart(
  parameters: WishartParameters,
  random: RandomStream,
  linearAlgebra: Pick<LinearAlgebra, 'syrk'>,
): Float64Array {
  const { dimension: m, samples: n } = parameters;
  return gram(dataMatrix(parameters, random), m, n, 1 / n, false, linearAlgebra);
}

/**
 * The eigenvalues of such a matrix, ascending. For M > N they are those of X^T X / N, with M - N exact zeros.
 *
 * The same stream gives the eigenvalues of the matrix that `wishart` gives, to rounding.
 *
 * @throws RangeError as `wishart`
 */
export async function wishartEigenvalues(
  parameters: WishartParameters,
  random: RandomStream,
  linearAlgebra: Pick<LinearAlgebra, 'syrk' | 'symmetricEigenvalues'>,
): Promise<Float64Array> {
  const { dimension: m, samples: n } = parameters;
  const size = Math.min(m, n);
  const matrix = gram(dataMatrix(parameters, random), m, n, 1 / n, m > n, linearAlgebra);
  const values = new Float64Array(m);
  values.set(await linearAlgebra.symmetricEigenvalues(matrix, size, { overwrite: true }), m - size);
  return values.sort();
}

export function dataMatrix({ dimension, samples, scale = 1, spikes = [] }: WishartParameters, random: RandomStream) {
  requireInteger('the dimension of a Wishart matrix', dimension, 1);
  requireInteger('the number of samples of a Wishart matrix', samples, 1);
  requirePositive('the scale of a Wishart matrix', scale);
  if (spikes.length > dimension) {
    throw new RangeError(
      `a Wishart matrix of dimension ${dimension} has room for as many spikes, found ${spikes.length}`,
    );
  }
  const data = random.normals(dimension * samples, Math.sqrt(scale));
  for (const [row, spike] of spikes.entries()) {
    requireSpike(spike);
    const root = Math.sqrt(spike);
    for (let i = row * samples; i < (row + 1) * samples; i++) data[i] *= root;
  }
  return data;
}

/** @throws RangeError unless the population eigenvalue is finite and not negative */
export function requireSpike(spike: number): void {
  if (!(spike >= 0 && spike < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`a spike is an eigenvalue of a covariance, finite and not negative, found ${spike}`);
  }
}

/** alpha X X^T, or alpha X^T X, for the row-major m x n matrix X. */
export function gram(
  data: Float64Array,
  m: number,
  n: number,
  alpha: number,
  transpose: boolean,
  linearAlgebra: Pick<LinearAlgebra, 'syrk'>,
): Float64Array {
  const size = transpose ? n : m;
  const c = new Float64Array(size * size);
  linearAlgebra.syrk({
    triangle: 'lower',
    transpose,
    n: size,
    k: transpose ? m : n,
    alpha,
    a: data,
    lda: n,
    c,
    ldc: size,
  });
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) c[j * size + i] = c[i * size + j];
  return c;
}
