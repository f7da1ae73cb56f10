import type { Spectrum } from '../operator.js';
import { type ScreeRange, scree } from './scree.js';

export interface LargestRatio {
  /** Eigenvalues above the largest ratio; 0 where fewer than two are in the range. */
  readonly count: number;
  /** Quotient of its two sides; 1 where there is none. */
  readonly ratio: number;
  /** How many eigenvalues were searched. */
  readonly searched: number;
}

/**
 * Outliers by the largest consecutive ratio (Sagun et al. 2017, App. A): with eigenvalues in descending order, those up
 * to the largest lambda_i / lambda_{i+1}. The answer hangs on where the search stops, since ratios grow without bound
 * towards zero: it never goes below the rounding floor unless asked to, and `searched` says how far it went.
 *
 * @throws RangeError for a range that is not one
 */
export function largestRatio(spectrum: Spectrum, range: ScreeRange = {}): LargestRatio {
  const largest = scree(spectrum, range);
  let best = { count: 0, ratio: 1 };
  for (let count = 1; count < largest.length; count++) {
    const ratio = largest[count - 1] / largest[count];
    if (ratio > best.ratio) best = { count, ratio };
  }
  return { ...best, searched: largest.length };
}
