import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import { DenseBatch } from '../dense/batch.js';
import { type DenseObjective, denseObjective } from '../dense/objective.js';
import type { DenseNetwork, Weights } from '../network.js';

/** What training asks for at given weights: the gradient of the mean loss over all samples, or over some of them. */
export interface Gradients {
  readonly objective: DenseObjective;
  /** Writes the gradient over the samples of these indices and returns their mean loss. */
  ofSamples(indices: Uint32Array, weights: Weights, gradient: Float64Array): number;
  dispose(): void;
}

/** In float64, for mini-batches of at most `batchSize` samples. */
export function denseGradients(
  network: DenseNetwork,
  data: Dataset,
  batchSize: number,
  linearAlgebra: LinearAlgebra,
): Gradients {
  let batch: DenseBatch | undefined;
  return {
    objective: denseObjective(network, data, linearAlgebra),
    ofSamples(indices, weights, gradient) {
      batch ??= new DenseBatch(network, linearAlgebra, batchSize);
      batch.load(data, indices);
      batch.forward(weights);
      const loss = batch.outputGradient(1 / batch.count) / batch.count;
      batch.backward(weights, gradient, 0);
      return loss;
    },
    dispose() {},
  };
}
