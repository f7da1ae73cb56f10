import { type Dataset, slice } from '../dataset.js';
import { type DenseObjective, type DenseObjectiveOptions, shareCorrect } from '../dense/objective.js';
import { checkFit } from '../dense/output-loss.js';
import { type DenseNetwork, parameterCount, type Weights } from '../network.js';
import { assertActive, type TensorBackend } from './backend.js';
import {
  addFromTensors,
  denseOutputs,
  outputLoss,
  type SampleTensors,
  sampleTensors,
  toTensors,
} from './dense-tensors.js';
import { gaussNewtonVectorProduct, hessianVectorProduct } from './products.js';
import type { Tensor, TensorFlow } from './types.js';

/**
 * A DenseObjective computed by tfjs in float32, but for products with the empirical Fisher matrix (those are in tensorSums). Vectors go in and come out as float64 in the flat layout of network.ts,
 * and sums over chunks of data are taken in float64; the relative error is some tens of 2^-24 of the largest element.
 * Where a softmax network is nearly certain, float32 knows its gradient only to about 2^-24 a sample: use denseObjective
 * there. The data stay on the backend until `dispose`; no method leaves tensors behind. Methods throw when another
 * backend has been opened since.
 */
export interface TensorObjective extends Omit<DenseObjective, 'empiricalFisherVectorProduct'> {
  readonly backend: TensorBackend;
  /** Frees the data on the backend. */
  dispose(): void;
}

/** @throws RangeError when inputs, classes or targets of the data do not fit the network */
export function tensorObjective(
  backend: TensorBackend,
  network: DenseNetwork,
  data: Dataset,
  options: DenseObjectiveOptions = {},
): TensorObjective {
  assertActive(backend);
  checkFit(network, data);
  const { chunk = 1024 } = options;
  if (!Number.isSafeInteger(chunk) || chunk < 1) {
    throw new RangeError(`tensorObjective: chunk must be a positive integer, found ${chunk}`);
  }
  const { tf } = backend;
  const { count } = data;
  const parameters = parameterCount(network);
  const width = network.widths[network.widths.length - 1];
  const starts = Array.from({ length: Math.ceil(count / chunk) }, (_, i) => i * chunk);
  const chunks = starts.map((from) => sampleTensors(tf, network, slice(data, from, Math.min(from + chunk, count))));

  const check = (name: string, vector: Float64Array) => {
    assertActive(backend);
    if (vector.length !== parameters) {
      throw new RangeError(`${name}: expected ${parameters} parameters, found ${vector.length}`);
    }
  };
  /** Visits each chunk with its share of all samples, and leaves no tensor of it behind. */
  const forEachChunk = (visit: (samples: SampleTensors, share: number, from: number) => void) => {
    chunks.forEach((samples, i) => {
      tf.tidy(() => visit(samples, samples.count / count, starts[i]));
    });
  };
  const outputs = (weights: Weights) => {
    check('weights', weights);
    const all = new Float64Array(count * width);
    forEachChunk(({ inputs }, _share, from) => {
      all.set(denseOutputs(tf, network, toTensors(tf, network, weights), inputs).dataSync(), from * width);
    });
    return all;
  };
  const product = (of: typeof hessianProduct, weights: Weights, vector: Float64Array) => {
    check('weights', weights);
    check('vector', vector);
    const mean = new Float64Array(parameters);
    forEachChunk((samples, share) => {
      const [p, v] = [weights, vector].map((flat) => toTensors(tf, network, flat));
      addFromTensors(network, of(tf, network, samples, p, v), share, mean);
    });
    return mean;
  };

  return {
    backend,
    network,
    data,
    parameters,
    loss(weights) {
      check('weights', weights);
      let mean = 0;
      forEachChunk((samples, share) => {
        mean += share * meanLoss(tf, network, samples, toTensors(tf, network, weights)).dataSync()[0];
      });
      return mean;
    },
    gradient(weights, gradient) {
      check('weights', weights);
      check('gradient', gradient);
      gradient.fill(0);
      let loss = 0;
      forEachChunk((samples, share) => {
        loss += addGradient(tf, network, samples, weights, share, gradient);
      });
      return loss;
    },
    accuracy: (weights) => shareCorrect(outputs(weights), width, data),
    outputs,
    hessianVectorProduct: (weights, vector) => product(hessianProduct, weights, vector),
    gaussNewtonVectorProduct: (weights, vector) => product(gaussNewtonProduct, weights, vector),
    dispose: () => tf.dispose(chunks.map(({ inputs, targets }) => [inputs, targets])),
  };
}

function meanLoss(tf: TensorFlow, network: DenseNetwork, { inputs, targets }: SampleTensors, parameters: Tensor[]) {
  return outputLoss(tf, network, denseOutputs(tf, network, parameters, inputs), targets);
}

/** Adds share times the gradient of the samples' mean loss, and returns share times this loss. */
export function addGradient(
  tf: TensorFlow,
  network: DenseNetwork,
  samples: SampleTensors,
  weights: Weights,
  share: number,
  gradient: Float64Array,
): number {
  const loss = (...p: Tensor[]) => meanLoss(tf, network, samples, p);
  const { value, grads } = tf.valueAndGrads(loss)(toTensors(tf, network, weights));
  addFromTensors(network, grads, share, gradient);
  return share * value.dataSync()[0];
}

function hessianProduct(tf: TensorFlow, network: DenseNetwork, samples: SampleTensors, p: Tensor[], v: Tensor[]) {
  return hessianVectorProduct(tf, (q) => meanLoss(tf, network, samples, q), p, v);
}

function gaussNewtonProduct(tf: TensorFlow, network: DenseNetwork, samples: SampleTensors, p: Tensor[], v: Tensor[]) {
  const { inputs, targets } = samples;
  return gaussNewtonVectorProduct(
    tf,
    (q) => denseOutputs(tf, network, q, inputs),
    (z) => outputLoss(tf, network, z, targets),
    p,
    v,
  );
}
