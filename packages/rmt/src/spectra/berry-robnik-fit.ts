import { berryRobnik, berryRobnikFactors } from '../laws/berry-robnik.js';
import { fitSpacings, type LikelihoodTerms, type SpacingFit, type SpacingFitOptions } from './spacing-fit.js';

/**
 * The chaotic share of unfolded spacings, by maximum likelihood on [0, 1] (`berryRobnik`).
 *
 * The ends are singular. At 1 the information is infinite: one small spacing tells that levels cross. At 0 it is zero, for
 * the law departs from Poisson's as the share squared: there the share is known to n^(-1/4) only, and a small fitted share
 * is no evidence of chaos. Neighbouring spacings of one spectrum are correlated: for an error that knows it, resample with
 * `bootstrapInterval`.
 * One spacing across a gap outweighs thousands of others: leave it out.
 *
 * @param spacings  in units of their mean, in any order
 * @throws RangeError if there are fewer than two, if they are negative, not finite or 0 without a resolution, or if their
 *   mean is not near 1 (0.5 to 2)
 */
export function berryRobnikFit(spacings: Float64Array, options: SpacingFitOptions = {}): SpacingFit {
  return fitSpacings(spacings, terms, (chaotic) => berryRobnik({ chaotic }), options);
}

/** The density and the cumulative with their derivatives by the share c; d erfc(sqrt(pi) c s/2)/dc = -s exp(-pi c^2 s^2/4). */
function terms(c: number): LikelihoodTerms {
  const regular = 1 - c;
  return {
    density(s) {
      const { exponent, factor, complement } = berryRobnikFactors(c, s);
      const slope =
        -2 * regular * complement +
        2 -
        4 * c -
        regular ** 2 * s +
        (3 / 2) * Math.PI * c ** 2 * s -
        (Math.PI / 2) * c * s ** 2 * (2 * c * regular + (Math.PI / 2) * c ** 3 * s);
      return { value: exponent + Math.log(factor), slope: s + slope / factor };
    },
    below(s) {
      const { exponent, complement } = berryRobnikFactors(c, s);
      const scale = Math.exp(exponent);
      const beyond = scale * (regular * complement + c);
      const slope = s * beyond + scale * (1 - regular * s - (Math.PI / 2) * c ** 2 * s ** 2 - complement);
      return { value: Math.log1p(-beyond), slope: -slope / (1 - beyond) };
    },
  };
}
