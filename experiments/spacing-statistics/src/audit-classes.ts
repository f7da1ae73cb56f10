import type { MeanEstimate } from '@hessian-rmt/rmt';
import { cutOffs, passing } from './authors-procedure.js';
import type { FullResults } from './conditions.js';
import { foldedRatios, foldedRatiosBySign, meanRatio, resolvedLevels } from './level-statistics.js';

/** What a level is counted among: by precision, by cut, by structure. */
export const levelClasses = {
  float32: 'float32, as published',
  above: 'float64, above the floor',
  below: 'float64, below the floor',
  deflated: 'zeros removed by structure',
} as const;
export type LevelClassName = keyof typeof levelClasses;
export const levelClassNames = Object.keys(levelClasses) as LevelClassName[];

export interface LevelClass {
  /** Mean number of levels in a spectrum. */
  readonly levels: number;
  /** Mean of min(r, 1/r) over the spectra; null where there are hardly any levels. */
  readonly ratio: MeanEstimate | null;
}

export interface Audit {
  readonly classes: Readonly<Record<LevelClassName, LevelClass>>;
  /** Of the levels that pass the paper's cut-off in float32, the share that are structural zeros. */
  readonly roundingShare: number;
  /** Largest error of a float64 eigenvalue, and of a float32 one, in their epsilon times the largest magnitude: one a matrix. */
  readonly floor64: readonly number[];
  readonly floor32: readonly number[];
}

/**
 * The levels of whole spectra by class; of the deflated ones those that float64 resolves. Above the floor and deflated,
 * negative and positive levels are taken apart; the published procedure takes them together, and so do the levels below the
 * floor, which stand around zero.
 */
export function audit({ float32, float64, deflated, floor32, floor64, size }: FullResults): Audit {
  const floor = Math.max(...floor64);
  const resolved = deflated.map(resolvedLevels);
  const passed = float32.map((values) => passing(values, cutOffs.spacings));
  const withFloat64 = float64.map((values) => ({
    above: values.filter((value) => Math.abs(value) > floor),
    below: values.filter((value) => Math.abs(value) <= floor),
  }));
  const scaled = (floors: readonly number[], epsilon: number, spectra: readonly (Float32Array | Float64Array)[]) =>
    floors.map((value, i) => value / (epsilon * Math.max(-spectra[i][0], spectra[i][size - 1])));
  const total = passed.reduce((sum, { length }) => sum + length, 0);
  const real = deflated.reduce((sum, { length }) => sum + length, 0);
  return {
    classes: {
      float32: classOf(
        passed,
        float32.map((values) => foldedRatios(passing(values, cutOffs.ratios))),
      ),
      above: classOf(
        withFloat64.map(({ above }) => above),
        withFloat64.map(({ above }) => foldedRatiosBySign(above)),
      ),
      below: classOf(
        withFloat64.map(({ below }) => below),
        withFloat64.map(({ below }) => foldedRatios(below)),
      ),
      deflated: classOf(resolved, resolved.map(foldedRatiosBySign)),
    },
    roundingShare: (total - real) / total,
    floor32: scaled(floor32, 2 ** -23, float32),
    floor64: scaled(floor64, Number.EPSILON, float64),
  };
}

function classOf(levels: readonly Float64Array[], ratios: readonly Float64Array[]): LevelClass {
  return {
    levels: levels.reduce((sum, { length }) => sum + length, 0) / levels.length,
    ratio: meanRatio(ratios),
  };
}
