import { requireInteger } from '../checks.js';
import type { Interval, Law } from '../law.js';
import { quantile, sampleByInversion } from '../quantile.js';
import { logGamma } from './gamma-function.js';
import { incompleteGamma } from './incomplete-gamma.js';

/** Dyson's index: 1 for real symmetric matrices, 2 for complex Hermitian ones, 4 for quaternionic ones. */
export type DysonIndex = 1 | 2 | 4;

/** @throws RangeError naming the law unless beta is 1, 2 or 4 */
export function requireDysonIndex(law: string, beta: number): void {
  if (beta !== 1 && beta !== 2 && beta !== 4) throw new RangeError(`beta of ${law} must be 1, 2 or 4, found ${beta}`);
}

/**
 * Wigner's surmise for the spacing of neighbouring levels, in units of the mean spacing: the law of 2 x 2 matrices,
 * p(s) = a s^beta exp(-b s^2), a and b such that mass and mean are 1 (Mehta 2004, sec. 1.5). For beta = 1:
 * (pi s/2) exp(-pi s^2/4), within 0.007 of the cumulative of large matrices.
 *
 * @throws RangeError unless beta is 1, 2 or 4
 */
export function wignerSurmise({ beta }: { readonly beta: DysonIndex }): Law {
  requireDysonIndex("Wigner's surmise", beta);
  const half = (beta + 1) / 2;
  const b = Math.exp(2 * (logGamma(half + 0.5) - logGamma(half)));
  return gammaPower(`Wigner's surmise, beta ${beta}`, half, b, 2);
}

/**
 * The distance of a level to its neighbour number `neighbour` when levels do not interact, in units of the mean
 * spacing: exp(-s) for the next (the default), s^(k - 1) exp(-s)/(k - 1)! for the k-th.
 *
 * @throws RangeError unless the neighbour is a positive integer
 */
export function poissonSpacing({ neighbour = 1 }: { readonly neighbour?: number } = {}): Law {
  requireInteger('the neighbour of a Poisson spacing', neighbour, 1);
  return gammaPower(`Poisson spacing${neighbour === 1 ? '' : `, neighbour ${neighbour}`}`, neighbour, 1, 1);
}

/** The law of s when rate s^power follows the gamma law of this shape, a multiple of 1/2. */
export function gammaPower(name: string, shape: number, rate: number, power: number): Law {
  const support: readonly Interval[] = [[0, Number.POSITIVE_INFINITY]];
  const logFront = Math.log(power) + shape * Math.log(rate) - logGamma(shape);
  const law: Law = {
    name,
    support,
    atoms: [],
    density(s) {
      if (!(s >= 0 && s < Number.POSITIVE_INFINITY)) return 0;
      const exponent = power * shape - 1;
      // 0 log 0 = 0: what spacings do not avoid has a density at zero. As one exponent, for either factor may overflow.
      return Math.exp((exponent === 0 ? 0 : exponent * Math.log(s)) + logFront - rate * s ** power);
    },
    cumulative: (s) => (s > 0 ? incompleteGamma(shape, rate * s ** power) : 0),
    quantile: (p) => quantile(law, p),
    moment(k) {
      requireInteger('the order of a moment', k, 0);
      return Math.exp(logGamma(shape + k / power) - logGamma(shape) - (k / power) * Math.log(rate));
    },
    sample: (n, random) => sampleByInversion(law, n, random),
  };
  return law;
}
