/** What is known about one unit that is still to be finished. */
export interface UnitOutlook {
  readonly kind: string;
  readonly threads: number;
  /** How long a unit like it took before. */
  readonly expectedSeconds?: number;
  /** Set once it runs. */
  readonly running?: { readonly seconds: number; readonly fraction: number };
}

/**
 * Seconds until all units are done: their remaining core-seconds, spread over the cores, but no less than the longest of
 * them takes. A unit's duration is extrapolated from its own progress once a twentieth is done, else it is what a unit
 * like it took before, else the mean of its kind in this run.
 *
 * @returns null as long as some unit's duration is not known in any of these ways
 */
export function remainingSeconds(
  units: readonly UnitOutlook[],
  meanOfKind: ReadonlyMap<string, number>,
  cores: number,
): number | null {
  let coreSeconds = 0;
  let longest = 0;
  for (const { kind, threads, expectedSeconds, running } of units) {
    const started = running !== undefined && running.fraction >= 0.05;
    const total = started ? running.seconds / running.fraction : (expectedSeconds ?? meanOfKind.get(kind));
    if (total === undefined) return null;
    const left = Math.max(0, total - (running?.seconds ?? 0));
    coreSeconds += left * Math.min(threads, cores);
    longest = Math.max(longest, left);
  }
  return Math.max(longest, coreSeconds / cores);
}
