import { mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { duration } from '../console-reporter.js';
import type { Executor, UnitTask } from '../executor.js';
import type { ExperimentPackage } from '../find-experiments.js';
import { asideName, removeLeftovers } from '../leftovers.js';
import { plural } from '../measurement.js';
import { taskOf } from '../pending-work.js';
import { processorName } from '../processor-name.js';
import { cacheDirectory } from '../reproduce.js';
import type { RunEvent } from '../run-events.js';
import { takeLock } from '../run-lock.js';
import { type PlannedUnit, type RunPlan, unitIdentity } from '../run-plan.js';
import { RunProgress } from '../run-progress.js';
import { readRunRecord, readStoredManifest, type StoredManifest, type StoredRunRecord } from '../stored-manifest.js';
import { planLikeStored } from '../stored-plan.js';
import type { StoredResults } from '../stored-results.js';
import { DamagedUnit, type UnitRecord, UnitStore } from '../unit-store.js';
import { compareResults, type ResultDifference } from './compare-results.js';
import { type Candidates, candidatesInManifest, candidatesInStore, drawUnits, withNeeded } from './draw-units.js';

export interface VerifyOptions {
  readonly root: string;
  /** How many units to draw. */
  readonly units: number;
  /** Root of the stream that draws them; it is no seed of theirs. */
  readonly seed: number;
  /** Units that took longer than so many seconds are not drawn. */
  readonly limit: number;
  readonly executor: Executor;
  /** Takes a line about how far it is. */
  readonly say?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** A unit computed again. */
export interface VerifiedUnit {
  readonly key: string;
  /** One line for people. */
  readonly unit: string;
  /** `damaged`: the stored unit is not what was written. `failed`: it could not be computed. */
  readonly state: 'identical' | 'different' | 'damaged' | 'failed';
  readonly differences: readonly ResultDifference[];
  /** Why it is damaged, or failed. */
  readonly reason: string | null;
}

export interface Verification {
  readonly experiment: string;
  readonly folder: string;
  /** What was compared with: units in the store, numbers and arrays; or the sums of arrays in the manifest. */
  readonly with: 'store' | 'manifest';
  readonly units: readonly VerifiedUnit[];
  /** Units of the run, and those of them that could not be drawn: see Candidates. */
  readonly planned: number;
  readonly tooLong: number;
  readonly incomparable: number;
  /** Units computed by other code than the stored ones: only the manifest's can be. */
  readonly olderCode: number;
  /** In what machine and libraries the stored run was another: then last bits differ. Null where nothing tells so. */
  readonly elsewhere: string | null;
}

/**
 * Compute a random sample of the units of stored results again, in child processes and into a store of its own, and
 * compare them with what is stored: with the units in the store, byte for byte; where the store has none of them, as in a
 * fresh clone, with the sums of arrays in manifest.json. What a drawn unit needs is taken from the store, or computed.
 *
 * @throws Error when the results have no manifest or the present code does not plan them; the signal's reason when stopped
 */
export async function verifyResults(
  found: ExperimentPackage,
  results: StoredResults,
  options: VerifyOptions,
): Promise<Verification> {
  const { root, signal, say = () => {}, limit } = options;
  const manifest = readStoredManifest(results.directory);
  if (manifest === undefined) {
    throw new Error(`${results.directory}: expected manifest.json, which says what to compute; found none`);
  }
  const { plan } = await planLikeStored(found, manifest, results.folder);
  const cache = cacheDirectory(root);
  const store = new UnitStore(cache);
  const record = readRunRecord(results.directory);
  const lock = await takeLock(join(root, '.hessian-rmt', 'lock'), {
    purpose: `verify of ${found.name}`,
    onWait: ({ purpose, pid, host }) => say(`Waiting for ${purpose}, process ${pid} on ${host}.`),
    ...(signal ? { signal } : {}),
  });
  const temporary = join(cache, 'aside', asideName());
  const session = new Session(plan, manifest, store, temporary, options);
  try {
    // Looked at with the lock in hand: what was waited for may have put units into the store, or pruned it.
    const isStored = plan.units.some(({ key }) => store.has(key));
    const candidates = isStored
      ? await candidatesInStore(plan, store, limit)
      : candidatesInManifest(plan, manifest, record, limit);
    await removeLeftovers(join(cache, 'aside'));
    await mkdir(temporary, { recursive: true });
    const drawn = Math.min(options.units, candidates.units.length);
    const needed = isStored ? '' : ', with what they need';
    say(
      `${found.name}, ${results.folder}: computing ${plural(drawn, 'unit')} of ${plan.units.length} again${needed} ...`,
    );
    const units = isStored ? await session.againstStore(candidates) : await session.againstManifest(candidates);
    return {
      experiment: found.name,
      folder: results.folder,
      with: isStored ? 'store' : 'manifest',
      units,
      planned: plan.units.length,
      tooLong: candidates.tooLong,
      incomparable: candidates.incomparable,
      olderCode: session.olderCode,
      elsewhere: elsewhere(plan, manifest, record),
    };
  } finally {
    await rm(temporary, { recursive: true, force: true });
    lock.release();
  }
}

/** One round of computing and comparing. */
class Session {
  olderCode = 0;

  constructor(
    private readonly plan: RunPlan,
    private readonly manifest: StoredManifest,
    private readonly store: UnitStore,
    private readonly temporary: string,
    private readonly options: VerifyOptions,
  ) {}

  /** Each unit in a store of its own, in which the units that it needs are those of the real one. */
  async againstStore(candidates: Candidates): Promise<readonly VerifiedUnit[]> {
    const { store, temporary } = this;
    const broken = candidates.damaged.map(({ unit, reason }) => verdict(unit, 'damaged', reason));
    const tasks: UnitTask[] = [];
    const records = new Map<string, UnitRecord>();
    for (const { unit, seconds } of this.drawn(candidates)) {
      try {
        records.set(unit.key, await store.record(unit.key));
      } catch (error) {
        if (!(error instanceof DamagedUnit)) throw error;
        broken.push(verdict(unit, 'damaged', error.message));
        continue;
      }
      const own = new UnitStore(join(temporary, unit.key));
      for (const { key } of unit.needs) {
        await mkdir(dirname(own.folderOf(key)), { recursive: true });
        await symlink(store.folderOf(key), own.folderOf(key), 'dir');
      }
      tasks.push(taskOf(unit, own.directory, seconds));
    }
    const failures = await this.compute(tasks);
    const compared = await Promise.all(
      tasks.map(async ({ key, store: directory }) => {
        const unit = this.unitOf(key);
        if (failures.has(key)) return verdict(unit, 'failed', failures.get(key)!);
        const own = new UnitStore(directory);
        const computed = await own.record(key);
        const stored = records.get(key)!;
        if (sameSums(stored, computed)) return verdict(unit, 'identical');
        return verdict(unit, 'different', null, compareResults(await store.load(stored), await own.load(computed)));
      }),
    );
    return [...broken, ...compared];
  }

  /** All units in one store, those first that others need; every one of them is compared that has sums in the manifest. */
  async againstManifest(candidates: Candidates): Promise<readonly VerifiedUnit[]> {
    const { plan, manifest, temporary } = this;
    const drawn = this.drawn(candidates);
    const units = withNeeded(
      drawn.map(({ unit }) => unit),
      plan,
    );
    const failures = await this.compute(units.map((unit) => taskOf(unit, temporary)));
    const computed = new UnitStore(temporary);
    const stored = new Map(manifest.units.map((unit) => [unitIdentity(unit), unit]));
    const verdicts: VerifiedUnit[] = [];
    for (const unit of units) {
      const entry = stored.get(unitIdentity(unit.ingredients));
      if (failures.has(unit.key)) verdicts.push(verdict(unit, 'failed', failures.get(unit.key)!));
      else if (entry !== undefined && Object.keys(entry.arrays).length > 0) {
        if (entry.sources !== unit.ingredients.sources) this.olderCode++;
        const differences = sumDifferences(entry.arrays, await computed.record(unit.key));
        verdicts.push(verdict(unit, differences.length === 0 ? 'identical' : 'different', null, differences));
      }
    }
    return verdicts;
  }

  private drawn({ units }: Candidates) {
    const { units: count, seed } = this.options;
    return drawUnits(units, count, seed, this.plan.experiment.name);
  }

  private unitOf(key: string): PlannedUnit {
    return this.plan.units.find((unit) => unit.key === key)!;
  }

  /** @returns why units failed, by key */
  private async compute(tasks: readonly UnitTask[]): Promise<ReadonlyMap<string, string>> {
    const { executor, say = () => {}, signal } = this.options;
    const failures = new Map<string, string>();
    const progress = new RunProgress(this.plan.units, executor.cores, progressLines(say));
    progress.expect(tasks.map(({ key, expectedSeconds }) => ({ unit: this.unitOf(key), expectedSeconds })));
    await executor.run(
      tasks,
      (event) => {
        if (event.type === 'failed') failures.set(event.key, event.reason);
        progress.take(event);
      },
      signal,
    );
    return failures;
  }
}

/** Seconds between two lines about units that are still running: our choice. */
const interval = 10;

function progressLines(say: (line: string) => void): (event: RunEvent) => void {
  let last = 0;
  return (event) => {
    const { type, elapsedSeconds, remainingSeconds } = event;
    const isLine = type === 'unitFinished' || type === 'unitFailed';
    if (!isLine && (type !== 'unitProgress' || elapsedSeconds - last < interval)) return;
    last = elapsedSeconds;
    const left = remainingSeconds === null || remainingSeconds < 1 ? '' : `, about ${duration(remainingSeconds)} left`;
    if (type === 'unitFinished') {
      say(`[${event.done}/${event.of}] ${event.unit}: ${duration(event.seconds)}${left}`);
    } else if (type === 'unitFailed') {
      say(`FAILED ${event.unit}: ${event.reason.split('\n', 1)[0]}`);
    } else {
      say(`  ${event.unit}: ${Math.round(100 * event.fraction)} %, ${event.doing}${left}`);
    }
  };
}

function verdict(
  { key, label }: PlannedUnit,
  state: VerifiedUnit['state'],
  reason: string | null = null,
  differences: readonly ResultDifference[] = [],
): VerifiedUnit {
  return { key, unit: label, state, differences, reason };
}

function sameSums(a: UnitRecord, b: UnitRecord): boolean {
  return JSON.stringify([a.numbers, a.arrays]) === JSON.stringify([b.numbers, b.arrays]);
}

function sumDifferences(stored: Readonly<Record<string, string>>, { arrays }: UnitRecord): ResultDifference[] {
  return Object.entries(stored).flatMap(([name, sum]) => {
    const now = arrays[name]?.sha256;
    if (now === sum) return [];
    const other =
      now === undefined ? 'not computed now' : `sum ${now.slice(0, 12)}, in the manifest ${sum.slice(0, 12)}`;
    return [{ name: `arrays.${name}`, count: null, absolute: null, relative: null, other }];
  });
}

function elsewhere({ library }: RunPlan, manifest: StoredManifest, record: StoredRunRecord): string | null {
  const processor = processorName();
  const differ: string[] = [];
  if (
    manifest.linearAlgebra !== library.identity ||
    (record.linearAlgebra ?? library.description) !== library.description
  ) {
    differ.push(`${record.linearAlgebra ?? manifest.linearAlgebra}, here ${library.description}`);
  }
  if (record.processor !== undefined && record.processor !== processor) {
    differ.push(`${record.processor}, here ${processor}`);
  }
  return differ.length === 0 ? null : differ.join('; ');
}
