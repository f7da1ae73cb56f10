import { startSeconds } from '../estimate.js';
import type { KnownBy, Outlook } from '../pending-work.js';
import type { PlannedUnit, RunPlan } from '../run-plan.js';

/** What a run would take, told without doing any of it. */
export interface RunCosts {
  readonly units: { readonly all: number; readonly inStore: number; readonly toCompute: number };
  /** Of the units to compute of which something is known: seconds times threads. */
  readonly coreSeconds: number;
  /** By the clock: the work spread over the cores, and no less than the longest chain of units that need each other. */
  readonly seconds: number;
  readonly cores: number;
  /** How many of the units to compute have their time from where. */
  readonly known: Readonly<Record<KnownBy, number>>;
  readonly longest: { readonly unit: string; readonly seconds: number } | null;
  /** Of the units to compute: the one that holds most, as its kind tells it. */
  readonly memory: { readonly unit: string; readonly bytes: number } | null;
  /** Units that tell more than the machine has. */
  readonly tooLarge: readonly { readonly unit: string; readonly bytes: number }[];
  readonly storage: StorageCosts;
  /** The longest first. */
  readonly kinds: readonly KindCosts[];
  /** The longest first; a unit counts for the first part that asks for it, or for one that needs it. */
  readonly parts: readonly { readonly part: string; readonly units: number; readonly coreSeconds: number }[];
}

/** Bytes on the disk. Checkpoints, which go when a unit is finished, are not counted. */
export interface StorageCosts {
  readonly inStore: number;
  /** Of the units to compute, as far as it is known. */
  readonly toCome: number;
  /** How many of them have it from where. */
  readonly known: Readonly<Record<BytesKnownBy, number>>;
  /** Stored results whose units are taken for those to come, by folder. */
  readonly taken: readonly string[];
}

/** Of an *equal* unit or the mean of the *kind* on this machine; the mean of the kind in *stored* results. */
export type BytesKnownBy = 'equal' | 'kind' | 'stored' | 'nothing';

export interface KindCosts {
  readonly kind: string;
  readonly units: number;
  readonly coreSeconds: number;
  /** Seconds of its longest unit; null when no time is known of any. */
  readonly longest: number | null;
  readonly bytes: number;
  /** From where most of its units have their time. */
  readonly known: KnownBy;
  /** What the kind tells was multiplied by this; null where nothing told is used. */
  readonly pace: number | null;
}

/** What is known of one unit to compute. */
export interface UnitOutlook extends Outlook {
  readonly bytes: number | undefined;
  readonly bytesKnown: BytesKnownBy;
  /** With `stored`: the folder of results/EXPERIMENT/ that tells it. */
  readonly folder?: string | undefined;
}

export interface CostOptions {
  readonly cores: number;
  /** Bytes that the machine has. */
  readonly memory: number;
  /** Of the units that stand in the store. */
  readonly storedBytes: number;
}

/** @param outlook  of the units to compute, by key; the others stand in the store */
export function runCosts(
  { units, parts }: Pick<RunPlan, 'units' | 'parts'>,
  outlook: ReadonlyMap<string, UnitOutlook>,
  { cores, memory, storedBytes }: CostOptions,
): RunCosts {
  const missing = units
    .filter(({ key }) => outlook.has(key))
    .map((unit) => ({ ...unit, ...outlook.get(unit.key)!, ...timeOf(outlook.get(unit.key)!, cores) }));
  const coreSeconds = sum(missing, (unit) => unit.coreSeconds);
  const timed = missing.filter((unit) => unit.known !== 'nothing');
  const holding = missing.flatMap(({ label, cost }) => (cost?.memory ? [{ unit: label, bytes: cost.memory }] : []));
  const longest = largest(timed, ({ seconds }) => seconds);
  return {
    units: { all: units.length, inStore: units.length - missing.length, toCompute: missing.length },
    coreSeconds,
    seconds: Math.max(coreSeconds / cores, longestChain(missing)),
    cores,
    known: countBy(['equal', 'told', 'kind', 'stored', 'nothing'], missing, ({ known }) => known),
    longest: longest === undefined ? null : { unit: longest.label, seconds: longest.seconds },
    memory: largest(holding, ({ bytes }) => bytes) ?? null,
    tooLarge: holding.filter(({ bytes }) => bytes > memory),
    storage: {
      inStore: storedBytes,
      toCome: sum(missing, ({ bytes = 0 }) => bytes),
      known: countBy(['equal', 'kind', 'stored', 'nothing'], missing, ({ bytesKnown }) => bytesKnown),
      taken: [...new Set(missing.flatMap(({ folder }) => folder ?? []))].sort(),
    },
    kinds: [...new Set(missing.map(({ kind }) => kind))]
      .map((kind) =>
        costsOfKind(
          kind,
          missing.filter((unit) => unit.kind === kind),
        ),
      )
      .sort((a, b) => b.coreSeconds - a.coreSeconds),
    parts: costsOfParts(parts, new Map(missing.map((unit) => [unit.key, unit]))),
  };
}

