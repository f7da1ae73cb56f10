/**
 * Floating-point operations of common work, counted as if all were products of large matrices: what runs at a third of
 * their rate counts three times. For `UnitKind.cost`, that is for estimates to a factor of two, and for nothing else.
 *
 * The counts are the textbook's. The factors before them say how much slower than a product the work runs; they were
 * measured on a two-core Xeon with AVX-512, with OpenBLAS 0.3.21 and with the portable implementation, and stand
 * between the two.
 */
export const flopsOf = {
  /** C = A B, with A m x k and B k x n: a multiplication and an addition for each term. */
  product: (m: number, n: number, k: number): number => 2 * m * n * k,

  /** All eigenvalues of a symmetric n x n matrix: 4/3 n^3, half of them products of a matrix and a vector. */
  eigenvalues: (n: number): number => 2 * (4 / 3) * n ** 3,

  /** All eigenvalues and eigenvectors of a symmetric n x n matrix: Golub & Van Loan, table 8.3, count 9 n^3. */
  eigenpairs: (n: number): number => 9 * n ** 3,

  /** An exact Hessian, or its Gauss-Newton part, of P parameters from N samples: N P^2, as half of it is a mirror image. */
  hessian: (samples: number, parameters: number): number => 1.3 * samples * parameters ** 2,

  /**
   * Steps of gradient descent on a dense network, in float64: 6 operations for each sample and parameter (2 forward, 4
   * backward). Batches of some tens of samples make small products.
   */
  training: (steps: number, batch: number, parameters: number): number => 3 * 6 * steps * batch * parameters,
} as const;
