import { requireAscending } from './ascending.js';
import { atomMass, type Law } from './law.js';

export interface KolmogorovSmirnovOptions {
  /**
   * A value this near to an atom of the law counts as lying on it: give the rounding floor of the spectrum, for a zero
   * of an n x n matrix comes out as a few times n epsilon of either sign. Default 0.
   */
  readonly atomTolerance?: number;
}

/**
 * The Kolmogorov-Smirnov distance of a spectrum to a law: the largest difference of their cumulatives, over all points,
 * on both sides of each.
 *
 * @param values  ascending
 * @throws RangeError if there are no values or they are not ascending and finite, or if the tolerance is negative
 */
export function kolmogorovSmirnov(
  values: Float64Array,
  law: Pick<Law, 'cumulative' | 'atoms'>,
  { atomTolerance = 0 }: KolmogorovSmirnovOptions = {},
): number {
  requireAscending('the values of a Kolmogorov-Smirnov distance', values);
  if (!(atomTolerance >= 0)) {
    throw new RangeError(
      `the atom tolerance of a Kolmogorov-Smirnov distance must not be negative, found ${atomTolerance}`,
    );
  }
  const onAtoms = values.map((x) => law.atoms.find(({ at }) => Math.abs(x - at) <= atomTolerance)?.at ?? x);
  const n = values.length;
  let distance = 0;
  // Between values the empirical cumulative is flat and the law's rises, so the largest difference is at a value,
  // before or after the jumps there.
  for (let first = 0; first < n; ) {
    const x = onAtoms[first];
    let next = first + 1;
    while (next < n && onAtoms[next] === x) next++;
    const after = law.cumulative(x);
    const before = after - atomMass(law, x);
    distance = Math.max(distance, Math.abs(after - next / n), Math.abs(before - first / n));
    first = next;
  }
  return distance;
}

/**
 * The Kolmogorov-Smirnov distance between two spectra.
 *
 * @param one, other  ascending
 * @throws RangeError if one has no values or they are not ascending and finite
 */
export function kolmogorovSmirnovBetween(one: Float64Array, other: Float64Array): number {
  requireAscending('the first values of a Kolmogorov-Smirnov distance', one);
  requireAscending('the second values of a Kolmogorov-Smirnov distance', other);
  let distance = 0;
  let i = 0;
  let j = 0;
  while (i < one.length && j < other.length) {
    const x = Math.min(one[i], other[j]);
    while (i < one.length && one[i] === x) i++;
    while (j < other.length && other[j] === x) j++;
    distance = Math.max(distance, Math.abs(i / one.length - j / other.length));
  }
  return distance;
}
