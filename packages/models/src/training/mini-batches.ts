import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import { DenseBatch } from '../dense/batch.js';
import type { DenseNetwork, Weights } from '../network.js';

/** Gradients of mini-batches, drawn without replacement: every epoch visits every sample once, in an order of its own. */
export class MiniBatches {
  private readonly batch: DenseBatch;
  private readonly stepsPerEpoch: number;
  private order: Uint32Array = new Uint32Array();
  private epoch = -1;

  constructor(
    network: DenseNetwork,
    private readonly data: Dataset,
    private readonly size: number,
    private readonly random: RandomStream,
    linearAlgebra: LinearAlgebra,
  ) {
    this.batch = new DenseBatch(network, linearAlgebra, size);
    this.stepsPerEpoch = Math.ceil(data.count / size);
  }

  /** Writes the gradient of the mean loss over the batch of this step and returns that loss. */
  gradient(step: number, weights: Weights, gradient: Float64Array): number {
    const { batch, data, size } = this;
    const epoch = Math.floor(step / this.stepsPerEpoch);
    if (epoch !== this.epoch) {
      this.order = this.random.stream('order').stream(`epoch-${epoch}`).permutation(data.count);
      this.epoch = epoch;
    }
    const from = (step % this.stepsPerEpoch) * size;
    batch.load(data, this.order.subarray(from, from + size));
    batch.forward(weights);
    const loss = batch.outputGradient(1 / batch.count) / batch.count;
    batch.backward(weights, gradient, 0);
    return loss;
  }
}