type TimedUnit = Omit<PlannedUnit, 'cost'> & UnitOutlook & { readonly seconds: number; readonly coreSeconds: number };

/** Nothing for a unit of which nothing is known. */
function timeOf({ expectedSeconds, threads }: Outlook, cores: number): { seconds: number; coreSeconds: number } {
  const seconds = expectedSeconds === undefined ? 0 : expectedSeconds + startSeconds;
  return { seconds, coreSeconds: seconds * Math.min(threads, cores) };
}

/** Seconds of units that need each other, one after the other. */
function longestChain(units: readonly TimedUnit[]): number {
  const byKey = new Map(units.map((unit) => [unit.key, unit]));
  const ends = new Map<string, number>();
  const endOf = ({ key, seconds, needs }: TimedUnit): number => {
    const known = ends.get(key);
    if (known !== undefined) return known;
    const end = seconds + Math.max(0, ...needs.flatMap((need) => byKey.get(need.key) ?? []).map(endOf));
    ends.set(key, end);
    return end;
  };
  return units.reduce((latest, unit) => Math.max(latest, endOf(unit)), 0);
}

function costsOfKind(kind: string, units: readonly TimedUnit[]): KindCosts {
  const counts = new Map<KnownBy, number>();
  for (const { known } of units) counts.set(known, (counts.get(known) ?? 0) + 1);
  const [known] = [...counts].sort((a, b) => b[1] - a[1])[0];
  const timed = units.filter((unit) => unit.known !== 'nothing');
  const told = units.filter((unit) => unit.pace !== undefined);
  return {
    kind,
    units: units.length,
    coreSeconds: sum(units, (unit) => unit.coreSeconds),
    longest: largest(timed, ({ seconds }) => seconds)?.seconds ?? null,
    bytes: sum(units, ({ bytes = 0 }) => bytes),
    known,
    pace: largest(told, ({ seconds }) => seconds)?.pace ?? null,
  };
}

function costsOfParts(parts: RunPlan['parts'], left: Map<string, TimedUnit>): RunCosts['parts'] {
  /** Takes units, and those they need, out of what is left. */
  const take = (keys: readonly string[]): readonly TimedUnit[] =>
    keys.flatMap((key) => {
      const unit = left.get(key);
      if (unit === undefined) return [];
      left.delete(key);
      return [unit, ...take(unit.needs.map((need) => need.key))];
    });
  return parts
    .map(({ part, units }) => {
      const own = take(units.map(({ key }) => key));
      return { part: part.id, units: own.length, coreSeconds: sum(own, (unit) => unit.coreSeconds) };
    })
    .filter(({ units }) => units > 0)
    .sort((a, b) => b.coreSeconds - a.coreSeconds);
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}

function largest<T>(values: readonly T[], of: (value: T) => number): T | undefined {
  return values.reduce<T | undefined>(
    (best, value) => (best === undefined || of(value) > of(best) ? value : best),
    undefined,
  );
}

function countBy<N extends string, T>(
  names: readonly N[],
  values: readonly T[],
  of: (value: T) => N,
): Record<N, number> {
  return Object.fromEntries(names.map((name) => [name, values.filter((value) => of(value) === name).length])) as Record<
    N,
    number
  >;
}
