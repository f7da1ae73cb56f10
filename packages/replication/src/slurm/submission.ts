import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Changes } from '../changed-settings.js';
import type { UnitTask } from '../executor.js';
import type { ProfileName } from '../experiment.js';
import { cacheDirectory } from '../reproduce.js';
import { rewriteFile } from '../rewrite-file.js';
import type { RunStep } from '../run-events.js';
import { sealed, unsealed } from '../sealed-json.js';
import type { JobArray } from './job-plan.js';
import type { SlurmSettings } from './slurm-settings.js';

/** Raised when the files of a submission change their meaning. */
const format = 1;

/** Tasks of an array that were submitted together: all of it, unless the queue was full. */
export interface SubmittedJob {
  readonly job: string;
  /** Index of the first of its tasks. */
  readonly first: number;
  readonly count: number;
  /** ISO time. */
  readonly submitted: string;
}

/** An array of the plan, and as much of it as was submitted. */
export interface SubmittedArray extends Omit<JobArray, 'packets'> {
  /** Number of its packets, which is that of its tasks. */
  readonly packets: number;
  readonly jobs: readonly SubmittedJob[];
}

/** A unit, and the task that computes it. */
export interface SubmittedUnit {
  readonly key: string;
  /** One line for people. */
  readonly unit: string;
  readonly array: string;
  readonly packet: number;
}

/** What a run on Slurm is, as `submission.json` in its folder has it. */
export interface SubmissionRecord {
  /** 8 hex digits. */
  readonly id: string;
  readonly experiment: string;
  readonly profile: ProfileName;
  readonly seed: number;
  /** Of `results/EXPERIMENT/`. */
  readonly folder: string;
  /** Null for all. */
  readonly parts: readonly string[] | null;
  readonly changed: Changes;
  /** The repository. */
  readonly root: string;
  readonly runKey: string;
  /** Which changed input made the run compute, in one line. */
  readonly because: string;
  /** What the run told beforehand. */
  readonly planned: RunStep & { readonly type: 'planned' };
  readonly settings: SlurmSettings;
  /** ISO time. */
  readonly submitted: string;
  /** Units that the jobs compute, in the order of the plan. */
  readonly units: readonly SubmittedUnit[];
  readonly arrays: readonly SubmittedArray[];
  /** The job that merges, draws and judges; of the newest wave. */
  readonly last: string | null;
  /** Whether the last job was released: before, the submission is still being made, or whoever made it was killed. */
  readonly complete: boolean;
  /** How often jobs were submitted: more than once when the queue was full. */
  readonly waves: number;
}

/** A submission on the disk. */
export interface Submission extends SubmissionRecord {
  /** Its folder: everything about it stands there. */
  readonly directory: string;
}

/** What became of a run, as its last job says in `outcome.json`. */
export interface WrittenOutcome {
  readonly status: 'hit' | 'restored' | 'written' | 'failed';
  /** Why it failed. */
  readonly message: string | null;
  readonly failures: readonly UnitFailure[];
  /** The results. */
  readonly directory: string;
  /** Number of files in the results. */
  readonly files: number;
  /** ISO time. */
  readonly finished: string;
}

export interface UnitFailure {
  readonly key: string;
  readonly unit: string;
  readonly reason: string;
  /** Path of what its task printed. */
  readonly log: string;
}

/** Names of files and folders in the folder of a submission. */
export const places = {
  record: 'submission.json',
  outcome: 'outcome.json',
  cancelled: 'cancelled.json',
  packets: (array: string) => join('packets', `${array}.json`),
  script: (array: string) => join('scripts', `${array}.sh`),
  lastScript: join('scripts', 'last.sh'),
  log: (array: string, task: number) => join('logs', `${array}-${task}.log`),
  lastLog: join('logs', 'last.log'),
  events: (array: string, task: number) => join('events', `${array}-${task}.jsonl`),
} as const;

/** Under which all jobs of a submission stand in the queue. */
export function jobName({ id }: Pick<SubmissionRecord, 'id'>): string {
  return `hessian-rmt-${id}`;
}

export function newSubmissionId(): string {
  return randomBytes(4).toString('hex');
}

/** Where the newest submission of a results folder stands. */
export function submissionDirectory(root: string, experiment: string, folder: string): string {
  return join(cacheDirectory(root), 'slurm', experiment, folder);
}

