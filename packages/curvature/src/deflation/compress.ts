import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { sharedArray } from '../exact/scratch.js';
import type { SymmetricMatrix } from '../operator.js';
import type { DeflatedBasis } from './deflated-basis.js';

/** Rows at a time (our choice: enough for BLAS, little beside the matrix). */
const chunkRows = 256;

/** Bytes beside the matrix of so many parameters. */
export const compressionBytes = (parameters: number): number => 8 * chunkRows * 3 * parameters;

/** Q^T H Q, exactly symmetric. It takes the memory of H: a second matrix of 20,060 would be 3.2 GB. */
export async function compress(
  { n, data }: SymmetricMatrix,
  basis: DeflatedBasis,
  linearAlgebra: LinearAlgebra,
): Promise<SymmetricMatrix> {
  const { size } = basis;
  const taken = sharedArray(chunkRows * n);
  const product = sharedArray(chunkRows * size);
  // H Q, row by row to the front: row i of it ends before row i of H does.
  for (let first = 0; first < n; first += chunkRows) {
    const count = Math.min(chunkRows, n - first);
    taken.set(data.subarray(first * n, (first + count) * n));
    basis.multiply(taken, count, product);
    data.set(product.subarray(0, count * size), first * size);
  }
  // Q^T (H Q) is symmetric: its rows are those of (H Q)^T Q, put where the columns of H Q were.
  for (let first = 0; first < size; first += chunkRows) {
    const count = Math.min(chunkRows, size - first);
    const columns = data.subarray(first);
    await linearAlgebra.copyAsync({ transpose: true, m: count, n, a: columns, lda: size, b: taken, ldb: n });
    basis.multiply(taken, count, product);
    await linearAlgebra.copyAsync({ transpose: true, m: size, n: count, a: product, lda: size, b: columns, ldb: size });
  }
  const matrix = data.subarray(0, size * size);
  mirror(matrix, size);
  return { n: size, data: matrix };
}

/** Lower triangle onto the upper one, in tiles that the cache holds. */
function mirror(matrix: Float64Array, n: number): void {
  const tile = 32;
  for (let top = 0; top < n; top += tile) {
    for (let left = 0; left <= top; left += tile) {
      for (let i = top; i < Math.min(top + tile, n); i++) {
        for (let j = left; j < Math.min(left + tile, i); j++) matrix[j * n + i] = matrix[i * n + j];
      }
    }
  }
}
