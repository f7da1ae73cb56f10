import { setImmediate } from 'node:timers/promises';
import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { digest } from '../data/checksum.js';
import type { Dataset } from '../dataset.js';
import type { DenseNetwork, Weights } from '../network.js';
import type { TensorBackend } from '../tensorflow/backend.js';
import { tensorGradients } from '../tensorflow/tensor-gradients.js';
import { RunningAverage } from './averaging.js';
import { denseGradients, type Gradients } from './gradients.js';
import { MiniBatches } from './mini-batches.js';
import { type ResolvedOptions, resolveOptions, type TrainingOptions } from './options.js';
import { rateAfter } from './schedule.js';
import { DivergedError, type Training, type TrainingRecord } from './training.js';

/**
 * What computes the gradients: linear algebra in float64, or a tfjs backend in float32. Weights, velocities and updates
 * are float64 either way.
 */
export type TrainingContext = TrainingEvents &
  ({ readonly linearAlgebra: LinearAlgebra } | { readonly backend: TensorBackend });

export interface TrainingEvents {
  /** Fraction done, 0 to 1, and what is being done; called a few times a second. */
  readonly progress?: (fraction: number, doing: string) => void;
  /**
   * Called at the end of every epoch, to look at the weights on other data, say. They are views of what training works
   * on: to be read, not kept.
   *
   * @param epoch  epochs done, from 1
   */
  readonly epochEnded?: (epoch: number, at: { readonly weights: Weights; readonly averaged?: Weights }) => void;
  /** Stops training by throwing the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Trains a dense network by gradient descent or stochastic gradient descent, without any adaptive or
 * normalising device, as Sagun et al. 2017 and Baskerville et al. 2021 do.
 *
 * The order of the samples in epoch e comes from `random.stream('order').stream('epoch-e')`, so that a training that is
 * resumed sees the order it would have seen. The given weights are not changed. The event loop gets its turn about
 * every 50 ms, between steps.
 *
 * @throws DivergedError when the loss of a batch or of all data is not finite, or a thousand times the one at the start
 *   (or that of a network whose outputs are all 0, whichever is larger)
 * @throws RangeError for options or data that do not fit
 */
export async function train(
  network: DenseNetwork,
  weights: Weights,
  data: Dataset,
  options: TrainingOptions,
  random: RandomStream,
  context: TrainingContext,
): Promise<Training> {
  const start = { weights, velocity: new Float64Array(weights.length), steps: 0, history: [] };
  return run(network, start, data, resolveOptions(options, data.count), random, context);
}

/**
 * Goes on with a training, to a larger number of steps or another stopping condition: the result is, byte for byte, that
 * of training without the interruption (same library and threads).
 *
 * @throws RangeError unless data, library or backend, random stream and all other options are those of the training
 */
export async function resumeTraining(
  training: Training,
  data: Dataset,
  options: TrainingOptions,
  random: RandomStream,
  context: TrainingContext,
): Promise<Training> {
  const resolved = resolveOptions(options, data.count);
  const same = (what: string, expected: unknown, found: unknown) => {
    if (JSON.stringify(expected) !== JSON.stringify(found)) {
      throw new RangeError(
        `resumeTraining: expected ${what} ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`,
      );
    }
  };
  same('data', training.data, identityOf(data));
  same('gradients from', training.gradientsFrom, sourceOfGradients(context));
  same('random stream', training.random, random.name);
  for (const name of [
    'algorithm',
    'batch',
    'rate',
    'schedule',
    'momentum',
    'weightDecay',
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

type Start = Pick<Training, 'weights' | 'averaged' | 'velocity' | 'steps' | 'history'>;

async function run(
  network: DenseNetwork,
  start: Start,
  data: Dataset,
  options: ResolvedOptions,
  random: RandomStream,
  context: TrainingContext,
): Promise<Training> {
  const gradients =
    'backend' in context
      ? tensorGradients(context.backend, network, data)
      : denseGradients(network, data, options.batch, context.linearAlgebra);
  try {
    return await descendFrom(start, gradients, options, random, context);
  } finally {
    gradients.dispose();
  }
}

async function descendFrom(
  start: Start,
  gradients: Gradients,
  options: ResolvedOptions,
  random: RandomStream,
  context: TrainingContext,
): Promise<Training> {
  const { objective } = gradients;
  const { network, data } = objective;
  const { algorithm, batch: batchSize, steps, rate: startRate, schedule, recordEvery, recordAccuracy } = options;
  const weights = start.weights.slice();
  const velocity = start.velocity.slice();
  const gradient = new Float64Array(weights.length);
  // What was recorded only because training ended there would not have been without the interruption.
  const history: TrainingRecord[] = start.history.filter(({ step }) => step < start.steps && step % recordEvery === 0);

  const batches = algorithm === 'sgd' ? new MiniBatches(data.count, batchSize, random) : undefined;
  const stepsPerEpoch = Math.ceil(data.count / batchSize);
  const average =
    options.averaging &&
    new RunningAverage(options.averaging, stepsPerEpoch, weights.length, start.steps, start.averaged);
  const averaged = () => (average?.mean ? { averaged: average.mean } : {});
  let bound = history.length === 0 ? Number.POSITIVE_INFINITY : divergenceBound(network, data, history[0].loss);
  let lastTurn = performance.now();
  for (let step = start.steps; ; step++) {
    const rate = rateAfter(Math.floor(step / stepsPerEpoch), startRate, schedule);
    const atRecord = step % recordEvery === 0 || step === steps;
    let loss = Number.NaN;
    if (atRecord || !batches) {
      loss = objective.gradient(weights, gradient);
      const gradientNorm = norm(gradient);
      if (step === 0) bound = divergenceBound(network, data, loss);
      if (!(loss <= bound) || !Number.isFinite(gradientNorm)) throw new DivergedError(step, rate, loss, bound);
      const stoppedBecause = reasonToStop(options, step, loss, gradientNorm);
      if (atRecord || stoppedBecause) {
        const accuracy = recordAccuracy ? { accuracy: objective.accuracy(weights) } : {};
        history.push({ step, loss, gradientNorm, ...accuracy });
      }
      if (stoppedBecause) {
        context.progress?.(1, `trained for ${step} steps, loss ${loss.toPrecision(3)}`);
        const source = { gradientsFrom: sourceOfGradients(context), random: random.name, data: identityOf(data) };
        return { network, weights, ...averaged(), velocity, steps: step, history, stoppedBecause, options, ...source };
      }
    }
    if (batches) {
      loss = gradients.ofSamples(batches.at(step), weights, gradient);
      if (!(loss <= bound)) throw new DivergedError(step, rate, loss, bound);
    }
    descend(weights, velocity, gradient, rate, options);
    average?.visit(step + 1, weights);
    if ((step + 1) % stepsPerEpoch === 0) {
      context.epochEnded?.((step + 1) / stepsPerEpoch, { weights, ...averaged() });
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
function divergenceBound({ loss, widths }: DenseNetwork, { targets, count }: Dataset, initial: number): number {
  const ofZeroOutputs =
    loss === 'softmax-cross-entropy'
      ? Math.log(widths[widths.length - 1])
      : targets!.reduce((sum, target) => sum + target * target, 0) / (2 * count);
  return 1e3 * Math.max(Number.isFinite(initial) ? initial : 0, ofZeroOutputs);
}

function norm(vector: Float64Array): number {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += vector[i] * vector[i];
  return Math.sqrt(squares);
}

function sourceOfGradients(context: TrainingContext): string {
  return 'backend' in context ? context.backend.identity : context.linearAlgebra.library.identity;
}

function identityOf({ name, count, inputs, labels, targets }: Dataset): Training['data'] {
  return { name, count, checksum: digest('sha256', inputs, labels, ...(targets ? [targets] : [])) };
}
