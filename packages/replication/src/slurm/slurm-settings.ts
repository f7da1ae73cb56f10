import { readFile } from 'node:fs/promises';
import { nearestTo } from '../commands/nearest.js';
import type { Json } from '../experiment.js';
import { parseStoredJson, shortJson } from '../stored-json.js';

/** What the jobs of a run ask Slurm for, and how units are dealt to them. */
export interface SlurmSettings {
  /** `--partition`, one or several with commas. Without it, and for all that is left out: what the cluster does by default. */
  readonly partition?: string;
  readonly account?: string;
  /** Time limit of a task as Slurm writes it: `90` (minutes), `1:30:00`, `1-12` (days-hours). Default: from the estimates. */
  readonly time?: string;
  /** Memory of a task: `4G`, `500M`; `0` for all that a node has. Default: what the units tell, if they tell it. */
  readonly memory?: string;
  /** Cores of a task. Default: the threads of its units, so that these run one after the other. */
  readonly cpus?: number;
  /** GPUs of a task: `1`, or with their type `a100:2`. */
  readonly gpus?: string;
  /** Tasks of one array that run at one time. Default: as many as the cluster lets. */
  readonly tasksAtOnce?: number;
  /** Further options of sbatch, as `--constraint=haswell`. */
  readonly sbatch: readonly string[];
  /** Lines of shell before the work, as `module load nodejs`. */
  readonly setup: readonly string[];
  /** Variables for the jobs. */
  readonly environment: Readonly<Record<string, string>>;
  /** Units are put together until a task is expected to take so many minutes. */
  readonly packetMinutes: number;
  /** Command that starts Node on the nodes. Default: the file of the Node that submits. */
  readonly node?: string;
}

/** Some of the settings: what a file holds, or what the options of a command say. */
export type SomeSlurmSettings = Partial<SlurmSettings>;

/** A setting that cannot be; the message begins with where it was given. */
export class UnusableSlurmSetting extends Error {
  override readonly name = 'UnusableSlurmSetting';
}

/** Long against the seconds that a job takes to start, short against what a lost node would cost: our choice. */
export const defaultPacketMinutes = 10;

interface Setting<T> {
  /** As in `expected a memory as 4G or 500M`. */
  readonly expected: string;
  /** Undefined for what cannot be. */
  read(value: unknown): T | undefined;
}

const settings: { readonly [K in keyof SlurmSettings]-?: Setting<Required<SlurmSettings>[K]> } = {
  partition: { expected: 'the name of a partition', read: word },
  account: { expected: 'the name of an account', read: word },
  time: {
    expected: 'a time as 90 (minutes), 1:30:00 or 1-12 (days-hours)',
    read: (value) =>
      matching(typeof value === 'number' ? `${value}` : value, /^(?=.*[1-9])(\d+(:\d+){0,2}|\d+-\d+(:\d+){0,2})$/),
  },
  memory: {
    expected: 'a memory as 4G or 500M, or 0 for all of a node',
    read: (value) => matching(value === 0 ? '0' : value, /^([1-9]\d*[KMGT]|0)$/),
  },
  cpus: { expected: 'a whole number from 1', read: positive },
  gpus: {
    expected: 'a number of GPUs, as 1 or a100:2',
    read: (value) => matching(typeof value === 'number' ? `${value}` : value, /^([A-Za-z][\w.-]*:)?[1-9]\d*$/),
  },
  tasksAtOnce: { expected: 'a whole number from 1', read: positive },
  sbatch: {
    expected: 'a list of options of sbatch, as ["--constraint=haswell"]',
    read: (value) => listOf(value, oneLine),
  },
  setup: {
    expected: 'a list of lines for the shell, as ["module load nodejs"]',
    read: (value) => listOf(value, oneLine),
  },
  // Where status, cancel and resume look is told to all of them alike: in the shell.
  environment: {
    expected: 'variables but HESSIAN_RMT_CACHE, with texts of one line, as {"OPENBLAS_CORETYPE": "Haswell"}',
    read: variables,
  },
  packetMinutes: {
    expected: 'a number above 0',
    read: (value) => (typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined),
  },
  node: { expected: 'a command that starts Node, as /opt/node/bin/node', read: oneLine },
};

/** What the settings have a name of their own for. */
const settingOfOption: ReadonlyMap<string, keyof SlurmSettings> = new Map<string, keyof SlurmSettings>([
  ['--partition', 'partition'],
  ['--account', 'account'],
  ['--time', 'time'],
  ['--mem', 'memory'],
  ['--mem-per-cpu', 'memory'],
  ['--mem-per-gpu', 'memory'],
  ['--cpus-per-task', 'cpus'],
]);

/** What sbatch is told by the run itself. */
const optionsOfRun: ReadonlySet<string> = new Set(
  (
    'array chdir clusters dependency error hold input job-name no-requeue ntasks open-mode output parsable requeue ' +
    'test-only wait wrap'
  )
    .split(' ')
    .map((name) => `--${name}`),
);

/**
 * One setting, checked.
 *
 * @param place  where it was given, as `--memory` or `slurm.json: memory`
 * @throws UnusableSlurmSetting
 */
export function checkedSetting<K extends keyof SlurmSettings>(
  name: K,
  value: unknown,
  place: string,
): Required<SlurmSettings>[K] {
  const { expected, read }: Setting<unknown> = settings[name];
  const found = read(value);
  if (found === undefined) {
    throw new UnusableSlurmSetting(`${place}: expected ${expected}; found ${JSON.stringify(value)}`);
  }
  const checked = name === 'sbatch' ? (found as readonly string[]).map((option) => sbatchOption(option, place)) : found;
  return checked as Required<SlurmSettings>[K];
}

