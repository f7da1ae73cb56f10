import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { ConvolutionalBatch, checkConvolutionalFit } from '../convolutional/batch.js';
import { inOrder, placedLayers, statisticsCount } from '../convolutional/layout.js';
import type { ConvolutionalNetwork } from '../convolutional/network.js';
import type { Precision } from '../convolutional/planes.js';
import { type Augmentation, Augmenter } from '../data/augmentation.js';
import { type Dataset, select, slice } from '../dataset.js';
import type { Weights } from '../network.js';
import type { Gradients } from './gradients.js';
import type { ResolvedOptions } from './options.js';
import { RunningStatistics } from './running-statistics.js';

/** Samples at once where mini-batches have no meaning, in descent of the whole data set (our choice: buffers stay small). */
const chunk = 128;

/**
 * Of a convolutional network: mini-batches in training mode, augmented anew each epoch, with dropout. Copy e of
 * `random.stream('augmentation')` is what epoch e shows; the masks of a step come from `random.stream('dropout')`,
 * whatever was run before.
 *
 * @param statistics  running statistics to go on from
 * @throws RangeError for descent of the whole data set with batch normalisation or dropout, or data that do not fit
 */
export function convolutionalGradients(
  network: ConvolutionalNetwork,
  data: Dataset,
  { algorithm, batch: batchSize, augmentation }: Pick<ResolvedOptions, 'algorithm' | 'batch' | 'augmentation'>,
  random: RandomStream,
  { linearAlgebra, precision }: { readonly linearAlgebra: LinearAlgebra; readonly precision: Precision },
  statistics?: Float64Array,
): Gradients<ConvolutionalNetwork> {
  if (algorithm === 'gd' && needsMiniBatches(network)) {
    throw new RangeError(`train: gd knows no batch normalisation or dropout: expected sgd for ${network.name}`);
  }
  checkConvolutionalFit(network, data);
  const capacity = algorithm === 'gd' ? Math.min(chunk, data.count) : batchSize;
  const batch = new ConvolutionalBatch(network, linearAlgebra, capacity, { precision });
  const running = statisticsCount(network) > 0 ? new RunningStatistics(network, statistics) : undefined;
  const samplesOf = augmentation
    ? augmenter(augmentation, data, random)
    : (indices: Uint32Array) => select(data, indices);

  const forEachBatch = (visit: (from: number) => void) => {
    for (let from = 0; from < data.count; from += capacity) {
      batch.load(slice(data, from, Math.min(from + capacity, data.count)));
      visit(from);
    }
  };
  const gradient = (weights: Weights, sum: Float64Array) => {
    let loss = 0;
    forEachBatch((from) => {
      loss += batch.gradient(weights, sum, { mode: 'training' }, from === 0 ? 0 : 1).loss;
    });
    for (let i = 0; i < sum.length; i++) sum[i] /= data.count;
    return loss / data.count;
  };
  const accuracy = (weights: Weights) => {
    let correct = 0;
    forEachBatch(() => {
      correct += batch.loss(weights, { mode: 'training' }).correct;
    });
    return correct / data.count;
  };

  return {
    network,
    data,
    objective: { gradient, accuracy },
    ...(running ? { statistics: running.values } : {}),
    ofSamples(indices, weights, mean, { step, epoch }) {
      batch.load(samplesOf(indices, epoch));
      const dropout = random.stream('dropout').stream(`step-${step}`);
      const { loss, correct } = batch.gradient(weights, mean, { mode: 'training', dropout });
      running?.update(batch.batchStatistics());
      for (let i = 0; i < mean.length; i++) mean[i] /= batch.count;
      return { loss: loss / batch.count, correct };
    },
    dispose() {},
  };
}

/** Whether a network behaves otherwise in training than in evaluation. */
function needsMiniBatches(network: ConvolutionalNetwork): boolean {
  return inOrder(placedLayers(network)).some(
    ({ layer }) => layer.kind === 'batch-normalisation' || layer.kind === 'dropout',
  );
}

/** The samples of these indices as an epoch shows them. */
function augmenter(augmentation: Required<Augmentation>, data: Dataset, random: RandomStream) {
  const images = new Augmenter(augmentation, data, random.stream('augmentation'));
  return (indices: Uint32Array, epoch: number): Dataset => {
    const samples = select(data, indices);
    indices.forEach((image, row) => {
      images.write(epoch, image, samples.inputs, row * data.dimension);
    });
    return samples;
  };
}
