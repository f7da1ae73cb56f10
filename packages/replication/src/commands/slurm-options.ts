import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Argv, Options } from 'yargs';
import type { SlurmSettings, SomeSlurmSettings } from '../slurm/slurm-settings.js';
import { flagOption, oneOf, textOption, wholeNumberOption, wordOption } from './options.js';
import { UsageError } from './usage-error.js';

export const executors = ['local', 'slurm'] as const;

export const executorOption = {
  ...wordOption('executor', executors, 'Who computes: this machine, or jobs of a cluster'),
  defaultDescription: 'HESSIAN_RMT_EXECUTOR, else local',
};

/** File of the repository for settings of its runs on Slurm. */
const configFile = 'slurm.json';

/** The options that say what jobs ask Slurm for. */
export interface SlurmArguments {
  partition: string | undefined;
  account: string | undefined;
  time: string | undefined;
  memory: string | undefined;
  cpus: number | undefined;
  gpus: string | undefined;
  'tasks-at-once': number | undefined;
  sbatch: readonly string[] | undefined;
  'slurm-config': string | undefined;
  detach: boolean;
}

const sbatchOption = {
  describe: 'A further option of sbatch, as --sbatch=--constraint=haswell',
  string: true,
  requiresArg: true,
  coerce: (given: string | readonly string[] | undefined) => (given === undefined ? undefined : [given].flat()),
} satisfies Options;

const options = {
  partition: textOption('partition', 'the name of a partition', 'Partition of the jobs'),
  account: textOption('account', 'the name of an account', 'Account of the jobs'),
  time: textOption('time', 'a time as 90 or 1:30:00', 'Time limit of a task, as 90 (minutes), 1:30:00, 1-12'),
  memory: textOption('memory', 'a memory as 4G', 'Memory of a task, as 4G'),
  cpus: wholeNumberOption('cpus', 1, 'Cores of a task'),
  gpus: textOption('gpus', 'a number of GPUs', 'GPUs of a task, as 1 or a100:2'),
  'tasks-at-once': wholeNumberOption('tasks-at-once', 1, 'Tasks of an array that run at one time'),
  sbatch: sbatchOption,
  'slurm-config': textOption('slurm-config', 'a file', 'JSON file with such settings and more'),
  detach: flagOption('Do not follow the jobs'),
};

/**
 * Adds the options that say what jobs ask Slurm for.
 *
 * @param isNew  whether the run is submitted for the first time: else its settings are those of before, not of `slurm.json`
 */
export function withSlurmOptions<T>(yargs: Argv<T>, { isNew }: { readonly isNew: boolean }): Argv<T> {
  const usual = isNew ? `${configFile} in the repository, if it is there` : 'the settings of before';
  return (
    yargs
      .options(options)
      .option('slurm-config', { defaultDescription: usual })
      // In --help after those of every run.
      .group([], 'Options:')
      .group(Object.keys(options), 'On Slurm:') as unknown as Argv<T>
  );
}

/**
 * Who computes: the option, else the environment, else this machine.
 *
 * @throws UsageError for a word that is none of them, and for options of Slurm where this machine computes
 */
export function executorOf(
  given: SlurmArguments & { readonly executor: string | undefined },
): (typeof executors)[number] {
  const { HESSIAN_RMT_EXECUTOR: variable } = process.env;
  const chosen = given.executor ?? (variable ? oneOf('HESSIAN_RMT_EXECUTOR', executors, variable) : 'local');
  if (chosen === 'slurm') return chosen;
  for (const name of Object.keys(options) as (keyof SlurmArguments)[]) {
    if (given[name] === undefined || given[name] === false) continue;
    throw new UsageError(`--${name}: expected --executor slurm with it, found none`);
  }
  return 'local';
}

/**
 * The settings of a run: those of the environment, of the file over them, and the options over both.
 *
 * @param root  the repository, whose `slurm.json` is read when no other file is named
 * @throws UsageError for an option, Error naming file and setting
 */
export async function slurmSettingsOf(given: SlurmArguments, root: string): Promise<SlurmSettings> {
  const { mergeSlurmSettings, settingsOfEnvironment } = await import('../slurm/slurm-settings.js');
  const usual = join(root, configFile);
  const usualSettings = given['slurm-config'] === undefined && existsSync(usual) ? await read(usual) : {};
  return mergeSlurmSettings(settingsOfEnvironment(process.env), usualSettings, await changesOfSettings(given));
}

/** What the options say, and a file that they name. @throws UsageError for an option, Error naming file and setting */
export async function changesOfSettings(given: SlurmArguments): Promise<SomeSlurmSettings> {
  const { checkedSetting, mergeSlurmSettings } = await import('../slurm/slurm-settings.js');
  const file = given['slurm-config'];
  if (file !== undefined && !existsSync(file)) {
    throw new UsageError(`--slurm-config: expected a file; ${resolve(file)} is not there`);
  }
  const ofFile = file === undefined ? {} : await read(file);
  const named = { ...given, tasksAtOnce: given['tasks-at-once'] };
  const names = ['partition', 'account', 'time', 'memory', 'cpus', 'gpus', 'tasksAtOnce', 'sbatch'] as const;
  const ofOptions: Record<string, unknown> = {};
  for (const name of names) {
    if (named[name] === undefined) continue;
    try {
      ofOptions[name] = checkedSetting(name, named[name], `--${name === 'tasksAtOnce' ? 'tasks-at-once' : name}`);
    } catch (error) {
      throw new UsageError((error as Error).message);
    }
  }
  const { setup, packetMinutes, ...merged } = mergeSlurmSettings(ofFile, ofOptions);
  // What neither says stays what it is elsewhere.
  return {
    ...merged,
    ...(ofFile.setup === undefined ? {} : { setup }),
    ...(ofFile.packetMinutes === undefined ? {} : { packetMinutes }),
  };
}

/**
 * Sets the variables that jobs are to have where what is planned depends on them (the kernels of OpenBLAS, the library, the
 * data), so that the plan is that of the nodes. Before any of it is loaded.
 */
export async function takeEnvironment({ environment }: SlurmSettings): Promise<void> {
  const { countsForJobs } = await import('../slurm/batch-script.js');
  for (const [name, value] of Object.entries(environment)) if (countsForJobs(name)) process.env[name] = value;
}

/** The settings with all variables that count now, so that a run that is resumed elsewhere is the same run. */
export async function withEnvironment(settings: SlurmSettings, root: string): Promise<SlurmSettings> {
  const [{ environmentOfJobs }, { cacheDirectory }] = await Promise.all([
    import('../slurm/batch-script.js'),
    import('../reproduce.js'),
  ]);
  // Where the cache is, is told by whoever submits.
  const { HESSIAN_RMT_CACHE: _, ...present } = environmentOfJobs(process.env, cacheDirectory(root));
  return { ...settings, environment: { ...present, ...settings.environment } };
}

async function read(file: string): Promise<SomeSlurmSettings> {
  const { readSlurmSettings } = await import('../slurm/slurm-settings.js');
  return readSlurmSettings(file);
}
