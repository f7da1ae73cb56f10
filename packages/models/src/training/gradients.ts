import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import { DenseBatch } from '../dense/batch.js';
import { denseObjective } from '../dense/objective.js';
import type { DenseNetwork, Weights } from '../network.js';
import type { Network } from '../networks.js';
import type { Objective } from '../objective.js';

/** What training asks for at given weights: the gradient of the mean loss over all samples, or over some of them. */
export interface Gradients<N extends Network = Network> {
  readonly network: N;
  readonly data: Dataset;
  /** Over all samples, as records have it. */
  readonly objective: Pick<Objective, 'gradient' | 'accuracy'>;
  /** Running statistics of batch normalisation as they stand now: a view. Absent for networks without. */
  readonly statistics?: Float64Array;
  /** Writes the gradient over the samples of these indices. Running statistics take them in. */
  ofSamples(indices: Uint32Array, weights: Weights, gradient: Float64Array, at: StepOfEpoch): MiniBatchLoss;
  dispose(): void;
}

/** Numbers of a step and of its epoch, both from 0: what augmentation and dropout draw from. */
export interface StepOfEpoch {
  readonly step: number;
  readonly epoch: number;
}

export interface MiniBatchLoss {
  /** Mean over the mini-batch. */
  readonly loss: number;
  /** Samples classified correctly, where the source of gradients counts them. */
  readonly correct?: number;
}

/** In float64, for mini-batches of at most `batchSize` samples. */
export function denseGradients(
  network: DenseNetwork,
  data: Dataset,
  batchSize: number,
  linearAlgebra: LinearAlgebra,
): Gradients<DenseNetwork> {
  let batch: DenseBatch | undefined;
  return {
    network,
    data,
    objective: denseObjective(network, data, linearAlgebra),
    ofSamples(indices, weights, gradient) {
      batch ??= new DenseBatch(network, linearAlgebra, batchSize);
      batch.load(data, indices);
      batch.forward(weights);
      const loss = batch.outputGradient(1 / batch.count) / batch.count;
      batch.backward(weights, gradient, 0);
      return { loss };
    },
    dispose() {},
  };
}
