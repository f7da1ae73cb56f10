import { join, resolve } from 'node:path';
import { writing } from './cannot-write.js';
import type { Changes } from './changed-settings.js';
import { Durations } from './durations.js';
import { estimateRun, type RunEstimate } from './estimate.js';
import type { Executor } from './executor.js';
import type { Json, ProfileName } from './experiment.js';
import type { ExperimentPackage } from './find-experiments.js';
import { LastRuns } from './last-run.js';
import { localExecutor } from './local-executor.js';
import { missingUnits, outlookOf, plannedStep, tasksOf } from './pending-work.js';
import { ResultsDirectory } from './results-directory.js';
import { RunCache } from './run-cache.js';
import { checkFolder } from './run-command.js';
import type { RunEvent } from './run-events.js';
import { takeLock } from './run-lock.js';
import { type PlannedUnit, planRun, type RunPlan } from './run-plan.js';
import { RunProgress } from './run-progress.js';
import { sourceClosure } from './source-closure.js';
import { storedKinds } from './stored-kinds.js';
import { UnitStore } from './unit-store.js';
import { whyComputed } from './why-computed.js';

export interface ReproduceOptions {
  readonly profile: ProfileName;
  /** Root seed. */
  readonly seed: number;
  /** Identifiers of the parts to run; the results are then those of these parts alone. Default: all. */
  readonly parts?: readonly string[];
  /** Settings of the parts that are not to be those of the profile: `{ width: 20 }`. */
  readonly changed?: Changes;
  /**
   * Folder of `results/<experiment>/` for the results: letters, digits, `-` and `_`. A profile's name only for a run of its
   * own, and only without changes. Default: the profile's for a whole run without changes, else `custom`.
   */
  readonly as?: string;
  /** Folder of the repository: results go to `results/` in it. */
  readonly root: string;
  /** Default: child processes on this machine. */
  readonly executor?: Executor;
  readonly onEvent?: (event: RunEvent) => void;
  /** Compute every unit anew and write the results again, whatever is stored. Default false. */
  readonly force?: boolean;
  /** Stops the run: its units are killed, finished ones stay in the store, and the results stay what they were. */
  readonly signal?: AbortSignal;
}

export interface RunOutcome {
  /** `hit`: nothing had to be done. `restored`: the same run was done before; its files were put back. */
  readonly status: 'hit' | 'restored' | 'written';
  /** `results/<experiment>/<folder>` under the root. */
  readonly directory: string;
  /** Which changed input made the run compute or write, in one line; null for a hit. */
  readonly because: string | null;
  readonly plan: RunPlan;
}

/** Some units of a run failed; the message lists them. The others are in the store. */
export class UnitsFailed extends Error {
  constructor(readonly failures: readonly { readonly unit: string; readonly reason: string }[]) {
    const units = failures.length === 1 ? '1 unit' : `${failures.length} units`;
    super(`${units} failed; the results were not written. Finished units are kept.\n${byReason(failures).join('\n')}`);
  }
}

/** Units of one reason are told together. Of many, our choice, the first are named. */
const mostNamed = 5;

function byReason(failures: UnitsFailed['failures']): string[] {
  const reasons = [...new Set(failures.map(({ reason }) => reason))];
  return reasons.map((reason) => {
    const units = failures.filter((failure) => failure.reason === reason).map(({ unit }) => `  ${unit}\n`);
    const more = units.length - mostNamed;
    const named = more > 1 ? [...units.slice(0, mostNamed), `  and ${more} more\n`] : units;
    return `${named.join('')}    ${reason.replaceAll('\n', '\n    ')}`;
  });
}

/** Where units, recorded runs and their outputs are kept: HESSIAN_RMT_CACHE, else `.hessian-rmt` in the repository. */
export function cacheDirectory(root: string): string {
  return resolve(process.env.HESSIAN_RMT_CACHE || join(root, '.hessian-rmt'));
}

/**
 * Run an experiment at a profile: take finished units from the store, compute the others, write the results directory.
 *
 * A run that was done before (same sources, profile, seed, kind of processor) is recognised: files that stand as they
 * were written are not touched, missing or altered ones are restored. Runs in one repository wait for each other, since
 * each uses the whole machine; a recognised run waits for nobody.
 *
 * A run of some parts only, or with changed settings, has a folder of its own, so that it never takes the place of the
 * profile's results.
 *
 * @throws UnusableFolder for one that such a run must not have
 * @throws UnusableSetting for a change that no part can take
 * @throws UnitsFailed when units failed; Error when the plan is wrong or the results cannot be written; the signal's
 *   reason when stopped. The old results stand in all these cases.
 */
