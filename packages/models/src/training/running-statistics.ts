import type { BatchStatistics } from '../convolutional/batch.js';
import { statisticsBlocks, statisticsCount } from '../convolutional/layout.js';
import type { ConvolutionalNetwork } from '../convolutional/network.js';

/** What a new mini-batch counts for in the running statistics: PyTorch's default, which the codes of the papers keep. */
const momentum = 0.1;

/**
 * Running statistics of batch normalisation as PyTorch has them: r := 0.9 r + 0.1 x after every mini-batch, x its means
 * and its variances with the divisor n - 1 (though the mini-batch itself is normalised with the divisor n); means start
 * at 0, variances at 1.
 */
export class RunningStatistics {
  /** In the layout of `statisticsBlocks`. */
  readonly values: Float64Array;

  /** @param start  to go on from; by default those at the start */
  constructor(
    private readonly network: ConvolutionalNetwork,
    start?: Float64Array,
  ) {
    this.values = start?.slice() ?? initialStatistics(network);
  }

  /** @throws RangeError when a variance is taken over a single pixel */
  update(batch: BatchStatistics): void {
    const { values } = this;
    const unbiased = unbiasedStatistics(this.network, batch);
    for (let i = 0; i < values.length; i++) values[i] = (1 - momentum) * values[i] + momentum * unbiased[i];
  }
}

/** Means 0 and variances 1. */
function initialStatistics(network: ConvolutionalNetwork): Float64Array {
  const values = new Float64Array(statisticsCount(network));
  for (const { offset, channels } of statisticsBlocks(network))
    values.fill(1, offset + channels, offset + 2 * channels);
  return values;
}

/** A mini-batch's means and its variances with the divisor n - 1. @throws RangeError when n is 1 */
export function unbiasedStatistics(
  network: ConvolutionalNetwork,
  { statistics, pixels }: BatchStatistics,
): Float64Array {
  const unbiased = statistics.slice();
  statisticsBlocks(network).forEach(({ name, offset, channels }, block) => {
    const n = pixels[block];
    if (n < 2) {
      throw new RangeError(`${network.name}, layer "${name}": a variance needs two pixels, found a mini-batch of one`);
    }
    for (let i = offset + channels; i < offset + 2 * channels; i++) unbiased[i] *= n / (n - 1);
  });
  return unbiased;
}
