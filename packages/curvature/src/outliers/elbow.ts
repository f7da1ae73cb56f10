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
 * Outliers by the elbow of the scree plot. Sagun et al. 2017 (App. A) search it by eye; here it is the point of the plot
 * that lies farthest below the line from the first to the last point of the range ("kneedle" without smoothing, Satopaa
 * et al. 2011), on linear axes as scree plots have them (Cattell 1966). Where the range ends moves the line, so say it.
 * Of equally far points the first.
 *
 * @throws RangeError for a range that is not one
 */
export function elbow(spectrum: Spectrum, range: ScreeRange = {}): Elbow {
  const largest = scree(spectrum, range);
  const last = largest.length - 1;
  if (last < 2) return { count: 0, cutoff: null, searched: largest.length };
  const slope = (largest[last] - largest[0]) / last;
  let count = 0;
  let farthest = 0;
  for (let i = 1; i < last; i++) {
    const below = largest[0] + slope * i - largest[i];
    // Differences of rounding size are no elbow.
    if (below > farthest + 1e-12 * largest[0]) [count, farthest] = [i, below];
  }
  return { count, cutoff: count === 0 ? null : largest[count], searched: largest.length };
}

/** How many eigenvalues lie above a threshold. */
export function countAbove({ values }: Spectrum, cutoff: number): number {
  let count = 0;
  while (count < values.length && values[values.length - 1 - count] > cutoff) count++;
  return count;
}
