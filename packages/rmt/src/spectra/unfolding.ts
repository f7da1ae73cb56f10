import { countLeading, requireAscending } from '../ascending.js';
import { requireInteger, requirePositive } from '../checks.js';
import type { Law } from '../law.js';
import { semicircle } from '../laws/semicircle.js';
import { requireLevels } from './distinct-levels.js';

/**
 * A map of eigenvalues to unit mean spacing: l -> the mean number of levels below l (Baskerville et al. 2021, Eq. 6). It
 * rises, or stays, so it keeps their order.
 *
 * What is left after an unfolding depends on it: nearest-neighbour spacings little, statistics over long ranges a great
 * deal (Gomez et al. 2002; Abul-Magd & Abuelenin 2013). So compare with levels of a known ensemble that went through the
 * same one (`goeReference`).
 */
export interface Unfolding {
  /** For people: the kind and its parameters. */
  readonly name: string;
  /** @throws RangeError if the levels are not ascending and finite, or not among those the unfolding is made for */
  unfold(levels: Float64Array): Float64Array;
}

/**
 * Unfolding by a law of the mean density: a matrix of this size has size * cumulative(l) levels up to l, in the mean.
 *
 * @throws RangeError if the size is not a positive integer
 */
export function lawUnfolding(law: Pick<Law, 'name' | 'cumulative'>, size: number): Unfolding {
  requireInteger('the size of a matrix to unfold', size, 1);
  return {
    name: `${law.name}, ${size} levels`,
    unfold(levels) {
      requireLevels('the levels to unfold', levels);
      return levels.map((level) => size * law.cumulative(level));
    },
  };
}

/**
 * Unfolding of a Gaussian orthogonal matrix by the semicircle (Baskerville et al. 2021, Eq. 9; Abuelenin & Abul-Magd 2012).
 *
 * Eq. 9 is the limit of large matrices, not the exact mean at this size: the first and last level, and few others,
 * notice. It is printed for elements of variance 1/2 off the diagonal, so that the edges are +-sqrt(2 P); here elements
 * have variance `variance` / size, as in `gaussianOrthogonal`, and the printed formula is `variance` = P/2.
 *
 * @throws RangeError if the size is not a positive integer or the variance not positive
 */
export function gaussianOrthogonalUnfolding({
  size,
  variance = 1,
}: {
  readonly size: number;
  /** Variance of the semicircle. Default 1, as that of `gaussianOrthogonal`. */
  readonly variance?: number;
}): Unfolding {
  requirePositive('the variance of a Gaussian orthogonal matrix', variance);
  return { ...lawUnfolding(semicircle({ variance }), size), name: `Gaussian orthogonal, ${size} levels` };
}

/**
 * Unfolding by other spectra of the same kind: l -> the number of their levels below l (strictly), over the number of
 * spectra. For spectra of P levels each this is P times Eq. 10 of Baskerville et al. 2021, whose division by the number of
 * all pool levels leaves a mean spacing of 1/P (Scholak et al. 2014).
 *
 * The unfolded levels are multiples of 1/spectra, so that levels with none of the pool's between them become equal, and
 * the noise of the pool adds to the spacings: with few spectra they are visibly off Wigner's surmise although the levels
 * are of the orthogonal ensemble. `goeReference` with as many spectra tells by how much.
 *
 * @param pool  spectra, each ascending, not those to be unfolded
 * @throws RangeError if there are no spectra, or one has no levels or they are not ascending and finite
 */
export function pooledUnfolding(pool: readonly Float64Array[]): Unfolding {
  if (pool.length === 0) throw new RangeError('an unfolding by a pool needs at least one spectrum, found none');
  for (const [i, spectrum] of pool.entries()) requireAscending(`spectrum ${i} of the pool`, spectrum);
  const all = new Float64Array(pool.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const spectrum of pool) {
    all.set(spectrum, filled);
    filled += spectrum.length;
  }
  all.sort();
  return {
    name: `pool of ${pool.length} ${pool.length === 1 ? 'spectrum' : 'spectra'}`,
    unfold(levels) {
      requireLevels('the levels to unfold', levels);
      return levels.map((level) => countLeading(all, (other) => other < level) / pool.length);
    },
  };
}
