import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Durations } from '../durations.js';
import { estimateRun } from '../estimate.js';
import type { ExperimentPackage } from '../find-experiments.js';
import { LastRuns } from '../last-run.js';
import { plural } from '../measurement.js';
import { missingUnits, outlookOf, plannedStep, tasksOf } from '../pending-work.js';
import { cacheDirectory, hitOf, type ReproduceOptions, type RunOutcome } from '../reproduce.js';
import { ResultsDirectory } from '../results-directory.js';
import { rewriteFile } from '../rewrite-file.js';
import { checkFolder } from '../run-command.js';
import type { RunEvent } from '../run-events.js';
import { takeLock } from '../run-lock.js';
import { type PlannedUnit, planRun, type RunPlan } from '../run-plan.js';
import { RunProgress } from '../run-progress.js';
import { storedKinds } from '../stored-kinds.js';
import { UnitStore } from '../unit-store.js';
import { whyComputed } from '../why-computed.js';
import { arrayScript, environmentOfJobs, lastJobScript } from './batch-script.js';
import { type JobArray, jobPlan, type SlurmLimits } from './job-plan.js';
import { type Scheduler, slurmScheduler } from './scheduler.js';
import type { SlurmSettings } from './slurm-settings.js';
import {
  cancelledAt,
  jobName,
  makeSubmission,
  newSubmissionId,
  places,
  readOutcome,
  readSubmission,
  type Submission,
  submissionDirectory,
  submissionLock,
} from './submission.js';
import { tellingWaits } from './telling-waits.js';
import { JobsLeft, submitWave } from './wave.js';

export interface SubmitRunOptions extends Omit<ReproduceOptions, 'executor'> {
  readonly settings: SlurmSettings;
  /** Default: Slurm's commands. */
  readonly scheduler?: Scheduler;
  /** Told of what takes time, in a line: a full queue, another driver. */
  readonly onNote?: (line: string) => void;
}

export type SubmittedRun =
  /** Results and units stand: nothing was submitted. */
  | { readonly type: 'done'; readonly outcome: RunOutcome }
  /** Jobs are in the queue. `attached`: they were submitted before, for this very run. */
  | { readonly type: 'submitted' | 'attached'; readonly submission: Submission };

/** Another run into the same folder of results has jobs in the queue. */
export class SubmissionAlive extends Error {
  override readonly name = 'SubmissionAlive';
}

/**
 * Plan a run and submit what is missing: job arrays, and a last job that waits for all of them. Tells `planned` (and `hit`)
 * to onEvent. The same run that is in the queue already is not submitted twice.
 *
 * @throws UnusableFolder, UnusableSetting, UnknownPart as `reproduce`
 * @throws SubmissionAlive when another run into the same folder has jobs in the queue
 * @throws NoSlurm, SlurmRefused; the signal's reason when stopped. Nothing of this run is in the queue then.
 * @throws JobsLeft when Slurm did not take back what was submitted
 */
export async function submitRun(found: ExperimentPackage, options: SubmitRunOptions): Promise<SubmittedRun> {
  const { profile, seed, parts, changed = {}, as, root, onEvent, force = false, signal, onNote = () => {} } = options;
  if (as !== undefined) checkFolder(as, profile, changed);
  const plan = await planRun(found, profile, seed, parts, { changed, ...(as === undefined ? {} : { folder: as }) });
  const hit = force ? undefined : await hitOf(plan, { root, ...(onEvent ? { onEvent } : {}) });
  if (hit) return { type: 'done', outcome: hit };
  const lock = await takeLock(submissionLock(root, found.name, plan.folder), {
    purpose: `submission of ${found.name} at ${profile}`,
    onWait: ({ pid, host }) => onNote(`Waiting for another command that submits this run: process ${pid} on ${host}.`),
    ...(signal ? { signal } : {}),
  });
  try {
    return await new Driver(plan, options).submit();
  } finally {
    lock.release();
  }
}

/** What a submission told when it was made. */
export function tellPlanned({ planned, submitted }: Submission, onEvent: (event: RunEvent) => void): void {
  const elapsedSeconds = Math.max(0, (Date.now() - Date.parse(submitted)) / 1000);
  onEvent({ ...planned, elapsedSeconds, remainingSeconds: null });
}

/** Submits a run, with nobody else doing so. */
class Driver {
  private readonly scheduler: Scheduler;
  private readonly cache: string;
  private readonly store: UnitStore;
  private readonly directory: string;
  private readonly note: (line: string) => void;

  constructor(
    private readonly plan: RunPlan,
    private readonly options: SubmitRunOptions,
  ) {
    const { root, scheduler = slurmScheduler(), onNote = () => {} } = options;
    this.scheduler = scheduler;
    this.cache = cacheDirectory(root);
    this.store = new UnitStore(this.cache);
    this.directory = submissionDirectory(root, plan.experiment.name, plan.folder);
    this.note = onNote;
  }

