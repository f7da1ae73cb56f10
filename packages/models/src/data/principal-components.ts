import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import { covariance } from './covariance.js';

/**
 * Variances along the principal components of the inputs: eigenvalues of their covariance (1/N) sum (x - mean)(x - mean)^T,
 * ascending, one a coordinate.
 */
export async function principalComponents(data: Dataset, linearAlgebra: LinearAlgebra): Promise<Float64Array> {
  const { matrix } = covariance(data, linearAlgebra);
  return linearAlgebra.symmetricEigenvalues(matrix, data.dimension, { overwrite: true });
}
