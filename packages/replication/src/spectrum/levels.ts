import { distinctLevels, foldedSpacingRatios, type MeanEstimate, meanWithStandardError } from '@hessian-rmt/rmt';

/** Mean of min(r, 1/r) of large matrices: GOE by simulation (Atas et al. 2013, table I), independent levels exactly. */
export const meanRatioOf = { goe: 0.5307, poisson: 2 * Math.LN2 - 1 } as const;

/** Deflated levels within this many epsilon of the largest are not told from zero: see docs/levels-and-rounding.md. */
const unresolvedWithin = 32;

/** Fewer ratios than these tell nothing (our choice). */
const fewestRatios = 20;

/** Eigenvalues of one matrix that were computed, ascending; structural zeros are not among them where they were removed. */
export interface ComputedLevels {
  readonly levels: Float64Array;
  readonly deflated: boolean;
  readonly roundingFloor: number;
}

/**
 * Below this, levels are rounding: of a deflated matrix 32 epsilon of the largest, of a whole one its rounding floor, as
 * its zeros are spread out over much of that.
 */
export function resolution({ levels, deflated, roundingFloor }: ComputedLevels): number {
  if (!deflated || levels.length === 0) return roundingFloor;
  return unresolvedWithin * Number.EPSILON * Math.max(-levels[0], levels[levels.length - 1]);
}

/** The levels that float64 tells from zero. */
export function resolvedLevels(computed: ComputedLevels): Float64Array {
  const floor = resolution(computed);
  return computed.levels.filter((level) => Math.abs(level) > floor);
}

/**
 * min(r, 1/r) of the consecutive spacings of resolved levels, equal ones counted once; of negative and positive levels
 * apart, since across the zeros two levels are no neighbours.
 */
export function foldedRatios(computed: ComputedLevels): Float64Array {
  const resolved = resolvedLevels(computed);
  const ratiosOf = (levels: Float64Array) => foldedSpacingRatios(distinctLevels(levels).levels);
  const negative = ratiosOf(resolved.filter((level) => level < 0));
  const positive = ratiosOf(resolved.filter((level) => level > 0));
  return Float64Array.from([...negative, ...positive]);
}

/** Their mean over spectra; null where there are not ratios enough. */
export function meanRatio(spectra: readonly Float64Array[]): MeanEstimate | null {
  const count = spectra.reduce((sum, { length }) => sum + length, 0);
  return count < fewestRatios ? null : meanWithStandardError(spectra);
}
