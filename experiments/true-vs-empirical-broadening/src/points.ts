import type { Results, UnitResult } from '@hessian-rmt/replication';
import { type FittedPointConfig, fittedPoint } from './fitted-point.js';
import type { GeneratorConfig } from './generator.js';
import { independentPoint, type SampleSize } from './independent-point.js';
import type { ModelConfig, TrainingConfig } from './network-point.js';

/**
 * The networks of the parts that measure the true Hessian: weights that know nothing of the samples (as Theorem 1 has it),
 * and weights that were fitted to them (as its experiments have it).
 */
export type PointSettings = {
  readonly model: ModelConfig;
  /** Softmax regression: a convex loss. */
  readonly convex: ModelConfig;
  readonly trueSamples: number;
  readonly groups: number;
  readonly sizes: readonly SampleSize[];
  readonly draws: number;
  /** What mechanisms are judged at: one of the sizes, well above the threshold. */
  readonly judgedAt: number;
  readonly repetitions: number;
  readonly trainingSamples: number;
  readonly fitted: {
    readonly sizes: readonly number[];
    readonly copies: number;
    readonly steps: number;
    readonly trueSamples: number;
    readonly repetitions: number;
  };
};

/** Sizes of the inputs of our own; a tenth of the labels wrong, and centres so near that a network cannot be certain. */
const clusters: GeneratorConfig = { signal: 12, nuisance: 8, classes: 5, spread: 1, labelNoise: 0.1 };

const laptop: PointSettings = {
  model: { generator: clusters, hidden: [20] },
  convex: { generator: { ...clusters, signal: 40, nuisance: 40 }, hidden: [] },
  trueSamples: 200_000,
  groups: 200,
  sizes: [
    { samples: 5250, copies: 1 },
    { samples: 1050, copies: 1 },
    { samples: 262, copies: 1 },
    { samples: 66, copies: 1 },
    { samples: 66, copies: 16 },
  ],
  draws: 8,
  judgedAt: 262,
  repetitions: 2,
  trainingSamples: 2000,
  fitted: { sizes: [66, 262, 1050, 5250], copies: 16, steps: 3000, trueSamples: 50_000, repetitions: 2 },
};

const quick: PointSettings = {
  ...laptop,
  model: { generator: { ...clusters, signal: 6, nuisance: 4, classes: 3 }, hidden: [12] },
  convex: { generator: { ...clusters, signal: 20, nuisance: 20, classes: 3 }, hidden: [] },
  trueSamples: 50_000,
  groups: 100,
  sizes: [
    { samples: 1700, copies: 1 },
    { samples: 340, copies: 1 },
    { samples: 85, copies: 1 },
    { samples: 24, copies: 1 },
    { samples: 24, copies: 16 },
  ],
  judgedAt: 85,
  trainingSamples: 500,
  fitted: { sizes: [24, 85, 340], copies: 16, steps: 1500, trueSamples: 20_000, repetitions: 2 },
};

const smoke: PointSettings = {
  ...quick,
  model: { generator: { ...clusters, signal: 3, nuisance: 2, classes: 3 }, hidden: [5] },
  convex: { generator: { ...clusters, signal: 6, nuisance: 4, classes: 3 }, hidden: [] },
  trueSamples: 3000,
  groups: 30,
  sizes: [
    { samples: 100, copies: 1 },
    { samples: 24, copies: 1 },
    { samples: 12, copies: 1 },
    { samples: 12, copies: 4 },
  ],
  draws: 3,
  judgedAt: 24,
  repetitions: 1,
  trainingSamples: 100,
  fitted: { sizes: [12, 24], copies: 4, steps: 300, trueSamples: 1000, repetitions: 1 },
};

export const pointProfiles = {
  smoke,
  quick,
  laptop,
  paper: {
    ...laptop,
    model: { generator: { ...clusters, signal: 20, nuisance: 12, classes: 10 }, hidden: [36] },
    trueSamples: 500_000,
    sizes: [
      { samples: 15_580, copies: 1 },
      { samples: 3116, copies: 1 },
      { samples: 779, copies: 1 },
      { samples: 195, copies: 1 },
      { samples: 195, copies: 16 },
    ],
    judgedAt: 779,
    repetitions: 4,
    trainingSamples: 6000,
    fitted: { sizes: [195, 779, 3116, 15_580], copies: 16, steps: 10_000, trueSamples: 200_000, repetitions: 4 },
  },
} as const satisfies Record<string, PointSettings>;

