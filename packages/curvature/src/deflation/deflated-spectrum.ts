import type { Dataset, DenseNetwork, Weights } from '@hessian-rmt/models';
import type { Spectrum } from '../operator.js';
import { spectrumOf } from '../spectrum.js';
import { type DeflatedHessian, type DeflationOptions, deflatedHessian } from './deflated-hessian.js';
import type { StructuralZeros } from './structural-zeros.js';

/** The eigenvalues that are left when `zeros.total` exact zeros have been removed: values.length + zeros.total = size. */
export interface DeflatedSpectrum extends Spectrum {
  readonly zeros: StructuralZeros;
  readonly inputSpan: DeflatedHessian['inputSpan'];
}

/**
 * The spectrum of the Hessian of the mean loss without its structural zeros (see `deflatedHessian`).
 *
 * Its rounding floor is that of the matrix the eigensolver saw: d epsilon max |lambda| for d values.
 */
export async function deflatedSpectrum(
  network: DenseNetwork,
  weights: Weights,
  data: Dataset,
  options: DeflationOptions,
): Promise<DeflatedSpectrum> {
  const { matrix, size, zeros, inputSpan } = await deflatedHessian(network, weights, data, options);
  const values = await options.linearAlgebra.symmetricEigenvalues(matrix.data, matrix.n, { overwrite: true });
  return { ...spectrumOf(values), size, zeros, inputSpan };
}

/** All `size` eigenvalues, ascending: the spectrum's and, between negative and positive ones, the zeros left out of it. */
export function paddedWithZeros({ values, size }: Pick<Spectrum, 'values' | 'size'>): Float64Array {
  const padded = new Float64Array(size);
  const negative = values.filter((value) => value < 0).length;
  padded.set(values.subarray(0, negative));
  padded.set(values.subarray(negative), negative + size - values.length);
  return padded;
}
