import type { Spectrum } from '../operator.js';

export interface RankReport {
  /** Eigenvalues above the floor in magnitude. */
  readonly rank: number;
  readonly positive: number;
  readonly negative: number;
  /** Eigenvalues at or below the floor in magnitude. */
  readonly zeros: number;
  /** Smallest magnitude above the floor; null where there is none. */
  readonly smallestNonzero: number | null;
  readonly floor: number;
}

/**
 * Rank and null space of a spectrum, told apart at `floor`.
 *
 * @param floor  Default: the spectrum's rounding floor. @throws RangeError if it is negative
 */
export function rankReport(spectrum: Spectrum, floor = spectrum.roundingFloor): RankReport {
  if (!(floor >= 0)) throw new RangeError(`the floor must be a number from 0, found ${floor}`);
  const { values, size } = spectrum;
  const positive = values.filter((value) => value > floor);
  const negative = values.filter((value) => value < -floor);
  const magnitudes = [...positive.subarray(0, 1), ...negative.subarray(-1)].map(Math.abs);
  return {
    rank: positive.length + negative.length,
    positive: positive.length,
    negative: negative.length,
    zeros: size - positive.length - negative.length,
    smallestNonzero: magnitudes.length === 0 ? null : Math.min(...magnitudes),
    floor,
  };
}