  async submit(): Promise<SubmittedRun> {
    const { plan, options } = this;
    const { onEvent = () => {}, force = false, settings } = options;
    const limits = await tellingWaits(this.scheduler.limits(settings.partition), this.note);
    const alive = await this.alive();
    if (alive !== undefined) {
      tellPlanned(alive, onEvent);
      return { type: 'attached', submission: alive };
    }

    await this.store.prepare();
    const progress = new RunProgress(plan.units, 1, onEvent);
    const missing = force
      ? plan.units
      : await missingUnits(
          plan.units,
          this.store,
          async ({ key, label }, reason) => {
            progress.tell({ type: 'unitDamaged', key, unit: label, reason });
            await this.store.remove(key);
          },
          options.signal,
        );
    const { submission, arrays } = await this.planned(missing, limits, settings);
    progress.tell(submission.planned);
    const packets = new Map(arrays.map(({ id, packets: list }) => [id, list.map(({ units }) => units)]));
    const made = await makeSubmission(submission, packets);
    try {
      await this.writeScripts(submission, arrays, limits);
      const submitted = await submitWave(submission, this.scheduler, {
        // Only now is it certain that the cluster takes the run.
        onAccepted: async () => {
          if (force) for (const { key } of missing) await this.store.remove(key);
        },
        onNote: this.note,
        ...(options.signal ? { signal: options.signal } : {}),
      });
      return { type: 'submitted', submission: submitted };
    } catch (error) {
      // Jobs that are left are found by what the folder says of them.
      if (!(error instanceof JobsLeft)) await made.undo();
      throw error;
    } finally {
      // What a dying task still writes there goes with the next submission.
      await made.keep().catch(() => {});
    }
  }

  /**
   * The submission of this very run that has jobs in the queue. What an earlier one left there that can come to no end,
   * since whoever submitted it was killed or its last job was taken away, leaves the queue.
   */
  private async alive(): Promise<Submission | undefined> {
    const before = await readSubmission(this.directory);
    if (before === undefined || (await readOutcome(this.directory)) !== undefined) return undefined;
    const queued = await this.scheduler.queued(jobName(before));
    const isCancelled = (await cancelledAt(this.directory)) !== null;
    if (!isCancelled && before.complete && queued.some(({ job }) => job === before.last)) {
      if (before.runKey === this.plan.runKey && !this.options.force) return before;
      const { name } = this.plan.experiment;
      throw new SubmissionAlive(
        `another run into results/${name}/${this.plan.folder} is on the cluster since ${before.submitted} (jobs ${jobName(before)}). ` +
          `Wait for it, or take it out of the queue: npx hessian-rmt cancel ${name}; or give this one a folder of its own (--as).`,
      );
    }
    if (queued.length > 0) {
      this.note(`An earlier submission came to no end: ${plural(queued.length, 'task')} of it will leave the queue.`);
      await this.scheduler.cancel([...new Set(queued.map(({ job }) => job))]);
    }
    return undefined;
  }

  private async planned(
    missing: readonly PlannedUnit[],
    limits: SlurmLimits,
    settings: SlurmSettings,
  ): Promise<{ submission: Submission; arrays: readonly JobArray[] }> {
    const { plan, cache } = this;
    const { experiment, profile, seed, folder, whole, parts, changed, runKey, library } = plan;
    const { root, force = false } = this.options;
    const stored = storedKinds(root, experiment, library, folder);
    const durations = new Durations(join(cache, 'durations.json'));
    const outlook = await outlookOf(missing, durations, Number.POSITIVE_INFINITY, stored);
    const tasks = tasksOf(missing, outlook, cache);
    const { arrays } = jobPlan(tasks, settings, limits);
    const cores = coresAtOnce(arrays, settings);
    const estimate =
      missing.length === 0 ? null : estimateRun([...outlook.values()], cores, library.kind === 'portable');
    const last = await new LastRuns(cache).find(
      experiment.name,
      folder,
      new ResultsDirectory(root, experiment.name, folder).path,
    );
    const because = force ? 'everything anew, as --force asks' : whyComputed(plan, missing, last);
    const taskCount = arrays.reduce((sum, { packets }) => sum + packets.length, 0);
    const jobs = { arrays: arrays.length, tasks: taskCount };
    const placeOf = new Map(
      arrays.flatMap(({ id, packets }) =>
        packets.flatMap(({ units }, packet) => units.map(({ key }) => [key, { array: id, packet }] as const)),
      ),
    );
    const submission: Submission = {
      directory: this.directory,
      id: newSubmissionId(),
      experiment: experiment.name,
      profile,
      seed,
      folder,
      parts: whole ? null : parts.map(({ part }) => part.id),
      changed,
      root,
      runKey,
      because,
      planned: {
        ...plannedStep(plan, { toCompute: missing.length, cores, estimate, because }),
        jobs,
      } as Submission['planned'],
      settings,
      submitted: new Date().toISOString(),
      units: missing.map(({ key, label }) => ({ key, unit: label, ...placeOf.get(key)! })),
      arrays: arrays.map(({ packets, ...array }) => ({ ...array, packets: packets.length, jobs: [] })),
      last: null,
      complete: false,
      waves: 0,
    };
    return { submission, arrays };
  }

  /** The texts for sbatch, which stay with the submission. */
  private async writeScripts(submission: Submission, arrays: readonly JobArray[], limits: SlurmLimits): Promise<void> {
    const context = {
      folder: this.directory,
      name: jobName(submission),
      settings: submission.settings,
      environment: environmentOfJobs(process.env, this.cache),
      nodeCommand: process.execPath,
    };
    const module = (name: string) => fileURLToPath(new URL(name, import.meta.url));
    const processModule = module('./task-process.js');
    for (const array of arrays) {
      await rewriteFile(
        join(this.directory, places.script(array.id)),
        arrayScript({ ...context, array, processModule }),
      );
    }
    const last = lastJobScript({ ...context, arrays, limits, processModule: module('./finish-process.js') });
    await rewriteFile(join(this.directory, places.lastScript), last);
  }
}

/** Cores that compute at one time, if the cluster gives all that is asked for: those of the stage that asks for most. */
function coresAtOnce(arrays: readonly JobArray[], { tasksAtOnce = Number.POSITIVE_INFINITY }: SlurmSettings): number {
  const stages = new Map<number, number>();
  for (const { stage, cpus, packets } of arrays) {
    stages.set(stage, (stages.get(stage) ?? 0) + cpus * Math.min(packets.length, tasksAtOnce));
  }
  return Math.max(1, ...stages.values());
}
