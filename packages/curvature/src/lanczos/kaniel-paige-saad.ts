export interface KanielPaigeSaadOptions {
  /** Distinct eigenvalues, ascending. A repeated one counts once: the Krylov space sees one vector of its eigenspace. */
  readonly eigenvalues: Float64Array;
  /** |cos| of the angles between the start vector and the eigenspaces of the smallest and the largest eigenvalue. */
  readonly cosines: { readonly smallest: number; readonly largest: number };
  /** Lanczos steps, 1 or more. */
  readonly steps: number;
}

/** How far at most the extreme Ritz values lie inside the spectrum. */
export interface KanielPaigeSaadBound {
  /** Smallest Ritz value minus smallest eigenvalue, at most. */
  readonly smallest: number;
  /** Largest eigenvalue minus largest Ritz value, at most. */
  readonly largest: number;
}

/**
 * Convergence of the extreme Ritz values (Granziol et al. 2020, Theorem 3, Eq. 30; Kaniel 1966, Paige 1971, Saad 1980;
 * Golub & Van Loan, Theorem 10.1.2):
 *
 *     0 <= lambda_1 - theta_1 <= (lambda_1 - lambda_n) tan^2(phi_1) / c_(k-1)(1 + 2 rho_1)^2
 *
 * with phi_1 the angle between the start vector and z_1, rho_1 = (lambda_1 - lambda_2) / (lambda_2 - lambda_n), and c the
 * Chebyshev polynomial; likewise at the other end. Eq. 30 prints theta_1 for the angle and rho_1 in both lines.
 *
 * Infinite where a cosine is 0.
 *
 * @throws RangeError unless eigenvalues ascend strictly, cosines lie in [0, 1] and steps are a positive integer
 */
export function kanielPaigeSaadBound({ eigenvalues, cosines, steps }: KanielPaigeSaadOptions): KanielPaigeSaadBound {
  const n = eigenvalues.length;
  if (n === 0 || eigenvalues.some((value, i) => i > 0 && !(value > eigenvalues[i - 1]))) {
    throw new RangeError('kanielPaigeSaadBound: expected distinct eigenvalues in ascending order');
  }
  if (!Number.isInteger(steps) || steps < 1) {
    throw new RangeError(`kanielPaigeSaadBound: expected a positive integer number of steps, found ${steps}`);
  }
  const range = eigenvalues[n - 1] - eigenvalues[0];
  const bound = (cosine: number, gap: number) => {
    if (!(cosine >= 0 && cosine <= 1)) {
      throw new RangeError(`kanielPaigeSaadBound: expected cosines in [0, 1], found ${cosine}`);
    }
    if (n === 1) return 0;
    if (cosine === 0) return Infinity; // the Krylov space does not see the eigenspace, whatever the steps
    const tangentSquared = (1 - cosine * cosine) / (cosine * cosine);
    return (range * tangentSquared) / chebyshev(steps - 1, 1 + (2 * gap) / (range - gap)) ** 2;
  };
  return {
    smallest: bound(cosines.smallest, eigenvalues[1] - eigenvalues[0]),
    largest: bound(cosines.largest, eigenvalues[n - 1] - eigenvalues[n - 2]),
  };
}

/** Chebyshev polynomial of degree k at x >= 1; infinite at infinity for k >= 1 (two eigenvalues take two steps). */
function chebyshev(k: number, x: number): number {
  return k === 0 ? 1 : Math.cosh(k * Math.acosh(x));
}
