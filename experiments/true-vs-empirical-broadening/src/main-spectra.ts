import { availableParallelism } from 'node:os';
import type { Results, Unit } from '@hessian-rmt/replication';
import type { SamplesConfig } from './network-images.js';
import {
  type Condition,
  lastEpoch,
  mainConditions,
  type NetworkSettings,
  repetitionsOf,
  trainingConfig,
} from './network-settings.js';
import { type MeasuredSpectrum, measuredSpectrum, networkSpectrum } from './network-spectrum.js';
import { type PrintedRow, printedRows } from './printed.js';
import { type TrainingCurves, trainingCurves, trainingUnit } from './trained-network.js';

export interface SpectrumOptions {
  readonly epoch?: number;
  readonly steps: number;
  /** Default training, by mini-batches of the settings. */
  readonly normalisation?: 'training' | 'evaluation';
  readonly precision?: 'float32' | 'float64';
  /** Whether the training was augmented. Default true. */
  readonly augmentedTraining?: boolean;
}

/** The unit of a spectrum: by default at the end of the training, in the precision and mode that all of them share. */
export function spectrumUnit(
  settings: NetworkSettings,
  condition: Condition,
  samples: SamplesConfig,
  {
    epoch,
    steps,
    normalisation = 'training',
    precision = settings.precision,
    augmentedTraining = true,
  }: SpectrumOptions,
  repetition: number,
): Unit {
  return networkSpectrum.unit(
    {
      training: trainingConfig(settings, condition, { augmented: augmentedTraining }),
      epoch: epoch ?? lastEpoch(settings, condition),
      samples,
      batch: normalisation === 'training' ? settings.hessianBatch : null,
      steps,
      precision,
      threads: settings.threads,
    },
    { repetition, threads: settings.threads === 'one' ? 1 : availableParallelism() },
  );
}

/** The spectra of Tables 1, 2 and 3: PreResNet at the end of either schedule. */
export const empiricalUnit = (settings: NetworkSettings, condition: Condition, repetition: number): Unit =>
  spectrumUnit(settings, condition, { kind: 'empirical' }, { steps: settings.steps.empirical }, repetition);

export const augmentedUnit = (settings: NetworkSettings, condition: Condition, repetition: number): Unit =>
  spectrumUnit(
    settings,
    condition,
    { kind: 'augmented', copies: settings.copies[condition.network] },
    { steps: settings.steps.augmented },
    repetition,
  );

const curveUnit = (settings: NetworkSettings, condition: Condition, repetition: number) =>
  trainingUnit(trainingConfig(settings, condition), repetition);

export const mainUnits = (settings: NetworkSettings): Unit[] =>
  mainConditions(settings).flatMap((condition) =>
    repetitionsOf(settings, condition).flatMap((repetition) => [
      curveUnit(settings, condition, repetition),
      empiricalUnit(settings, condition, repetition),
      augmentedUnit(settings, condition, repetition),
    ]),
  );

/** A row of Tables 1 and 2, printed and measured, one measurement a repetition. */
export interface MeasuredRow {
  readonly printed: PrintedRow;
  readonly condition: Condition;
  readonly empirical: readonly MeasuredSpectrum[];
  readonly augmented: readonly MeasuredSpectrum[];
  readonly curves: readonly TrainingCurves[];
}

/** Those whose data are there; the others are in `missingRows`. */
export function measuredRows(results: Results, settings: NetworkSettings): MeasuredRow[] {
  return mainConditions(settings).map((condition) => {
    const { set, schedule } = condition;
    const repetitions = repetitionsOf(settings, condition);
    return {
      printed: printedRows.find((row) => row.set === set && row.schedule === schedule)!,
      condition,
      empirical: repetitions.map((r) => measuredSpectrum(results, empiricalUnit(settings, condition, r))),
      augmented: repetitions.map((r) => measuredSpectrum(results, augmentedUnit(settings, condition, r))),
      curves: repetitions.map((r) => trainingCurves(results, curveUnit(settings, condition, r))),
    };
  });
}

/** Printed rows for which nothing stands in here. */
export const missingRows = (settings: NetworkSettings): PrintedRow[] =>
  printedRows.filter(
    (row) => !mainConditions(settings).some(({ set, schedule }) => set === row.set && schedule === row.schedule),
  );

/** `c100-normal`, for ids of claims. */
export const slugOf = ({ set, schedule }: Pick<Condition, 'set' | 'schedule'>): string =>
  `${set === 'CIFAR-100' ? 'c100' : 'c10'}-${schedule.toLowerCase()}`;
