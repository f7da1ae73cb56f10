import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileSystemTime } from '../lease.js';
import { plural } from '../measurement.js';
import { cacheDirectory } from '../reproduce.js';
import { isLocked } from '../run-lock.js';
import { UnitStore } from '../unit-store.js';
import { NoSlurm, type QueuedTask, type Scheduler, slurmScheduler } from './scheduler.js';
import {
  cancelledAt,
  jobName,
  places,
  readOutcome,
  type Submission,
  type SubmittedUnit,
  submissionLock,
  type UnitFailure,
  type WrittenOutcome,
} from './submission.js';
import { failureOf, UnitCourses } from './unit-courses.js';
import { unsubmitted } from './wave.js';

export interface SubmissionStatus {
  /**
   * `queued`: no unit was begun. `drawing`: all units have ended, and the last job merges, draws and judges. `broken`: no
   * outcome, and no job that would write one. `unknown`: Slurm does not answer.
   */
  readonly state: 'queued' | 'running' | 'drawing' | 'done' | 'failed' | 'cancelled' | 'broken' | 'unknown';
  /** For people, where there is more to say: why it failed or broke, what Slurm said. */
  readonly message: string | null;
  readonly experiment: string;
  /** Of results/EXPERIMENT/. */
  readonly folder: string;
  readonly profile: string;
  /** Name of its jobs in the queue. */
  readonly jobs: string;
  /** ISO time. */
  readonly submitted: string;
  /** Of those that were to be computed. */
  readonly units: {
    readonly done: number;
    readonly running: number;
    readonly waiting: number;
    readonly failed: number;
    readonly of: number;
  };
  /** What is in the queue, by state and Slurm's reason; null when Slurm does not answer. */
  readonly queue: readonly { readonly state: string; readonly reason: string; readonly tasks: number }[] | null;
  readonly running: readonly {
    readonly unit: string;
    /** 0 to 1; null before it told. */
    readonly fraction: number | null;
    readonly doing: string | null;
    readonly node: string;
  }[];
  readonly failures: readonly UnitFailure[];
  /** The job that merges, draws and judges. */
  readonly lastJob: { readonly job: string | null; readonly log: string };
  /** The results, once they are written. */
  readonly directory: string | null;
}

/** How a submission stands, by its files and the queue. */
export async function submissionStatus(
  submission: Submission,
  scheduler: Scheduler = slurmScheduler(),
): Promise<SubmissionStatus> {
  const { experiment, folder, profile, submitted, directory, root } = submission;
  // The queue first: what ends between the two looks is then found ended.
  const asked = await queueOf(submission, scheduler);
  const queue = asked instanceof NoSlurm ? null : asked;
  const isGone = queue !== null && !queue.some(({ job }) => job === submission.last);
  const [outcome, cancelled] = [await outcomeIn(directory, isGone), await cancelledAt(directory)];
  const courses = new UnitCourses(submission);
  courses.read();
  const units = sorted(submission, courses, queue, { outcome, isCancelled: cancelled !== null });
  const { state, message } = stateOf(submission, { outcome, cancelled, queue, units });
  return {
    state,
    message: message ?? (asked instanceof NoSlurm ? asked.message : null),
    experiment,
    folder,
    profile,
    jobs: jobName(submission),
    submitted,
    units: {
      done: units.done.length,
      running: units.running.length,
      waiting: units.waiting.length,
      failed: units.failed.length,
      of: submission.units.length,
    },
    queue: queue && countsOf(queue),
    running: units.running.map(({ key, unit }) => {
      const event = courses.of(key)!;
      const told = event.type === 'progress' ? event : { fraction: null, doing: null };
      return { unit, fraction: told.fraction, doing: told.doing, node: event.node };
    }),
    failures: outcome?.failures.length ? outcome.failures : await failuresOf(submission, courses, units.failed),
    lastJob: { job: submission.last, log: join(directory, places.lastLog) },
    directory: state === 'done' ? join(root, 'results', experiment, folder) : null,
  };
}

