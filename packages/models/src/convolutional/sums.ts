import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import { checkRange } from '../sample-range.js';
import type { SampleSums } from '../sample-sums.js';
import { type SampleSource, samplesOf } from '../samples.js';
import { ConvolutionalBatch, type PassMode } from './batch.js';
import { statisticsCount } from './layout.js';
import type { ConvolutionalNetwork, Normalisation } from './network.js';
import type { Precision } from './planes.js';

export interface ConvolutionalSumsOptions {
  /** Of a network without batch normalisation either mode gives the same. */
  readonly normalisation: Normalisation;
  /** Of activations and convolutions; losses and sums over batches are float64 always. Default float64. */
  readonly precision?: Precision;
  /**
   * Samples at once in evaluation mode. Default 16 (our choice: with 4 to 128 PreResNet-8 is equally fast, within 4 %, and
   * memory goes with it). In training mode it is the mini-batch.
   */
  readonly chunk?: number;
}

/**
 * Sums over samples of loss, gradient and second-order products of a convolutional network. Dropout is off: the loss is a
 * function of the weights.
 *
 * @throws RangeError when the network, the data or an option do not fit
 */
export function convolutionalSums(
  network: ConvolutionalNetwork,
  samples: Dataset | SampleSource,
  linearAlgebra: LinearAlgebra,
  { normalisation, precision = 'float64', chunk = 16 }: ConvolutionalSumsOptions,
): SampleSums {
  const source = 'range' in samples ? samples : samplesOf(samples);
  const { count } = source;
  const training = normalisation.mode === 'training';
  const step = training ? normalisation.batch : chunk;
  if (!Number.isSafeInteger(step) || step < 1) {
    throw new RangeError(
      `convolutionalSums: ${training ? 'batch' : 'chunk'} must be a positive integer, found ${step}`,
    );
  }
  if (normalisation.mode === 'evaluation' && normalisation.statistics.length !== statisticsCount(network)) {
    const { length } = normalisation.statistics;
    throw new RangeError(`${network.name}: expected ${statisticsCount(network)} statistics, found ${length}`);
  }
  const granule = training ? step : 1;
  const mode: PassMode = training ? { mode: 'training' } : normalisation;
  const batch = new ConvolutionalBatch(network, linearAlgebra, Math.min(step, count), { precision });

  let loaded = '';
  const forEachBatch = (from: number, to: number, visit: (start: number) => void) => {
    checkRange(source.name, granule, count, from, to);
    for (let start = from; start < to; start += step) {
      const end = Math.min(start + step, to);
      // A range that is one batch stays loaded for the next product.
      if (loaded !== `${start}..${end}`) batch.load(source.range(start, end));
      loaded = `${start}..${end}`;
      visit(start);
    }
  };

  return {
    parameters: batch.parameters,
    outputs: network.classes,
    count,
    granule,
    identity: `${linearAlgebra.library.identity}, ${precision}`,
    loss(weights, from, to) {
      let [loss, correct] = [0, 0];
      forEachBatch(from, to, () => {
        const sum = batch.loss(weights, mode);
        loss += sum.loss;
        correct += sum.correct;
      });
      return { loss, correct };
    },
    addGradient(weights, from, to, sum) {
      let loss = 0;
      forEachBatch(from, to, () => {
        loss += batch.gradient(weights, sum, mode, 1).loss;
      });
      return loss;
    },
    addProduct(kind, weights, vector, from, to, sum) {
      forEachBatch(from, to, () => batch.product(kind, weights, vector, sum, mode, 1));
    },
    outputsOf(weights, from, to) {
      checkRange(source.name, granule, count, from, to);
      const outputs = new Float64Array((to - from) * network.classes);
      forEachBatch(from, to, (start) => outputs.set(batch.outputs(weights, mode), (start - from) * network.classes));
      return outputs;
    },
    dispose() {},
  };
}
