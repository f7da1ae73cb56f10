import type { RandomStream } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import { digest } from './checksum.js';
import { standardise } from './standardise.js';

export interface GaussianClusterOptions {
  /** Number of clusters k: one class each. At most 256. */
  readonly count: number;
  /** Samples of all clusters together. Default 1,000 (our choice: the paper does not say). */
  readonly samples?: number;
  /** Default 100 (Sagun et al. 2017, sec. 3.1). */
  readonly dimension?: number;
  /** Variance of every coordinate about its cluster's centre: 1 or 10 in the paper's Table 1. Default 1. */
  readonly covariance?: number;
  /** Standard deviation of the centres' coordinates. Default 1 (our choice: the paper does not say). */
  readonly centreScale?: number;
}

/**
 * Gaussian clusters (Sagun et al. 2017, sec. 3.1 and App. A): centres from N(0, centreScale^2 I), samples from
 * N(centre, covariance I), as many of every cluster as can be (the first ones get the remainder), shuffled, and then
 * normalised globally, as the paper has it: one mean and one standard deviation over all entries. The normalisation
 * leaves the ratio covariance / centreScale^2 as the only scale of the problem.
 *
 * @throws RangeError for sizes that are not positive integers, fewer samples than clusters, negative variances
 */
export function gaussianClusters(options: GaussianClusterOptions, random: RandomStream): Dataset {
  const { count, samples = 1000, dimension = 100, covariance = 1, centreScale = 1 } = options;
  check('count', count, 'an integer from 1 to 256', Number.isInteger(count) && count >= 1 && count <= 256);
  check('samples', samples, `an integer from ${count}`, Number.isSafeInteger(samples) && samples >= count);
  check('dimension', dimension, 'a positive integer', Number.isSafeInteger(dimension) && dimension >= 1);
  check('covariance', covariance, 'a positive number', covariance > 0 && Number.isFinite(covariance));
  check('centreScale', centreScale, 'a number from 0', centreScale >= 0 && Number.isFinite(centreScale));

  const centres = random.stream('centres').normals(count * dimension, centreScale);
  const inputs = random.stream('samples').normals(samples * dimension, Math.sqrt(covariance));
  const order = random.stream('order').permutation(samples);
  const labels = order.map((position) => position % count);
  for (let row = 0; row < samples; row++) {
    const centre = labels[row] * dimension;
    for (let j = 0; j < dimension; j++) inputs[row * dimension + j] += centres[centre + j];
  }
  const drawn: Dataset = {
    name: `${count} Gaussian clusters in ${dimension} dimensions, covariance ${covariance}, centre scale ${centreScale}`,
    count: samples,
    dimension,
    classes: count,
    inputs,
    labels: Uint8Array.from(labels),
    checksum: '',
  };
  const data = standardise(drawn);
  return { ...data, checksum: digest('sha256', data.inputs, data.labels) };
}

function check(option: string, value: number, expected: string, holds: boolean): void {
  if (!holds) throw new RangeError(`gaussianClusters: ${option} must be ${expected}, found ${value}`);
}
