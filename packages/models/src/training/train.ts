import { setImmediate } from 'node:timers/promises';
import type { RandomStream } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import type { Weights } from '../network.js';
import { type Network, outputWidth } from '../networks.js';
import { RunningAverage } from './averaging.js';
import { type GradientSource, gradientsOf, identityOf, sourceOfGradients } from './gradient-source.js';
import type { Gradients } from './gradients.js';
import { MiniBatches } from './mini-batches.js';
import { type ResolvedOptions, resolveOptions, type TrainingOptions } from './options.js';
import { rateAfter } from './schedule.js';
import { DivergedError, type EpochSums, type Training, type TrainingRecord } from './training.js';

/** What computes the gradients. Weights, velocities and updates are float64 whatever it is. */
export type TrainingContext = TrainingEvents & GradientSource;

export interface TrainingEvents {
  /** Fraction done, 0 to 1, and what is being done; called a few times a second. */
  readonly progress?: (fraction: number, doing: string) => void;
  /**
   * Called at the end of every epoch, to look at the weights on other data, say.
   *
   * @param epoch  epochs done, from 1
   */
  readonly epochEnded?: (epoch: number, at: EndOfEpoch) => void;
  /** Stops training by throwing the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Arrays are views of what training works on: to be read, not kept. */
export interface EndOfEpoch extends Pick<Training, 'weights' | 'averaged' | 'statistics'> {
  /** What the epoch's mini-batches gave, for convolutional networks. */
  readonly sums?: EpochSums;
}

/**
 * Trains a network by gradient descent or stochastic gradient descent, without any adaptive device, as the papers do.
 *
 * Mini-batches of a convolutional network are run in training mode: normalised with their own statistics, of which running
 * ones are kept (`Training.statistics`), and with dropout.
 *
 * The order of the samples in epoch e comes from `random.stream('order').stream('epoch-e')`, so that a training that is
 * resumed sees the order it would have seen. The given weights are not changed. The event loop gets its turn about
 * every 50 ms, between steps.
 *
 * @throws DivergedError when the loss of a batch or of all data is not finite, or a thousand times the one at the start
 *   (or that of a network whose outputs are all 0, whichever is larger)
 * @throws RangeError for options or data that do not fit
 */
export async function train<N extends Network>(
  network: N,
  weights: Weights,
  data: Dataset,
  options: TrainingOptions,
  random: RandomStream,
  context: TrainingContext,
): Promise<Training<N>> {
  const start = { weights, velocity: new Float64Array(weights.length), steps: 0, history: [] };
  return run(network, start, data, resolveOptions(options, data), random, context);
}

/**
 * Goes on with a training, to a larger number of steps or another stopping condition: the result is, byte for byte, that
 * of training without the interruption (same library and threads).
 *
 * @throws RangeError unless data, library or backend, random stream and all other options are those of the training
 */
export async function resumeTraining<N extends Network>(
  training: Training<N>,
  data: Dataset,
  options: TrainingOptions,
  random: RandomStream,
  context: TrainingContext,
): Promise<Training<N>> {
  const resolved = resolveOptions(options, data);
  const same = (what: string, expected: unknown, found: unknown) => {
    if (JSON.stringify(expected) !== JSON.stringify(found)) {
      throw new RangeError(
        `resumeTraining: expected ${what} ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`,
      );
    }
  };
  same('data', training.data, identityOf(data));
  same('gradients from', training.gradientsFrom, sourceOfGradients(training.network, context));
  same('random stream', training.random, random.name);
  for (const name of [
    'algorithm',
    'batch',
    'rate',
    'schedule',
    'momentum',
    'weightDecay',
    'augmentation',
    'averaging',
    'recordEvery',
  ] as const) {
    same(name, training.options[name], resolved[name]);
  }
  if (resolved.steps < training.steps) {
    throw new RangeError(`resumeTraining: expected at least the ${training.steps} steps done, found ${resolved.steps}`);
  }
  return run(training.network, training, data, resolved, random, context);
}

type Start = Pick<Training, 'weights' | 'averaged' | 'statistics' | 'velocity' | 'steps' | 'history' | 'epochs'>;

async function run<N extends Network>(
  network: N,
  start: Start,
  data: Dataset,
  options: ResolvedOptions,
  random: RandomStream,
  context: TrainingContext,
): Promise<Training<N>> {
  const gradients = gradientsOf(network, data, options, random, context, start.statistics);
  try {
    return await descendFrom(start, gradients, options, random, context);
  } finally {
    gradients.dispose();
  }
}

async function descendFrom<N extends Network>(
  start: Start,
  gradients: Gradients<N>,
  options: ResolvedOptions,
  random: RandomStream,
  context: TrainingContext,
): Promise<Training<N>> {
  const { network, data, objective } = gradients;
  const { algorithm, batch: batchSize, steps, rate: startRate, schedule, recordEvery, recordAccuracy } = options;
  const weights = start.weights.slice();
  const velocity = start.velocity.slice();
  const gradient = new Float64Array(weights.length);
  // What was recorded only because training ended there would not have been without the interruption.
  const history: TrainingRecord[] = start.history.filter(
    ({ step }) => step < start.steps && recordEvery !== 'never' && step % recordEvery === 0,
  );
  const epochs: EpochSums[] = [...(start.epochs ?? [])];

  const batches = algorithm === 'sgd' ? new MiniBatches(data.count, batchSize, random) : undefined;
  const stepsPerEpoch = Math.ceil(data.count / batchSize);
  const average =
    options.averaging &&
    new RunningAverage(options.averaging, stepsPerEpoch, weights.length, start.steps, start.averaged);
  /** What stands beside the weights, where there is any of it. */
  const beside = () => ({
    ...(average?.mean ? { averaged: average.mean } : {}),
    ...(gradients.statistics ? { statistics: gradients.statistics } : {}),
  });
  let bound = divergenceBound(network, data, history[0]?.loss ?? 0);
  let lastTurn = performance.now();
  for (let step = start.steps; ; step++) {
    const epoch = Math.floor(step / stepsPerEpoch);
    const rate = rateAfter(epoch, startRate, schedule);
    const atRecord = recordEvery !== 'never' && (step % recordEvery === 0 || step === steps);
    let loss = Number.NaN;
    let stoppedBecause: Training['stoppedBecause'] | undefined = step === steps ? 'steps' : undefined;
    if (atRecord || !batches) {
      loss = objective.gradient(weights, gradient);
      const gradientNorm = norm(gradient);
      if (step === 0 && atRecord) bound = divergenceBound(network, data, loss);
      if (!(loss <= bound) || !Number.isFinite(gradientNorm)) throw new DivergedError(step, rate, loss, bound);
      stoppedBecause = reasonToStop(options, step, loss, gradientNorm);
      if (recordEvery !== 'never' && (atRecord || stoppedBecause)) {
        const accuracy = recordAccuracy ? { accuracy: objective.accuracy(weights) } : {};
        history.push({ step, loss, gradientNorm, ...accuracy });
      }
    }
    if (stoppedBecause) {
      if (!weights.every(Number.isFinite)) throw new DivergedError(step, rate, loss, bound);
      context.progress?.(1, `trained for ${step} steps${Number.isNaN(loss) ? '' : `, loss ${loss.toPrecision(3)}`}`);
      const sums = network.kind === 'convolutional' && batches ? { epochs } : {};
      const source = { gradientsFrom: sourceOfGradients(network, context), random: random.name };
      const reached = { weights, ...beside(), velocity, steps: step, history, ...sums, stoppedBecause };
      return { network, ...reached, options, ...source, data: identityOf(data) };
    }
    if (batches) {
      const indices = batches.at(step);
      const batch = gradients.ofSamples(indices, weights, gradient, { step, epoch });
      loss = batch.loss;
      if (!(loss <= bound)) throw new DivergedError(step, rate, loss, bound);
      if (batch.correct !== undefined) {
        epochs[epoch] = plus(epochs[epoch], indices.length, loss, batch.correct);
      }
    }
    descend(weights, velocity, gradient, rate, options);
    average?.visit(step + 1, weights);
    if ((step + 1) % stepsPerEpoch === 0) {
      context.epochEnded?.(epoch + 1, { weights, ...beside(), ...(epochs[epoch] ? { sums: epochs[epoch] } : {}) });
    }

    const now = performance.now();
    if (now - lastTurn > 50) {
      context.progress?.(step / steps, `training, step ${step} of ${steps}, loss ${loss.toPrecision(3)}`);
      await setImmediate();
      context.signal?.throwIfAborted();
      lastTurn = performance.now();
    }
  }
}

/** The sums of an epoch with another mini-batch, of this mean loss. */
function plus(before: EpochSums | undefined, samples: number, meanLoss: number, correct: number): EpochSums {
  const { samples: n, loss, correct: right } = before ?? { samples: 0, loss: 0, correct: 0 };
  return { samples: n + samples, loss: loss + meanLoss * samples, correct: right + correct };
}

function descend(
  weights: Float64Array,
  velocity: Float64Array,
  gradient: Float64Array,
  rate: number,
  { momentum, weightDecay }: ResolvedOptions,
): void {
  for (let i = 0; i < weights.length; i++) {
    const v = momentum * velocity[i] + gradient[i] + weightDecay * weights[i];
    velocity[i] = v;
    weights[i] -= rate * v;
  }
}

function reasonToStop(
  { steps, stopping }: ResolvedOptions,
  step: number,
  loss: number,
  gradientNorm: number,
): Training['stoppedBecause'] | undefined {
  if (stopping.lossBelow !== undefined && loss < stopping.lossBelow) return 'loss';
  if (stopping.gradientNormBelow !== undefined && gradientNorm < stopping.gradientNormBelow) return 'gradient';
  return step === steps ? 'steps' : undefined;
}

/** Started from trained weights, the loss may grow a thousandfold and be small: outputs of 0 set the scale then. */
function divergenceBound(network: Network, { targets, count }: Dataset, initial: number): number {
  const ofZeroOutputs =
    network.loss === 'softmax-cross-entropy'
      ? Math.log(outputWidth(network))
      : targets!.reduce((sum, target) => sum + target * target, 0) / (2 * count);
  return 1e3 * Math.max(Number.isFinite(initial) ? initial : 0, ofZeroOutputs);
}

function norm(vector: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += vector[i] * vector[i];
  return Math.sqrt(squares);
}
