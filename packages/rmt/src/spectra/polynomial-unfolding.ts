import { requireInteger } from '../checks.js';
import { requireLevels } from './distinct-levels.js';
import { requireFittable, rising } from './staircase.js';
import type { Unfolding } from './unfolding.js';

/**
 * Unfolding by a polynomial fitted to the staircase of the spectrum itself: least squares through (levels[i], i + 1/2), the
 * middle of each step (Guhr et al. 1998; Abuelenin & Abul-Magd 2012). In a basis orthogonal over the levels, built by
 * Forsythe's recurrence (1957), so that neither the degree nor levels crowded on one side cost accuracy.
 *
 * The degree decides: too low, and what is left of the density adds to the number variance; too high, and the
 * polynomial follows the fluctuations that it should leave (Abul-Magd & Abuelenin 2013). It may fall: among the last few
 * levels, and anywhere for the sake of far outliers. Where levels to be unfolded meet a fall, `unfold` refuses: leave the ends
 * out (`unfold` takes any levels of the range), cut outliers off first, or unfold the logarithms.
 *
 * @param levels  ascending
 * @returns an unfolding for levels between the first and the last of these
 * @throws RangeError if they are not ascending and finite, or not more than `degree` of them differ; from `unfold` also if
 *   levels lie outside, or if the polynomial falls from one to the next
 */
export function polynomialUnfolding(levels: Float64Array, { degree }: { readonly degree: number }): Unfolding {
  requireInteger('the degree of a polynomial unfolding', degree, 1);
  requireFittable('a polynomial unfolding', levels, degree + 1);
  const [first, last] = [levels[0], levels[levels.length - 1]];
  // On [-2, 2] polynomials of leading coefficient 1 neither grow nor vanish with the degree.
  const place = (level: number) => (4 * (level - first)) / (last - first) - 2;
  const fit = forsytheFit(
    levels.map(place),
    levels.map((_, i) => i + 0.5),
    degree,
  );
  const name = `polynomial of degree ${degree}`;
  return {
    name,
    unfold(wanted) {
      requireLevels('the levels to unfold', wanted);
      const outside = wanted.find((level) => level < first || level > last);
      if (outside !== undefined) {
        throw new RangeError(
          `a ${name} unfolds levels from ${first} to ${last}, those it is fitted to, found ${outside}`,
        );
      }
      return rising(
        `a ${name}`,
        wanted.map((level) => fit(place(level))),
        'take another degree, or cut off outliers',
      );
    },
  };
}

/**
 * The polynomial of least squares: p_0 = 1, p_(k + 1) = (x - a_k) p_k - b_k p_(k - 1) are orthogonal over the points, with
 * a_k = <x p_k, p_k>/<p_k, p_k> and b_k = <p_k, p_k>/<p_(k - 1), p_(k - 1)>.
 */
function forsytheFit(points: Float64Array, values: Float64Array, degree: number): (x: number) => number {
  const n = points.length;
  const shifts = new Float64Array(degree + 1);
  const couplings = new Float64Array(degree + 1);
  const coefficients = new Float64Array(degree + 1);
  const residual = Float64Array.from(values);
  let before = new Float64Array(n);
  let current = new Float64Array(n).fill(1);
  let normBefore = 1;
  for (let k = 0; k <= degree; k++) {
    let norm = 0;
    let centre = 0;
    let projection = 0;
    for (let i = 0; i < n; i++) {
      const square = current[i] * current[i];
      norm += square;
      centre += points[i] * square;
      // Of the residual, not of the values: exact in theory, and kinder to rounding.
      projection += residual[i] * current[i];
    }
    shifts[k] = centre / norm;
    couplings[k] = k === 0 ? 0 : norm / normBefore;
    coefficients[k] = projection / norm;
    normBefore = norm;
    const next = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      residual[i] -= coefficients[k] * current[i];
      next[i] = (points[i] - shifts[k]) * current[i] - couplings[k] * before[i];
    }
    before = current;
    current = next;
  }
  return (x) => {
    let sum = 0;
    let previous = 0;
    let p = 1;
    for (let k = 0; k <= degree; k++) {
      sum += coefficients[k] * p;
      [previous, p] = [p, (x - shifts[k]) * p - couplings[k] * previous];
    }
    return sum;
  };
}
