import { countLeading } from '../ascending.js';
import { requireLevels } from './distinct-levels.js';
import { fitSmoothingSpline, type NaturalSpline } from './smoothing-spline.js';
import { requireFittable, rising } from './staircase.js';
import type { Unfolding } from './unfolding.js';

/**
 * Unfolding by a smoothing spline through the staircase of the spectrum itself: the natural cubic spline nearest to
 * (levels[i], i + 1/2), the middle of each step, for its roughness (Reinsch 1967; Green & Silverman 1994, sec. 2.3). How
 * smooth it is, is said in degrees of freedom, the trace of the map from staircase to spline: near 2 a straight line, near
 * the number of levels the staircase itself, and nothing is left to measure.
 *
 * As with a polynomial, what is slower than about n/degreesOfFreedom levels is taken for density. The penalty is the same
 * along the whole axis: of a spectrum over several orders of magnitude unfold the logarithms, and cut far outliers off.
 * Beyond the first and last level the spline is straight.
 *
 * @param levels  ascending, no two equal, on the scale of their range neither
 * @throws RangeError if they are not ascending and finite, if two are equal, or unless 2 < degreesOfFreedom < number of
 *   levels; from `unfold` also if the spline falls from one level to the next
 */
export function smoothingSplineUnfolding(
  levels: Float64Array,
  { degreesOfFreedom }: { readonly degreesOfFreedom: number },
): Unfolding {
  requireFittable('a smoothing spline', levels, 3);
  // On [0, 1] the penalty does not depend on the unit of the levels.
  const [first, last] = [levels[0], levels[levels.length - 1]];
  const place = (level: number) => (level - first) / (last - first);
  const places = levels.map(place);
  const equal = places.findIndex((x, i) => i > 0 && x === places[i - 1]);
  if (equal > 0) {
    throw new RangeError(
      'the levels of a smoothing spline must differ by more than the rounding of their range, found ' +
        `${levels[equal - 1]} and ${levels[equal]} at position ${equal}: merge them with distinctLevels first`,
    );
  }
  if (!(degreesOfFreedom > 2 && degreesOfFreedom < levels.length)) {
    throw new RangeError(
      `the degrees of freedom of a smoothing spline must lie between 2 and ${levels.length}, the number of levels, ` +
        `found ${degreesOfFreedom}`,
    );
  }
  const spline = fitSmoothingSpline(
    places,
    levels.map((_, i) => i + 0.5),
    degreesOfFreedom,
  );
  const name = `smoothing spline of ${degreesOfFreedom} degrees of freedom`;
  return {
    name,
    unfold(wanted) {
      requireLevels('the levels to unfold', wanted);
      const unfolded = wanted.map((level) => splineValue(spline, place(level)));
      return rising(`a ${name}`, unfolded, 'take fewer degrees of freedom, or cut off outliers');
    },
  };
}

/** Green & Silverman 1994, eqs. 2.22 to 2.24. */
function splineValue({ knots, values, curvatures }: NaturalSpline, x: number): number {
  const last = knots.length - 1;
  const right = Math.min(
    last,
    Math.max(
      1,
      countLeading(knots, (knot) => knot <= x),
    ),
  );
  const left = right - 1;
  const width = knots[right] - knots[left];
  const chord = (values[right] - values[left]) / width;
  if (x < knots[0]) return values[0] + (x - knots[0]) * (chord - (width * curvatures[right]) / 6);
  if (x > knots[last]) return values[last] + (x - knots[last]) * (chord + (width * curvatures[left]) / 6);
  const [before, after] = [x - knots[left], knots[right] - x];
  const bend = (1 + before / width) * curvatures[right] + (1 + after / width) * curvatures[left];
  return values[left] + before * chord - (before * after * bend) / 6;
}
