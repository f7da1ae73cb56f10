import type { Options, PositionalOptions } from 'yargs';
import { type ProfileName, profileNames } from '../experiment.js';
import { type ExperimentPackage, findExperiments } from '../find-experiments.js';
import { nearestTo } from './nearest.js';
import { UsageError } from './usage-error.js';

/** As in models, which takes long to load: a test holds the two lists against each other. */
export const backendChoices = ['auto', 'node-gpu', 'node', 'wasm', 'cpu'] as const;

/** An option that takes one of a few words. */
export function wordOption<T extends string>(name: string, words: readonly T[], describe: string) {
  return {
    describe: `${describe}: ${words.join(', ')}`,
    string: true,
    requiresArg: true,
    coerce(given: string | readonly string[] | undefined): T | undefined {
      const last = lastOf(given);
      return last === undefined ? undefined : oneOf(`--${name}`, words, last);
    },
  } satisfies Options;
}

/** An option that takes any text but none. @param what  as in `expected a folder` */
export function textOption(name: string, what: string, describe: string) {
  return {
    describe,
    string: true,
    requiresArg: true,
    coerce(given: string | readonly string[] | undefined): string | undefined {
      const last = lastOf(given);
      if (last === '') throw new UsageError(`--${name}: expected ${what}, found ""`);
      return last;
    },
  } satisfies Options;
}

export const blasOption = {
  ...textOption(
    'blas',
    'the path or name of a library, or portable',
    'Path or name of a BLAS and LAPACK library, or portable',
  ),
  defaultDescription: 'HESSIAN_RMT_BLAS, else what is found',
};

/** An option that takes a list: given several times, or with commas. @param what  as in `expected parts` */
export function listOption(name: string, what: string, describe: string) {
  return {
    describe,
    string: true,
    requiresArg: true,
    coerce(given: string | readonly string[] | undefined): readonly string[] | undefined {
      if (given === undefined) return undefined;
      const values = [given].flat().flatMap((text) => text.split(','));
      if (values.includes('')) throw new UsageError(`--${name}: expected ${what}, found "${[given].flat().join(' ')}"`);
      return values;
    },
  } satisfies Options;
}

/** An option without a value. */
export function flagOption(describe: string) {
  return {
    describe,
    boolean: true,
    default: false,
    coerce: (given: boolean | readonly boolean[]) => lastOf(given),
  } satisfies Options;
}

/** What was given last counts: yargs makes a list of an option that is given twice. */
function lastOf<T extends string | number | boolean>(given: T | readonly T[] | undefined): T | undefined {
  return typeof given === 'object' ? given.at(-1) : (given as T | undefined);
}

/** An option that takes a whole number. */
export function wholeNumberOption(name: string, from: number, describe: string) {
  return numericOption(name, `a whole number from ${from}`, describe, (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    return Number.isSafeInteger(value) && value >= from ? value : undefined;
  });
}

/** An option that takes a number from 0, as `1e-9` or `2.5`. */
export function numberOption(name: string, describe: string) {
  return numericOption(name, 'a number from 0', describe, (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    return Number.isFinite(value) && value >= 0 ? value : undefined;
  });
}

/**
 * A string for yargs: it makes NaN of what is not a number, and 4 of `--seed 3 --seed 1` (yargs-parser 22.0.0 takes a 1 for
 * "once more").
 */
function numericOption(name: string, expected: string, describe: string, parse: (text: string) => number | undefined) {
  return {
    describe,
    string: true,
    requiresArg: true,
    coerce(all: string | number | readonly string[] | undefined): number | undefined {
      const given = lastOf<string | number>(all);
      if (given === undefined) return undefined;
      const value = parse(`${given}`);
      if (value === undefined) throw new UsageError(`--${name}: expected ${expected}, found "${given}"`);
      return value;
    },
  } satisfies Options;
}

/** @throws UsageError that names where the word was given and what is possible */
export function oneOf<T extends string>(source: string, words: readonly T[], given: string): T {
  const found = words.find((word) => word === given);
  if (found === undefined) throw new UsageError(`${source}: expected ${list(words)}, found "${given}"`);
  return found;
}

export const profileOption = wordOption('profile', profileNames, 'Size of the run');

/** For commands that look at results. */
export const storedProfileOption = {
  ...profileOption,
  defaultDescription: 'HESSIAN_RMT_PROFILE, else the largest that is stored',
};

/** For commands that look at results: those of a run that was changed, or named. */
export const storedAsOption = {
  ...textOption('as', 'a folder of results', 'Results that `reproduce --as` or `--set` made: their folder, as custom'),
};

/** The folder of results that these options name, if they name one. @throws UsageError when both do */
export function folderOf(given: { readonly profile: ProfileName | undefined; readonly as: string | undefined }) {
  if (given.profile !== undefined && given.as !== undefined) {
    throw new UsageError('--profile and --as each name the results to take; expected one of them');
  }
  return given.as ?? given.profile ?? profileOfEnvironment();
}

export const experimentsOption = {
  describe: 'Folders under experiments/; all of them by default',
  type: 'string',
  array: true,
  default: [],
} as const satisfies PositionalOptions;

/** The profile that the environment variable HESSIAN_RMT_PROFILE names, if any. */
export function profileOfEnvironment(): ProfileName | undefined {
  const given = process.env.HESSIAN_RMT_PROFILE;
  return given ? oneOf('HESSIAN_RMT_PROFILE', profileNames, given) : undefined;
}

/** The experiments of these names, in this order; all of them for no names. @throws UsageError for an unknown name */
export function experimentsNamed(root: string, names: readonly string[]): readonly ExperimentPackage[] {
  const found = findExperiments(root);
  if (names.length === 0) return found;
  return [...new Set(names)].map((name) => {
    const experiment = found.find((candidate) => candidate.name === name);
    if (experiment) return experiment;
    const known = found.map((candidate) => candidate.name);
    const meant = nearestTo(name, known);
    const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
    throw new UsageError(`no experiment "${name}"${hint}; there are ${list(known, 'and')}`);
  });
}

function list(words: readonly string[], last = 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
