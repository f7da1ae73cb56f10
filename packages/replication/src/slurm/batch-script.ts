import { resolve } from 'node:path';
import { type JobArray, type SlurmLimits, timeText } from './job-plan.js';
import type { SlurmSettings } from './slurm-settings.js';

/** What all jobs of a submission have in common. */
export interface JobContext {
  /** The submission's folder, absolute, on a disk that all nodes see. */
  readonly folder: string;
  /** Job name, the same for all jobs of the submission, so that none of them is lost. */
  readonly name: string;
  readonly settings: SlurmSettings;
  /** See `environmentOfJobs`; the settings' own variables are added. */
  readonly environment: Readonly<Record<string, string>>;
  /** What starts Node on a node, when the settings do not say. */
  readonly nodeCommand: string;
  /** File of the module that does the work. */
  readonly processModule: string;
}

/** What the last job asks for, on one core: it merges and draws for minutes, and may have to wait for another run's end (our choice). */
const lastJobSeconds = 3600;
/** As much memory as its tasks, but at most this: it holds results, and no matrix (our choice). */
const lastJobMemory = 4 * 2 ** 30;

/**
 * The text for sbatch of a job array: task i computes packet i of `packets/<array>.json`.
 *
 * Texts of users stay on their line and in their quotes.
 *
 * @throws Error for a folder whose logs Slurm would write elsewhere
 */
export function arrayScript({ array, ...context }: JobContext & { readonly array: JobArray }): string {
  const { tasksAtOnce, gpus } = context.settings;
  const tasks = `0-${array.packets.length - 1}${tasksAtOnce === undefined ? '' : `%${tasksAtOnce}`}`;
  return scriptOf(context, {
    options: [
      ['array', tasks],
      ['output', `logs/${array.id}-%a.log`],
      ['cpus-per-task', `${array.cpus}`],
      ['mem', array.memory === null ? undefined : mebibytes(array.memory)],
      ['time', array.timeLimit ?? undefined],
      ['gres', gpus === undefined ? undefined : `gpu:${gpus}`],
    ],
    words: [array.id],
  });
}

/**
 * The text for sbatch of the job that merges, draws and judges.
 *
 * @param arrays  those that it waits for
 */
export function lastJobScript({
  arrays,
  limits: { maxSeconds = Number.POSITIVE_INFINITY },
  ...context
}: JobContext & { readonly arrays: readonly JobArray[]; readonly limits: SlurmLimits }): string {
  const told = arrays.flatMap(({ memory }) => memory ?? []);
  const most = told.length === 0 ? undefined : mebibytes(Math.min(lastJobMemory, Math.max(...told)));
  const { time = timeText(Math.min(lastJobSeconds, maxSeconds)), memory = most } = context.settings;
  return scriptOf(context, {
    options: [
      ['output', 'logs/last.log'],
      ['cpus-per-task', '1'],
      ['mem', memory],
      ['time', time],
    ],
    words: [],
  });
}

/**
 * The variables that jobs are to have from the process that submits: the command's own, with absolute paths, and those by
 * which OpenBLAS chooses its kernels, so that the nodes compute what was planned.
 *
 * @param cache  the cache directory, absolute
 */
export function environmentOfJobs(
  environment: Readonly<Record<string, string | undefined>>,
  cache: string,
): Readonly<Record<string, string>> {
  const taken = Object.entries(environment).filter(
    (entry): entry is [string, string] => countsForJobs(entry[0]) && Boolean(entry[1]),
  );
  const absolute = taken.map(([name, value]) => [name, paths.includes(name) ? resolve(value) : value]);
  return { ...Object.fromEntries(absolute), HESSIAN_RMT_CACHE: cache };
}

/** Whether a variable changes what a run computes or where it looks. */
export function countsForJobs(name: string): boolean {
  // These are of the command that submits; jobs are told by their submission.
  if (['HESSIAN_RMT_EXECUTOR', 'HESSIAN_RMT_PROFILE'].includes(name)) return false;
  return name.startsWith('HESSIAN_RMT_') || ['OPENBLAS_CORETYPE', 'OPENBLAS_L2_SIZE'].includes(name);
}

const paths = ['HESSIAN_RMT_CACHE', 'HESSIAN_RMT_DATA'];

interface Work {
  readonly options: readonly (readonly [string, string | undefined])[];
  /** Further words for the module, after the folder. */
  readonly words: readonly string[];
}

function scriptOf({ folder, name, settings, environment, nodeCommand, processModule }: JobContext, work: Work): string {
  const options = [
    ['job-name', name],
    ['chdir', folder],
    ['open-mode', 'append'],
    ['requeue', ''],
    ['partition', settings.partition],
    ['account', settings.account],
    ...work.options,
  ].flatMap(([option, value]) => (value === undefined ? [] : sbatchLine(option!, value)));
  const further = settings.sbatch.map((option) => {
    const [, own, value = ''] = /^--([^=]+)(?:=(.*))?$/s.exec(option)!;
    return sbatchLine(own, value);
  });
  const variables = Object.entries({ ...environment, ...settings.environment });
  const node = settings.node ?? nodeCommand;
  const words = [processModule, folder, ...work.words].map(quoted).join(' ');
  checkFolder(folder);
  const lines = [
    '#!/bin/bash',
    ...options,
    ...further,
    '',
    ...variables.map(([variable, value]) => `export ${variable}=${quoted(value)}`),
    ...settings.setup,
    '',
    'missing() { echo "hessian-rmt: $HOSTNAME has no $1; expected $2" >&2; exit 1; }',
    `[ -f ${quoted(processModule)} ] || missing ${quoted(processModule)} 'a repository on a disk that all nodes share'`,
    `[ -d ${quoted(folder)} ] || missing ${quoted(folder)} 'a cache directory on a disk that all nodes share'`,
    `command -v ${quoted(node)} >/dev/null || missing ${quoted(node)} 'Node: see node and setup in slurm.json'`,
    '# In place of the shell, so that the signals of Slurm reach it.',
    `exec ${quoted(node)} ${words}`,
  ];
  return `${lines.map(checkedLine).join('\n')}\n`;
}

/** Slurm puts numbers in the place of `%` in paths of logs, and none at all in a path with a backslash. */
function checkFolder(folder: string): void {
  if (!/[%\\]/.test(folder)) return;
  throw new Error(`HESSIAN_RMT_CACHE: Slurm expects a path without % and backslash; found ${folder}`);
}

/** In double quotes, as Slurm takes such a line apart: a backslash keeps no blank outside of them. */
function sbatchLine(option: string, value: string): string {
  if (value === '') return `#SBATCH --${option}`;
  const plain = /^[\w.,:%/@+=~-]+$/.test(value);
  return `#SBATCH --${option}=${plain ? value : `"${value.replaceAll(/["\\]/g, '\\$&')}"`}`;
}

/** A word for the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** @throws Error for a text that would become two lines */
function checkedLine(line: string): string {
  if (!/[\n\r\0]/.test(line)) return line;
  throw new Error(`a job's script: expected texts and paths of one line, found ${JSON.stringify(line)}`);
}

/** Rounded up, as sbatch takes it. */
function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)}M`;
}
