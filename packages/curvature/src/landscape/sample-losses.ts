import type { Weights } from '@hessian-rmt/models';

/** The loss at one point of weight space, sample by sample. */
export interface SampleLosses {
  /** One a sample, in the order of the data. */
  readonly losses: Float64Array;
  /** Share of samples whose largest output is that of their class; NaN for regression. */
  readonly accuracy: number;
}

/** Whoever computes the loss at a point, as `sampleLosses` of a pool of workers does. */
export type LossAt = (weights: Weights) => SampleLosses | Promise<SampleLosses>;

/** The mean of values that were measured on independent samples. */
export interface MeanOverSamples {
  readonly mean: number;
  /** Standard deviation of the samples over the square root of their number; NaN for a single sample. */
  readonly standardError: number;
}

/** @throws RangeError for no values */
export function meanOverSamples(values: Float64Array): MeanOverSamples {
  if (values.length === 0) throw new RangeError('meanOverSamples: expected at least one sample, found none');
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) };
}

/** Mean of a - b over the samples: losses at two points share their samples, so most of the scatter cancels. */
export function meanDifference(a: SampleLosses, b: SampleLosses): MeanOverSamples {
  if (a.losses.length !== b.losses.length) {
    throw new RangeError(`losses of ${a.losses.length} and of ${b.losses.length} samples cannot be paired`);
  }
  return meanOverSamples(a.losses.map((loss, n) => loss - b.losses[n]));
}
