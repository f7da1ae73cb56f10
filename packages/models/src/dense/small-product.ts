import type { Gemm, LinearAlgebra } from '@hessian-rmt/numerics';

/**
 * Multiplications up to which plain loops beat a call into a library. Microseconds of g and H g of n-n-n networks on m
 * samples, with all products by OpenBLAS and with loops up to this size: see docs/performance.md.
 */
const limit = 2048;

type Product = Gemm<Float64Array>;

/** C := op(A) op(B) + beta C: by loops where the matrices are tiny, the same bits with every library; else by gemm. */
export function multiply(linearAlgebra: LinearAlgebra, product: Product): void {
  if (product.m * product.n * product.k > limit) linearAlgebra.gemm(product);
  else if (product.transposeA) sumOfOuterProducts(product);
  else if (product.transposeB) innerProducts(product);
  else sumsOfRows(product);
}

/** C := A B^T + beta C, each entry an inner product of two rows. */
function innerProducts({ m, n, k, a, lda, b, ldb, beta = 0, c, ldc }: Product): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * lda + p] * b[j * ldb + p];
      c[i * ldc + j] = beta === 0 ? sum : sum + beta * c[i * ldc + j];
    }
  }
}

/** C := A^T B + beta C, over the rows of A and B, which are the samples. */
function sumOfOuterProducts({ m, n, k, a, lda, b, ldb, beta = 0, c, ldc }: Product): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) c[i * ldc + j] = beta === 0 ? 0 : beta * c[i * ldc + j];
    for (let p = 0; p < k; p++) {
      const factor = a[p * lda + i];
      for (let j = 0; j < n; j++) c[i * ldc + j] += factor * b[p * ldb + j];
    }
  }
}

/** C := A B + beta C. */
function sumsOfRows({ m, n, k, a, lda, b, ldb, beta = 0, c, ldc }: Product): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) c[i * ldc + j] = beta === 0 ? 0 : beta * c[i * ldc + j];
    for (let p = 0; p < k; p++) {
      const factor = a[i * lda + p];
      for (let j = 0; j < n; j++) c[i * ldc + j] += factor * b[p * ldb + j];
    }
  }
}