/** NFS shows what the last job wrote only later, unless one writes into the folder oneself. */
async function outcomeIn(directory: string, isGone: boolean): Promise<WrittenOutcome | undefined> {
  const outcome = await readOutcome(directory);
  if (outcome !== undefined || !isGone) return outcome;
  fileSystemTime(directory);
  return readOutcome(directory);
}

/** One after the other: a process may not have all logs of thousands of tasks open. */
async function failuresOf(
  submission: Submission,
  courses: UnitCourses,
  failed: readonly SubmittedUnit[],
): Promise<readonly UnitFailure[]> {
  const failures: UnitFailure[] = [];
  for (const unit of failed) failures.push(await failureOf(submission, courses, unit));
  return failures;
}

async function queueOf(submission: Submission, scheduler: Scheduler): Promise<readonly QueuedTask[] | NoSlurm> {
  try {
    return await scheduler.queued(jobName(submission));
  } catch (error) {
    if (error instanceof NoSlurm) return error;
    throw error;
  }
}

interface SortedUnits {
  readonly done: readonly SubmittedUnit[];
  readonly running: readonly SubmittedUnit[];
  readonly waiting: readonly SubmittedUnit[];
  readonly failed: readonly SubmittedUnit[];
}

function sorted(
  submission: Submission,
  courses: UnitCourses,
  queue: readonly QueuedTask[] | null,
  { outcome, isCancelled }: { readonly outcome: WrittenOutcome | undefined; readonly isCancelled: boolean },
): SortedUnits {
  const given = new Set(outcome?.failures.map(({ key }) => key));
  const store = new UnitStore(cacheDirectory(submission.root));
  const queued = new Map(queue?.map((task) => [`${task.job}_${task.task}`, task]));
  const jobs = new Map(submission.arrays.map(({ id, jobs: list }) => [id, list]));
  const stateOfUnit = ({ key, array, packet }: SubmittedUnit): keyof SortedUnits => {
    const type = courses.of(key)?.type;
    if (type === 'finished' || store.has(key)) return 'done';
    const job = jobs.get(array)?.find(({ first, count }) => first <= packet && packet < first + count)?.job;
    const task = job === undefined ? undefined : queued.get(`${job}_${packet}`);
    // Of a task that waits to be started again nothing runs, whatever it told before.
    if (task?.state === 'PENDING') return 'waiting';
    if (type === 'failed' || given.has(key)) return 'failed';
    if (task !== undefined || queue === null) return type === undefined ? 'waiting' : 'running';
    // What was taken out of the queue has not failed by itself.
    return job === undefined || isCancelled || outcome ? 'waiting' : 'failed';
  };
  const all: Record<keyof SortedUnits, SubmittedUnit[]> = { done: [], running: [], waiting: [], failed: [] };
  for (const unit of submission.units) all[stateOfUnit(unit)].push(unit);
  return all;
}

function stateOf(
  submission: Submission,
  {
    outcome,
    cancelled,
    queue,
    units,
  }: {
    readonly outcome: WrittenOutcome | undefined;
    readonly cancelled: string | null;
    readonly queue: readonly QueuedTask[] | null;
    readonly units: SortedUnits;
  },
): Pick<SubmissionStatus, 'state' | 'message'> {
  const { root, experiment, folder, last, complete, arrays } = submission;
  if (outcome !== undefined)
    return { state: outcome.status === 'failed' ? 'failed' : 'done', message: outcome.message };
  if (cancelled !== null) {
    const message = queue?.length ? 'Not all of its jobs have left the queue: if they stay, cancel it again.' : null;
    return { state: 'cancelled', message };
  }
  if (queue === null) return { state: 'unknown', message: null };
  if (!complete && isLocked(submissionLock(root, experiment, folder))) {
    return { state: 'queued', message: 'It is being submitted.' };
  }
  const lastJob = queue.find(({ job }) => job === last);
  if (lastJob === undefined || !complete) {
    const message = complete
      ? 'The job that draws and judges is no longer in the queue and has left no outcome.'
      : 'Whoever submitted it was stopped in the middle.';
    return { state: 'broken', message };
  }
  const left = arrays.reduce((sum, array) => sum + unsubmitted(array), 0);
  const message = left === 0 ? null : `The queue was full: ${plural(left, 'task')} will be submitted later.`;
  const isLastAlone = queue.every(({ job }) => job === last);
  if (isLastAlone && left === 0) return { state: 'drawing', message };
  const isBegun = units.done.length + units.running.length + units.failed.length > 0;
  return { state: isBegun ? 'running' : 'queued', message };
}

