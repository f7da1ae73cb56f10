import type { Changes } from './changed-settings.js';
import { type Json, type ProfileName, profileNames } from './experiment.js';

/** What makes a run another one than that of its profile. */
export interface RunChoice {
  /** Whether all parts of the experiment are run. */
  readonly whole: boolean;
  readonly changed: Changes;
}

/** Where the results of a run go that is not the whole of its profile. */
export const customFolder = 'custom';

/**
 * The folder under results/EXPERIMENT/ for a run that was given no name: its profile's when it is the whole of it,
 * unchanged, so that nothing less ever takes the place of a profile's results.
 */
export function usualFolder({ whole, changed }: RunChoice, profile: ProfileName): string {
  return whole && Object.keys(changed).length === 0 ? profile : customFolder;
}

/** A folder that the results of a run must not go to. */
export class UnusableFolder extends Error {
  override readonly name = 'UnusableFolder';
}

/**
 * A profile's folder holds its own settings; a run of some of its parts may go there when that is asked for by name.
 *
 * @throws UnusableFolder for a name that does not do for a folder, and for another profile's or that of unchanged results
 */
export function checkFolder(as: string, profile: ProfileName, changed: Changes): void {
  const found = `found "${as}"`;
  if (!/^[A-Za-z0-9][\w-]*$/.test(as)) {
    throw new UnusableFolder(`--as: expected letters, digits, - and _, beginning with a letter or a digit; ${found}`);
  }
  if (!(profileNames as readonly string[]).includes(as)) return;
  if (as !== profile)
    throw new UnusableFolder(`--as: expected a name that no other profile has; ${found} at ${profile}`);
  if (Object.keys(changed).length > 0) {
    throw new UnusableFolder(`--as: expected a name that no profile has, since settings are changed; ${found}`);
  }
}

/** The command that makes a run again, for a shell. */
export function commandOf(
  run: RunChoice & {
    readonly experiment: string;
    readonly profile: ProfileName;
    readonly seed: number;
    /** Identifiers of the parts that are run. */
    readonly parts: readonly string[];
    readonly folder: string;
  },
): string {
  const { experiment, profile, seed, whole, parts, changed, folder } = run;
  return [
    `npx hessian-rmt reproduce ${experiment} --profile ${profile} --seed ${seed}`,
    ...(whole ? [] : [`--part ${parts.join(',')}`]),
    ...Object.entries(changed).map(([name, value]) => `--set ${quoted(`${name}=${written(value)}`)}`),
    ...(folder === usualFolder(run, profile) ? [] : [`--as ${folder}`]),
  ].join(' ');
}

/** A value as `--set` reads it back: a word as it is, unless it would be read as something else. */
function written(value: Json): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return parsedValue(value) === value ? value : JSON.stringify(value);
}

/** The value that a text stands for: JSON, else the text itself. */
export function parsedValue(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function quoted(word: string): string {
  return /^[\w.,=:+@%/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
