import { requireInteger, requireOffAxis } from '../checks.js';
import { type Atom, atomMass, type FreeLevyTriple, type Interval, type SpectralLaw } from '../law.js';
import { quantile, sampleByInversion } from '../quantile.js';
import { momentsOfFreeCumulants } from '../transforms/free-cumulants.js';
import { derivativeFromTriple, potentialFromTriple } from '../transforms/free-levy-triple.js';
import { boundaryValue, type Gap, interiorValue, type RationalInverse, supportOf } from './reciprocal-transform.js';

/** The Levy triple of the law: each jump, of either sign, is a Marchenko-Pastur law of ratio 1/rate and scale rate size. */
export interface FreeCompoundPoissonParameters extends Partial<FreeLevyTriple> {
  /** For people: name and parameters. */
  readonly name: string;
}

/** A law in closed form: all but the roots of one rational equation. */
export interface FreeCompoundPoisson extends SpectralLaw {
  /** Mass below zero, without an atom at zero. */
  readonly index: number;
  readonly freeLevy: FreeLevyTriple;
}

/**
 * The free convolution of a semicircle and any number of Marchenko-Pastur laws, or their mirror images:
 *
 *     R(z) = drift + variance z + sum of rate_j size_j/(1 - size_j z),
 *
 * the freely divisible laws with finitely many jumps (Hiai & Petz 2000, sec. 3.3); also the spectrum of X T X^T + a Wigner
 * matrix, T diagonal of the jumps, of either sign. With w = 1/G, the equation R(G) + 1/G = z has one solution in the
 * upper half-plane for z there. The support's edges are exact, and so is the cumulative: with log G the potential,
 * int G dz = (z - drift) G - log G - variance G^2/2 + sum of rate_j log(1 - size_j G), whose imaginary part at x + i0 is
 * -pi times the mass beyond x. An atom of 1 - sum of the rates sits at the drift where that is positive and there is
 * no semicircle.
 *
 * @throws RangeError unless the drift is finite, the variance not negative, sizes finite and not zero, rates positive,
 *   and there is a part to speak of
 */
export function freeCompoundPoisson(parameters: FreeCompoundPoissonParameters): FreeCompoundPoisson {
  const { name, drift = 0, variance = 0, jumps = [] } = parameters;
  const freeLevy: FreeLevyTriple = { drift, variance, jumps };
  requireTriple(name, freeLevy);
  const inverse = rationalInverse(freeLevy);
  const totalRate = jumps.reduce((sum, { rate }) => sum + rate, 0);
  const atoms: readonly Atom[] =
    variance === 0 && 1 - totalRate > 16 * Number.EPSILON ? [{ at: drift, mass: 1 - totalRate }] : [];

  const { outer, gaps } = supportOf(inverse);
  const edges = [outer[0], ...gaps.flatMap(({ x }) => x), outer[1]];
  const support = edges.flatMap((edge, i): Interval[] => (i % 2 === 0 ? [[edge, edges[i + 1]]] : []));
  /** Mass of the continuous part below each interval of the support, and below infinity. */
  const below = [
    0,
    ...gaps.map((gap) => massBelowGap(gap, jumps) - (atoms.some(({ at }) => at < gap.x[0]) ? 1 - totalRate : 0)),
    1 - (atoms[0]?.mass ?? 0),
  ];
  const inside = (x: number) => support.some(([a, b]) => x > a && x < b);

  const law: Omit<FreeCompoundPoisson, 'index'> = {
    name,
    support,
    atoms,
    density(x) {
      if (!inside(x)) return 0;
      const w = boundaryValue(inverse, x);
      return w.im / (Math.PI * (w.re * w.re + w.im * w.im));
    },
    cumulative(x) {
      if (!inside(x)) {
        let sum = below[support.filter(([a]) => a < x).length];
        for (const { at, mass } of atoms) if (at <= x) sum += mass;
        return sum;
      }
      const w = boundaryValue(inverse, x);
      const squared = w.re * w.re + w.im * w.im;
      // A density that diverges: the rates sum to 1, so that no atom is there, and only their arguments are left.
      if (squared === 0) return jumps.reduce((sum, { size, rate }) => (size < 0 ? sum + rate : sum), 0);
      // G = conj(w)/|w|^2
      let beyond = Math.atan2(w.im, w.re) + (w.im / squared) * ((variance * w.re) / squared - (x - drift));
      // arg(w - size) - arg w, without taking one from the other
      for (const { size, rate } of jumps) beyond += rate * Math.atan2(size * w.im, squared - size * w.re);
      return Math.min(1, Math.max(0, 1 - beyond / Math.PI));
    },
    quantile: (p) => quantile(law, p),
    moment(k) {
      requireInteger('the order of a moment', k, 0);
      return k === 0 ? 1 : momentsOfFreeCumulants(freeCumulants(k, freeLevy))[k - 1];
    },
    sample: (n, random) => sampleByInversion(law, n, random),
    stieltjesTransform(z) {
      requireOffAxis('a Stieltjes transform', z);
      const w = interiorValue(inverse, { re: z.re, im: Math.abs(z.im) });
      const squared = w.re * w.re + w.im * w.im;
      return { re: w.re / squared, im: (-Math.sign(z.im) * w.im) / squared };
    },
    stieltjesDerivative: (z) => derivativeFromTriple(freeLevy, law.stieltjesTransform(z)),
    logarithmicPotential: (z) => potentialFromTriple(freeLevy, z, law.stieltjesTransform(z)),
    freeLevy,
  };
  return { ...law, index: law.cumulative(0) - atomMass(law, 0) };
}

