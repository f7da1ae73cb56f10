import { bracketedNewton } from '../bracketed-newton.js';
import type { Law } from '../law.js';
import { gaussLegendre } from '../tracy-widom/gauss-legendre.js';

export interface SpacingFitOptions {
  /**
   * Spacings below this one count as "below", with the probability of that and not with a density. A pool of m spectra
   * unfolds to multiples of 1/m, zero among them: give 1/m. Default 0: every spacing is exact, and must be above 0.
   */
  readonly resolution?: number;
}

/** A law of spacings between Poisson's and Wigner's, fitted by maximum likelihood. */
export interface SpacingFit {
  /** From 0 (Poisson) to 1 (Wigner's surmise of beta = 1). */
  readonly parameter: number;
  /**
   * Of independent spacings, by Fisher's information at the fitted parameter. At a boundary the one-sided distance from it
   * at which the log-likelihood is 1/2 lower: the parameter cannot err to the other side. Near a boundary, too, within two
   * or three of these, errors are not normal and intervals must not cross it.
   */
  readonly standardError: number;
  /** Set when the likelihood is largest at an end of the range, where it may rise beyond. */
  readonly boundary?: 'Poisson' | 'Wigner';
  readonly logLikelihood: number;
  /** Spacings fitted. */
  readonly count: number;
  /** The law at the fitted parameter. */
  readonly law: Law;
}

/** The logarithm of a probability or of its density, and its derivative by the parameter. */
export interface LogTerm {
  readonly value: number;
  readonly slope: number;
}

/** A law at one parameter, as the likelihood sees it. */
export interface LikelihoodTerms {
  density(spacing: number): LogTerm;
  below(spacing: number): LogTerm;
}

/** Pieces of [0, 1] that are searched for the highest: the likelihoods here have one peak each, as far as was seen. */
const pieces = 4;

/** Far below any standard error. */
const exactEnough = 1e-10;

/** What lies nearer to an end is taken for it. Not 0: Berry & Robnik's score vanishes at 0, and rounding has its sign. */
const nearest = 1e-6;

const rule = gaussLegendre(24);
const panels = 8;
/** No law here has a share above 1e-20 beyond. */
const most = 50;

/** The largest likelihood on [0, 1]: the best of a few points, and the zero of the score beside it. */
export function fitSpacings(
  spacings: Float64Array,
  terms: (parameter: number) => LikelihoodTerms,
  law: (parameter: number) => Law,
  { resolution = 0 }: SpacingFitOptions,
): SpacingFit {
  requireSpacings(spacings, resolution);
  const resolved = spacings.filter((s) => s >= resolution);
  const unresolved = spacings.length - resolved.length;
  const at = (parameter: number): LogTerm => {
    const { density, below } = terms(parameter);
    let [value, slope] = [0, 0];
    for (const s of resolved) {
      const term = density(s);
      value += term.value;
      slope += term.slope;
    }
    if (unresolved === 0) return { value, slope };
    const term = below(resolution);
    return { value: value + unresolved * term.value, slope: slope + unresolved * term.slope };
  };

  const values = Array.from({ length: pieces + 1 }, (_, i) => at(i / pieces).value);
  const best = values.indexOf(Math.max(...values));
  const low = Math.max(nearest, (best - 1) / pieces);
  const high = Math.min(1 - nearest, (best + 1) / pieces);
  const score = (parameter: number) => at(parameter).slope;
  const [atLow, atHigh] = [score(low), score(high)];
  if (best === 0 && atLow <= 0) return fit(0, 'Poisson');
  if (best === pieces && atHigh >= 0) return fit(1, 'Wigner');
  return fit(falsePosition(score, { x: low, value: atLow }, { x: high, value: atHigh }));

  function fit(parameter: number, boundary?: 'Poisson' | 'Wigner'): SpacingFit {
    const { value: logLikelihood } = at(parameter);
    const standardError = boundary
      ? oneSided(parameter, logLikelihood)
      : 1 / Math.sqrt(spacings.length * fisherInformation(terms(parameter), resolution));
    const found = { parameter, standardError, logLikelihood, count: spacings.length, law: law(parameter) };
    return boundary ? { ...found, boundary } : found;
  }

  function oneSided(end: number, highest: number): number {
    const inward = end === 0 ? 1 : -1;
    const drop = (distance: number) => {
      const { value, slope } = at(end + inward * distance);
      return { value: highest - value - 0.5, slope: -inward * slope };
    };
    return bracketedNewton(drop, 0.1, [0, 1]);
  }
}

interface Point {
  readonly x: number;
  readonly value: number;
}

/** Where a function is zero between a point where it is positive and one where it is not: false position. */
function falsePosition(f: (x: number) => number, positive: Point, negative: Point): number {
  let x = positive.x;
  let replaced: 'positive' | 'negative' | undefined;
  for (let iteration = 0; iteration < 200; iteration++) {
    const before = x;
    x = (positive.x * negative.value - negative.x * positive.value) / (negative.value - positive.value);
    if (Math.abs(x - before) < exactEnough) break;
    const value = f(x);
    // Illinois: an end that stays a second time counts half, lest it stay for ever (Dowell & Jarratt 1971).
    if (value > 0) {
      if (replaced === 'positive') negative = { x: negative.x, value: negative.value / 2 };
      positive = { x, value };
      replaced = 'positive';
    } else {
      if (replaced === 'negative') positive = { x: positive.x, value: positive.value / 2 };
      negative = { x, value };
      replaced = 'negative';
    }
  }
  return x;
}

/** E (d log p/d parameter)^2 of one spacing: Gauss-Legendre in the fourth root of s, which takes the logarithm at 0. */
function fisherInformation(terms: LikelihoodTerms, resolution: number): number {
  const start = resolution ** 0.25;
  const halfPanel = (most ** 0.25 - start) / (2 * panels);
  let information = 0;
  if (resolution > 0) {
    const { value, slope } = terms.below(resolution);
    information = Math.exp(value) * slope ** 2;
  }
  for (let panel = 0; panel < panels; panel++) {
    rule.nodes.forEach((node, i) => {
      const root = start + halfPanel * (2 * panel + 1 + node);
      const { value, slope } = terms.density(root ** 4);
      const density = Math.exp(value);
      if (density > 0) information += rule.weights[i] * halfPanel * 4 * root ** 3 * density * slope ** 2;
    });
  }
  return information;
}

function requireSpacings(spacings: Float64Array, resolution: number): void {
  if (!(resolution >= 0 && resolution < 1)) {
    throw new RangeError(`the resolution of a spacing fit must be from 0 to 1, the mean spacing, found ${resolution}`);
  }
  if (spacings.length < 2) throw new RangeError(`a spacing fit needs two spacings or more, found ${spacings.length}`);
  let sum = 0;
  for (const [i, s] of spacings.entries()) {
    if (!(s >= 0 && s < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`the spacings of a fit must be finite and not negative, found ${s} at position ${i}`);
    }
    if (s === 0 && resolution === 0) {
      throw new RangeError(
        `the spacings of a fit must be above 0, found 0 at position ${i}: merge equal levels with distinctLevels, ` +
          'or give the resolution of the unfolding',
      );
    }
    sum += s;
  }
  const mean = sum / spacings.length;
  if (!(mean > 0.5 && mean < 2)) {
    throw new RangeError(`the spacings of a fit must be unfolded to a mean of 1, found a mean of ${mean}`);
  }
}
