import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { SlurmLimits } from './job-plan.js';
import { secondsOfTime } from './slurm-settings.js';

/** One element of the queue: a task of an array, or a job that is none. */
export interface QueuedTask {
  /** The job, or the array that the task is of. */
  readonly job: string;
  /** Index in its array; null for a job that is none. */
  readonly task: number | null;
  /** As Slurm has it: `PENDING`, `RUNNING`, `COMPLETING`, ... */
  readonly state: string;
  /** Why it waits: `Resources`, `Priority`, `Dependency`, `BeginTime`, ...; `None` for what runs. */
  readonly reason: string;
  /** Where it runs; null before it does. */
  readonly node: string | null;
}

export interface SubmitOptions {
  /** Not to start before it is released. */
  readonly hold?: boolean;
  /** Jobs and arrays that must have ended first, well or not. */
  readonly after?: readonly string[];
  /** Of an array: these tasks alone. */
  readonly tasks?: { readonly first: number; readonly count: number; readonly atOnce?: number };
}

/** What takes jobs. The one there is asks Slurm's commands; tests have one in memory. */
export interface Scheduler {
  /** @param partition  one or several with commas, as in the settings; the default one when it is left out */
  limits(partition?: string): Promise<SlurmLimits>;
  /**
   * @param script  path of the sbatch text
   * @returns the id of the job or array
   * @throws QueueFull when it takes no more for now
   */
  submit(script: string, options?: SubmitOptions): Promise<string>;
  /** Makes a job that is held wait until these have ended, well or not. Those that are gone do not count. */
  depend(job: string, after: readonly string[]): Promise<void>;
  release(job: string): Promise<void>;
  /** What is in the queue under this name: waiting, running, or about to end. */
  queued(name: string): Promise<readonly QueuedTask[]>;
  /** Takes jobs and arrays out of the queue; those that are gone do not matter. */
  cancel(jobs: readonly string[]): Promise<void>;
}

/** Slurm takes no more jobs for now: the limit of the user, of the account or of the cluster is reached. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/** Slurm's commands are not there, or its controller does not answer. */
export class NoSlurm extends Error {
  override readonly name = 'NoSlurm';
}

/** Slurm answered, and it was no. */
export class SlurmRefused extends Error {
  override readonly name = 'SlurmRefused';
}

/** What sbatch says of a cluster that holds no more jobs; it waits two minutes then. */
const signsOfFullCluster =
  /MaxJobCount|temporarily unable to accept job|job queue full|Resource temporarily unavailable/i;
const signsOfNoController =
  /Unable to contact slurm controller|Could not establish a configuration source|Unable to establish control|Socket timed out|Connection refused|Zero Bytes were transmitted|Transport endpoint is not connected|slurmctld.*(down|not respond)/i;
const signsOfGoneJob = /Invalid job id|already (completing|completed)|Job\/step already/i;

/** Milliseconds for an answer: a busy controller takes many seconds (our choice). */
const patience = 60_000;

/** Slurm by its commands. No accounting database is asked. */
export function slurmScheduler(): Scheduler {
  return {
    async limits(partition) {
      const config = await ask('scontrol', ['show', 'config']);
      const sizes = [/^MaxArraySize\s*=\s*(\d+)/m, /\bmax_array_tasks=(\d+)/].flatMap(
        (sign) => sign.exec(config)?.[1] ?? [],
      );
      // 0 stands for a cluster without arrays: then they are made of one task.
      const maxArraySize = sizes.length === 0 ? 1 : Math.max(1, Math.min(...sizes.map(Number)));
      const maxSeconds = longestJob(await ask('scontrol', ['show', 'partition', '--oneliner']), partition);
      return { maxArraySize, ...(maxSeconds === undefined ? {} : { maxSeconds }) };
    },
    submit,
    async depend(job, after) {
      if (after.length === 0) return;
      await ask('scontrol', ['update', `JobId=${job}`, `Dependency=afterany:${after.join(':')}`]);
    },
    async release(job) {
      await ask('scontrol', ['release', job]);
    },
    async queued(name) {
      const text = await ask('squeue', ['--me', '--noheader', '--array', `--name=${name}`, '--format=%i|%T|%N|%r']);
      return text.split('\n').flatMap((line) => queuedTask(line) ?? []);
    },
    async cancel(jobs) {
      if (jobs.length === 0) return;
      await ask('scancel', ['--quiet', ...jobs]).catch((error: Error) => {
        if (!signsOfGoneJob.test(error.message)) throw error;
      });
    },
  };
}

/**
 * Seconds that a job may run, by what scontrol says of all partitions: MaxTime of the one that is named, the shortest of
 * several, that of the default one when none is. Undefined where there is no limit.
 */
export function longestJob(partitions: string, named: string | undefined): number | undefined {
  const limits = partitions.split('\n').flatMap((line) => {
    const field = (name: string) => new RegExp(`(?:^|\\s)${name}=(\\S+)`).exec(line)?.[1] ?? '';
    const isMeant =
      named === undefined ? field('Default') === 'YES' : named.split(',').includes(field('PartitionName'));
    const limit = field('MaxTime');
    return isMeant && /^[\d:-]+$/.test(limit) ? [secondsOfTime(limit)] : [];
  });
  return limits.length === 0 ? undefined : Math.min(...limits);
}

