import type { Spectrum } from '../operator.js';
import { type ScreeRange, scree } from './scree.js';

export interface Elbow {
  /** Eigenvalues before the elbow; 0 where fewer than three are in the range. */
  readonly count: number;
  /** The eigenvalue at the elbow, the first that is not counted; null where there is none. */
  readonly cutoff: number | null;
  readonly searched: number;
}

/**
 * Outliers by the elbow of the scree plot. Sagun et al. 2017 (App. A) search it by eye; here it is the point of the
 * plot of log(lambda) against rank that lies farthest below the line from the first to the last point of the range
 * ("kneedle", Satopaa et al. 2011). Logarithmic, because the thresholds that the paper reads off (0.002 to 0.015) lie
 * decades below its largest eigenvalues (our choice). Of equally far points the first.
 *
 * @throws RangeError for a range that is not one
 */
export function elbow(spectrum: Spectrum, range: ScreeRange = {}): Elbow {
  const largest = scree(spectrum, range);
  const last = largest.length - 1;
  if (last < 2) return { count: 0, cutoff: null, searched: largest.length };
  const top = Math.log(largest[0]);
  const slope = (Math.log(largest[last]) - top) / last;
  let count = 0;
  let farthest = 0;
  for (let i = 1; i < last; i++) {
    const below = top + slope * i - Math.log(largest[i]);
    // Differences of rounding size are no elbow.
    if (below > farthest + 1e-12 * Math.abs(top)) [count, farthest] = [i, below];
  }
  return { count, cutoff: count === 0 ? null : largest[count], searched: largest.length };
}

/** How many eigenvalues lie above a threshold. */
export function countAbove({ values }: Spectrum, cutoff: number): number {
  let count = 0;
  while (count < values.length && values[values.length - 1 - count] > cutoff) count++;
  return count;
}
