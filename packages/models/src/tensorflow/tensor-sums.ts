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
import { type HeapNeed, heapNeed, requireFit, samplesThatFit } from './heap.js';
import { summedLoss } from './kernels/output-losses.js';
import { empiricalFisherVectorProduct, gaussNewtonVectorProduct, hessianVectorProduct } from './products.js';
import { checkNetworkFit, tensorNetwork } from './tensor-network.js';
import type { Tensor, TensorFlow, TensorNetwork } from './types.js';

export interface TensorSumsOptions {
  /** Of networks without batch normalisation either mode gives the same, and dense networks need none. */
  readonly normalisation?: Normalisation;
  /**
   * Samples at once in evaluation mode, fewer if the wasm heap does not hold as many; in training mode it is the mini-batch.
   * Default 64 (our choice: products are as fast as with more).
   */
  readonly chunk?: number;
}

/**
 * Sums over samples of a network's loss, gradient and second-order products by tfjs on the device of the backend, in
 * float32, but for the losses and their derivatives by the outputs and the sums over chunks, which are float64. Products
 * are reverse over reverse: tfjs has no forward mode. No method leaves tensors behind. On wasm the first call of each method
 * tries one sample and two, to tell how many the heap holds, and throws RangeError when a mini-batch would overflow it.
 *
 * The relative error is some 1e-6 where activations are smooth (measured: PreResNet-20 with tanh, mini-batch of 16). A ReLU
 * whose input is nearer to 0 than rounding may fall on its other side, as it may between any two float32 computations: one
 * of them changed 1e-3 of a product of that network with ReLU.
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
  const needs = new Map<string, HeapNeed>();
  /** Samples at once: `step`, or as many as the heap of the wasm backend holds. */
  const samplesAtOnce = (work: string, wanted: number, trial: (samples: number) => void): number => {
    if (backend.name !== 'wasm' || wanted === 1) return wanted;
    const need = needs.get(work) ?? heapNeed(tf, trial);
    needs.set(work, need);
    const title = `tensorSums: ${work} of ${network.kind === 'dense' ? 'a dense network' : network.name}`;
    if (training) requireFit(backend, title, need, wanted);
    return samplesThatFit(backend, title, need, wanted);
  };
  /** Computes something of each chunk and hands it over; no tensors are left behind. */
  const forEachChunk = <T>(
    work: string,
    weights: Weights,
    [from, to]: readonly [number, number],
    compute: (chunk: Chunk, p: Tensor[]) => T,
    accept: (result: T, chunk: Chunk) => void,
  ) => {
    assertActive(backend);
    check('weights', weights);
    checkRange(source.name, granule, source.count, from, to);
    const run = (start: number, end: number, then?: typeof accept) => {
      const data = source.range(start, end);
      checkNetworkFit(network, data);
      tf.tidy(() => {
        const chunk = chunkOf(tf, data);
        const result = compute(chunk, tensors.toTensors(weights));
        then?.(result, chunk);
      });
    };
    const atOnce = samplesAtOnce(work, Math.min(step, to - from), (samples) => run(from, from + samples));
    for (let start = from; start < to; start += atOnce) run(start, Math.min(start + atOnce, to), accept);
  };
  const outputsOf = (weights: Weights, from: number, to: number, visit?: (z: Float64Array, chunk: Chunk) => void) => {
    checkRange(source.name, granule, source.count, from, to);
    const all = new Float64Array((to - from) * width);
    let filled = 0;
    const compute = ({ inputs }: Chunk, p: Tensor[]) => Float64Array.from(tensors.outputs(p, inputs).dataSync());
    forEachChunk('outputs', weights, [from, to], compute, (z, chunk) => {
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
      const compute = ({ inputs, wanted }: Chunk, p: Tensor[]) => {
        let loss = 0;
        const onLoss = (value: number) => {
          loss = value;
        };
        const ofWeights = (...q: Tensor[]) =>
          summedLoss(tf, tensors.outputs(q, inputs), { loss: network.loss, wanted, onLoss });
        return { gradients: tf.grads(ofWeights)(p), loss };
      };
      forEachChunk('gradient', weights, [from, to], compute, ({ gradients, loss }) => {
        tensors.addFromTensors(gradients, sum);
        total += loss;
      });
      return total;
    },
    addProduct(kind, weights, vector, from, to, sum) {
      check('vector', vector);
      check('sum', sum);
      const compute = (chunk: Chunk, p: Tensor[]) =>
        product(tf, kind, network, tensors, chunk, p, tensors.toTensors(vector));
      forEachChunk(`${kind} product`, weights, [from, to], compute, (result) => tensors.addFromTensors(result, sum));
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
