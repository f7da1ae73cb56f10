import type { RandomStream } from '@hessian-rmt/numerics';
import { requireInteger } from '../checks.js';
import type { Interval } from '../law.js';
import { studentHalfWidth } from '../student-t.js';

/** A number measured on spectra, with the error of its sampling. */
export interface ResampledEstimate {
  readonly value: number;
  readonly standardError: number;
  /** 95 %, by Student's law: as many degrees of freedom as there are independent parts, less one. */
  readonly interval95: Interval;
  /** Mean over the resampled values, less the value. One of the standard error's size tells that the statistic is not smooth. */
  readonly bias: number;
}

/** The default number of resamples, our choice: the standard error is then known to 1/sqrt(2 * 1000), 2 %. */
export const defaultResamples = 1000;

/**
 * The estimate behind values that came from resampling so many independent parts. A resample of m parts varies as (m - 1)/m
 * of what the parts themselves do, which is made good.
 */
export function estimateOf(value: number, resampled: Float64Array, parts: number): ResampledEstimate {
  const mean = resampled.reduce((sum, x) => sum + x, 0) / resampled.length;
  const variance = resampled.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (resampled.length - 1);
  const standardError = Math.sqrt((variance * parts) / (parts - 1));
  const reach = studentHalfWidth(parts - 1, 0.95) * standardError;
  return { value, standardError, interval95: [value - reach, value + reach], bias: mean - value };
}

/** m draws from 0 .. m - 1, with replacement (Efron 1979). */
export function drawParts(parts: number, random: RandomStream): Uint32Array {
  return Uint32Array.from({ length: parts }, () => random.integer(parts));
}

/** How a sequence is cut for the moving-block bootstrap (Künsch 1989). */
export interface Blocks {
  readonly blockLength: number;
  /** Drawn for one resample: blocks * blockLength is the length of the sequence, less a remainder below `blocks`. */
  readonly blocks: number;
}

/**
 * About as many blocks of this length as fill a sequence, at least two.
 *
 * @throws RangeError if the length of a block is not a positive integer, or the sequence is shorter than two of them
 */
export function blocksOf(length: number, blockLength: number): Blocks {
  requireInteger('the length of a block', blockLength, 1);
  if (length < 2 * blockLength) {
    throw new RangeError(
      `a single spectrum must hold two blocks of ${blockLength} or more to be resampled, found ${length} values`,
    );
  }
  const blocks = Math.round(length / blockLength);
  return { blocks, blockLength: Math.floor(length / blocks) };
}

/** Where the blocks of one resample start. */
export function drawBlocks(length: number, { blocks, blockLength }: Blocks, random: RandomStream): Uint32Array {
  return Uint32Array.from({ length: blocks }, () => random.integer(length - blockLength + 1));
}
