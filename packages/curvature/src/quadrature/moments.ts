import { moment } from './quadrature.js';
import type { StochasticQuadrature } from './stochastic-lanczos-quadrature.js';

export interface SpectralMoment {
  readonly order: number;
  /** Estimate of tr(A^k) / P, the mean k-th power of the eigenvalues. */
  readonly value: number;
  /** sqrt(2 m_2k / (P vectors)), with the estimate of m_2k: see `spectralMoments`. */
  readonly standardError: number;
}

/**
 * Moments 0 to `highest` of the spectrum. For each vector they are those of its measure, exactly, up to order
 * 2 steps - 1; over random vectors their mean is that of the spectrum.
 *
 * Standard errors hold for a single vector too. The variance of v^T B v / P over Rademacher vectors v is
 * 2 (|B|_F^2 - sum of b_ii^2) / P^2 (Hutchinson 1990), at most 2 m_2k / P for B = A^k; that of a normal vector divided by
 * its norm, 2 (m_2k - m_k^2) / (P + 2), is below it as well.
 *
 * @throws RangeError if a rule has fewer steps than the standard error needs: 2 highest <= 2 steps - 1 for rules that are
 *   not exact because their space is invariant
 */
export function spectralMoments(quadrature: StochasticQuadrature, highest: number): readonly SpectralMoment[] {
  const exact = Math.min(...quadrature.vectors.map(({ steps, invariant }) => (invariant ? Infinity : 2 * steps - 1)));
  if (!Number.isInteger(highest) || highest < 0 || 2 * highest > exact) {
    throw new RangeError(
      `spectralMoments: with rules exact to degree ${exact}, moments and their errors go to order ` +
        `${Math.floor(exact / 2)}, found ${highest}`,
    );
  }
  const draws = quadrature.size * quadrature.vectors.length;
  return Array.from({ length: highest + 1 }, (_, order) => ({
    order,
    value: moment(quadrature, order),
    standardError: order === 0 ? 0 : Math.sqrt((2 * moment(quadrature, 2 * order)) / draws),
  }));
}
