import {
  type Dataset,
  type DenseNetwork,
  denseObjective,
  granziolSchedule,
  initialWeights,
  mlp,
  parameterCount,
  type Schedule,
  slice,
  train,
  type Weights,
} from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { defineUnitKind, flopsOf, type Results, type StoredArray, type Unit } from '@hessian-rmt/replication';
import { type DataConfig, samplesOf } from './samples.js';

export type CurvesConfig = DataConfig & {
  readonly hidden: readonly number[];
  /** Images that are trained on; then, from the same training split, those that rates and epochs are chosen by. */
  readonly fitted: number;
  readonly validation: number;
  /** Images of the test split, for nothing but the errors that are reported. */
  readonly test: number;
  readonly batch: number;
  readonly momentum: number;
  readonly weightDecay: number;
  /** All from the same initial weights, with the same order of the images. */
  readonly runs: readonly CurvesRun[];
};

export type CurvesRun = {
  readonly rate: number;
  readonly epochs: number;
  /**
   * constant; linear: constant for half of the epochs, then falling to a hundredth at nine tenths of them (sec. 4 of the
   * paper); steps: a tenth from half of the epochs on, a hundredth from three quarters (the notebook's for ImageNet).
   */
  readonly schedule: 'constant' | 'linear' | 'steps';
  /** Epochs after which the weights of every step are averaged; null: none are. */
  readonly averageFrom: number | null;
};

/** Validation and test curves of dense networks trained by SGD in several ways, with the averages of their iterates. */
export const trainingCurves = defineUnitKind<CurvesConfig>({
  name: 'training-curves',
  module: import.meta.url,

  async run(config, context) {
    const { random, linearAlgebra, progress } = context;
    const { fitted, validation, test, hidden, batch, momentum, weightDecay, runs } = config;
    const [training, testing] = [await samplesOf(config, 'train', context), await samplesOf(config, 'test', context)];
    const data = slice(training, 0, fitted);
    const network = mlp([data.dimension, ...hidden, data.classes]);
    const measure = measurer(
      network,
      slice(training, fitted, fitted + validation),
      slice(testing, 0, test),
      linearAlgebra,
    );
    const start = initialWeights(network, random.stream('initial weights'));

    const all = runs.reduce((sum, { epochs }) => sum + epochs, 0);
    let done = 0;
    const arrays: Record<string, StoredArray> = {};
    for (const [index, { rate, epochs, schedule, averageFrom }] of runs.entries()) {
      const iterates: number[] = [];
      const averages: number[] = [];
      await train(
        network,
        start,
        data,
        {
          algorithm: 'sgd',
          batch,
          epochs,
          rate,
          momentum,
          weightDecay,
          schedule: scheduleOf(schedule, epochs),
          ...(averageFrom === null ? {} : { averaging: { from: averageFrom, every: 'step' } }),
          // The history is not looked at: one record at the start, one at the end.
          recordEvery: epochs * Math.ceil(fitted / batch),
        },
        random.stream('training'),
        {
          linearAlgebra,
          progress: (share) => progress((done + share * epochs) / all, `rate ${rate}, ${epochs} epochs, ${schedule}`),
          epochEnded(_, { weights, averaged }) {
            iterates.push(...measure(weights));
            if (averaged) averages.push(...measure(averaged));
          },
        },
      );
      done += epochs;
      arrays[`iterates-${index}`] = rows(iterates);
      if (averageFrom !== null) arrays[`averages-${index}`] = rows(averages);
    }
    return {
      numbers: { parameters: parameterCount(network) },
      arrays,
      uses: { datasets: [training, testing].map(({ name, checksum }) => ({ name, checksum })) },
    };
  },

  cost({ inputs, hidden, fitted, validation, test, batch, runs }) {
    const parameters = parameterCount(mlp([inputs, ...hidden, 10]));
    const epochs = runs.reduce((sum, run) => sum + run.epochs, 0);
    // A forward pass is a third of a step; validation takes two, for loss and error; averages double what is measured.
    const measured = (4 / 3) * validation + (2 / 3) * test;
    const steps = Math.ceil((fitted + measured) / batch);
    return { flops: flopsOf.training(epochs * steps, batch, parameters), seconds: 1, memory: 8 * 70_000 * 784 };
  },
});

/** What stands at the end of an epoch: validation loss, validation error and test error (shares of the images). */
const columns = 3;

function measurer(network: DenseNetwork, validation: Dataset, test: Dataset, linearAlgebra: LinearAlgebra) {
  const [onValidation, onTest] = [validation, test].map((data) => denseObjective(network, data, linearAlgebra));
  return (weights: Weights) => [
    onValidation.loss(weights),
    1 - onValidation.accuracy(weights),
    1 - onTest.accuracy(weights),
  ];
}

export function scheduleOf(schedule: CurvesRun['schedule'], epochs: number): Schedule {
  if (schedule === 'linear') return granziolSchedule(epochs);
  if (schedule === 'steps') return { kind: 'step', epochs: [epochs / 2, (3 * epochs) / 4], factor: 0.1 };
  return { kind: 'constant' };
}

const rows = (values: readonly number[]): StoredArray => ({
  shape: [values.length / columns, columns],
  data: Float64Array.from(values),
});

/** One run of a unit, or the averages of its iterates. */
export interface Curve {
  /** Epochs done, from 1, or from the first that has an average. */
  readonly epochs: readonly number[];
  readonly validationLoss: readonly number[];
  readonly validationError: readonly number[];
  readonly testError: readonly number[];
}

export interface RunCurves {
  readonly run: CurvesRun;
  readonly iterates: Curve;
  /** Absent where nothing was averaged. */
  readonly averages?: Curve;
}

export function curvesOf(results: Results, unit: Unit): RunCurves[] {
  const { arrays } = results.of(unit);
  return (unit.config as CurvesConfig).runs.map((run, index) => ({
    run,
    iterates: curve(arrays[`iterates-${index}`], 0),
    ...(run.averageFrom === null ? {} : { averages: curve(arrays[`averages-${index}`], run.averageFrom) }),
  }));
}

function curve({ shape, data }: StoredArray, before: number): Curve {
  const column = (which: number) => Array.from({ length: shape[0] }, (_, row) => data[row * columns + which]);
  return {
    epochs: Array.from({ length: shape[0] }, (_, row) => before + row + 1),
    validationLoss: column(0),
    validationError: column(1),
    testError: column(2),
  };
}

/** The last number of a curve. */
export const final = (values: readonly number[]): number => values[values.length - 1];
