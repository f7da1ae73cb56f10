import type { RandomStream } from '@hessian-rmt/numerics';
import { requireAscending } from '../ascending.js';
import { requireInteger, requirePositive } from '../checks.js';
import { blocksOf, defaultResamples, drawBlocks, drawParts, estimateOf, type ResampledEstimate } from './resampling.js';

/** Levels that a long-range statistic is known for in closed form. */
export type LevelEnsemble = 'goe' | 'gue' | 'poisson';

export interface LongRangeParameters {
  /** Unfolded spectra, each ascending: mean spacing 1. They are taken for independent. */
  readonly spectra: readonly Float64Array[];
  /** Lengths of windows, in mean spacings: at most a quarter of the shortest spectrum. */
  readonly lengths: readonly number[];
  /** Default 1000, our choice: the standard error is then known to 2 %. */
  readonly resamples?: number;
}

/** A long-range statistic at one length, with a bootstrap band. */
export interface LongRangePoint extends ResampledEstimate {
  readonly length: number;
}

/** Windows overlap by all but this share of their length, our choice: with more, the mean over windows hardly changes. */
const step = 1 / 8;
/** A block holds windows from this many lengths, our choice: windows of one block correlate with those of the next at its end only. */
const lengthsInBlock = 4;

/** The value of one window, of the levels from `first` up to `end` (exclusive); the window begins at `start`. */
export type WindowValue = (levels: Float64Array, first: number, end: number, start: number, length: number) => number;

/**
 * The mean of a statistic over overlapping windows of each length, from the first level of a spectrum to its last, over
 * all spectra; a spectrum counts by its windows. Next to a level others are rarer if levels repel, and both ends are levels:
 * of n levels that takes about one part in n from the number in a window. Bands: whole spectra are resampled, or moving blocks of four lengths and
 * more of a single one.
 */
export function overWindows(
  name: string,
  ofWindow: WindowValue,
  { spectra, lengths, resamples = defaultResamples }: LongRangeParameters,
  random: RandomStream,
): LongRangePoint[] {
  requireUnfolded(name, spectra, lengths);
  requireInteger('the number of resamples', resamples, 2);
  return lengths.map((length) => {
    const stream = random.stream(`length ${length}`);
    const series = spectra.map((levels) => windowSeries(levels, length, ofWindow));
    const estimate =
      series.length > 1 ? acrossSpectra(series, resamples, stream) : withinSpectrum(series[0], resamples, stream);
    const { interval95, ...rest } = estimate;
    // No window has a value below zero.
    return { length, ...rest, interval95: [Math.max(0, interval95[0]), interval95[1]] };
  });
}

/** The values of evenly spread windows, the first and the last half a step from the ends of the spectrum. */
function windowSeries(levels: Float64Array, length: number, ofWindow: WindowValue): Float64Array {
  const room = levels[levels.length - 1] - levels[0] - length;
  const windows = Math.max(1, Math.floor(room / (step * length)));
  let first = 0;
  let end = 0;
  return Float64Array.from({ length: windows }, (_, window) => {
    const start = levels[0] + (room * (window + 0.5)) / windows;
    while (first < levels.length && levels[first] < start) first++;
    while (end < levels.length && levels[end] < start + length) end++;
    return ofWindow(levels, first, end, start, length);
  });
}

function acrossSpectra(series: readonly Float64Array[], resamples: number, random: RandomStream): ResampledEstimate {
  const sums = series.map((values) => values.reduce((sum, x) => sum + x, 0));
  const meanOf = (chosen: Iterable<number>) => {
    let [sum, count] = [0, 0];
    for (const spectrum of chosen) {
      sum += sums[spectrum];
      count += series[spectrum].length;
    }
    return sum / count;
  };
  const resampled = Float64Array.from({ length: resamples }, () => meanOf(drawParts(series.length, random)));
  return estimateOf(meanOf(series.keys()), resampled, series.length);
}

function withinSpectrum(values: Float64Array, resamples: number, random: RandomStream): ResampledEstimate {
  const upTo = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) upTo[i + 1] = upTo[i] + values[i];
  const windowsInBlock = Math.min(Math.round(lengthsInBlock / step), Math.floor(values.length / 2));
  const cut = blocksOf(values.length, windowsInBlock);
  const resampled = Float64Array.from({ length: resamples }, () => {
    const starts = drawBlocks(values.length, cut, random);
    const sum = starts.reduce((total, start) => total + upTo[start + cut.blockLength] - upTo[start], 0);
    return sum / (cut.blocks * cut.blockLength);
  });
  return estimateOf(upTo[values.length] / values.length, resampled, cut.blocks);
}

function requireUnfolded(name: string, spectra: readonly Float64Array[], lengths: readonly number[]): void {
  if (spectra.length === 0) throw new RangeError(`${name} needs at least one spectrum, found none`);
  let [spans, spacings, shortest] = [0, 0, Number.POSITIVE_INFINITY];
  for (const levels of spectra) {
    requireAscending(`the levels of ${name}`, levels);
    const span = levels[levels.length - 1] - levels[0];
    spans += span;
    spacings += levels.length - 1;
    shortest = Math.min(shortest, span);
  }
  const mean = spans / spacings;
  if (!(mean > 0.5 && mean < 2)) {
    throw new RangeError(`the levels of ${name} must be unfolded to a mean spacing of 1, found ${mean}`);
  }
  for (const length of lengths) {
    requirePositive(`a length of ${name}`, length);
    if (length > shortest / 4) {
      throw new RangeError(
        `a length of ${name} must be at most a quarter of the shortest spectrum, ${shortest} / 4, found ${length}`,
      );
    }
  }
}
