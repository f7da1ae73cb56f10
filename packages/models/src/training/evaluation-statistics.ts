import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { ConvolutionalBatch } from '../convolutional/batch.js';
import { statisticsCount } from '../convolutional/layout.js';
import type { ConvolutionalNetwork } from '../convolutional/network.js';
import type { Precision } from '../convolutional/planes.js';
import type { Dataset } from '../dataset.js';
import type { Weights } from '../network.js';
import { type SampleSource, samplesOf } from '../samples.js';
import { unbiasedStatistics } from './running-statistics.js';

export interface EvaluationStatisticsOptions {
  /** Samples of a mini-batch. Default 128 (Granziol et al. 2020's code, in training and here). */
  readonly batch?: number;
  /** Default float64. */
  readonly precision?: Precision;
}

/**
 * Statistics of batch normalisation at weights that have none of their own, an average of iterates above all (Izmailov et
 * al. 2018, sec. 3.2): the mean over mini-batches of consecutive samples, each weighted by its number of samples, of their
 * means and variances (divisor n - 1), every mini-batch normalised with its own. So does `bn_update` of the authors' code.
 * Dropout is off.
 *
 * @returns a vector in the layout of `statisticsBlocks`, empty for a network without batch normalisation
 * @throws RangeError when the data do not fit the network or a variance is taken over a single pixel
 */
export function evaluationStatistics(
  network: ConvolutionalNetwork,
  weights: Weights,
  data: Dataset | SampleSource,
  linearAlgebra: LinearAlgebra,
  { batch: batchSize = 128, precision = 'float64' }: EvaluationStatisticsOptions = {},
): Float64Array {
  const mean = new Float64Array(statisticsCount(network));
  if (mean.length === 0) return mean;
  const source = 'range' in data ? data : samplesOf(data);
  const batch = new ConvolutionalBatch(network, linearAlgebra, Math.min(batchSize, source.count), { precision });
  for (let from = 0; from < source.count; from += batchSize) {
    const to = Math.min(from + batchSize, source.count);
    batch.load(source.range(from, to));
    batch.outputs(weights, { mode: 'training' });
    const own = unbiasedStatistics(network, batch.batchStatistics());
    const share = (to - from) / to;
    for (let i = 0; i < mean.length; i++) mean[i] += share * (own[i] - mean[i]);
  }
  return mean;
}
