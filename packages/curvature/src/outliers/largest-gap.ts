import type { Spectrum } from '../operator.js';

export interface LargestGap {
  /** Eigenvalues above the gap; 0 for a single eigenvalue. */
  readonly count: number;
  /** Difference of its two sides. */
  readonly gap: number;
}

/**
 * Outliers by the largest consecutive gap (Sagun et al. 2017, App. A): with eigenvalues in descending order, those up to
 * the largest lambda_i - lambda_{i+1}. Of equal gaps the first.
 */
export function largestGap({ values }: Spectrum): LargestGap {
  let best: LargestGap = { count: 0, gap: 0 };
  for (let count = 1; count < values.length; count++) {
    const gap = values[values.length - count] - values[values.length - count - 1];
    if (gap > best.gap) best = { count, gap };
  }
  return best;
}
