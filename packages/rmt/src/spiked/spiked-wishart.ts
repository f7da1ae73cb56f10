import { requirePositive } from '../checks.js';
import { requireSpike } from '../ensembles/wishart.js';
import type { Law } from '../law.js';
import { marchenkoPastur } from '../laws/marchenko-pastur.js';
import type { SpikeImage } from './spike-image.js';

export interface SpikedWishartParameters {
  /** gamma = dimension / samples (M / N). */
  readonly ratio: number;
  /** Population eigenvalue of all other directions. Default 1. */
  readonly scale?: number;
  /** Population eigenvalues that differ, in units of the scale, in any order; repeat one for its multiplicity. */
  readonly spikes: readonly number[];
}

export interface SpikedWishart {
  readonly bulk: Law;
  /** Spikes above `upper` or below `lower` have outliers; there is no lower threshold (null) where gamma >= 1. */
  readonly thresholds: { readonly upper: number; readonly lower: number | null };
  /** In the order of the spikes given. */
  readonly images: readonly SpikeImage[];
}

/**
 * The Baik-Ben Arous-Peche transition in a sample covariance matrix X X^T / N, whose population covariance has the
 * eigenvalue `scale` but for a fixed number of spikes l `scale`, as M and N grow with M / N = gamma.
 *
 * A spike outside [1 - sqrt(gamma), 1 + sqrt(gamma)] has an outlier at scale * l (1 + gamma/(l - 1)) (Baik, Ben Arous &
 * Peche 2005; Baik & Silverstein 2006). In the variable of Bloemendal, Knowles, Yau & Yin 2016, l = 1 + sqrt(gamma) d,
 * there is an outlier where |d| > 1, at (1 + sqrt(gamma) d)(1 + sqrt(gamma)/d); the directions of the spikes do not
 * matter, several spikes do not see each other, and at finite size the transition is spread over |d| - 1 of the order
 * min(M, N)^(-1/3). For real normal data and a simple spike, the outlier's fluctuations are normal of variance
 * 2 (scale l)^2 (1 - gamma/(l - 1)^2)/N (Paul 2007, Thm. 3; on both sides of the bulk: Bai & Yao 2008), and the overlap
 * is (1 - gamma/(l - 1)^2)/(1 + gamma/(l - 1)) (Paul 2007, Thm. 4).
 *
 * @throws RangeError if the ratio or the scale is not positive or a spike is negative
 */
export function spikedWishart({ ratio, scale = 1, spikes }: SpikedWishartParameters): SpikedWishart {
  requirePositive('the ratio gamma of a spiked Wishart matrix', ratio);
  requirePositive('the scale of a spiked Wishart matrix', scale);
  spikes.forEach(requireSpike);
  const bulk = marchenkoPastur({ ratio, scale });
  const [[lowerEdge, upperEdge]] = bulk.support;
  const upper = 1 + Math.sqrt(ratio);
  const lower = ratio < 1 ? 1 - Math.sqrt(ratio) : null;

  const imageOf = (spike: number): SpikeImage => {
    const above = spike > upper;
    if (!above && !(lower !== null && spike < lower)) {
      return { spike, place: 'bulk', at: spike < 1 ? lowerEdge : upperEdge, overlap: 0 };
    }
    const shift = ratio / (spike - 1);
    const strength = 1 - shift / (spike - 1);
    return {
      spike,
      place: above ? 'above' : 'below',
      at: scale * spike * (1 + shift),
      deviation: scale * spike * Math.sqrt(2 * strength),
      overlap: strength / (1 + shift),
    };
  };
  return { bulk, thresholds: { upper, lower }, images: spikes.map(imageOf) };
}

/**
 * The population spike that an outlier of the sample points to, in units of the scale: the inverse of l (1 + gamma/(l - 1)).
 *
 * @throws RangeError if the eigenvalue lies in the bulk, whose eigenvalues tell of no spike
 */
export function spikeOfWishartOutlier(
  outlier: number,
  { ratio, scale = 1 }: Omit<SpikedWishartParameters, 'spikes'>,
): number {
  const [[lowerEdge, upperEdge]] = marchenkoPastur({ ratio, scale }).support;
  const isAbove = outlier > upperEdge && outlier < Number.POSITIVE_INFINITY;
  if (!(isAbove || (ratio < 1 && outlier >= 0 && outlier < lowerEdge))) {
    throw new RangeError(`an outlier must lie outside the bulk from ${lowerEdge} to ${upperEdge}, found ${outlier}`);
  }
  // l^2 - (1 + x - gamma) l + x = 0 has the product x: the larger root above the bulk, the smaller below it.
  const x = outlier / scale;
  const half = (1 + x - ratio) / 2;
  const larger = half + Math.sqrt(half * half - x);
  return isAbove ? larger : x / larger;
}
