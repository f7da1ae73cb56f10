import {
  distinctLevels,
  gaussianBroadening,
  gaussianOrthogonalUnfolding,
  pooledUnfolding,
  type Unfolding,
} from '@hessian-rmt/rmt';
import { joined } from './authors-procedure.js';

/**
 * Ways to unfold before statistics over long ranges. `pool`: equation 10 times P, each third of the spectra by the other two.
 * `local`: that pool made smooth, then Gaussian broadening of each spectrum, which takes out how its own density differs from the
 * pool's; and with it correlations over many more than `broadening` levels. `law`: the semicircle, for GOE levels.
 */
export const longRangeUnfoldings = ['pool', 'local'] as const;
export type LongRangeUnfolding = (typeof longRangeUnfoldings)[number];

/** Width of the Gaussians in mean spacings, our choice: windows of up to some ten levels stay as they are. */
export const broadening = 8;

/** Each third of the spectra unfolded by the other two. */
export function unfoldedByThirds(spectra: readonly Float64Array[], by: LongRangeUnfolding): Float64Array[] {
  const third = (which: number) => Math.floor((which * spectra.length) / 3);
  return [0, 1, 2].flatMap((which) => {
    const [from, to] = [third(which), third(which + 1)];
    const pool = [...spectra.slice(0, from), ...spectra.slice(to)];
    const unfolding = by === 'pool' ? pooledUnfolding(pool) : smoothPool(pool);
    return spectra.slice(from, to).map((levels) => {
      const unfolded = unfolding.unfold(levels);
      return by === 'pool' ? unfolded : flattened(unfolded);
    });
  });
}

/** GOE levels by the law of their density. */
export const unfoldedByLaw = (spectra: readonly Float64Array[]): Float64Array[] =>
  spectra.map((levels) => gaussianOrthogonalUnfolding({ size: levels.length }).unfold(levels));

/** Straight lines between every m-th level of a pool of m spectra; levels beyond its ends, a few at most, are left out. */
function smoothPool(pool: readonly Float64Array[]): Unfolding {
  const all = joined(pool).sort();
  const knots = distinctLevels(all.filter((_, i) => i % pool.length === 0)).levels;
  const last = knots.length - 1;
  return {
    name: `smoothed pool of ${pool.length} spectra`,
    unfold(levels) {
      let left = 0;
      return distinctLevels(levels.filter((level) => level >= knots[0] && level <= knots[last])).levels.map((level) => {
        while (left < last - 1 && knots[left + 1] < level) left++;
        return left + (level - knots[left]) / (knots[left + 1] - knots[left]);
      });
    },
  };
}

/** Broadening rises whatever the levels, where polynomials and splines fall at the ends of clustered spectra; it needs its ends cut. */
function flattened(unfolded: Float64Array): Float64Array {
  const levels = gaussianBroadening(unfolded, { width: broadening }).unfold(unfolded);
  return levels.slice(2 * broadening, levels.length - 2 * broadening);
}
