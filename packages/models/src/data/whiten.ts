import type { EigenPairs, LinearAlgebra } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import { centred, covariance } from './covariance.js';

/** An affine map x -> W (x - mean) after which the data it was made from have mean zero and covariance one. */
export interface Whitening {
  readonly method: 'zca' | 'pca';
  readonly mean: Float64Array;
  /** W, outputs x dimension, row-major. */
  readonly matrix: Float64Array;
  readonly dimension: number;
  /** Rank of the covariance; the dimension for zca. */
  readonly outputs: number;
}

export interface WhiteningOptions {
  /**
   * With the covariance V diag(l) V^T, `zca`: W = V diag(l)^(-1/2) V^T, the symmetric one, whose outputs are pixels still
   * (default: how Krizhevsky 2009, App. A, whitens CIFAR). `pca`: W = diag(l)^(-1/2) V^T, principal components, that of
   * largest variance first, each with its largest weight positive.
   */
  readonly method?: 'zca' | 'pca';
}

/**
 * Whitening of data: with covariance C = (1/N) sum (x - mean)(x - mean)^T, W C W^T = 1.
 *
 * A variance at or below dimension x 2^-52 of the largest counts as zero (our choice: what rounding leaves of a singular
 * C). `pca` leaves such components out: `outputs` tells the rank. `zca` has no place for them.
 *
 * @throws RangeError when all inputs are equal, and for zca when the covariance is not of full rank (fewer samples than
 *   coordinates, or a constant pixel)
 */
export async function whitening(
  data: Dataset,
  linearAlgebra: LinearAlgebra,
  { method = 'zca' }: WhiteningOptions = {},
): Promise<Whitening> {
  if (method !== 'zca' && method !== 'pca')
    throw new RangeError(`whitening: method must be zca or pca, found ${method}`);
  const { name, dimension } = data;
  const { mean, matrix } = covariance(data, linearAlgebra);
  const eigen = await linearAlgebra.symmetricEigen(matrix, dimension);
  const zero = dimension * 2 ** -52 * eigen.values[dimension - 1];
  const rank = eigen.values.filter((variance) => variance > zero).length;
  if (rank === 0) throw new RangeError(`whitening: all inputs of ${name} are equal`);
  if (method === 'zca' && rank < dimension) {
    throw new RangeError(
      `whitening: expected a covariance of full rank ${dimension} for zca, found rank ${rank} in ${name}: ` +
        `take pca, which keeps ${rank} components, or other samples`,
    );
  }
  const weights =
    method === 'pca'
      ? scaled(eigen, dimension, rank, 1 / 2)
      : gram(scaled(eigen, dimension, rank, 1 / 4), dimension, linearAlgebra);
  return { method, mean, matrix: weights, dimension, outputs: rank };
}

/** The data after this whitening. Test data take that of the training data. @throws RangeError for another dimension */
export function whiten(data: Dataset, by: Whitening, linearAlgebra: LinearAlgebra): Dataset {
  const { method, mean, matrix, dimension, outputs } = by;
  if (data.dimension !== dimension) {
    throw new RangeError(`whiten: expected ${dimension} inputs a sample in ${data.name}, found ${data.dimension}`);
  }
  const inputs = new Float64Array(data.count * outputs);
  linearAlgebra.gemm({
    transposeB: true,
    m: data.count,
    n: outputs,
    k: dimension,
    a: centred(data, mean),
    lda: dimension,
    b: matrix,
    ldb: dimension,
    c: inputs,
    ldc: outputs,
  });
  const { image: _, ...rest } = data;
  if (method === 'zca') return { ...data, name: `${data.name}, whitened (ZCA)`, inputs };
  const name = `${data.name}, whitened (PCA, ${outputs} of ${dimension} components)`;
  return { ...rest, name, dimension: outputs, inputs };
}

/** Eigenvectors as rows, largest variance first, each divided by its variance to this power. */
function scaled({ values, vectors }: EigenPairs<Float64Array>, n: number, rank: number, power: number): Float64Array {
  const rows = new Float64Array(rank * n);
  for (let row = 0; row < rank; row++) {
    const index = n - 1 - row;
    const vector = vectors.subarray(index * n, (index + 1) * n);
    const largest = vector.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0);
    const divisor = Math.sign(largest) * values[index] ** power;
    for (let j = 0; j < n; j++) rows[row * n + j] = vector[j] / divisor;
  }
  return rows;
}

/** A^T A of an n x n matrix. */
function gram(a: Float64Array, n: number, linearAlgebra: LinearAlgebra): Float64Array {
  const c = new Float64Array(n * n);
  linearAlgebra.gemm({ transposeA: true, m: n, n, k: n, a, lda: n, b: a, ldb: n, c, ldc: n });
  return c;
}