/**
 * The settings that a JSON file holds, by their names.
 *
 * @throws UnusableSlurmSetting naming file and setting; Error when the file cannot be read
 */
export async function readSlurmSettings(file: string): Promise<SomeSlurmSettings> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UnusableSlurmSetting(`${file}: expected a file that can be read; found ${error.message}`);
  });
  let content: Json;
  try {
    content = parseStoredJson(text, file);
  } catch (error) {
    throw new UnusableSlurmSetting((error as Error).message);
  }
  if (!isObject(content)) {
    throw new UnusableSlurmSetting(
      `${file}: expected an object, as {"partition": "main"}; found ${shortJson(content)}`,
    );
  }
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => {
      if (Object.hasOwn(settings, name)) {
        return [name, checkedSetting(name as keyof SlurmSettings, value, `${file}: ${name}`)];
      }
      const meant = nearestTo(name, Object.keys(settings));
      const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
      const known = Object.keys(settings).join(', ');
      throw new UnusableSlurmSetting(`${file}: expected settings among ${known}; found ${JSON.stringify(name)}${hint}`);
    }),
  );
}

/**
 * What the variables of sbatch say that sites and users set for all their jobs. Its others would overrule what a run asks
 * for, and do not count.
 *
 * @throws UnusableSlurmSetting naming the variable
 */
export function settingsOfEnvironment(environment: Readonly<Record<string, string | undefined>>): SomeSlurmSettings {
  const of = (name: 'partition' | 'account', variable: string) =>
    environment[variable] ? { [name]: checkedSetting(name, environment[variable], variable) } : {};
  return { ...of('partition', 'SBATCH_PARTITION'), ...of('account', 'SBATCH_ACCOUNT') };
}

/**
 * Settings over settings: the later ones count. Options of sbatch and variables are added to the earlier ones, in the place
 * of those of the same name; lines of setup replace them.
 */
export function mergeSlurmSettings(...layers: readonly SomeSlurmSettings[]): SlurmSettings {
  const given = layers.map((layer) =>
    Object.fromEntries(Object.entries(layer).filter(([, value]) => value !== undefined)),
  );
  const options = new Map<string, string>();
  for (const option of layers.flatMap(({ sbatch = [] }) => sbatch)) {
    const name = option.split('=')[0];
    // The last one is also written last.
    options.delete(name);
    options.set(name, option);
  }
  return {
    setup: [],
    packetMinutes: defaultPacketMinutes,
    ...Object.assign({}, ...given),
    sbatch: [...options.values()],
    environment: Object.assign({}, ...layers.map(({ environment }) => environment)),
  };
}

const unitBytes: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30, T: 2 ** 40 };

/** Bytes of a memory as `4G`; 0 for all of a node. */
export function bytesOfMemory(memory: string): number {
  if (memory === '0') return 0;
  return Number(memory.slice(0, -1)) * unitBytes[memory.at(-1)!];
}

/** Seconds of a time as Slurm writes it: minutes, minutes:seconds, hours:minutes:seconds, days-hours[:minutes[:seconds]]. */
export function secondsOfTime(time: string): number {
  const [days, rest] = time.includes('-') ? time.split('-') : [undefined, time];
  const numbers = rest.split(':').map(Number);
  if (days !== undefined) {
    const [hours, minutes = 0, seconds = 0] = numbers;
    return ((Number(days) * 24 + hours) * 60 + minutes) * 60 + seconds;
  }
  if (numbers.length === 3) return (numbers[0] * 60 + numbers[1]) * 60 + numbers[2];
  return numbers[0] * 60 + (numbers[1] ?? 0);
}

/** An option with both of its dashes, or without. */
function sbatchOption(given: string, place: string): string {
  const option = given.startsWith('-') ? given : `--${given}`;
  const [, name] = /^(--[a-z][a-z0-9-]+)(=.+)?$/.exec(option) ?? [];
  const expected = `${place}: expected an option of sbatch, as --constraint=haswell`;
  if (name === undefined) throw new UnusableSlurmSetting(`${expected}; found ${JSON.stringify(given)}`);
  const own = settingOfOption.get(name);
  if (own === undefined && !optionsOfRun.has(name)) return option;
  const why = own === undefined ? 'which the run sets itself' : `which is the setting ${own}`;
  throw new UnusableSlurmSetting(`${expected}; found ${JSON.stringify(given)}, ${why}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that stays on its line, whatever it is written into. */
function oneLine(value: unknown): string | undefined {
  return matching(value, /^[^\p{Cc}\u2028\u2029]*[^\p{Cc}\p{Z}][^\p{Cc}\u2028\u2029]*$/u);
}

function word(value: unknown): string | undefined {
  return matching(value, /^[^\p{Cc}\p{Z}]+$/u);
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : undefined;
}

function listOf<T>(value: unknown, read: (value: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const all = value.map(read);
  return all.includes(undefined) ? undefined : (all as T[]);
}

function variables(value: unknown): Readonly<Record<string, string>> | undefined {
  if (!isObject(value) || Object.hasOwn(value, 'HESSIAN_RMT_CACHE')) return undefined;
  const all = Object.entries(value).map(
    ([name, text]) => matching(name, /^[A-Za-z_]\w*$/) && (text === '' ? text : oneLine(text)),
  );
  return all.includes(undefined) ? undefined : (value as Record<string, string>);
}
