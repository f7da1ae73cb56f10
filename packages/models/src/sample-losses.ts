import { type Dataset, slice } from './dataset.js';
import { correctOf } from './dense/correct.js';
import { outputLosses } from './dense/output-loss.js';
import type { LossName, Weights } from './network.js';
import type { SampleSums } from './sample-sums.js';
import type { SampleSource } from './samples.js';

/** Losses one by one: of so many samples their differences between two points of weight space have a standard error. */
export interface LossesOfSamples {
  readonly losses: Float64Array;
  /** Samples whose largest output is that of their class; NaN for regression. */
  readonly correct: number;
}

/** The loss of each of the samples from..to-1. @throws RangeError as `SampleSums.outputsOf` */
export function sampleLosses(
  sums: SampleSums,
  loss: LossName,
  samples: Dataset | SampleSource,
  weights: Weights,
  from: number,
  to: number,
): LossesOfSamples {
  const width = sums.outputs;
  const outputs = sums.outputsOf(weights, from, to);
  const { labels, targets } = 'range' in samples ? samples.range(from, to) : slice(samples, from, to);
  const { gradient } = outputLosses[loss];
  const unused = new Float64Array(width);
  const losses = new Float64Array(to - from);
  for (let n = 0; n < losses.length; n++) {
    const wanted = {
      labels: labels.subarray(n, n + 1),
      targets: targets ? targets.subarray(n * width, (n + 1) * width) : unused,
    };
    losses[n] = gradient(outputs.subarray(n * width, (n + 1) * width), wanted, 1, width, 0, unused);
  }
  return { losses, correct: correctOf(outputs, width, labels, losses.length) };
}
