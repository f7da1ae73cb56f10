import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';

/**
 * Variances along the principal components of the inputs: eigenvalues of their covariance (1/N) sum (x - mean)(x - mean)^T,
 * ascending, one a coordinate.
 */
export async function principalComponents(data: Dataset, linearAlgebra: LinearAlgebra): Promise<Float64Array> {
  const { count, dimension, inputs } = data;
  const mean = new Float64Array(dimension);
  for (let i = 0; i < inputs.length; i++) mean[i % dimension] += inputs[i] / count;
  const centred = inputs.map((x, i) => x - mean[i % dimension]);
  const covariance = new Float64Array(dimension * dimension);
  linearAlgebra.syrk({
    triangle: 'lower',
    transpose: true,
    n: dimension,
    k: count,
    alpha: 1 / count,
    a: centred,
    lda: dimension,
    c: covariance,
    ldc: dimension,
  });
  return linearAlgebra.symmetricEigenvalues(covariance, dimension, { overwrite: true });
}