const endedStates = new Set([
  'BOOT_FAIL',
  'CANCELLED',
  'COMPLETED',
  'DEADLINE',
  'FAILED',
  'NODE_FAIL',
  'OUT_OF_MEMORY',
  'PREEMPTED',
  'REVOKED',
  'TIMEOUT',
]);

/** A line as `12_3|RUNNING|n0|None`; undefined for what has ended, which Slurm remembers for a while. */
export function queuedTask(line: string): QueuedTask | undefined {
  const [id, state, node, reason] = line.split('|');
  const [, job, task] = /^(\d+)(?:_(\d+))?$/.exec(id.trim()) ?? [];
  if (job === undefined || endedStates.has(state)) return undefined;
  return {
    job,
    task: task === undefined ? null : Number(task),
    state,
    reason: reason ?? '',
    node: node === '' ? null : node,
  };
}

async function submit(script: string, { hold = false, after = [], tasks }: SubmitOptions = {}): Promise<string> {
  checkConfiguration();
  const args = ['--parsable'];
  if (hold) args.push('--hold');
  if (after.length > 0) args.push(`--dependency=afterany:${after.join(':')}`);
  if (tasks !== undefined) {
    const { first, count, atOnce } = tasks;
    args.push(`--array=${first}-${first + count - 1}${atOnce === undefined ? '' : `%${atOnce}`}`);
  }
  const { code, stdout, stderr } = await sbatch([...args, script]);
  const [, job] = /^(\d+)(;\S*)?$/m.exec(stdout.trim()) ?? [];
  if (code === 0 && job !== undefined) return job;
  const said = wordsOf(stderr || stdout, 'sbatch');
  if (isFull(stderr)) throw new QueueFull(said);
  if (signsOfNoController.test(stderr)) throw new NoSlurm(`sbatch reached no controller of Slurm; it said: ${said}`);
  throw new SlurmRefused(`sbatch did not take ${script}: ${said === '' ? `it ended with code ${code}` : said}`);
}

/** A full queue makes sbatch try again for two minutes: it is ended when it says so. */
function sbatch(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('sbatch', args, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'], timeout: patience });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text: Buffer) => {
      stdout += text;
    });
    child.stderr.on('data', (text: Buffer) => {
      stderr += text;
      if (isFull(stderr)) child.kill('SIGKILL');
    });
    child.once('error', (error) => reject(notThere('sbatch', error)));
    child.once('close', (code, signal) => {
      const late = signal === 'SIGTERM' && stderr === '' ? `no answer within ${patience / 1000} s` : '';
      resolve({ code, stdout, stderr: stderr + late });
    });
  });
}

/**
 * Whether sbatch was refused for the number of jobs. A limit of a user or an account is named before a sentence that stands
 * for all such limits (`job submit limit, user's size and/or time limits`): what asks for too much is never taken.
 */
function isFull(stderr: string): boolean {
  const limits = stderr.match(/\b(QOS|Assoc)\w+/g);
  if (limits !== null) return limits.some((limit) => limit.includes('Submit'));
  return signsOfFullCluster.test(stderr) || /job submit limit/.test(stderr);
}

async function ask(command: string, args: readonly string[]): Promise<string> {
  checkConfiguration();
  try {
    const limits = { env: environment(), timeout: patience, maxBuffer: 2 ** 30 };
    return (await promisify(execFile)(command, args, limits)).stdout;
  } catch (error) {
    const { stderr = '', code, killed } = error as { stderr?: string; code?: string | number; killed?: boolean };
    if (code === 'ENOENT') throw notThere(command, error as NodeJS.ErrnoException);
    const said = killed ? `no answer within ${patience / 1000} s` : wordsOf(stderr, command);
    if (killed || signsOfNoController.test(stderr)) {
      throw new NoSlurm(`${command} reached no controller of Slurm; it said: ${said}`);
    }
    throw new SlurmRefused(`${[command, ...args.slice(0, 4)].join(' ')}: ${said}`);
  }
}

/** Slurm's commands wait a minute for a configuration that is not there, without a word. */
function checkConfiguration(): void {
  const { SLURM_CONF: file } = process.env;
  if (file && !existsSync(file)) throw new NoSlurm(`SLURM_CONF: expected Slurm's configuration; ${file} is not there`);
}

function notThere(command: string, { code, message }: NodeJS.ErrnoException): Error {
  if (code !== 'ENOENT') return new NoSlurm(`${command} cannot be run: ${message}`);
  return new NoSlurm(`expected Slurm's command ${command}, found none in PATH: is this a login node of a cluster?`);
}

/** What a command said, in one line. */
function wordsOf(text: string, command: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(new RegExp(`^(${command}|scontrol|slurm_\\w+)(: error)?: `), '').trim())
    .filter((line) => line !== '')
    .join('; ');
}

/**
 * Slurm's messages in English; no variable of the user's that overrules what its commands are told here (see
 * `slurmSettingsOf`); and nothing of the job that this process may be in itself: jobs that it submits would inherit it.
 */
function environment(): NodeJS.ProcessEnv {
  const left = /^(SBATCH_|SQUEUE_|SCANCEL_|SCONTROL_|SLURMD_|SLURM_(?!CONF$|CLUSTERS$))/;
  const own = Object.entries(process.env).filter(([name]) => !left.test(name));
  return { ...Object.fromEntries(own), LC_ALL: 'C' };
}
