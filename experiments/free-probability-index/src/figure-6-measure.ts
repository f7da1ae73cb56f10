import type { Results, Unit } from '@hessian-rmt/replication';
import { type IndexThreshold, pointsOf, searchesOf } from './critical-point-cells.js';
import { type ActivationName, type Figure6Settings, type Ladder, type Rung, rungsOf } from './figure-6-settings.js';
import { type FittedLaw, fitLaw } from './fitted-law.js';
import type { IndexedPoint } from './index-law.js';

/** What was found at one place of a ladder. */
export interface MeasuredRung extends Rung {
  readonly runs: number;
  readonly points: readonly IndexedPoint[];
  readonly law: FittedLaw;
  /** Energies of minima, one a data set: the mean over its starts. */
  readonly minimumEnergies: readonly number[];
  /** Of all minima, the share where the gradient did not vanish. */
  readonly unfinished: number;
}

export interface MeasuredLadder {
  readonly ladder: Ladder;
  readonly activation: ActivationName;
  readonly rungs: readonly MeasuredRung[];
}

/** Linear networks have the symmetry that `ofGradient` tells of; for tanh the floor stands, and `confounders` varies it. */
const thresholdOf: Readonly<Record<ActivationName, IndexThreshold>> = { tanh: {}, identity: { ofGradient: 1 } };

export function measureLadder(
  results: Results,
  settings: Figure6Settings,
  ladder: Ladder,
  activation: ActivationName,
): MeasuredLadder {
  const rungs = rungsOf(ladder, activation, settings).map((rung): MeasuredRung => {
    const searches = searchesOf(results, rung.cell);
    const points = pointsOf(searches, { threshold: thresholdOf[activation] });
    const { energies, unfinished } = minimaOf(results, rung.minima);
    return {
      ...rung,
      runs: searches.length,
      points,
      law: fitLaw(points, settings.upTo, `${activation} ${rung.cell.size} ${rung.cell.samples}`),
      minimumEnergies: energies,
      unfinished,
    };
  });
  return { ladder, activation, rungs };
}

export function minimaOf(results: Results, unit: Unit): { energies: number[]; unfinished: number } {
  const { energy, gradientNorm } = results.of(unit).arrays;
  const [tasks, starts] = energy.shape;
  const values = energy.data as Float64Array;
  return {
    energies: Array.from({ length: tasks }, (_, task) => mean(values.subarray(task * starts, (task + 1) * starts))),
    unfinished: (gradientNorm.data as Float64Array).filter((norm) => norm > 1e-6).length / values.length,
  };
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}
