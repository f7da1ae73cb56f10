import { expect } from 'vitest';

/** Half the spacing of float32 numbers at 1: the relative error of one rounding. */
export const float32Rounding = 2 ** -24;

/** max |actual - expected| / max(1, max |expected|) */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  return Math.max(...Array.from(expected, (x, i) => Math.abs(actual[i] - x))) / scale;
}
