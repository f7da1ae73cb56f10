import { distinctLevels, foldedSpacingRatios, type MeanEstimate, meanWithStandardError } from '@hessian-rmt/rmt';
import { joined } from './authors-procedure.js';

/** Mean of min(r, 1/r) of large matrices: GOE by simulation (Atas et al. 2013, table I), independent levels exactly. */
export const meanRatioOf = { goe: 0.5307, poisson: 2 * Math.LN2 - 1 } as const;

/**
 * Deflated levels within this many epsilon of the largest are not told from zero (our choice: about the
 * largest error that the full matrices of the audit show; the deflated ones are smaller, and so are their errors).
 */
export const unresolvedWithin = 32;

/** The levels of a deflated spectrum that float64 resolves. */
export function resolvedLevels(levels: Float64Array): Float64Array {
  const floor = unresolvedWithin * Number.EPSILON * Math.max(-levels[0], levels[levels.length - 1]);
  return levels.filter((level) => Math.abs(level) > floor);
}

/** min(r, 1/r) of levels, equal ones counted once. */
export function foldedRatios(levels: Float64Array): Float64Array {
  return foldedSpacingRatios(distinctLevels(levels).levels);
}

/** The same for negative and positive levels apart: across the null space two levels are no neighbours. */
export function foldedRatiosBySign(levels: Float64Array): Float64Array {
  return joined([foldedRatios(levels.filter((level) => level < 0)), foldedRatios(levels.filter((level) => level > 0))]);
}

/** Positive levels from one share of their ranks, counted from zero upwards, to another. */
export function rankRange(levels: Float64Array, from: number, to: number): Float64Array {
  const positive = levels.filter((level) => level > 0);
  return positive.subarray(Math.floor(from * positive.length), Math.floor(to * positive.length));
}

/** Mean of min(r, 1/r) over spectra; null where there are not levels enough. */
export function meanRatio(groups: readonly Float64Array[]): MeanEstimate | null {
  return joined([...groups]).length < 20 ? null : meanWithStandardError(groups);
}
