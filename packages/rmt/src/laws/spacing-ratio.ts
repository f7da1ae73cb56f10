import { chebyshevAntiderivative, chebyshevCoefficients, chebyshevPoints, chebyshevValue } from '../chebyshev.js';
import { requireInteger } from '../checks.js';
import type { Law } from '../law.js';
import { sampleByInversion } from '../quantile.js';
import { lawOfDensity } from './law-of-density.js';
import { type DysonIndex, requireDysonIndex } from './spacing.js';

/** Atas et al. 2013, table I. */
const normalisation = {
  1: 8 / 27,
  2: (4 * Math.PI) / (81 * Math.sqrt(3)),
  4: (4 * Math.PI) / (729 * Math.sqrt(3)),
} as const;

/**
 * The surmise of Atas, Bogomolny, Giraud & Roux 2013 for the ratio r of two consecutive spacings: the law of 3 x 3
 * matrices, P(r) = (r + r^2)^beta/(Z (1 + r + r^2)^(1 + 3 beta/2)) on (0, inf). Within about 0.01 of the density of large
 * matrices (their eq. 8 and table II). Moments beyond beta are infinite.
 *
 * @throws RangeError unless beta is 1, 2 or 4
 */
export function ratioSurmise({ beta }: { readonly beta: DysonIndex }): Law {
  return unfolded(`ratio surmise, beta ${beta}`, foldedRatioSurmise({ beta }), beta);
}

/**
 * The same surmise for min(r, 1/r) on [0, 1]: 2 P(r). Means: 4 - 2 sqrt(3) = 0.5359 for beta = 1, 0.6027 for 2 and 0.6762
 * for 4, against 0.5307, 0.5996 and 0.6744 in large matrices.
 *
 * @throws RangeError unless beta is 1, 2 or 4
 */
export function foldedRatioSurmise({ beta }: { readonly beta: DysonIndex }): Law {
  requireDysonIndex('the ratio surmise', beta);
  return onUnitInterval(
    `ratio surmise of min(r, 1/r), beta ${beta}`,
    (r) => (2 * (r + r * r) ** beta) / (normalisation[beta] * (1 + r + r * r) ** (1 + 1.5 * beta)),
  );
}

/** The ratio r of two consecutive spacings of levels that do not interact: 1/(1 + r)^2 on (0, inf); its mean is infinite. */
export function poissonRatio(): Law {
  return unfolded('Poisson ratio', foldedPoissonRatio(), 0);
}

/** The same for min(r, 1/r) on [0, 1]: 2/(1 + r)^2, of mean 2 log 2 - 1 = 0.3863. */
export function foldedPoissonRatio(): Law {
  return onUnitInterval('Poisson ratio min(r, 1/r)', (r) => 2 / (1 + r) ** 2);
}

/** The law of a density that does not vanish at the ends of [0, 1]: there it counts as inside. */
function onUnitInterval(name: string, density: (r: number) => number): Law {
  const law = lawOfDensity({ name, support: [[0, 1]], density });
  return { ...law, density: (r) => (r >= 0 && r <= 1 ? density(r) : 0) };
}

/** The law of r on (0, inf) whose min(r, 1/r) follows `folded`, r and 1/r being alike; its tail falls as r^(-2 - order). */
function unfolded(name: string, folded: Law, order: number): Law {
  const law: Law = {
    name,
    support: [[0, Number.POSITIVE_INFINITY]],
    atoms: [],
    density: (r) => (r <= 1 ? folded.density(r) / 2 : folded.density(1 / r) / (2 * r * r)),
    cumulative: (r) => (r <= 1 ? folded.cumulative(r) / 2 : 1 - folded.cumulative(1 / r) / 2),
    quantile: (p) => (p <= 0.5 ? folded.quantile(2 * p) : 1 / folded.quantile(2 * (1 - p))),
    moment(k) {
      requireInteger('the order of a moment', k, 0);
      if (k > order) return k === 0 ? 1 : Number.POSITIVE_INFINITY;
      // int over (0, 1) of (r^k + r^-k) P(r): P vanishes like r^order, so this is smooth.
      const values = chebyshevPoints(48 + 2 * k).map((t) => {
        const r = (1 + t) / 2;
        return ((r ** k + r ** -k) * folded.density(r)) / 4;
      });
      return chebyshevValue(chebyshevAntiderivative(chebyshevCoefficients(values)), 1);
    },
    sample: (n, random) => sampleByInversion(law, n, random),
  };
  return law;
}
