import { brodyDistribution, brodyLogRate } from '../laws/brody.js';
import { digamma, logGamma } from '../laws/gamma-function.js';
import { fitSpacings, type LikelihoodTerms, type SpacingFit, type SpacingFitOptions } from './spacing-fit.js';

/**
 * Brody's parameter q of unfolded spacings, by maximum likelihood on [0, 1] (`brodyDistribution`).
 *
 * The likelihood of exact spacings is concave, so its maximum is the only one. A number that orders spectra between Poisson
 * and Wigner, no more: no model says what lies between. Spacings of 2 x 2 matrices give 1; those of large GOE matrices
 * 0.96, since Wigner's surmise is not quite theirs. Neighbouring spacings of one spectrum are correlated: for an error
 * that knows it, resample with `bootstrapInterval`.
 * One spacing across a gap outweighs thousands of others: leave it out.
 *
 * @param spacings  in units of their mean, in any order
 * @throws RangeError if there are fewer than two, if they are negative, not finite or 0 without a resolution, or if their
 *   mean is not near 1 (0.5 to 2)
 */
export function brodyFit(spacings: Float64Array, options: SpacingFitOptions = {}): SpacingFit {
  return fitSpacings(spacings, terms, (parameter) => brodyDistribution({ parameter }), options);
}

/** Of p = k b s^(k - 1) exp(-z) and P(S < s) = 1 - exp(-z), z = b s^k, k = q + 1. */
function terms(parameter: number): LikelihoodTerms {
  const k = parameter + 1;
  const logRate = brodyLogRate(k);
  const rateSlope = logGamma(1 + 1 / k) - digamma(1 + 1 / k) / k;
  return {
    density(s) {
      const log = Math.log(s);
      const z = Math.exp(logRate + k * log);
      return {
        value: Math.log(k) + logRate + (k - 1) * log - z,
        slope: 1 / k + (1 - z) * (rateSlope + log),
      };
    },
    below(s) {
      const log = Math.log(s);
      const z = Math.exp(logRate + k * log);
      return { value: Math.log(-Math.expm1(-z)), slope: (z * (rateSlope + log)) / Math.expm1(z) };
    },
  };
}