export async function reproduce(found: ExperimentPackage, options: ReproduceOptions): Promise<RunOutcome> {
  const { profile, seed, parts, changed = {}, as } = options;
  if (as !== undefined) checkFolder(as, profile, changed);
  const plan = await planRun(found, profile, seed, parts, { changed, ...(as === undefined ? {} : { folder: as }) });
  return runPlanned(plan, options);
}

/** How a run is done, whatever it consists of. */
export type RunOptions = Pick<ReproduceOptions, 'root' | 'executor' | 'onEvent' | 'force' | 'signal'>;

/** What of a run was done before, elsewhere: by the jobs of a cluster. */
export interface WorkBefore {
  readonly started: Date;
  /** Keys of the units that were computed for this run. */
  readonly computed: readonly string[];
  /** Which changed input made the run compute, in one line. */
  readonly because: string;
  /** Who computed them, for `run.json`. */
  readonly executor: Json;
}

/** The run of a plan: see `reproduce`. */
export async function runPlanned(plan: RunPlan, options: RunOptions, before?: WorkBefore): Promise<RunOutcome> {
  const { root, executor = localExecutor(), onEvent = () => {}, force = false, signal } = options;
  const progress = new RunProgress(plan.units, executor.cores, onEvent);
  const run = new Run(plan, progress, executor, root, signal, before);
  try {
    if (!force && !before && (await run.isHit())) return await run.hit('hit', null);
    const lock = await takeLock(join(root, '.hessian-rmt', 'lock'), {
      purpose: `${plan.experiment.name} at ${plan.profile}`,
      onWait: (holder, lockFile) => progress.tell({ type: 'waiting', holder, lockFile }),
      ...(signal ? { signal } : {}),
    });
    try {
      return await run.locked(force);
    } finally {
      await run.tidy().finally(() => lock.release());
    }
  } catch (error) {
    if (!signal?.aborted) progress.tell({ type: 'failed', reason: (error as Error).message });
    throw error;
  }
}

/** The outcome of a run that is not necessary, since its units and results stand; undefined for others. */
export async function hitOf(plan: RunPlan, { root, onEvent = () => {} }: RunOptions): Promise<RunOutcome | undefined> {
  const executor = localExecutor();
  const run = new Run(plan, new RunProgress(plan.units, executor.cores, onEvent), executor, root, undefined);
  return (await run.isHit()) ? run.hit('hit', null) : undefined;
}

class Run {
  private readonly cache: string;
  private readonly store: UnitStore;
  private readonly runs: RunCache;
  private readonly results: ResultsDirectory;
  private readonly lastRuns: LastRuns;
  private started = new Date();

  constructor(
    private readonly plan: RunPlan,
    private readonly progress: RunProgress,
    private readonly executor: Executor,
    private readonly root: string,
    private readonly signal: AbortSignal | undefined,
    private readonly before?: WorkBefore,
  ) {
    this.cache = cacheDirectory(root);
    this.store = new UnitStore(this.cache);
    this.runs = new RunCache(this.cache);
    this.results = new ResultsDirectory(root, plan.experiment.name, plan.folder);
    this.lastRuns = new LastRuns(this.cache);
  }

  /** Whether every unit is in the store and the results are the files of this very run. */
  async isHit(): Promise<boolean> {
    const files = await this.runs.find(this.plan.runKey);
    if (files === undefined || !(await this.results.holds(files))) return false;
    return (await this.missingUnits(() => {})).length === 0;
  }

  async hit(status: 'hit' | 'restored', because: string | null): Promise<RunOutcome> {
    const directory = this.results.path;
    this.announce(0, null, because);
    await this.lastRuns.remember(this.plan);
    this.progress.tell({ type: 'hit', directory, restored: status === 'restored' });
    return { status, directory, because, plan: this.plan };
  }

  /** The run, with nobody else writing. */
  async locked(force: boolean): Promise<RunOutcome> {
    const { plan, runs, results } = this;
    // Runs that were waited for took time that is not this one's.
    this.started = this.before?.started ?? new Date();
    this.progress.begin();
    await results.prepare();
    await this.store.prepare();
    const missing = force ? plan.units : await this.missingUnits((unit, reason) => this.discard(unit, reason));
    if (missing.length === 0 && !this.before?.computed.length) {
      const files = await runs.find(plan.runKey);
      if (files && (await results.holds(files))) return this.hit('hit', null);
      if (files && (await runs.canRestore(files))) {
        const because = await this.why(missing);
        await results.replace((folder) => runs.restore(files, folder));
        return this.hit('restored', because);
      }
    }
    const because = this.before?.because ?? (force ? 'everything anew, as --force asks' : await this.why(missing));
    await this.compute(missing, because);
    await this.write(this.before?.computed ?? missing.map(({ key }) => key));
    await this.lastRuns.remember(plan);
    return { status: 'written', directory: results.path, because, plan };
  }

