import { requireLevels } from './distinct-levels.js';

/**
 * The spacings of neighbouring levels, levels[i + 1] - levels[i]: one fewer than levels, none of fewer than two
 * (Baskerville et al. 2021, Eq. 7, of unfolded levels).
 *
 * Of unfolded levels their mean is 1 up to the fluctuation of the two ends. Levels that are equal are a spacing of 0 apart:
 * an unfolding by a pool makes such from levels that differ, and they belong to the statistics. Levels that are equal
 * before the unfolding are merged first, by `distinctLevels`.
 *
 * @param levels  ascending
 * @throws RangeError if they are not ascending and finite
 */
export function spacings(levels: Float64Array): Float64Array {
  return spacingsAcross(levels, 1);
}

/**
 * The spacings of next-nearest neighbours, levels[i + 2] - levels[i]: two fewer than levels. Divided by nothing, so of
 * unfolded levels their mean is 2. Those of the orthogonal ensemble follow, after division by 2, the nearest-neighbour
 * law of the symplectic one (Mehta & Dyson 1963): `wignerSurmise({ beta: 4 })`.
 *
 * @param levels  ascending
 * @throws RangeError if they are not ascending and finite
 */
export function nextNearestSpacings(levels: Float64Array): Float64Array {
  return spacingsAcross(levels, 2);
}

function spacingsAcross(levels: Float64Array, neighbour: number): Float64Array {
  requireLevels('the levels of spacings', levels);
  return Float64Array.from(
    { length: Math.max(0, levels.length - neighbour) },
    (_, i) => levels[i + neighbour] - levels[i],
  );
}
