import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ProfileName, profileNames } from './experiment.js';

/** Results of an experiment at one profile, as they stand in results/. */
export interface StoredResults {
  readonly experiment: string;
  readonly profile: ProfileName;
  readonly directory: string;
  /** The other profiles that have results. */
  readonly others: readonly ProfileName[];
}

/** The profiles of an experiment that have results, from the smallest to the published size. */
export function storedProfiles(root: string, experiment: string): readonly ProfileName[] {
  return profileNames.filter((profile) => existsSync(join(directoryOf(root, experiment, profile), 'claims.json')));
}

/**
 * The results of these experiments, each at the profile asked for, or at the largest that is stored. Experiments
 * without results are left out.
 *
 * @param demanded  every one of the experiments must have results
 * @throws Error that names what is missing, what is stored instead, and how to make it
 */
export function storedResults(
  root: string,
  experiments: readonly string[],
  { profile, demanded }: { readonly profile: ProfileName | undefined; readonly demanded: boolean },
): readonly StoredResults[] {
  const found: StoredResults[] = [];
  const missing: string[] = [];
  for (const experiment of experiments) {
    const stored = storedProfiles(root, experiment);
    const shown = profile === undefined ? stored.at(-1) : stored.find((name) => name === profile);
    if (shown === undefined) {
      missing.push(stored.length > 0 ? `${experiment} (stored: ${stored.join(', ')})` : experiment);
      continue;
    }
    const others = stored.filter((name) => name !== shown);
    found.push({ experiment, profile: shown, directory: directoryOf(root, experiment, shown), others });
  }
  if (missing.length > 0 && (demanded || found.length === 0)) {
    const command = profile ? `npx hessian-rmt reproduce --profile ${profile}` : 'npx hessian-rmt reproduce';
    throw new Error(
      `no results${profile ? ` at profile ${profile}` : ''} of ${missing.join(', ')}; ${command} makes them`,
    );
  }
  return found;
}

function directoryOf(root: string, experiment: string, profile: ProfileName): string {
  return join(root, 'results', experiment, profile);
}
