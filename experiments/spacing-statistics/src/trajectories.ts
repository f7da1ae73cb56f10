import type { Results } from '@hessian-rmt/replication';
import { type GradientTrajectoryConfig, gradientTrajectory } from './gradient-trajectory.js';

/** SGD at several widths, all at the same rate, and at several rates, all of the same width. */
export type TrajectorySettings = Omit<GradientTrajectoryConfig, 'hidden' | 'rate'> & {
  readonly widths: readonly number[];
  readonly rates: readonly number[];
  /** Of all widths, and of all rates: one of `widths`, one of `rates`. */
  readonly at: { readonly width: number; readonly rate: number };
  readonly repetitions: number;
};

const laptop: TrajectorySettings = {
  samples: 1000,
  fresh: 1000,
  side: 7,
  batch: 10,
  iterates: 12,
  every: 200,
  widths: [8, 16, 32, 64, 128],
  rates: [0.05, 0.1, 0.2, 0.4, 0.8],
  at: { width: 32, rate: 0.2 },
  repetitions: 3,
};
const quick: TrajectorySettings = {
  ...laptop,
  samples: 500,
  fresh: 300,
  iterates: 8,
  every: 100,
  widths: [8, 32, 128],
  rates: [0.05, 0.2, 0.8],
};
const smoke: TrajectorySettings = {
  ...quick,
  samples: 200,
  fresh: 100,
  iterates: 4,
  every: 50,
  widths: [8, 16],
  at: { width: 8, rate: 0.2 },
  rates: [0.2, 0.8],
  repetitions: 2,
};
const paper: TrajectorySettings = { ...laptop, side: 28, widths: [8, 16, 32, 64, 128, 256], repetitions: 10 };
export const trajectoryProfiles = { smoke, quick, laptop, paper };

export const trajectoryUnit = (settings: TrajectorySettings, hidden: number, rate: number, repetition: number) => {
  const { samples, fresh, side, batch, iterates, every } = settings;
  return gradientTrajectory.unit(
    { samples, fresh, side, batch, iterates, every, hidden, rate },
    { repetition, threads: 1 },
  );
};

/** The noise of the gradients along one run of SGD. */
export interface Trajectory {
  readonly parameters: number;
  /** Of every pair of iterates: (1, 0), (2, 0), (2, 1), (3, 0), ... */
  readonly pairs: readonly {
    readonly distance: number;
    /** Tr Cov(g_i, g_j) / sqrt(Tr Cov(g_i) Tr Cov(g_j)). */
    readonly correlation: number;
    /** Covariance along the line between them over the mean of all directions: P u^T Cov(g_i, g_j) u / Tr Cov(g_i, g_j). */
    readonly alongOverMean: number;
  }[];
  /** Tr Cov(g_i) of every iterate. */
  readonly variances: readonly number[];
  /** Tr Cov(g_i, g_j), iterates x iterates. */
  readonly traces: Float64Array;
}

/** One trajectory a repetition. */
export function trajectoriesOf(
  results: Results,
  settings: TrajectorySettings,
  hidden: number,
  rate: number,
): readonly Trajectory[] {
  const { iterates: count } = settings;
  return Array.from({ length: settings.repetitions }, (_, repetition) => {
    const { numbers, arrays } = results.of(trajectoryUnit(settings, hidden, rate, repetition));
    const parameters = numbers.parameters as number;
    const [traces, along, distances] = ['traces', 'along', 'distances'].map(
      (name) => arrays[name].data as Float64Array,
    );
    const variances = Array.from({ length: count }, (_, i) => traces[i * count + i]);
    const pairs = variances.flatMap((_, i) =>
      variances.slice(0, i).map((_, j) => {
        const at = i * count + j;
        return {
          distance: distances[at],
          correlation: traces[at] / Math.sqrt(variances[i] * variances[j]),
          alongOverMean: (parameters * along[at]) / traces[at],
        };
      }),
    );
    return { parameters, pairs, variances, traces };
  });
}

/**
 * Tr Cov of the mean of the gradients over the mean of their Tr Cov: 1/T when they are independent, 1 when they are
 * equal.
 */
export function varianceLeft({ traces, variances }: Trajectory): number {
  const sum = traces.reduce((total, x) => total + x, 0);
  return sum / variances.length / variances.reduce((total, x) => total + x, 0);
}

/** Stands under every figure and claim of measured trajectories. */
export function trajectoryText({
  samples,
  fresh,
  side,
  batch,
  iterates,
  every,
  repetitions,
}: TrajectorySettings): string {
  return (
    `one hidden layer of tanh units, ${samples} MNIST digits of ${side} x ${side} pixels, SGD with batches of ${batch}, ` +
    `${iterates} iterates ${every} steps apart, noise of single gradients over ${fresh} further digits, ${repetitions} repetitions`
  );
}
