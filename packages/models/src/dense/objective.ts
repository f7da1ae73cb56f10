import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import { type DenseNetwork, parameterCount, type Weights } from '../network.js';
import type { Objective } from '../objective.js';
import { DenseBatch } from './batch.js';
import { correctOf } from './correct.js';
import { checkFit } from './output-loss.js';
import { type DenseProduct, DenseTangent } from './tangent.js';

/**
 * The mean loss of a dense network over a whole data set, with first and second derivatives: exact, in float64, without a
 * Hessian in memory.
 */
export interface DenseObjective extends Objective {
  readonly network: DenseNetwork;
  readonly data: Dataset;
}

export interface DenseObjectiveOptions {
  /** Samples per matrix product. Default 1,024 (our choice: enough for BLAS, and buffers stay near the cache). */
  readonly chunk?: number;
}

/** @throws RangeError when inputs, classes or targets of the data do not fit the network */
export function denseObjective(
  network: DenseNetwork,
  data: Dataset,
  linearAlgebra: LinearAlgebra,
  options: DenseObjectiveOptions = {},
): DenseObjective {
  checkFit(network, data);
  const { chunk = 1024 } = options;
  if (!Number.isSafeInteger(chunk) || chunk < 1) {
    throw new RangeError(`denseObjective: chunk must be a positive integer, found ${chunk}`);
  }
  const { count } = data;
  const parameters = parameterCount(network);
  const outputWidth = network.widths[network.widths.length - 1];
  const batch = new DenseBatch(network, linearAlgebra, Math.min(chunk, count));
  let tangent: DenseTangent | undefined;

  const check = (name: string, vector: Float64Array) => {
    if (vector.length !== parameters) {
      throw new RangeError(`${name}: expected ${parameters} parameters, found ${vector.length}`);
    }
  };

  let loaded = false;
  const forEachChunk = (visit: (from: number) => void) => {
    for (let from = 0; from < count; from += batch.capacity) {
      // Data that fit into one chunk stay loaded.
      if (!loaded) batch.loadRange(data, from, Math.min(from + batch.capacity, count));
      loaded = count <= batch.capacity;
      visit(from);
    }
  };

  const secondOrder = (method: DenseProduct, weights: Weights, vector: Float64Array) => {
    check('weights', weights);
    check('vector', vector);
    tangent ??= new DenseTangent(batch);
    const product = new Float64Array(parameters);
    forEachChunk((from) => tangent![method](weights, vector, 1 / count, product, from === 0 ? 0 : 1));
    return product;
  };

  const outputs = (weights: Weights) => {
    check('weights', weights);
    const all = new Float64Array(count * outputWidth);
    forEachChunk((from) => {
      batch.forward(weights);
      const last = batch.activations[batch.activations.length - 1];
      all.set(last.subarray(0, batch.count * outputWidth), from * outputWidth);
    });
    return all;
  };

  return {
    network,
    data,
    parameters,
    loss(weights) {
      check('weights', weights);
      let total = 0;
      forEachChunk(() => {
        batch.forward(weights);
        total += batch.outputGradient(1);
      });
      return total / count;
    },
    gradient(weights, gradient) {
      check('weights', weights);
      check('gradient', gradient);
      let total = 0;
      forEachChunk((from) => {
        batch.forward(weights);
        total += batch.outputGradient(1 / count);
        batch.backward(weights, gradient, from === 0 ? 0 : 1);
      });
      return total / count;
    },
    accuracy(weights) {
      return shareCorrect(outputs(weights), outputWidth, data);
    },
    outputs,
    hessianVectorProduct: (weights, vector) => secondOrder('hessianProduct', weights, vector),
    gaussNewtonVectorProduct: (weights, vector) => secondOrder('gaussNewtonProduct', weights, vector),
    empiricalFisherVectorProduct: (weights, vector) => secondOrder('empiricalFisherProduct', weights, vector),
  };
}

/** Share of rows of `width` outputs whose largest is that of the sample's class; NaN without classes. */
export function shareCorrect(outputs: Float64Array, width: number, { labels, count }: Dataset): number {
  return correctOf(outputs, width, labels, count) / count;
}
