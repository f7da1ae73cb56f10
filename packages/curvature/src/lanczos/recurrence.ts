/** Where a Lanczos process stands after k steps: A Q_k = Q_k T_k + beta_k q_(k+1) e_k^T. */
export interface LanczosRecurrence {
  /** Length of the vectors. */
  readonly size: number;
  /** Diagonal of T: k numbers. */
  readonly alpha: readonly number[];
  /** The k - 1 numbers beside T's diagonal, and beta_k. */
  readonly beta: readonly number[];
  /** Largest |q_i^T A q_j - q_j^T A q_i|, i < j, of each step j: rounding of the products, if A is symmetric. */
  readonly asymmetry: readonly number[];
}

/** Before the first step. */
export function emptyRecurrence(size: number): LanczosRecurrence {
  return { size, alpha: [], beta: [], asymmetry: [] };
}

/** One step more. @param coefficients  Q^T A q_j @param leftOver  norm of A q_j - Q Q^T A q_j */
export function extended(done: LanczosRecurrence, coefficients: Float64Array, leftOver: number): LanczosRecurrence {
  return {
    size: done.size,
    alpha: [...done.alpha, coefficients[coefficients.length - 1]],
    beta: [...done.beta, leftOver],
    asymmetry: [...done.asymmetry, asymmetryOf(coefficients, done.beta)],
  };
}

/** The first k steps. */
export function truncated({ size, alpha, beta, asymmetry }: LanczosRecurrence, k: number): LanczosRecurrence {
  return { size, alpha: alpha.slice(0, k), beta: beta.slice(0, k), asymmetry: asymmetry.slice(0, k) };
}

/** An upper bound of |T| and beta_k: the largest row sum of magnitudes. */
export function recurrenceScale({ alpha, beta }: Pick<LanczosRecurrence, 'alpha' | 'beta'>): number {
  return alpha.reduce(
    (most, diagonal, j) => Math.max(most, Math.abs(diagonal) + beta[j] + (j > 0 ? beta[j - 1] : 0)),
    0,
  );
}

/**
 * Whether the Krylov space is invariant: beta_k is at most `tolerance` times the scale, or the space is the whole one.
 */
export function isInvariant(recurrence: LanczosRecurrence, tolerance: number): boolean {
  const { size, alpha, beta } = recurrence;
  const k = alpha.length;
  return k > 0 && (k === size || beta[k - 1] <= tolerance * recurrenceScale(recurrence));
}

/** Largest asymmetry as a share of |T|. */
export function relativeAsymmetry(done: LanczosRecurrence): number {
  const largest = Math.max(0, ...done.asymmetry);
  return largest === 0 ? 0 : largest / recurrenceScale(done);
}

/** The coefficients Q^T A q_j of a symmetric A are 0 but for the last two, beta_(j-1) and alpha_j. */
function asymmetryOf(coefficients: Float64Array, beta: readonly number[]): number {
  let largest = 0;
  const j = coefficients.length - 1;
  for (let i = 0; i < j; i++) {
    largest = Math.max(largest, Math.abs(coefficients[i] - (i === j - 1 ? beta[i] : 0)));
  }
  return largest;
}