function countsOf(queue: readonly QueuedTask[]): NonNullable<SubmissionStatus['queue']> {
  const counts = new Map<string, { state: string; reason: string; tasks: number }>();
  for (const { state, reason } of queue) {
    const name = `${state} ${reason}`;
    counts.set(name, { state, reason, tasks: (counts.get(name)?.tasks ?? 0) + 1 });
  }
  return [...counts.values()];
}

/** Units of one kind of which a text names no more. Our choice of what stays on a screen. */
const mostNamed = 10;

/** For people. */
export function statusText(status: SubmissionStatus): string {
  const { experiment, folder, profile, state, message, submitted, jobs, units, queue, running, failures } = status;
  const where = folder === profile ? `at ${profile}` : `at ${profile} in results/${experiment}/${folder}`;
  const counts = (['running', 'waiting', 'failed'] as const).filter((name) => units[name] > 0);
  return [
    `${experiment} ${where}: ${state} (submitted ${submitted}, jobs ${jobs})`,
    ...(message === null ? [] : [`  ${message.split('\n')[0]}`]),
    `  ${[`${units.done} of ${plural(units.of, 'unit')} done`, ...counts.map((name) => `${units[name]} ${name}`)].join(', ')}`,
    ...(queue === null || queue.length === 0 ? [] : [`  In the queue: ${queue.map(countText).join(', ')}`]),
    ...some(running.map(runningText)),
    ...some(failures.map(({ unit, reason, log }) => `  FAILED ${unit}: ${reason.split('\n')[0]}\n    log: ${log}`)),
    ...(state === 'broken' && existsSync(status.lastJob.log) ? [`  Log of the last job: ${status.lastJob.log}`] : []),
    ...nextStep(status),
  ].join('\n');
}

/** `3 tasks PENDING (Resources), 1 task RUNNING`. */
export function queueText(queue: readonly QueuedTask[]): string {
  return countsOf(queue).map(countText).join(', ');
}

function countText({ state, reason, tasks }: NonNullable<SubmissionStatus['queue']>[number]): string {
  const why = reason === '' || reason === 'None' ? '' : ` (${reason})`;
  return `${plural(tasks, 'task')} ${state}${why}`;
}

function runningText({ unit, fraction, doing, node }: SubmissionStatus['running'][number]): string {
  const far = fraction === null ? 'begun' : `at ${Math.round(100 * fraction)} %, ${doing}`;
  return `  ${unit} ${far} (${node})`;
}

function some(lines: readonly string[]): readonly string[] {
  const more = lines.length - mostNamed;
  return more > 0 ? [...lines.slice(0, mostNamed), `  and ${more} more`] : lines;
}

function nextStep({ state, experiment, folder, profile, directory }: SubmissionStatus): readonly string[] {
  const option = folder === profile ? `--profile ${profile}` : `--as ${folder}`;
  if (state === 'done') return [`  Results: ${directory}`];
  if (!['failed', 'cancelled', 'broken'].includes(state)) return [];
  return [`  npx hessian-rmt resume ${experiment} ${option} submits what is missing`];
}
