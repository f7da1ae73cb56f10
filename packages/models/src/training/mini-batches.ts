import type { RandomStream } from '@hessian-rmt/numerics';

/** Mini-batches drawn without replacement: every epoch visits every sample once, in an order of its own. */
export class MiniBatches {
  private readonly stepsPerEpoch: number;
  private order: Uint32Array = new Uint32Array();
  private epoch = -1;

  constructor(
    private readonly samples: number,
    private readonly size: number,
    private readonly random: RandomStream,
  ) {
    this.stepsPerEpoch = Math.ceil(samples / size);
  }

  /** Which samples this step is made of. */
  at(step: number): Uint32Array {
    const epoch = Math.floor(step / this.stepsPerEpoch);
    if (epoch !== this.epoch) {
      this.order = this.random.stream('order').stream(`epoch-${epoch}`).permutation(this.samples);
      this.epoch = epoch;
    }
    const from = (step % this.stepsPerEpoch) * this.size;
    return this.order.subarray(from, from + this.size);
  }
}
