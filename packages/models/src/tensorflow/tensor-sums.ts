import type { Normalisation } from '../convolutional/network.js';
import type { Dataset } from '../dataset.js';
import { correctOf } from '../dense/correct.js';
import { outputLosses, type Wanted } from '../dense/output-loss.js';
import type { Weights } from '../network.js';
import { type Network, outputWidth, parametersOf } from '../networks.js';
import { checkRange } from '../sample-range.js';
import type { CurvatureKind, SampleSums } from '../sample-sums.js';
import { type SampleSource, samplesOf } from '../samples.js';
import { assertActive, type TensorBackend } from './backend.js';
import { summedLoss } from './kernels/output-losses.js';
import { empiricalFisherVectorProduct, gaussNewtonVectorProduct, hessianVectorProduct } from './products.js';
import { checkNetworkFit, type TensorNetwork, tensorNetwork } from './tensor-network.js';
import type { Tensor, TensorFlow } from './types.js';

export interface TensorSumsOptions {
  /** Of networks without batch normalisation either mode gives the same, and dense networks need none. */
  readonly normalisation?: Normalisation;
  /** Samples at once in evaluation mode; in training mode it is the mini-batch. Default 64 (our choice). */
  readonly chunk?: number;
}

/**
 * Sums over samples of a network's loss, gradient and second-order products by tfjs on the device of the backend, in
 * float32, but for the losses and their derivatives by the outputs and the sums over chunks, which are float64. Products
 * are reverse over reverse: tfjs has no forward mode. No method leaves tensors behind.
 *
 * @throws RangeError when network, data or options do not fit
 */
export function tensorSums(
  backend: TensorBackend,
  network: Network,
  samples: Dataset | SampleSource,
  { normalisation = withoutStatistics, chunk = 64 }: TensorSumsOptions = {},
): SampleSums {
  assertActive(backend);
  const { tf } = backend;
  const source = 'range' in samples ? samples : samplesOf(samples);
  const training = normalisation.mode === 'training';
  const step = training ? normalisation.batch : chunk;
  if (!Number.isSafeInteger(step) || step < 1) {
    throw new RangeError(`tensorSums: ${training ? 'batch' : 'chunk'} must be a positive integer, found ${step}`);
  }
  const granule = training ? step : 1;
  const parameters = parametersOf(network);
  const width = outputWidth(network);
  const tensors = tensorNetwork(tf, network, normalisation);
  checkNetworkFit(network, source.range(0, 1));

  const check = (name: string, vector: Float64Array) => {
    if (vector.length !== parameters) {
      throw new RangeError(`${name}: expected ${parameters} parameters, found ${vector.length}`);
    }
  };
  const forEachChunk = (weights: Weights, from: number, to: number, visit: (chunk: Chunk, p: Tensor[]) => void) => {
    assertActive(backend);
    check('weights', weights);
    checkRange(source.name, granule, source.count, from, to);
    for (let start = from; start < to; start += step) {
      const data = source.range(start, Math.min(start + step, to));
      checkNetworkFit(network, data);
      tf.tidy(() => visit(chunkOf(tf, data), tensors.toTensors(weights)));
    }
  };
  const outputsOf = (weights: Weights, from: number, to: number, visit?: (z: Float64Array, chunk: Chunk) => void) => {
    const all = new Float64Array((to - from) * width);
    let filled = 0;
    forEachChunk(weights, from, to, (chunk, p) => {
      const z = Float64Array.from(tensors.outputs(p, chunk.inputs).dataSync());
      all.set(z, filled);
      filled += z.length;
      visit?.(z, chunk);
    });
    return all;
  };

  return {
    parameters,
    outputs: width,
    count: source.count,
    granule,
    identity: `${backend.identity}, float32`,
    loss(weights, from, to) {
      let [loss, correct] = [0, 0];
      outputsOf(weights, from, to, (z, { count, wanted }) => {
        loss += outputLosses[network.loss].gradient(z, wanted, count, width, 1, new Float64Array(z.length));
        correct += correctOf(z, width, wanted.labels, count);
      });
      return { loss, correct };
    },
    addGradient(weights, from, to, sum) {
      check('sum', sum);
      let total = 0;
      forEachChunk(weights, from, to, ({ inputs, wanted }, p) => {
        const onLoss = (loss: number) => {
          total += loss;
        };
        const loss = (...q: Tensor[]) =>
          summedLoss(tf, tensors.outputs(q, inputs), { loss: network.loss, wanted, onLoss });
        tensors.addFromTensors(tf.grads(loss)(p), sum);
      });
      return total;
    },
    addProduct(kind, weights, vector, from, to, sum) {
      check('vector', vector);
      check('sum', sum);
      forEachChunk(weights, from, to, (chunk, p) => {
        tensors.addFromTensors(product(tf, kind, network, tensors, chunk, p, tensors.toTensors(vector)), sum);
      });
    },
    outputsOf: (weights, from, to) => outputsOf(weights, from, to),
    dispose() {},
  };
}

const withoutStatistics: Normalisation = { mode: 'evaluation', statistics: new Float64Array(0) };

interface Chunk {
  readonly count: number;
  /** count x dimension. */
  readonly inputs: Tensor;
  readonly wanted: Wanted;
}

function chunkOf(tf: TensorFlow, { count, dimension, inputs, labels, targets }: Dataset): Chunk {
  return {
    count,
    inputs: tf.tensor2d(Float32Array.from(inputs), [count, dimension]),
    wanted: { labels, targets: targets ?? new Float64Array(0) },
  };
}

function product(
  tf: TensorFlow,
  kind: CurvatureKind,
  { loss }: Network,
  network: TensorNetwork,
  { inputs, wanted }: Chunk,
  p: Tensor[],
  v: Tensor[],
): Tensor[] {
  const outputs = (q: Tensor[]) => network.outputs(q, inputs);
  const ofOutputs = (z: Tensor) => summedLoss(tf, z, { loss, wanted });
  switch (kind) {
    case 'hessian':
      return hessianVectorProduct(tf, (q) => ofOutputs(outputs(q)), p, v);
    case 'gauss-newton':
      return gaussNewtonVectorProduct(tf, outputs, ofOutputs, p, v);
    case 'empirical-fisher':
      return empiricalFisherVectorProduct(tf, outputs, ofOutputs, p, v);
  }
}
