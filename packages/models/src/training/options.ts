import { type Augmentation, resolveAugmentation } from '../data/augmentation.js';
import type { Dataset } from '../dataset.js';
import { type Averaging, checkAveraging } from './averaging.js';
import { checkSchedule, type Schedule } from './schedule.js';

export interface TrainingOptions {
  /** gd: the gradient of the whole data set. sgd: of mini-batches, in an order drawn anew every epoch. */
  readonly algorithm: 'gd' | 'sgd';
  /**
   * Samples in a mini-batch, for sgd alone. Default 32 (our choice: Sagun et al. do not say). The last batch of an epoch
   * has what is left; each batch's gradient is the mean over its own samples.
   */
  readonly batch?: number;
  /** How long: steps or epochs, one of them. An epoch of gd is one step. */
  readonly steps?: number;
  readonly epochs?: number;
  /** Learning rate at the start. */
  readonly rate: number;
  /** Default constant. */
  readonly schedule?: Schedule;
  /** v := momentum v + g, w := w - rate v, as in PyTorch. Default 0. */
  readonly momentum?: number;
  /** g := g + weightDecay w, for weights and biases alike, as in PyTorch. Default 0. */
  readonly weightDecay?: number;
  /**
   * For convolutional networks and sgd: every epoch shows the images mirrored and shifted anew. Default: as they are. What
   * is recorded of all data is recorded of the images as they are.
   */
  readonly augmentation?: Augmentation;
  /** Average the iterates beside the descent, which does not change by it. Default: none are averaged. */
  readonly averaging?: Averaging;
  /** Stop early; looked at every step of gd, and with sgd whenever a record is made. */
  readonly stopping?: StoppingConditions;
  /**
   * Steps from one record of the history to the next, besides those at the start and at the end. Default: ten epochs (our
   * choice). A record costs a gradient over all data: `never` makes none, not even to stop by, where `Training.epochs` is
   * enough.
   */
  readonly recordEvery?: number | 'never';
  /** Put the accuracy into the records too: one more forward pass each. Default false. */
  readonly recordAccuracy?: boolean;
}

/** Of the mean loss over all data, without weight decay. */
export interface StoppingConditions {
  readonly lossBelow?: number;
  readonly gradientNormBelow?: number;
}

/** Options with every default filled in, and lengths in steps. */
export interface ResolvedOptions {
  readonly algorithm: 'gd' | 'sgd';
  readonly batch: number;
  readonly steps: number;
  readonly rate: number;
  readonly schedule: Schedule;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly augmentation?: Required<Augmentation>;
  readonly averaging?: Averaging;
  readonly stopping: StoppingConditions;
  readonly recordEvery: number | 'never';
  readonly recordAccuracy: boolean;
}

/** @throws RangeError naming the option, what was expected and what was found */
export function resolveOptions(options: TrainingOptions, data: Dataset): ResolvedOptions {
  const { count: samples } = data;
  const { algorithm, rate, momentum = 0, weightDecay = 0, stopping = {}, recordAccuracy = false } = options;
  if (algorithm !== 'gd' && algorithm !== 'sgd') {
    throw new RangeError(`train: algorithm must be gd or sgd, found ${algorithm}`);
  }
  if (algorithm === 'gd' && options.batch !== undefined) {
    throw new RangeError(`train: gd takes the whole data set; found batch ${options.batch}`);
  }
  if (algorithm === 'gd' && options.augmentation) {
    throw new RangeError('train: gd takes the whole data set as it is; found augmentation');
  }
  const batch = algorithm === 'gd' ? samples : (options.batch ?? 32);
  check('batch', batch, `an integer from 1 to ${samples}`, Number.isInteger(batch) && batch >= 1 && batch <= samples);

  const stepsPerEpoch = Math.ceil(samples / batch);
  if ((options.steps === undefined) === (options.epochs === undefined)) {
    throw new RangeError(`train: expected steps or epochs, found ${options.steps === undefined ? 'neither' : 'both'}`);
  }
  const [length, steps] =
    options.steps === undefined ? ['epochs', options.epochs! * stepsPerEpoch] : ['steps', options.steps];
  check(length, options.steps ?? options.epochs!, 'an integer from 0', Number.isSafeInteger(steps) && steps >= 0);

  check('rate', rate, 'a positive number', rate > 0 && Number.isFinite(rate));
  check('momentum', momentum, 'from 0 to below 1', momentum >= 0 && momentum < 1);
  check('weightDecay', weightDecay, 'a number from 0', weightDecay >= 0 && Number.isFinite(weightDecay));
  const recordEvery = options.recordEvery ?? 10 * stepsPerEpoch;
  const recordable = recordEvery === 'never' || (Number.isSafeInteger(recordEvery) && recordEvery >= 1);
  check('recordEvery', recordEvery, 'a positive integer or never', recordable);
  if (recordEvery === 'never' && algorithm === 'sgd' && Object.keys(stopping).length > 0) {
    throw new RangeError('train: sgd stops early when a record is made; found recordEvery never with stopping');
  }
  const schedule = options.schedule ?? { kind: 'constant' };
  checkSchedule(schedule);
  const { averaging } = options;
  if (averaging) checkAveraging(averaging);
  return {
    algorithm,
    batch,
    steps,
    rate,
    schedule,
    momentum,
    weightDecay,
    ...(options.augmentation ? { augmentation: resolveAugmentation(options.augmentation, data) } : {}),
    ...(averaging ? { averaging: { from: averaging.from, every: averaging.every } } : {}),
    stopping,
    recordEvery,
    recordAccuracy,
  };
}

function check(option: string, value: number | string, expected: string, holds: boolean): void {
  if (!holds) throw new RangeError(`train: ${option} must be ${expected}, found ${value}`);
}
