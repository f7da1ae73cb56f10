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
const pieces = 8;

/** What lies nearer to an end is taken for it. Not 0: Berry & Robnik's score vanishes at 0, and rounding has its sign. */
const nearest = 1e-6;

const rule = gaussLegendre(24);
const panels = 8;
/** No law here has a share above 1e-20 beyond. */
const most = 50;

/** The largest likelihood on [0, 1]: the best of a few points, and beside it Newton's method with the squared scores as slope. */
export function fitSpacings(
  spacings: Float64Array,
  terms: (parameter: number) => LikelihoodTerms,
  law: (parameter: number) => Law,
  { resolution = 0 }: SpacingFitOptions,
): SpacingFit {
  requireSpacings(spacings, resolution);
  const resolved = spacings.filter((s) => s >= resolution);
  const unresolved = spacings.length - resolved.length;
  const at = (parameter: number) => {
    const { density, below } = terms(parameter);
    let [value, score, information] = [0, 0, 0];
    for (const s of resolved) {
      const term = density(s);
      value += term.value;
      score += term.slope;
      information += term.slope ** 2;
    }
    if (unresolved > 0) {
      const term = below(resolution);
      value += unresolved * term.value;
      score += unresolved * term.slope;
      information += unresolved * term.slope ** 2;
    }
    return { value, score, information };
  };

  const values = Array.from({ length: pieces + 1 }, (_, i) => at(i / pieces).value);
  const best = values.indexOf(Math.max(...values));
  const low = Math.max(nearest, (best - 1) / pieces);
  const high = Math.min(1 - nearest, (best + 1) / pieces);
  if (best === 0 && at(low).score <= 0) return fit(0, 'Poisson');
  if (best === pieces && at(high).score >= 0) return fit(1, 'Wigner');
  const falling = (parameter: number) => {
    const { score, information } = at(parameter);
    return { value: -score, slope: information };
  };
  return fit(bracketedNewton(falling, (low + high) / 2, [low, high]));

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
      const { value, score } = at(end + inward * distance);
      return { value: highest - value - 0.5, slope: -inward * score };
    };
    return bracketedNewton(drop, 0.1, [0, 1]);
  }
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
