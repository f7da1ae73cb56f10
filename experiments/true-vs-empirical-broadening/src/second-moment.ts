import { broadened } from './broadened.js';
import type { MeasuredSpectrum } from './network-spectrum.js';

/** What Theorem 1 makes of a true Hessian's ends, at the size of a sample. */
export interface Broadening {
  /** sqrt(P/N) sigma: outliers below it are lost in the noise. */
  readonly threshold: number;
  readonly largest: number;
  readonly smallest: number;
}

/** Ritz values nearer than this share of themselves to an eigenvalue count as one eigenvalue each (our choice). */
const converged = 1e-3;

/**
 * |H|_F^2 / P. One random vector gives it as the second moment of its measure; most of its error is in the weights of the
 * outliers, which are known to be 1/P each where the Ritz value has converged to a simple eigenvalue.
 */
export function secondMoment({ nodes, weights, residuals, parameters }: MeasuredSpectrum): number {
  return nodes.reduce((sum, node, i) => {
    const isEigenvalue = residuals[i] < converged * Math.abs(node) && weights[i] < 20 / parameters;
    return sum + (isEigenvalue ? 1 / parameters : weights[i]) * node ** 2;
  }, 0);
}

/**
 * Theorem 1 for a small sample, with the spectrum over a large one, independent of it, for the true one.
 *
 * E |H_N|_F^2 = |H|_F^2 + P^2 sigma^2 / N (App. F), so that (P/N) sigma^2 is what the second moment of the small sample has
 * in excess, P/N_large of the same sigma^2 already being in the large one's.
 */
export function broadeningOf(small: MeasuredSpectrum, large: MeasuredSpectrum): Broadening {
  const excess = (secondMoment(small) - secondMoment(large)) / (1 - small.samples / large.samples);
  // Nothing is seen of a noise that is smaller than the error of the moments.
  if (!(excess > 0)) return { threshold: 0, largest: large.largest, smallest: large.smallest };
  return {
    threshold: Math.sqrt(excess),
    largest: broadened(large.largest, excess, 'largest'),
    smallest: broadened(large.smallest, excess, 'smallest'),
  };
}