  async tidy(): Promise<void> {
    await this.results.discard();
    await this.store.removeLeftovers();
  }

  private missingUnits(onDamaged: (unit: PlannedUnit, reason: string) => unknown): Promise<PlannedUnit[]> {
    return missingUnits(this.plan.units, this.store, onDamaged, this.signal);
  }

  private async discard({ key, label }: PlannedUnit, reason: string): Promise<void> {
    this.progress.tell({ type: 'unitDamaged', key, unit: label, reason });
    await this.store.remove(key);
  }

  private async why(missing: readonly PlannedUnit[]): Promise<string> {
    const { plan, results } = this;
    return whyComputed(plan, missing, await this.lastRuns.find(plan.experiment.name, plan.folder, results.path));
  }

  private announce(toCompute: number, estimate: RunEstimate | null, because: string | null): void {
    this.progress.tell(plannedStep(this.plan, { toCompute, cores: this.executor.cores, estimate, because }));
  }

  private async compute(missing: readonly PlannedUnit[], because: string): Promise<void> {
    const durations = new Durations(join(this.cache, 'durations.json'));
    const { cores } = this.executor;
    const stored = storedKinds(this.root, this.plan.experiment, this.plan.library, this.plan.folder);
    const outlook = await outlookOf(missing, durations, cores, stored);
    this.progress.expect(missing.map((unit) => ({ unit, expectedSeconds: outlook.get(unit.key)!.expectedSeconds })));
    const estimate = estimateRun([...outlook.values()], cores, this.plan.library.kind === 'portable');
    this.announce(missing.length, missing.length === 0 ? null : estimate, because);
    for (const { key, label } of this.plan.units) {
      if (!missing.some((unit) => unit.key === key)) this.progress.tell({ type: 'unitTaken', key, unit: label });
    }
    if (missing.length === 0) return this.measure(durations);

    const tasks = tasksOf(missing, outlook, this.cache);
    const reasons = new Map<string, string>();
    try {
      await this.executor.run(
        tasks,
        (event) => {
          if (event.type === 'failed') reasons.set(event.key, event.reason);
          this.progress.take(event);
        },
        this.signal,
      );
    } finally {
      await this.measure(durations);
    }
    // An executor may believe a unit done that is not: what counts is the store.
    const failed = missing.filter(({ key }) => reasons.has(key) || !this.store.has(key));
    if (failed.length === 0) return;
    throw new UnitsFailed(
      failed.map(({ key, label }) => ({ unit: label, reason: reasons.get(key) ?? 'It left no result in the store.' })),
    );
  }

  /** What the units of the plan took and store, whoever computed them, for the estimates of later runs. */
  private async measure(durations: Durations): Promise<void> {
    for (const { key, ingredients, cost } of this.plan.units.filter((unit) => this.store.has(unit.key))) {
      try {
        const { seconds } = await this.store.written(key);
        durations.add(ingredients, seconds, { bytes: await this.store.size(key), cost });
      } catch {
        // Damaged, or taken away: whoever needs the unit tells.
      }
    }
    await durations.save();
  }

  private async write(computed: readonly string[]): Promise<void> {
    const { plan, store, results, runs, executor, root, started, signal, before } = this;
    this.progress.tell({ type: 'writing', directory: results.path });
    // Drawing is loaded only when something is drawn.
    const { writeResults } = await import('./write-results.js');
    const by = before ? { executor: before.executor } : {};
    const course = { started, computed, cores: executor.cores, ...by };
    const files = await results.replace(async (folder) => {
      await writeResults(plan, store, folder, { course, root, signal });
      await checkUnchanged(plan);
    });
    const whole = `The results in ${results.path} are whole; the next run writes them again.`;
    await writing('Copies of the results', this.cache, whole, () => runs.keep(plan.runKey, results.path, files));
    this.progress.tell({ type: 'finished', directory: results.path, files: Object.keys(files).length });
  }
}

/** Hours may lie between the plan and the figures: what was rebuilt meanwhile must not go under the old sources' name. */
async function checkUnchanged(plan: RunPlan): Promise<void> {
  const { hash } = await sourceClosure(plan.entry, { exclude: [] });
  if (hash === plan.sources.hash) return;
  throw new Error(
    `The sources of ${plan.experiment.name} changed during the run, so its results were not written. Run it again.`,
  );
}
