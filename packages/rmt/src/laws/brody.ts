import { requireShare } from '../checks.js';
import type { Law } from '../law.js';
import { logGamma } from './gamma-function.js';
import { gammaPower } from './spacing.js';

/**
 * Brody's spacings, p(s) = (q + 1) b s^q exp(-b s^(q + 1)) with b = Gamma((q + 2)/(q + 1))^(q + 1), so that the mean is 1
 * (Brody 1973; Brody et al. 1981, sec. V): exp(-s) at q = 0, Wigner's surmise of beta = 1 at q = 1. Between them an
 * interpolation without a model behind it; it repels like s^q.
 *
 * @param parameter  q, from 0 to 1
 * @throws RangeError unless the parameter is from 0 to 1
 */
export function brodyDistribution({ parameter }: { readonly parameter: number }): Law {
  requireShare("Brody's parameter", parameter);
  const power = parameter + 1;
  return gammaPower(`Brody, parameter ${parameter}`, 1, Math.exp(brodyLogRate(power)), power);
}

/** log b at q + 1 = power. */
export const brodyLogRate = (power: number): number => power * logGamma(1 + 1 / power);
