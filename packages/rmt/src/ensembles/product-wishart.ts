import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { requireInteger, requirePositive } from '../checks.js';

export interface ProductWishartMatrixParameters {
  /** M: rows of both factors; the matrix is 2M x 2M. In the network, the width n of every layer. */
  readonly dimension: number;
  /** N: columns of both factors; in the network, the examples that a hidden unit is on for, half of all m. */
  readonly samples: number;
  /** epsilon: the entries of E have variance 2 epsilon. */
  readonly energy: number;
}

/**
 * The matrix H1 of Pennington & Bahri 2017, sec. 6.1, for one hidden unit: [0, C; C^T, 0], 2M x 2M (row-major, both
 * triangles), of C = E X^T/(2N). E and X are M x N of independent normals: the residuals, of variance 2 epsilon, and the
 * inputs, of variance 1. The H1 of a network of n units is n of these, independent where the units are.
 *
 * Its spectrum tends to the law `productWishart({ ratio: M / N, energy })`, phi = M/N = 2n/m.
 *
 * @throws RangeError unless the sizes are positive integers and the energy positive
 */
export function productWishartMatrix(
  parameters: ProductWishartMatrixParameters,
  random: RandomStream,
  linearAlgebra: Pick<LinearAlgebra, 'gemm'>,
): Float64Array {
  const { dimension: m } = parameters;
  const block = offDiagonalBlock(parameters, random, linearAlgebra);
  const matrix = new Float64Array(4 * m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      matrix[i * 2 * m + m + j] = block[i * m + j];
      matrix[(m + j) * 2 * m + i] = block[i * m + j];
    }
  }
  return matrix;
}

/**
 * The eigenvalues of such a matrix, ascending: the singular values of C with both signs. For M > N, 2 (M - N) of them are
 * exact zeros.
 *
 * The same stream gives the eigenvalues of the matrix that `productWishartMatrix` gives, to rounding.
 *
 * @throws RangeError as `productWishartMatrix`
 */
export async function productWishartEigenvalues(
  parameters: ProductWishartMatrixParameters,
  random: RandomStream,
  linearAlgebra: Pick<LinearAlgebra, 'gemm' | 'svd'>,
): Promise<Float64Array> {
  const { dimension: m, samples: n } = parameters;
  const { singularValues } = await linearAlgebra.svd(offDiagonalBlock(parameters, random, linearAlgebra), m, m);
  const values = new Float64Array(2 * m);
  for (let i = 0; i < Math.min(m, n); i++) {
    values[i] = -singularValues[i];
    values[2 * m - 1 - i] = singularValues[i];
  }
  return values;
}

function offDiagonalBlock(
  { dimension: m, samples: n, energy }: ProductWishartMatrixParameters,
  random: RandomStream,
  linearAlgebra: Pick<LinearAlgebra, 'gemm'>,
): Float64Array {
  requireInteger('the dimension of a product Wishart matrix', m, 1);
  requireInteger('the number of samples of a product Wishart matrix', n, 1);
  requirePositive('the energy of a product Wishart matrix', energy);
  const residuals = random.normals(m * n, Math.sqrt(2 * energy));
  const inputs = random.normals(m * n);
  const block = new Float64Array(m * m);
  linearAlgebra.gemm({
    transposeB: true,
    m,
    n: m,
    k: n,
    alpha: 1 / (2 * n),
    a: residuals,
    lda: n,
    b: inputs,
    ldb: n,
    c: block,
    ldc: m,
  });
  return block;
}
