import { requireFiniteSpike } from '../ensembles/gaussian.js';
import type { SpectralLaw } from '../law.js';
import { type Gap, gapsOf, insideGap, outsideSpectrum } from './gaps.js';

export interface SpikedLawParameters {
  /** The law of the unperturbed matrix. */
  readonly law: SpectralLaw;
  /** Eigenvalues of the perturbation that are not zero, in any order; repeat one for its multiplicity. */
  readonly spikes: readonly number[];
}

/** An eigenvalue that a spike puts outside the spectrum. */
export interface Outlier {
  /** Above or below all of the spectrum, or in a gap of it. */
  readonly place: 'above' | 'below' | 'gap';
  readonly at: number;
  /**
   * The standard deviation at size n is this over sqrt(n), for real directions and a spectrum that fluctuates less than
   * n^(-1/2), as those of Gaussian matrices do.
   */
  readonly deviation: number;
  /** Limit of the squared inner product of the outlier's eigenvector with the spike's. */
  readonly overlap: number;
}

export interface SpikedLaw {
  readonly bulk: SpectralLaw;
  /** Spikes above `upper` have an outlier above the spectrum, those below `lower` one below it. Zero next to an atom. */
  readonly thresholds: { readonly upper: number; readonly lower: number };
  /** In the order of the spikes given; outliers ascending, none if the spike is lost in the bulk. */
  readonly images: readonly { readonly spike: number; readonly outliers: readonly Outlier[] }[];
}

/**
 * The outliers of A + sum of theta_i u_i u_i^T, where the spectrum of the symmetric n x n matrix A tends to a law and the
 * fixed number of orthonormal u_i point anywhere: at random, or in fixed directions where A is rotation-invariant.
 *
 * Outliers are where G(x) = 1/theta outside the spectrum, G the Stieltjes transform of the law; <u, v>^2 of the
 * eigenvector v is -1/(theta^2 G'(x)) (Benaych-Georges & Nadakuditi 2011, Thms. 2.1 and 2.2). G falls from one end of a
 * gap to the other, so each gap of the spectrum, as also the half lines around it, has at most one outlier of a spike.
 * The variance is 2 (-G' - G^2)/(n G'^2), as u^T (x - A)^-1 u is a weighted mean over the spectrum, whose weights u_k^2
 * fluctuate (Benaych-Georges, Guionnet & Maida 2011). `spikedWigner` is the case of the semicircle.
 *
 * The transform is used a little above the real axis, which costs thresholds, overlaps and deviations digits: the error is
 * near 1e-9, and places are as exact as the transform. In a measured spectrum every space between eigenvalues is a gap.
 *
 * @throws RangeError if a spike is not finite
 */
export function spikedLaw({ law, spikes }: SpikedLawParameters): SpikedLaw {
  for (const spike of spikes) requireFiniteSpike(spike);
  const gaps = gapsOf(law);
  const below = gaps[0];
  const above = gaps[gaps.length - 1];
  return {
    bulk: law,
    thresholds: { upper: 1 / above.atLower, lower: 1 / below.atUpper },
    images: spikes.map((spike) => ({
      spike,
      outliers: gaps
        .filter((gap) => spike !== 0 && gap.atUpper < 1 / spike && 1 / spike < gap.atLower)
        .map((gap) => outlierIn(gap, law, spike)),
    })),
  };
}

/**
 * The spike that an outlier points to, 1/G(x).
 *
 * @throws RangeError if the eigenvalue lies in the support of the law or on an atom
 */
export function spikeOfOutlier(outlier: number, law: SpectralLaw): number {
  const gap = gapsOf(law).find(({ lower, upper }) => outlier > lower && outlier < upper);
  if (gap === undefined || !Number.isFinite(outlier)) {
    throw new RangeError(`an outlier must lie outside the support of ${law.name}, found ${outlier}`);
  }
  return 1 / outsideSpectrum(law, outlier, gap).value;
}

function outlierIn(gap: Gap, law: SpectralLaw, spike: number): Outlier {
  const at = insideGap(gap, law, spike);
  const { slope } = outsideSpectrum(law, at, gap);
  const value = 1 / spike;
  return {
    place: gap.upper === Number.POSITIVE_INFINITY ? 'above' : gap.lower === Number.NEGATIVE_INFINITY ? 'below' : 'gap',
    at,
    // -G' >= G^2 by Cauchy and Schwarz: rounding may say otherwise where the law is nearly a single point.
    deviation: Math.sqrt(2 * Math.max(0, -slope - value * value)) / -slope,
    overlap: (value * value) / -slope,
  };
}
