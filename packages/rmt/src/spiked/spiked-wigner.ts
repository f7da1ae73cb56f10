import { requirePositive } from '../checks.js';
import { requireFiniteSpike } from '../ensembles/gaussian.js';
import type { Law } from '../law.js';
import { semicircle } from '../laws/semicircle.js';
import type { SpikeImage } from './spike-image.js';

export interface SpikedWignerParameters {
  /** Variance s^2 of the semicircle, n times that of an element off the diagonal. Default 1: edges at -2 and 2. */
  readonly variance?: number;
  /** Eigenvalues of the perturbation that are not zero, in any order; repeat one for its multiplicity. */
  readonly spikes: readonly number[];
}

export interface SpikedWigner {
  readonly bulk: Law;
  /** Spikes above `upper` or below `lower` have outliers: s and -s. */
  readonly thresholds: { readonly upper: number; readonly lower: number };
  /** In the order of the spikes given. */
  readonly images: readonly SpikeImage[];
}

/**
 * The Baik-Ben Arous-Peche transition in a symmetric n x n matrix of independent elements of variance s^2/n to which a
 * matrix of fixed rank is added, whose eigenvalues are the spikes theta, as n grows.
 *
 * A spike of |theta| > s has an outlier at theta + s^2/theta (Peche 2006 for complex, Capitaine, Donati-Martin & Feral
 * 2009 for general elements), whose eigenvector has the squared inner product 1 - s^2/theta^2 with the spike's
 * (Benaych-Georges & Nadakuditi 2011, sec. 3.1); others stick to the edge 2 s of their sign. For the Gaussian
 * orthogonal ensemble and a simple spike the outlier's fluctuations are normal of variance 2 s^2 (1 - s^2/theta^2)/n;
 * those of k equal spikes are the eigenvalues of a k x k matrix of that ensemble, of this variance on its diagonal. At
 * finite size the transition is spread over |theta|/s - 1 of the order n^(-1/3).
 *
 * Theorem 1 of Granziol et al. 2020 is this one: a Hessian of P parameters whose elements have the variance sigma^2/N
 * about their means over N samples has s^2 = (P/N) sigma^2, outliers at lambda + (P/N) sigma^2/lambda, and the threshold
 * sqrt(P/N) sigma.
 *
 * @throws RangeError if the variance is not positive or a spike not finite
 */
export function spikedWigner({ variance = 1, spikes }: SpikedWignerParameters): SpikedWigner {
  requirePositive('the variance of a spiked Wigner matrix', variance);
  for (const spike of spikes) requireFiniteSpike(spike);
  const threshold = Math.sqrt(variance);

  const imageOf = (spike: number): SpikeImage => {
    if (Math.abs(spike) <= threshold) {
      return { spike, place: 'bulk', at: spike < 0 ? -2 * threshold : 2 * threshold, overlap: 0 };
    }
    const overlap = (1 - threshold / spike) * (1 + threshold / spike);
    return {
      spike,
      place: spike > 0 ? 'above' : 'below',
      at: spike + variance / spike,
      deviation: Math.sqrt(2 * variance * overlap),
      overlap,
    };
  };
  return {
    bulk: semicircle({ variance }),
    thresholds: { upper: threshold, lower: -threshold },
    images: spikes.map(imageOf),
  };
}

/**
 * The spike that an outlier points to: the inverse of theta + s^2/theta.
 *
 * @throws RangeError if the eigenvalue lies in the bulk, whose eigenvalues tell of no spike
 */
export function spikeOfWignerOutlier(
  outlier: number,
  { variance = 1 }: Omit<SpikedWignerParameters, 'spikes'> = {},
): number {
  requirePositive('the variance of a spiked Wigner matrix', variance);
  const edge = 2 * Math.sqrt(variance);
  const size = Math.abs(outlier);
  if (!(size > edge && size < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`an outlier must lie outside the bulk from ${-edge} to ${edge}, found ${outlier}`);
  }
  return (outlier + Math.sign(outlier) * Math.sqrt((size - edge) * (size + edge))) / 2;
}
