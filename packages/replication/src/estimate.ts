import type { UnitCost } from './experiment.js';
import { remainingSeconds } from './remaining-time.js';

/** What computing takes, told before it starts: to a factor of two, if the costs that the kinds tell are that good. */
export interface RunEstimate {
  /** Seconds for those units that something is known of; null when nothing is known of any. */
  readonly seconds: number | null;
  /** Number of units of which nothing is known: no cost, and no unit of their kind was ever computed here. */
  readonly unknown: number;
  /** Seconds with a BLAS library, where there is none; null with one, and when the cost of some unit is not known. */
  readonly withLibrary: number | null;
}

/** What an estimate needs to know of a unit. */
export interface Estimated {
  readonly kind: string;
  readonly threads: number;
  readonly cost?: UnitCost | undefined;
  /** By the best of what is known: see `expectedSeconds`. */
  readonly expectedSeconds?: number | undefined;
}

/**
 * Seconds around a unit: Node starts, modules load and are hashed, the library is tested, the result is stored. Measured
 * for the units of gauss-newton-outliers on a two-core Xeon.
 */
export const startSeconds = 0.5;

/**
 * Operations a second of a BLAS library on one core, where there is none to measure: four lanes, two fused
 * multiply-additions at once and 2 to 3 GHz are 32 to 48 10^9 at best (AVX2). An assumption about a machine not seen.
 */
const assumedLibraryRate = 30e9;

/** Seconds that a unit of this cost takes at so many operations a second and thread. */
export function secondsOf({ flops, seconds = 0 }: UnitCost, threads: number, rate: number): number {
  return flops / (rate * threads) + seconds;
}

/**
 * @param cores  that the units share
 * @param portable  whether they do without a BLAS library
 */
export function estimateRun(units: readonly Estimated[], cores: number, portable: boolean): RunEstimate {
  const known = units.filter(({ expectedSeconds }) => expectedSeconds !== undefined);
  const costs = units.flatMap(({ cost, ...unit }) => (cost === undefined ? [] : [{ ...unit, cost }]));
  const withLibrary =
    portable && units.length > 0 && costs.length === units.length
      ? wallTime(
          costs.map(({ cost, kind, threads }) => {
            const expectedSeconds = secondsOf(cost, Math.min(threads, cores), assumedLibraryRate);
            return { kind, threads, expectedSeconds };
          }),
          cores,
        )
      : null;
  return {
    seconds: known.length === 0 ? null : wallTime(known, cores),
    unknown: units.length - known.length,
    withLibrary,
  };
}

function wallTime(units: readonly Estimated[], cores: number): number {
  const outlooks = units.map(({ kind, threads, expectedSeconds = 0 }) => ({
    kind,
    threads,
    expectedSeconds: expectedSeconds + startSeconds,
  }));
  return remainingSeconds(outlooks, new Map(), cores)!;
}
