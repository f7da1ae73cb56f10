import { countLeading } from '../ascending.js';
import { requireInteger, requirePositive } from '../checks.js';
import { scaledErrorComplement } from '../laws/scaled-error-complement.js';
import { requireLevels } from './distinct-levels.js';
import { requireFittable } from './staircase.js';
import type { Unfolding } from './unfolding.js';

export interface GaussianBroadeningOptions {
  /** Standard deviation of the Gaussians, in mean spacings of the spectrum. */
  readonly width: number;
  /**
   * With it, the width of each Gaussian is in mean spacings around its level: of so many levels on either side, as far as
   * there are. For spectra whose density varies much.
   */
  readonly local?: number;
}

/**
 * Unfolding by the staircase of the spectrum itself with each step smoothed: l -> sum of Phi((l - levels[i])/deviation_i), Phi
 * the cumulative of the normal law (Gomez et al. 2002). It rises everywhere.
 *
 * Between scales: a width of few spacings follows the levels and makes them even; a large one flattens the density. Whatever
 * the width, correlations over more spacings than that are taken for density, and long-range statistics come out too
 * rigid (Gomez et al. 2002): even of levels that do not interact the number variance stays at
 * 2 (sqrt(2) - 1)/sqrt(pi) = 0.467 times the width. Within some two widths of the ends the Gaussians reach beyond the spectrum, and spacings come
 * out too small by up to a half: unfold all, then leave out the ends.
 *
 * @param levels  ascending
 * @throws RangeError if they are not ascending and finite, if fewer than two differ, if the width is not positive, `local`
 *   not a positive integer, or if a level and all of those around it are equal
 */
export function gaussianBroadening(levels: Float64Array, { width, local }: GaussianBroadeningOptions): Unfolding {
  requirePositive('the width of a Gaussian broadening', width);
  if (local !== undefined) requireInteger('the number of levels around a level', local, 1);
  requireFittable('a Gaussian broadening', levels, 2);
  const reach = Math.min(local ?? levels.length, levels.length - 1);
  const deviations = levels.map((_, i) => width * meanSpacingAround(levels, i, reach));
  return {
    name: `Gaussian broadening of ${width} ${local === undefined ? '' : 'local '}mean spacings`,
    unfold(wanted) {
      requireLevels('the levels to unfold', wanted);
      const partial = new Float64Array(wanted.length);
      const whole = new Float64Array(wanted.length + 1);
      for (const [j, level] of levels.entries()) {
        // Beyond nine deviations a Gaussian is over, to rounding: levels higher up have all of it below them.
        const cut = 9 * deviations[j];
        let i = countLeading(wanted, (other) => other < level - cut);
        for (; i < wanted.length && wanted[i] <= level + cut; i++) {
          partial[i] += normalCumulative((wanted[i] - level) / deviations[j]);
        }
        whole[i]++;
      }
      let below = 0;
      return partial.map((sum, i) => {
        below += whole[i];
        return below + sum;
      });
    },
  };
}

function meanSpacingAround(levels: Float64Array, i: number, reach: number): number {
  const from = Math.max(0, i - reach);
  const to = Math.min(levels.length - 1, i + reach);
  if (levels[to] === levels[from]) {
    throw new RangeError(
      `a local Gaussian broadening needs levels that differ, found only ${levels[i]} from position ${from} to ${to}: ` +
        'merge them with distinctLevels, or look farther',
    );
  }
  return (levels[to] - levels[from]) / (to - from);
}

function normalCumulative(z: number): number {
  const tail = 0.5 * Math.exp((-z * z) / 2) * scaledErrorComplement(Math.abs(z) * Math.SQRT1_2);
  return z < 0 ? tail : 1 - tail;
}