/** Held by whoever submits: see `takeLock`. */
export function submissionLock(root: string, experiment: string, folder: string): string {
  return join(cacheDirectory(root), 'slurm', experiment, `${folder}.lock`);
}

/**
 * The submission in a folder; undefined when there is none.
 *
 * @throws Error naming the file when it is none that this version wrote
 */
export async function readSubmission(directory: string): Promise<Submission | undefined> {
  const file = join(directory, places.record);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const { format: found, ...record } = unsealed<SubmissionRecord & { readonly format: number }>(text, file);
    if (found !== format) throw new Error(`${file}: expected a submission of format ${format}; found ${found}`);
    return { ...record, directory };
  } catch (error) {
    throw new Error(`${(error as Error).message}. Remove ${directory} when none of its jobs is in the queue.`);
  }
}

/** Where submissions stand: one for each folder of results, by experiment and folder. */
export async function submissionPlaces(
  root: string,
): Promise<readonly { readonly experiment: string; readonly folder: string }[]> {
  const base = join(cacheDirectory(root), 'slurm');
  const found: { experiment: string; folder: string }[] = [];
  for (const experiment of await foldersIn(base)) {
    for (const folder of await foldersIn(join(base, experiment))) {
      if (existsSync(join(base, experiment, folder, places.record))) found.push({ experiment, folder });
    }
  }
  return found;
}

export async function writeSubmission({ directory, ...record }: Submission): Promise<void> {
  await rewriteFile(join(directory, places.record), sealed({ format, ...record }));
}

/**
 * Puts the folder of a new submission where the one before it stood; that one is kept aside until it is certain that jobs
 * were taken.
 *
 * @param packets  by array: the units of each task
 */
export async function makeSubmission(
  submission: Submission,
  packets: ReadonlyMap<string, readonly (readonly UnitTask[])[]>,
): Promise<{ keep(): Promise<void>; undo(): Promise<void> }> {
  const { directory } = submission;
  const [next, old] = ['new', 'old'].map((word) => join(directory, '..', `.${submission.folder}.${word}`));
  await mkdir(join(directory, '..'), { recursive: true });
  // Killed in the middle of what follows, another driver left it.
  if (existsSync(old) && !existsSync(directory)) await rename(old, directory);
  await rm(old, { recursive: true, force: true });
  await rm(next, { recursive: true, force: true });
  for (const name of ['packets', 'scripts', 'logs', 'events']) await mkdir(join(next, name), { recursive: true });
  for (const [array, tasks] of packets) await rewriteFile(join(next, places.packets(array)), sealed({ tasks }));
  await writeSubmission({ ...submission, directory: next });
  if (existsSync(directory)) await rename(directory, old);
  await rename(next, directory);
  return {
    keep: () => rm(old, { recursive: true, force: true }),
    async undo() {
      await rm(directory, { recursive: true, force: true });
      if (existsSync(old)) await rename(old, directory);
    },
  };
}

/** @throws Error naming the file when it cannot be read, or is not what was written; so do the next ones */
export async function readPackets(directory: string, array: string): Promise<readonly (readonly UnitTask[])[]> {
  const file = join(directory, places.packets(array));
  return unsealed<{ tasks: readonly (readonly UnitTask[])[] }>(await readFile(file, 'utf8'), file).tasks;
}

/** @returns undefined as long as the last job has written none */
export function readOutcome(directory: string): Promise<WrittenOutcome | undefined> {
  return unsealedIfThere(join(directory, places.outcome));
}

export async function writeOutcome(directory: string, outcome: WrittenOutcome): Promise<void> {
  await rewriteFile(join(directory, places.outcome), sealed(outcome));
}

/** When the submission was cancelled (ISO time); null when it was not. A file of its own: who submits holds the record. */
export async function cancelledAt(directory: string): Promise<string | null> {
  return (await unsealedIfThere<{ cancelled: string }>(join(directory, places.cancelled)))?.cancelled ?? null;
}

export async function markCancelled(directory: string): Promise<void> {
  await rewriteFile(join(directory, places.cancelled), sealed({ cancelled: new Date().toISOString() }));
}

async function unsealedIfThere<T extends object>(file: string): Promise<T | undefined> {
  try {
    return unsealed<T>(await readFile(file, 'utf8'), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && /^[A-Za-z0-9]/.test(entry.name) && entry.name !== 'aside')
    .map(({ name }) => name)
    .sort();
}
