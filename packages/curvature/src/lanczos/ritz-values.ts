import type { LinearAlgebra } from '@hessian-rmt/numerics';

/** Eigenvalues of the projection of an operator on a Krylov space, with what is needed to judge them. */
export interface RitzValues {
  /** Ascending. */
  readonly values: Float64Array;
  /**
   * Squared first components of the eigenvectors of T, which sum to 1: the weights of Gauss quadrature for the start
   * vector's measure (Golub & Meurant 1994; Granziol et al. 2020, Theorem 4).
   */
  readonly weights: Float64Array;
  /** |A x - theta x| of each Ritz pair, by |beta_m s_m| (Parlett 1998, sec. 13.2): an eigenvalue is that near to theta. */
  readonly residuals: Float64Array;
}

/** Eigenvectors of the tridiagonal T, one a row, with its eigenvalues. */
export async function tridiagonalPairs(
  alpha: readonly number[] | Float64Array,
  beta: readonly number[] | Float64Array,
  linearAlgebra: LinearAlgebra,
): Promise<{ readonly values: Float64Array; readonly vectors: Float64Array }> {
  const m = alpha.length;
  const dense = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    dense[i * m + i] = alpha[i];
    if (i + 1 < m) {
      dense[i * m + i + 1] = beta[i];
      dense[(i + 1) * m + i] = beta[i];
    }
  }
  return linearAlgebra.symmetricEigen(dense, m);
}

/** @param beta  m - 1 off-diagonal numbers, then the norm of what is left over */
export async function ritzValues(
  alpha: readonly number[],
  beta: readonly number[],
  linearAlgebra: LinearAlgebra,
): Promise<RitzValues> {
  const m = alpha.length;
  const { values, vectors } = await tridiagonalPairs(alpha, beta, linearAlgebra);
  const weights = new Float64Array(m);
  const residuals = new Float64Array(m);
  for (let i = 0; i < m; i++) {
    weights[i] = vectors[i * m] ** 2;
    residuals[i] = Math.abs(beta[m - 1] * vectors[i * m + m - 1]);
  }
  return { values, weights, residuals };
}
