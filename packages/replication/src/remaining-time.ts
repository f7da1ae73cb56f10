/** What is known about one unit that is still to be finished. */
export interface UnitOutlook {
  readonly kind: string;
  readonly threads: number;
  /** Estimate made before it started. */
  readonly expectedSeconds?: number;
  /** Set once it runs. */
  readonly running?: {
    readonly seconds: number;
    /** What it told first and last of how far it is, after how many seconds. */
    readonly first?: Report;
    readonly last?: Report;
  };
}

export interface Report {
  readonly seconds: number;
  readonly fraction: number;
}

/** What the units of one kind that this run finished tell about those still to be done. */
export interface Pace {
  /** Mean seconds of a unit. */
  readonly mean: number;
  /** Seconds they took for each second that was expected of them; absent where none was expected. */
  readonly perExpected?: number;
}

/**
 * Seconds until all units are done: their remaining core-seconds, spread over the cores, but no less than the longest of
 * them takes. A unit's duration is extrapolated from its own progress once that has grown by a twentieth since it first
 * told of it, which may have been with a good part done already, where it goes on after a kill; else it is what was
 * expected, corrected by how the finished units of its kind kept to it, else the mean of its kind in this run, else
 * extrapolated from the first it told.
 *
 * @returns null as long as some unit's duration is not known in any of these ways
 */
export function remainingSeconds(
  units: readonly UnitOutlook[],
  paceOfKind: ReadonlyMap<string, Pace>,
  cores: number,
): number | null {
  let coreSeconds = 0;
  let longest = 0;
  for (const { kind, threads, expectedSeconds, running } of units) {
    const pace = paceOfKind.get(kind);
    const corrected = expectedSeconds === undefined ? pace?.mean : expectedSeconds * (pace?.perExpected ?? 1);
    const total = byItsPace(running) ?? corrected ?? byItsStart(running);
    if (total === undefined) return null;
    const left = Math.max(0, total - (running?.seconds ?? 0));
    coreSeconds += left * Math.min(threads, cores);
    longest = Math.max(longest, left);
  }
  return Math.max(longest, coreSeconds / cores);
}

/** Less than this, and the steps of its progress say more than its pace: our choice. */
const enough = 0.05;

/** Seconds in all, by the time that progress took between two reports. */
function byItsPace(running: UnitOutlook['running']): number | undefined {
  const { first, last } = running ?? {};
  if (first === undefined || last === undefined || last.fraction - first.fraction < enough) return undefined;
  const seconds = (last.seconds - first.seconds) / (last.fraction - first.fraction);
  return last.seconds + (1 - last.fraction) * seconds;
}

/** As if all of its time so far had gone into what it told. */
function byItsStart(running: UnitOutlook['running']): number | undefined {
  const fraction = running?.last?.fraction ?? 0;
  return fraction < enough ? undefined : running!.seconds / fraction;
}
