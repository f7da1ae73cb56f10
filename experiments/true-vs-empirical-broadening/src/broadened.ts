import { spikedWigner } from '@hessian-rmt/rmt';

/**
 * Theorem 1: where the extreme eigenvalue goes, given the true one and P times the variance of an element,
 * q sigma^2 = (P/N) sigma^2. Below the threshold, or of the wrong sign for its end, it is lost and the edge takes its place.
 */
export function broadened(trueValue: number, variance: number, end: 'largest' | 'smallest'): number {
  const sign = end === 'largest' ? 1 : -1;
  const edge = 2 * sign * Math.sqrt(variance);
  if (sign * trueValue <= Math.sqrt(variance)) return edge;
  return spikedWigner({ variance, spikes: [trueValue] }).images[0].at;
}
