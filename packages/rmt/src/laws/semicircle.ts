import { requireInteger, requirePositive } from '../checks.js';
import { add, complex, divide, multiply, shift, squareRoot } from '../complex.js';
import { edgeAngle } from '../edge-angle.js';
import type { FreeLevyTriple, Interval, SpectralLaw } from '../law.js';
import { quantile, sampleByInversion } from '../quantile.js';
import { derivativeFromTriple, potentialFromTriple } from '../transforms/free-levy-triple.js';

/**
 * Wigner's semicircle: the spectrum of a symmetric n x n matrix of independent entries of variance `variance` / n.
 *
 * Density sqrt(4 s^2 - x^2)/(2 pi s^2) on [-2 s, 2 s], s^2 the variance; R(g) = s^2 g.
 *
 * @throws RangeError if the variance is not positive
 */
export function semicircle({ variance }: { readonly variance: number }): SpectralLaw {
  requirePositive('the variance of a semicircle', variance);
  const radius = 2 * Math.sqrt(variance);
  const interval: Interval = [-radius, radius];

  const freeLevy: FreeLevyTriple = { drift: 0, variance, jumps: [] };

  const law: SpectralLaw = {
    name: `semicircle, variance ${variance}`,
    support: [interval],
    atoms: [],
    density: (x) => (Math.abs(x) < radius ? Math.sqrt((radius - x) * (radius + x)) / (2 * Math.PI * variance) : 0),
    cumulative(x) {
      // x = -2 s cos(t)
      const t = edgeAngle(x, interval);
      return Math.min(1, (t - Math.sin(t) * Math.cos(t)) / Math.PI);
    },
    quantile: (p) => quantile(law, p),
    /** Catalan numbers: E X^2j = s^2j (2j)!/(j! (j + 1)!). */
    moment(k) {
      requireInteger('the order of a moment', k, 0);
      if (k % 2 === 1) return 0;
      let moment = 1;
      for (let j = 1; j <= k / 2; j++) moment *= ((2 * (2 * j - 1)) / (j + 1)) * variance;
      return moment;
    },
    sample: (n, random) => sampleByInversion(law, n, random),
    /** The root of s^2 G^2 - z G + 1 = 0 that vanishes at infinity. */
    stieltjesTransform(z) {
      const root = multiply(squareRoot(shift(-radius, z)), squareRoot(shift(radius, z)));
      return divide(complex(2), add(z, root));
    },
    stieltjesDerivative: (z) => derivativeFromTriple(freeLevy, law.stieltjesTransform(z)),
    logarithmicPotential: (z) => potentialFromTriple(freeLevy, z, law.stieltjesTransform(z)),
    freeLevy,
  };
  return law;
}
