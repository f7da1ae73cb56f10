import type { Options, PositionalOptions } from 'yargs';
import { type ProfileName, profileNames } from '../experiment.js';
import { type ExperimentPackage, findExperiments } from '../find-experiments.js';
import { UsageError } from './usage-error.js';

/** As in models, which takes long to load: a test holds the two lists against each other. */
export const backendChoices = ['auto', 'node-gpu', 'node', 'wasm', 'cpu'] as const;

/** An option that takes one of a few words. */
export function wordOption<T extends string>(name: string, words: readonly T[], describe: string) {
  return {
    describe: `${describe}: ${words.join(', ')}`,
    string: true,
    requiresArg: true,
    coerce: (given: string | undefined): T | undefined =>
      given === undefined ? undefined : oneOf(`--${name}`, words, given),
  } satisfies Options;
}

/** An option that takes a whole number. Of no type for yargs, which would make NaN of what is not a number. */
export function wholeNumberOption(name: string, from: number, describe: string) {
  return {
    describe,
    requiresArg: true,
    coerce(given: unknown): number | undefined {
      if (given === undefined || (Number.isSafeInteger(given) && (given as number) >= from)) return given as number;
      throw new UsageError(`--${name}: expected a whole number from ${from}, found "${given}"`);
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
    throw new UsageError(
      `no experiment "${name}"; there are ${list(
        found.map((candidate) => candidate.name),
        'and',
      )}`,
    );
  });
}

function list(words: readonly string[], last = 'or'): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
