import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProfileName, profileNames } from './experiment.js';
import { hasFields, parseStoredJson } from './stored-json.js';
import { isStoredProfile } from './stored-manifest.js';

/** Results of an experiment, as they stand in a folder of results/. */
export interface StoredResults {
  readonly experiment: string;
  /** Folder under results/EXPERIMENT/: the profile's name, or the name that a changed run was given. */
  readonly folder: string;
  readonly profile: ProfileName;
  readonly directory: string;
  /** The other folders that have results. */
  readonly others: readonly string[];
}

export function isProfile(folder: string): folder is ProfileName {
  return (profileNames as readonly string[]).includes(folder);
}

/** The folders of an experiment that hold a ledger: profiles from the smallest to the published size, then others by name. */
export function storedFolders(root: string, experiment: string): readonly string[] {
  const parent = join(root, 'results', experiment);
  if (!existsSync(parent)) return [];
  // What a run builds beside its results begins with a dot.
  const stored = readdirSync(parent)
    .filter((folder) => !folder.startsWith('.') && existsSync(join(parent, folder, 'claims.json')))
    .sort();
  return [
    ...profileNames.filter((profile) => stored.includes(profile)),
    ...stored.filter((folder) => !isProfile(folder)),
  ];
}

/**
 * The results of these experiments, each in the folder asked for; else at the largest profile that is stored, or in the
 * first other folder where no profile is. Experiments without results are left out.
 *
 * @param demanded  every one of the experiments must have results
 * @throws Error that names what is missing, what is stored instead, and how to make it
 */
export function storedResults(
  root: string,
  experiments: readonly string[],
  { folder, demanded }: { readonly folder: string | undefined; readonly demanded: boolean },
): readonly StoredResults[] {
  const found: StoredResults[] = [];
  const missing: string[] = [];
  for (const experiment of experiments) {
    const stored = storedFolders(root, experiment);
    const largest = stored.findLast(isProfile) ?? stored[0];
    const shown = folder === undefined ? largest : stored.find((name) => name === folder);
    if (shown === undefined) {
      missing.push(stored.length > 0 ? `${experiment} (stored: ${stored.join(', ')})` : experiment);
      continue;
    }
    const directory = join(root, 'results', experiment, shown);
    const others = stored.filter((name) => name !== shown);
    found.push({ experiment, folder: shown, profile: profileOf(shown, directory), directory, others });
  }
  if (missing.length > 0 && (demanded || found.length === 0)) {
    throw new Error(`no results${where(folder)} of ${missing.join(', ')}; ${commandFor(folder)} makes them`);
  }
  return found;
}

/** `profile quick`, and for a folder of another name `custom (profile quick)`. */
export function nameOfResults({ folder, profile }: Pick<StoredResults, 'folder' | 'profile'>): string {
  return folder === profile ? `profile ${profile}` : `${folder} (profile ${profile})`;
}

function where(folder: string | undefined): string {
  if (folder === undefined) return '';
  return isProfile(folder) ? ` at profile ${folder}` : ` called ${folder}`;
}

function commandFor(folder: string | undefined): string {
  if (folder === undefined) return 'npx hessian-rmt reproduce';
  return `npx hessian-rmt reproduce --${isProfile(folder) ? 'profile' : 'as'} ${folder}`;
}

/** The profile of a folder with a name of its own stands in its manifest. @throws Error naming the manifest */
function profileOf(folder: string, directory: string): ProfileName {
  if (isProfile(folder)) return folder;
  const file = join(directory, 'manifest.json');
  if (!existsSync(file)) throw new Error(`${file}: expected the manifest of a run, found none`);
  const manifest = parseStoredJson(readFileSync(file, 'utf8'), file);
  hasFields({ profile: isStoredProfile })(manifest, file);
  return (manifest as { readonly profile: ProfileName }).profile;
}
