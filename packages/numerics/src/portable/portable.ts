import { checkGemm, checkGemv, checkSyrk } from '../check.js';
import type { LinearAlgebra } from '../linear-algebra.js';

/** Plain TypeScript, no library needed. */
export function portableLinearAlgebra(): LinearAlgebra {
  const notImplemented = (): never => {
    throw new Error('not implemented');
  };
  const gemm: LinearAlgebra['gemm'] = (product) => {
    checkGemm(product);
    const { transposeA, transposeB, m, n, k, alpha = 1, a, lda, b, ldb, beta = 0, c, ldc } = product;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let l = 0; l < k; l++) {
          sum += a[transposeA ? l * lda + i : i * lda + l] * b[transposeB ? j * ldb + l : l * ldb + j];
        }
        c[i * ldc + j] = alpha * sum + (beta === 0 ? 0 : beta * c[i * ldc + j]);
      }
    }
  };
  const syrk: LinearAlgebra['syrk'] = (product) => {
    checkSyrk(product);
    const { triangle, transpose, n, k, alpha = 1, a, lda, beta = 0, c, ldc } = product;
    for (let i = 0; i < n; i++) {
      const [first, last] = triangle === 'lower' ? [0, i] : [i, n - 1];
      for (let j = first; j <= last; j++) {
        let sum = 0;
        for (let l = 0; l < k; l++) {
          sum += transpose ? a[l * lda + i] * a[l * lda + j] : a[i * lda + l] * a[j * lda + l];
        }
        c[i * ldc + j] = alpha * sum + (beta === 0 ? 0 : beta * c[i * ldc + j]);
      }
    }
  };
  return {
    library: { kind: 'portable', description: 'portable TypeScript', identity: 'portable', threads: 1 },
    gemm,
    gemmAsync: async (product) => gemm(product),
    syrk,
    syrkAsync: async (product) => syrk(product),
    gemv: (product) => {
      checkGemv(product);
      const { transpose, m, n, alpha = 1, a, lda, x, beta = 0, y } = product;
      const [rows, columns] = transpose ? [n, m] : [m, n];
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (let j = 0; j < columns; j++) sum += a[transpose ? j * lda + i : i * lda + j] * x[j];
        y[i] = alpha * sum + (beta === 0 ? 0 : beta * y[i]);
      }
    },
    symmetricEigenvalues: notImplemented,
    symmetricEigen: notImplemented,
    symmetricEigenRange: notImplemented,
    tridiagonalEigen: notImplemented,
    tridiagonalEigenvalues: notImplemented,
    cholesky: notImplemented,
    qr: notImplemented,
    svd: notImplemented,
  };
}
