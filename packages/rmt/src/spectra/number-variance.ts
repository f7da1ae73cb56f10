import type { RandomStream } from '@hessian-rmt/numerics';
import { type LevelEnsemble, type LongRangeParameters, type LongRangePoint, overWindows } from './long-range.js';
import { sineIntegrals } from './sine-integrals.js';

/**
 * The number variance Sigma^2(L): mean squared difference of the number of levels in a window of length L and of L itself,
 * over overlapping windows and all spectra, with a bootstrap band (Mehta 2004, sec. 16.1; Guhr, Müller-Groeling &
 * Weidenmüller 1998).
 *
 * Errors of the unfolding add to it by their square. An unfolding fitted to the spectrum itself takes from it: about
 * L^2/n of n Poisson levels scaled to mean spacing 1, and much of all that is longer than the fit's own wiggles. For one
 * spectrum the band comes from blocks, and is somewhat too narrow where few fit in.
 *
 * @throws RangeError if there are no spectra, if one is not ascending and finite, if the mean spacing of all is not near 1
 *   (0.5 to 2), or if a length is not positive or is more than a quarter of the shortest spectrum
 */
export function numberVariance(parameters: LongRangeParameters, random: RandomStream): LongRangePoint[] {
  return overWindows(
    'the number variance',
    (_, first, end, __, length) => (end - first - length) ** 2,
    parameters,
    random,
  );
}

/**
 * Sigma^2(L) of the ensemble in the limit of large matrices, for any L from 0 on, exactly (Mehta 2004,
 * sec. 16.1; Guhr et al. 1998).
 *
 * @throws RangeError for another ensemble
 */
export function numberVarianceOf({ ensemble }: { readonly ensemble: LevelEnsemble }): (length: number) => number {
  switch (ensemble) {
    case 'poisson':
      return (length) => length;
    case 'gue':
      return unitary;
    case 'goe':
      return (length) => {
        // 2 Sigma^2 of the unitary ensemble, plus (Si/pi)^2 - Si/pi of pi L.
        const { sine } = sineIntegrals(Math.PI * length);
        return 2 * unitary(length) - (sine * (Math.PI - sine)) / Math.PI ** 2;
      };
    default:
      throw new RangeError(`the ensemble of a number variance must be goe, gue or poisson, found ${ensemble}`);
  }
}

/** (log(2 pi L) + gamma + 1 - cos(2 pi L) - Ci(2 pi L))/pi^2 + L (1 - 2 Si(2 pi L)/pi). */
function unitary(length: number): number {
  const { cosine, sineBeyond } = sineIntegrals(2 * Math.PI * length);
  return (cosine + 2 * Math.sin(Math.PI * length) ** 2) / Math.PI ** 2 + (2 / Math.PI) * length * sineBeyond;
}