/** Weights that are independent of the samples. */
export const pointNames = ['initial', 'trained', 'convex'] as const;
export type PointName = (typeof pointNames)[number];

export const pointText: Record<PointName, string> = {
  initial: 'perceptron, initial weights',
  trained: 'perceptron, trained on other data',
  convex: 'softmax regression, trained on other data',
};

const training: TrainingConfig = { epochs: 40, rate: 0.05, batch: 32 };

export function pointUnit(settings: PointSettings, name: PointName, repetition: number) {
  const { trueSamples, groups, sizes, draws, trainingSamples: samples } = settings;
  return independentPoint.unit(
    {
      model: name === 'convex' ? settings.convex : settings.model,
      training: name === 'initial' ? null : { ...training, samples },
      trueSamples,
      groups,
      sizes,
      draws,
    },
    { repetition, threads: 1 },
  );
}

export const pointUnits = (settings: PointSettings) =>
  pointNames.flatMap((name) => repeated(settings.repetitions, (repetition) => pointUnit(settings, name, repetition)));

export function fittedUnit(settings: PointSettings, samples: number, augmentedTraining: boolean, repetition: number) {
  const { copies, steps, trueSamples } = settings.fitted;
  const { batch } = training;
  const config: FittedPointConfig = {
    model: settings.model,
    // As many steps for all, as many epochs as these take.
    training: { ...training, epochs: Math.ceil(steps / Math.ceil(samples / batch)) },
    samples,
    copies,
    augmentedTraining,
    trueSamples,
    groups: 50,
    keep: 1,
  };
  return fittedPoint.unit(config, { repetition, threads: 1 });
}

export const fittedUnits = (settings: PointSettings) =>
  [false, true].flatMap((augmented) =>
    settings.fitted.sizes.flatMap((samples) =>
      repeated(settings.fitted.repetitions, (repetition) => fittedUnit(settings, samples, augmented, repetition)),
    ),
  );

export const repeated = <T>(count: number, of: (repetition: number) => T): T[] =>
  Array.from({ length: count }, (_, repetition) => of(repetition));

/** One network's measures, read from its unit. */
export interface Point {
  readonly parameters: number;
  /** sigma^2. */
  readonly variance: number;
  readonly result: UnitResult;
  /** Mean over the draws of an extreme eigenvalue, at size number s, by way of `Perturbed`. */
  extreme(of: 'measured' | 'goe' | 'profile' | 'rotated', size: number, end: 'largest' | 'smallest'): number;
  /** Mean over the draws. */
  average(of: 'dispersion' | 'noiseNorm' | 'distance' | 'overlap', size: number): number;
  /** The true ones. */
  readonly largest: number;
  readonly smallest: number;
}

export function pointOf(results: Results, settings: PointSettings, name: PointName, repetition: number): Point {
  const result = results.of(pointUnit(settings, name, repetition));
  const { numbers, arrays } = result;
  const { draws } = settings;
  const trueValues = arrays.trueValues.data;
  const largest = trueValues[trueValues.length - 1];
  // The smallest eigenvalue of a convex loss is an exact zero, which comes out as rounding of either sign.
  const unlessRounding = (value: number) => (Math.abs(value) < 1e-12 * largest ? 0 : value);
  return {
    parameters: numbers.parameters as number,
    variance: numbers.variance as number,
    result,
    extreme(of, size, end) {
      let sum = 0;
      for (let draw = 0; draw < draws; draw++) {
        sum += arrays[of].data[2 * (size * draws + draw) + (end === 'largest' ? 1 : 0)];
      }
      return unlessRounding(sum / draws);
    },
    average(of, size) {
      let sum = 0;
      for (let draw = 0; draw < draws; draw++) sum += arrays[of].data[size * draws + draw];
      return sum / draws;
    },
    largest,
    smallest: unlessRounding(trueValues[0]),
  };
}

/** P over the number of samples, copies counted. */
export const ratioOf = ({ parameters }: Point, { samples, copies }: SampleSize) => parameters / (samples * copies);
