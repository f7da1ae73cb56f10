import type { Weights } from '../network.js';

/**
 * Which iterates of a descent are averaged (Polyak & Juditsky 1992; from late in training on: Izmailov et al. 2018).
 *
 * The average is a plain mean. Statistics of batch normalisation are not averaged: `evaluationStatistics` computes them
 * anew at the average.
 */
export interface Averaging {
  /** Epochs done before the first iterate that counts: with 0, every iterate but the start. */
  readonly from: number;
  /** The weights after every step (Polyak & Juditsky), or at the end of every epoch (Izmailov et al.). */
  readonly every: 'step' | 'epoch';
}

/** @throws RangeError naming the option, what was expected and what was found */
export function checkAveraging({ from, every }: Averaging): void {
  if (!(Number.isSafeInteger(from) && from >= 0)) {
    throw new RangeError(`train: averaging.from must be an integer from 0, found ${from}`);
  }
  if (every !== 'step' && every !== 'epoch') {
    throw new RangeError(`train: averaging.every must be step or epoch, found ${every}`);
  }
}

/** How many iterates are in the average when `steps` steps are done. */
export function iteratesAveraged({ from, every }: Averaging, steps: number, stepsPerEpoch: number): number {
  const after = Math.max(0, steps - from * stepsPerEpoch);
  return every === 'step' ? after : Math.floor(after / stepsPerEpoch);
}

/** The running mean of the iterates, in float64. What was averaged before an interruption is taken up again. */
export class RunningAverage {
  private readonly running: Float64Array;
  private count: number;

  /** @param averaged  the mean over the `steps` steps done, where there is one */
  constructor(
    private readonly averaging: Averaging,
    private readonly stepsPerEpoch: number,
    parameters: number,
    steps: number,
    averaged?: Weights,
  ) {
    this.running = averaged?.slice() ?? new Float64Array(parameters);
    this.count = iteratesAveraged(averaging, steps, stepsPerEpoch);
  }

  /** Takes in the weights after this many steps, where they count. */
  visit(steps: number, weights: Weights): void {
    if (iteratesAveraged(this.averaging, steps, this.stepsPerEpoch) === this.count) return;
    this.count++;
    const share = 1 / this.count;
    for (let i = 0; i < weights.length; i++) this.running[i] += share * (weights[i] - this.running[i]);
  }

  /** The mean, a view of it; undefined while nothing was averaged. */
  get mean(): Weights | undefined {
    return this.count === 0 ? undefined : this.running;
  }
}
