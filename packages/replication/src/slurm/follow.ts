import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileSystemTime } from '../lease.js';
import { plural } from '../measurement.js';
import type { RunEvent, RunStep } from '../run-events.js';
import { RunProgress } from '../run-progress.js';
import { NoSlurm, type QueuedTask, type Scheduler, SlurmRefused, slurmScheduler } from './scheduler.js';
import { queueText } from './status.js';
import {
  cancelledAt,
  jobName,
  places,
  readOutcome,
  readPackets,
  readSubmission,
  type Submission,
  type UnitFailure,
  type WrittenOutcome,
} from './submission.js';
import { tellPlanned } from './submit.js';
import { whyEnded } from './task-end.js';
import type { ToldEvent } from './task-events.js';
import { UnitCourses } from './unit-courses.js';
import { unsubmitted } from './wave.js';

export interface FollowOptions {
  readonly onEvent: (event: RunEvent) => void;
  /** Default: Slurm's commands. */
  readonly scheduler?: Scheduler;
  /** Stops following; the jobs go on. */
  readonly signal?: AbortSignal;
  /** Told of what happens to the queue, in a line. */
  readonly onNote?: (line: string) => void;
  /** Whether `planned` was told already, as `submitRun` does. Default false. */
  readonly announced?: boolean;
}

export interface FollowedRun {
  /** `lost`: the last job is no longer in the queue and has left no outcome. */
  readonly status: 'hit' | 'restored' | 'written' | 'failed' | 'cancelled' | 'lost';
  /** Why it is not written, for people; null where it is. */
  readonly message: string | null;
  readonly failures: readonly UnitFailure[];
  /** The results, as far as there are any. */
  readonly directory: string;
}

/** Milliseconds between two looks at the files of the tasks: at first, and then. Our choice. */
const firstInterval = 500;
const fileInterval = 2000;
/** More tasks are looked at less often: one every 10 ms. */
const perTask = 10;
/** Milliseconds between two questions to the controller, which has others to serve (our choice). */
const queueInterval = 10_000;
/**
 * Tell what happens to a submission until its last job has written its outcome. What happened before is summed up, not
 * told again, but for the units that failed.
 *
 * @throws the signal's reason
 */
export async function followRun(submission: Submission, options: FollowOptions): Promise<FollowedRun> {
  const tasks = (await Promise.all(submission.arrays.map(({ id }) => readPackets(submission.directory, id)))).flat(2);
  return new Follower(submission, new Map(tasks.map((task) => [task.key, task])), options).follow();
}

class Follower {
  private readonly scheduler: Scheduler;
  private readonly courses: UnitCourses;
  private readonly progress: RunProgress;
  private readonly note: (line: string) => void;
  private readonly finished = new Set<string>();
  private isQuiet = true;
  private wasDrawing = false;
  private isSilent = false;
  /** Slurm's reasons, as last told. */
  private waitsFor = '';
  /** When the last job was missed first; undefined while it is in the queue. */
  private missedSince: number | undefined;

  constructor(
    private submission: Submission,
    tasks: ReadonlyMap<
      string,
      {
        readonly ingredients: Parameters<RunProgress['expect']>[0][number]['unit']['ingredients'];
        readonly expectedSeconds?: number;
      }
    >,
    private readonly options: FollowOptions,
  ) {
    this.scheduler = options.scheduler ?? slurmScheduler();
    this.note = options.onNote ?? (() => {});
    this.courses = new UnitCourses(submission);
    const units = submission.units.map(({ key, unit }) => ({
      key,
      label: unit,
      ingredients: tasks.get(key)!.ingredients,
    }));
    this.progress = new RunProgress(units, submission.planned.cores, options.onEvent);
    this.progress.expect(units.map((unit) => ({ unit, expectedSeconds: tasks.get(unit.key)!.expectedSeconds })));
    this.progress.begin(Math.max(0, (Date.now() - Date.parse(submission.submitted)) / 1000));
  }

