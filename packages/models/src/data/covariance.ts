import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';

/** Mean of the inputs, and their covariance (1/N) sum (x - mean)(x - mean)^T: dimension x dimension, lower triangle. */
export function covariance(data: Dataset, linearAlgebra: LinearAlgebra): { mean: Float64Array; matrix: Float64Array } {
  const { count, dimension } = data;
  const mean = meanOf(data);
  const matrix = new Float64Array(dimension * dimension);
  linearAlgebra.syrk({
    triangle: 'lower',
    transpose: true,
    n: dimension,
    k: count,
    alpha: 1 / count,
    a: centred(data, mean),
    lda: dimension,
    c: matrix,
    ldc: dimension,
  });
  return { mean, matrix };
}

/** The inputs less this mean, in a fresh array. */
export function centred({ inputs, dimension }: Dataset, mean: Float64Array): Float64Array {
  return inputs.map((x, i) => x - mean[i % dimension]);
}

function meanOf({ inputs, dimension, count }: Dataset): Float64Array {
  const sum = new Float64Array(dimension);
  for (let i = 0; i < inputs.length; i++) sum[i % dimension] += inputs[i];
  return sum.map((total) => total / count);
}
