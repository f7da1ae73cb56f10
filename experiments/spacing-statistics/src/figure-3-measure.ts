import type { Results, Unit } from '@hessian-rmt/replication';
import { kolmogorovSmirnov, type MeanEstimate, wignerSurmise } from '@hessian-rmt/rmt';
import { cutOffs, passing, truncatedRatios, truncatedSurmise, unfoldedSpacings } from './authors-procedure.js';
import { deflatedLevels } from './batch-spectra.js';
import { type Condition, deflatedUnit, fullResults, fullUnits, weightsFor } from './conditions.js';
import type { EmbeddingSize, Features } from './features-available.js';
import { fullSpectra } from './full-spectra.js';
import { goeProcedure } from './goe-procedure.js';
import { foldedRatios, meanRatio, resolvedLevels } from './level-statistics.js';
import { wholeSetSpectrum } from './whole-set-spectrum.js';

export type Settings = {
  /** Of the network that makes features, where the user brings none. */
  readonly embedding: Omit<EmbeddingSize, 'channels'>;
  /** Channels of its first convolution; the second has twice as many. */
  readonly width: number;
  readonly epochs: number;
  /** Test batches whose whole spectra are computed in float32, and whose deflated ones are. A third of them is analysed. */
  readonly full: number;
  readonly deflated: number;
  /** Whether the spectrum of the whole test set is also computed in float32, structural zeros and all. */
  readonly wholeSetInFloat32: boolean;
  /** Draws of the GOE through the same procedure. */
  readonly draws: number;
};

export const batch = 64;

/** @throws RangeError for a network without channels */
export function embeddingSize({ embedding, width }: Settings): EmbeddingSize {
  if (width < 1) throw new RangeError(`width: expected at least 1 channel, found ${width}`);
  return { ...embedding, channels: [width, 2 * width] };
}

/** What the part computes where there are features. */
export function unitsFor({ epochs, full, deflated, wholeSetInFloat32, draws }: Settings, found: Features) {
  const { inputs, testing, classes } = found;
  const condition: Condition = {
    network: 'softmax regression',
    images: found,
    inputs,
    epochs,
    keep: [epochs],
    epoch: epochs,
    split: 'test',
    batch,
  };
  const weights = weightsFor(condition);
  const available = Math.floor(testing / batch);
  const options = { repetition: 0, threads: 1 };
  // Softmax regression leaves a batch so many levels that are not zero by structure.
  const levels = (classes - 1) * Math.min(batch, inputs + 1);
  const goe = (size: number, spectra: number) => goeProcedure.unit({ size, spectra, draws }, options);
  return {
    full: fullUnits(condition, { batches: Math.min(full, available), inFloat64: 0, threads: 1 }),
    deflated: deflatedUnit(condition, Math.min(deflated, available), 0),
    wholeSet: wholeSetInFloat32
      ? fullSpectra.unit({ weights, split: 'test', batch: testing, first: 0, count: 1, inFloat64: 0 }, options)
      : wholeSetSpectrum.unit({ weights, split: 'test' }, options),
    goeOfFull: goe(classes * (inputs + 1), Math.min(full, available)),
    goeOfDeflated: goe(levels, Math.min(deflated, available)),
  };
}

/** Levels by one procedure, of batches or of the whole set. */
export interface Measured {
  /** As rows of the table and panels call it. */
  readonly name: string;
  readonly spectra: readonly Float64Array[];
  /** Of the statistic that the figure shows of them: spacings of batches, ratios of the whole set. */
  readonly shown: Float64Array;
  /** Kolmogorov-Smirnov distance of it from the surmise. */
  readonly distance: number;
  /** The same of true GOE spectra, a draw each; empty for the whole set, which is not unfolded. */
  readonly goe: readonly number[];
  readonly ratio: MeanEstimate | null;
}

/** What the figure shows, from left to right and from above; undefined where the profile does without. */
export interface Figure3 {
  readonly spacings: Measured;
  readonly deflatedSpacings: Measured;
  readonly ratios: Measured | undefined;
  readonly deflatedRatios: Measured;
}

export function measure(results: Results, settings: Settings, found: Features): Figure3 {
  const units = unitsFor(settings, found);
  const goe = (unit: Unit) => [...results.of(unit).arrays.spacingDistance.data];
  const wholeSet = results.of(units.wholeSet);
  const { float32 } = fullResults(results, units.full);
  return {
    spacings: ofSpacings(
      'batches, float32, as published',
      float32.map((values) => passing(values, cutOffs.spacings)),
      float32.map((values) => passing(values, cutOffs.ratios)),
      goe(units.goeOfFull),
    ),
    deflatedSpacings: ofBatches(results, units.deflated, goe(units.goeOfDeflated)),
    ratios: settings.wholeSetInFloat32
      ? ofRatios(
          'whole set, float32, as published',
          passing(wholeSet.arrays.float32.data as Float32Array, cutOffs.wholeSetRatios),
        )
      : undefined,
    deflatedRatios: ofRatios('whole set, zeros removed by structure', resolvedLevels(deflatedLevels(wholeSet)[0])),
  };
}

function ofBatches(results: Results, unit: Unit, goe: readonly number[]): Measured {
  const spectra = deflatedLevels(results.of(unit)).map(resolvedLevels);
  return ofSpacings('batches, zeros removed by structure', spectra, spectra, goe);
}

function ofSpacings(
  name: string,
  spectra: readonly Float64Array[],
  forRatios: readonly Float64Array[],
  goe: readonly number[],
): Measured {
  const shown = unfoldedSpacings(spectra);
  const distance = kolmogorovSmirnov(shown, wignerSurmise({ beta: 1 }));
  return { name, spectra, shown, distance, goe, ratio: meanRatio(forRatios.map(foldedRatios)) };
}

function ofRatios(name: string, levels: Float64Array): Measured {
  const shown = truncatedRatios([levels]);
  const distance = kolmogorovSmirnov(shown, truncatedSurmise);
  return { name, spectra: [levels], shown, distance, goe: [], ratio: meanRatio([foldedRatios(levels)]) };
}