  async follow(): Promise<FollowedRun> {
    const { signal, announced = false } = this.options;
    if (!announced) tellPlanned(this.submission, this.options.onEvent);
    let asked = Number.NEGATIVE_INFINITY;
    for (let looks = 0; ; looks++) {
      signal?.throwIfAborted();
      this.takeEvents();
      const outcome = await readOutcome(this.submission.directory);
      if (outcome !== undefined) return this.ended(outcome);
      if (performance.now() - asked >= queueInterval) {
        asked = performance.now();
        const lost = await this.askQueue();
        if (lost !== undefined) return lost;
      }
      const usual = Math.max(fileInterval, perTask * this.courses.openTasks);
      const interval = looks < 10 ? Math.min(firstInterval, usual) : usual;
      await sleep(interval, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
    }
  }

  private takeEvents(): void {
    for (const event of this.courses.read()) {
      const { key } = event;
      // Told again by a task that was started once more.
      if (this.finished.has(key)) continue;
      if (event.type === 'finished') this.finished.add(key);
      this.takeEvent(event);
    }
    this.isQuiet = false;
  }

  private takeEvent({ time, ...event }: ToldEvent): void {
    const secondsAgo = Math.max(0, (Date.now() - Date.parse(time)) / 1000);
    this.progress.take(event, secondsAgo, this.isQuiet && event.type !== 'failed');
  }

  /** @returns what it has come to, when the last job is gone and leaves no outcome */
  private async askQueue(): Promise<FollowedRun | undefined> {
    const { directory, id } = this.submission;
    const current = await readSubmission(directory);
    if (current?.id !== id) return this.without('lost', 'Another submission has taken its place.');
    this.submission = current;
    let queued: readonly QueuedTask[];
    try {
      queued = await this.scheduler.queued(jobName(current));
    } catch (error) {
      if (!(error instanceof NoSlurm || error instanceof SlurmRefused)) throw error;
      if (!this.isSilent) this.note(`${error.message}. The jobs go on; asking again until it answers.`);
      this.isSilent = true;
      return undefined;
    }
    if (this.isSilent) this.note('Slurm answers again.');
    this.isSilent = false;
    this.shareCores(queued);
    this.tellWaiting(queued);
    const last = queued.find(({ job }) => job === current.last);
    if (last?.state === 'RUNNING' && !this.wasDrawing && current.arrays.every((array) => unsubmitted(array) === 0)) {
      this.wasDrawing = true;
      this.progress.tell({ type: 'writing', directory: this.results() });
    }
    if (last !== undefined) {
      this.missedSince = undefined;
      return undefined;
    }
    if ((await cancelledAt(directory)) !== null) return this.without('cancelled', 'It was cancelled.');
    if (this.missedSince === undefined) {
      this.missedSince = performance.now();
      // NFS shows what others wrote only later, unless one writes into the folder oneself.
      for (const folder of [directory, join(directory, 'logs')]) fileSystemTime(folder);
    }
    return performance.now() - this.missedSince < queueInterval ? undefined : this.lost(queued);
  }

  /** Hours may pass in which nothing runs: why, whenever that changes. */
  private tellWaiting(queued: readonly QueuedTask[]): void {
    const arrays = queued.filter(({ job }) => job !== this.submission.last);
    if (arrays.length === 0 || arrays.some(({ state }) => state !== 'PENDING')) return;
    const reasons = [...new Set(arrays.map(({ reason }) => reason))].sort().join(', ');
    if (reasons !== this.waitsFor) this.note(`In the queue: ${queueText(arrays)}.`);
    this.waitsFor = reasons;
  }

  /** The units that wait are shared by as many cores as the cluster gives now. */
  private shareCores(queued: readonly QueuedTask[]): void {
    const cpusOf = new Map(this.submission.arrays.flatMap(({ jobs, cpus }) => jobs.map(({ job }) => [job, cpus])));
    const running = queued.filter(({ state }) => state === 'RUNNING');
    const cores = running.reduce((sum, { job }) => sum + (cpusOf.get(job) ?? 0), 0);
    if (cores > 0) this.progress.share(cores);
  }

  private async lost(queued: readonly QueuedTask[]): Promise<FollowedRun> {
    const { directory, experiment } = this.submission;
    const log = join(directory, places.lastLog);
    const why = existsSync(log)
      ? `The job that draws and judges has left the queue. ${await whyEnded(log)} Its log: ${log}.`
      : this.courses.nodes().length > 0
        ? 'The job that draws and judges left the queue before it began: was it cancelled?'
        : `The jobs left nothing in ${directory}: were they cancelled, or is this on a disk that the nodes do not see? ` +
          'HESSIAN_RMT_CACHE sets another.';
    const others = queued.length === 0 ? '' : ` Still in the queue: ${plural(queued.length, 'task')}.`;
    return this.without('lost', `${why}${others} Finished units are kept: npx hessian-rmt resume ${experiment}`);
  }

  private without(status: 'lost' | 'cancelled', message: string): FollowedRun {
    this.progress.tell({ type: 'failed', reason: message });
    return { status, message, failures: [], directory: this.results() };
  }

  private ended({ status, message, failures, files }: WrittenOutcome): FollowedRun {
    const directory = this.results();
    // Units of which no task told anything: of these the last job knows.
    for (const { key, unit, reason } of failures) {
      if (this.courses.of(key)?.type !== 'failed') this.progress.tell({ type: 'unitFailed', key, unit, reason });
    }
    this.progress.tell(stepOf(status, { message, directory, files }));
    return { status, message, failures, directory };
  }

  private results(): string {
    const { root, experiment, folder } = this.submission;
    return join(root, 'results', experiment, folder);
  }
}

function stepOf(
  status: WrittenOutcome['status'],
  {
    message,
    directory,
    files,
  }: { readonly message: string | null; readonly directory: string; readonly files: number },
): RunStep {
  if (status === 'failed') return { type: 'failed', reason: message ?? 'It failed.' };
  if (status === 'written') return { type: 'finished', directory, files };
  return { type: 'hit', directory, restored: status === 'restored' };
}
