import { spacings } from './spacings.js';

/**
 * The ratios of consecutive spacings, r[i] = (l[i + 2] - l[i + 1])/(l[i + 1] - l[i]): two fewer than levels, none of fewer
 * than three (Oganesyan & Huse 2007; Baskerville et al. 2021, Eq. 11, which by its indices begins at i = 3 and not at the
 * 2 it prints). They need no unfolding: where the density changes little over three levels it cancels.
 *
 * For the laws see `ratioSurmise` and `poissonRatio`.
 *
 * @param levels  ascending, no two equal; there may be none
 * @throws RangeError if they are not ascending and finite, or if two are equal: `distinctLevels` merges those
 */
export function spacingRatios(levels: Float64Array): Float64Array {
  return consecutive(levels, (before, after) => after / before);
}

/**
 * min(r, 1/r) of every ratio r, in (0, 1]: the same for ascending and descending levels, and of finite mean (Oganesyan &
 * Huse 2007). In large matrices the mean is 0.5307 for the orthogonal ensemble, 0.5996 for the unitary one (Atas et al. 2013,
 * table I, by simulation; the surmise's own is 0.5359 and 0.6027) and 2 log 2 - 1 = 0.3863 for levels that do not interact.
 *
 * @param levels  ascending, no two equal; there may be none
 * @throws RangeError if they are not ascending and finite, or if two are equal: `distinctLevels` merges those
 */
export function foldedSpacingRatios(levels: Float64Array): Float64Array {
  return consecutive(levels, (before, after) => (before < after ? before / after : after / before));
}

function consecutive(levels: Float64Array, ratio: (before: number, after: number) => number): Float64Array {
  const s = spacings(levels);
  const equal = s.indexOf(0);
  if (equal >= 0) {
    throw new RangeError(
      `the levels of spacing ratios must differ, found ${levels[equal]} at positions ${equal} and ${equal + 1}: ` +
        'merge them with distinctLevels first',
    );
  }
  return Float64Array.from({ length: Math.max(0, s.length - 1) }, (_, i) => ratio(s[i], s[i + 1]));
}
