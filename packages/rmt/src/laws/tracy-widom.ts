import {
  chebyshevAntiderivative,
  chebyshevCoefficients,
  chebyshevDerivative,
  chebyshevPoints,
  chebyshevValue,
} from '../chebyshev.js';
import { requireInteger } from '../checks.js';
import type { Interval, Law } from '../law.js';
import { quantile, sampleByInversion } from '../quantile.js';
import { airyDeterminants } from '../tracy-widom/airy-determinants.js';
import { type DysonIndex, requireDysonIndex } from './spacing.js';

/** Enough for the coefficients of all three series to fall to rounding; those that have are left off. */
const degree = 120;

interface Determinants {
  readonly minus: number;
  readonly plus: number;
}

interface Formula {
  readonly cumulative: (at: Determinants) => number;
  /** Where it changes: 1e-15 of the mass, or less, lies beyond on either side. */
  readonly range: Interval;
  /** The argument of the determinants over that of F. */
  readonly stretch: number;
}

/** Bornemann 2010 for beta = 2, Ferrari & Spohn 2005 for 1 and 4. */
const formulas: Readonly<Record<DysonIndex, Formula>> = {
  1: { cumulative: ({ minus }) => minus, range: [-10, 14], stretch: 1 },
  2: { cumulative: ({ minus, plus }) => minus * plus, range: [-8.5, 9], stretch: 1 },
  4: { cumulative: ({ minus, plus }) => (minus + plus) / 2, range: [-11, 9], stretch: 2 ** (2 / 3) },
};

const laws = new Map<DysonIndex, Law>();

/**
 * The Tracy-Widom law: the largest eigenvalue of a large random matrix, n^(2/3) (lambda/s - 2) for a matrix of the Gaussian
 * ensemble whose entries off the diagonal have E|x|^2 = s^2/n. Means -1.2065335746, -1.7710868074, -2.0551970 and variances
 * 1.6077810346, 0.8131947928, 0.4109175 for beta = 1, 2, 4.
 *
 * With B of kernel Ai(x + y + s) on (0, inf): F_1(s) = det(1 - B), F_2(s) = det(1 - B) det(1 + B), and F_4(2^(-2/3) s) is the
 * mean of the two determinants. That is the argument in which all beta ensembles have one edge (Ramirez, Rider & Virag
 * 2011); tables of beta = 4 after Tracy & Widom 1996 stretch it by 2^(1/6). The cumulative is exact to 1e-14, absolutely,
 * the density to 1e-12. Made once for each beta, on first use, in some 0.1 s.
 *
 * @throws RangeError unless beta is 1, 2 or 4
 */
export function tracyWidom({ beta }: { readonly beta: DysonIndex }): Law {
  requireDysonIndex('the Tracy-Widom law', beta);
  let law = laws.get(beta);
  if (law === undefined) {
    law = makeLaw(beta);
    laws.set(beta, law);
  }
  return law;
}

function makeLaw(beta: DysonIndex): Law {
  const { cumulative, range, stretch } = formulas[beta];
  const [start, end] = range.map((edge) => edge / stretch);
  const half = (end - start) / 2;
  const coefficients = chebyshevCoefficients(
    chebyshevPoints(degree).map((t) => cumulative(airyDeterminants(stretch * (start + half * (1 + t))))),
  );
  const series = coefficients.subarray(0, coefficients.findLastIndex((c) => Math.abs(c) > 4 * Number.EPSILON) + 1);
  const slope = chebyshevDerivative(series).map((c) => c / half);
  const position = (x: number) => (x - start) / half - 1;

  const law: Law = {
    name: `Tracy-Widom, beta ${beta}`,
    support: [[Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]],
    atoms: [],
    density: (x) => (x > start && x < end ? Math.max(0, chebyshevValue(slope, position(x))) : 0),
    cumulative(x) {
      if (x <= start) return 0;
      return x < end ? Math.min(1, Math.max(0, chebyshevValue(series, position(x)))) : 1;
    },
    quantile: (p) => quantile(law, p),
    moment(k) {
      requireInteger('the order of a moment', k, 0);
      const values = chebyshevPoints(degree + k).map((t) => chebyshevValue(slope, t) * (start + half * (1 + t)) ** k);
      return half * chebyshevValue(chebyshevAntiderivative(chebyshevCoefficients(values)), 1);
    },
    sample: (n, random) => sampleByInversion(law, n, random),
  };
  return law;
}