/** z(w) = drift + w + variance/w + sum of rate size w/(w - size), by its poles. */
function rationalInverse({ drift, variance, jumps }: FreeLevyTriple): RationalInverse {
  const weightOfPole = new Map<number, number>();
  if (variance > 0) weightOfPole.set(0, variance);
  let mean = drift;
  for (const { size, rate } of jumps) {
    mean += rate * size;
    weightOfPole.set(size, (weightOfPole.get(size) ?? 0) + rate * size * size);
  }
  const poles = Float64Array.from(weightOfPole.keys()).sort();
  return { drift, mean, poles, weights: poles.map((pole) => weightOfPole.get(pole) as number) };
}

/**
 * The mass below a gap, from the arguments of log G and log(1 - size G) at real G = 1/w: the rates of the jumps below
 * w where w < 0, and 1 less the rates of those above where w > 0.
 */
function massBelowGap({ w: [w] }: Gap, jumps: FreeLevyTriple['jumps']): number {
  const counted = jumps.filter(({ size }) => (w < 0 ? size < w : size > w)).reduce((sum, { rate }) => sum + rate, 0);
  return w < 0 ? counted : 1 - counted;
}

/** kappa_1 .. kappa_k: the power series of R, whose coefficient of z^(n - 1) is kappa_n. */
function freeCumulants(k: number, { drift, variance, jumps }: FreeLevyTriple) {
  return Array.from({ length: k }, (_, i) => {
    const ofJumps = jumps.reduce((sum, { size, rate }) => sum + rate * size ** (i + 1), 0);
    return ofJumps + (i === 0 ? drift : i === 1 ? variance : 0);
  });
}

function requireTriple(name: string, { drift, variance, jumps }: FreeLevyTriple): void {
  const refuse = (what: string, expected: string, found: number) => {
    throw new RangeError(`the ${what} of "${name}" must be ${expected}, found ${found}`);
  };
  if (!Number.isFinite(drift)) refuse('drift', 'finite', drift);
  if (!(variance >= 0 && variance < Number.POSITIVE_INFINITY)) refuse('variance', 'finite and not negative', variance);
  for (const { size, rate } of jumps) {
    if (!(Number.isFinite(size) && size !== 0)) refuse('jump sizes', 'finite and not zero', size);
    if (!(rate > 0 && rate < Number.POSITIVE_INFINITY)) refuse('jump rates', 'positive and finite', rate);
  }
  if (variance === 0 && jumps.length === 0) refuse('variance', 'positive, for there are no jumps', variance);
}
