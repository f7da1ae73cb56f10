import { requireAscending } from '../ascending.js';

/** The levels that a smooth staircase is fitted to. @throws RangeError unless ascending, finite, and this many of them differ */
export function requireFittable(unfolding: string, levels: Float64Array, atLeast: number): void {
  requireAscending(`the levels of ${unfolding}`, levels);
  const distinct = levels.reduce((count, level, i) => count + (i > 0 && level === levels[i - 1] ? 0 : 1), 0);
  if (distinct < atLeast) {
    throw new RangeError(`${unfolding} needs at least ${atLeast} different levels, found ${distinct}`);
  }
}

/**
 * Levels on a smooth staircase, which must not fall where it meets them: an unfolding keeps their order.
 *
 * @throws RangeError where it falls
 */
export function rising(unfolding: string, unfolded: Float64Array, remedy: string): Float64Array {
  const fall = unfolded.findIndex((l, i) => i > 0 && !(l >= unfolded[i - 1]));
  if (fall > 0) {
    throw new RangeError(
      `${unfolding} must keep the order of levels, found ${unfolded[fall - 1]} before ${unfolded[fall]} at position ` +
        `${fall}: ${remedy}`,
    );
  }
  return unfolded;
}
