import { countLeading, requireAscending } from './ascending.js';

/**
 * The empirical cumulative of a spectrum: the share of values <= x.
 *
 * @param values  ascending
 * @throws RangeError if there are no values or they are not ascending and finite
 */
export function empiricalCumulative(values: Float64Array): (x: number) => number {
  requireAscending('the values of a cumulative', values);
  return (x) => countLeading(values, (value) => value <= x) / values.length;
}
