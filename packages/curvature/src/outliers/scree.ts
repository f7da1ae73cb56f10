import type { Spectrum } from '../operator.js';

/** How many of the largest eigenvalues are looked at. */
export interface ScreeRange {
  /** Only eigenvalues above this, 0 or more. Default: the spectrum's rounding floor. */
  readonly above?: number;
  /** At most so many. Default: all. */
  readonly among?: number;
}

/** The largest eigenvalues in descending order, those of the range: what a scree plot shows. @throws RangeError for a bad range */
export function scree(spectrum: Spectrum, { above = spectrum.roundingFloor, among }: ScreeRange): Float64Array {
  if (!(above >= 0)) throw new RangeError(`above must be a number from 0, found ${above}`);
  if (among !== undefined && !(among >= 1)) throw new RangeError(`among must be a number from 1, found ${among}`);
  const { values } = spectrum;
  let count = 0;
  while (count < values.length && count < (among ?? values.length) && values[values.length - 1 - count] > above)
    count++;
  return values.slice(values.length - count).reverse();
}
