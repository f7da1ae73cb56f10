import type { LinearAlgebra } from '@hessian-rmt/numerics';

/** Dense symmetric matrices, row-major, as plain arrays: the few operations that several parts share. */

export const squaredNorm = (matrix: Float64Array): number => matrix.reduce((sum, x) => sum + x * x, 0);

export const difference = (one: Float64Array, other: Float64Array): Float64Array => one.map((x, i) => x - other[i]);

/** |A - c I|^2, c the mean of the diagonal of another matrix. */
export function dispersionAbout(centre: number, matrix: Float64Array, n: number): number {
  let squares = squaredNorm(matrix);
  for (let i = 0; i < n; i++) squares += (matrix[i * n + i] - centre) ** 2 - matrix[i * n + i] ** 2;
  return squares;
}

export function meanDiagonal(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += matrix[i * n + i];
  return sum / n;
}

/** V A V^T: A in the basis whose vectors are the rows of V. */
export function inBasis(
  vectors: Float64Array,
  matrix: Float64Array,
  n: number,
  linearAlgebra: LinearAlgebra,
): Float64Array {
  const half = new Float64Array(n * n);
  const rotated = new Float64Array(n * n);
  const size = { m: n, n, k: n, lda: n, ldb: n, ldc: n };
  linearAlgebra.gemm({ ...size, a: vectors, b: matrix, c: half });
  linearAlgebra.gemm({ ...size, transposeB: true, a: half, b: vectors, c: rotated });
  return rotated;
}

/** The `keep` smallest and the `keep` largest of ascending values, ascending. */
export function extremesOf(values: Float64Array, keep: number): Float64Array {
  return Float64Array.of(...values.subarray(0, keep), ...values.subarray(values.length - keep));
}
