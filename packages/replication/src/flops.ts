/**
 * Floating-point operations of common work, counted as if all were products of large matrices: what runs at a third of
 * their rate counts three times. For `UnitKind.cost`, that is for estimates to a factor of two, and for nothing else.
 *
 * The powers of the sizes are the textbooks'. The numbers before them say how much slower than a product the work runs:
 * fitted to processor times, each against the product measured beside it, with OpenBLAS 0.3.21 (66 10^9 operations a
 * second on one thread of a Xeon with AVX-512) and with the portable implementation (14 10^9), for sizes like those of
 * the experiments. They stand between the two, which differ by a factor of two at most where the time matters, and of
 * three for eigenvectors.
 */
export const flopsOf = {
  /** C = A B, with A m x k and B k x n: a multiplication and an addition for each term. */
  product: (m: number, n: number, k: number): number => 2 * m * n * k,

  /**
   * All eigenvalues of a symmetric n x n matrix: 4/3 n^3 at a quarter of the rate, since half of them go into products of
   * a matrix and a vector, which wait for the memory. The second term is for sizes below a thousand.
   */
  eigenvalues: (n: number): number => (16 / 3) * n ** 3 + 1600 * n ** 2,

  /** All eigenvalues and eigenvectors of a symmetric n x n matrix: 9 n^3 (Golub & Van Loan, section 8.3). */
  eigenpairs: (n: number): number => 22 * n ** 3,

  /**
   * An exact Hessian, or its Gauss-Newton part, of P parameters from N samples: 2 N P^2, of which symmetry saves half.
   * Layers make smaller products; the second term is for their factors.
   */
  hessian: (samples: number, parameters: number): number => samples * parameters * (1.4 * parameters + 900),

  /**
   * Steps of gradient descent on a dense network in float64: 6 operations for each sample and parameter (2 forward, 4
   * backward), what activations and loss take for each sample, and what the calls of a step take whatever their size.
   */
  training: (steps: number, batch: number, parameters: number): number =>
    steps * (2e6 + batch * (13e3 + 1.2 * 6 * parameters)),
} as const;
