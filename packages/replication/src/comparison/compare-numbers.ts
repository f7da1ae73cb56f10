/** How two lists of numbers differ. */
export interface NumbersDifference {
  /** Numbers that differ by more than the tolerance. */
  readonly count: number;
  /** Their largest difference, in the units of the numbers. */
  readonly absolute: number;
  /** The largest difference relative to the larger magnitude of the two; at most 2. */
  readonly relative: number;
}

/**
 * Compare two lists of the same length, number by number.
 *
 * @param tolerance  largest relative difference that is let pass; 0 for the same bits (0 and -0 are the same)
 * @returns undefined when nothing differs by more
 */
export function compareNumbers(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  tolerance: number,
): NumbersDifference | undefined {
  let count = 0;
  let absolute = 0;
  let relative = 0;
  for (let i = 0; i < before.length; i++) {
    const of = relativeDifference(before[i], after[i]);
    if (of <= tolerance) continue;
    count++;
    absolute = Math.max(absolute, Math.abs(after[i] - before[i]));
    relative = Math.max(relative, of);
  }
  return count === 0 ? undefined : { count, absolute, relative };
}

/** Relative to the larger magnitude: 0 for the same numbers, NaN included; 1 when one of them is 0, 2 for opposite ones. */
export function relativeDifference(a: number, b: number): number {
  return a === b || (Number.isNaN(a) && Number.isNaN(b)) ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}
