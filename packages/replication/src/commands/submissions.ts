import type { ProfileName } from '../experiment.js';
import { projectRoot } from '../find-experiments.js';
import type { Submission } from '../slurm/submission.js';
import { experimentsNamed, folderOf } from './options.js';

/**
 * The submissions that a command is asked for: the newest of each folder of results.
 *
 * @throws Error when there is none of an experiment that was named, or none in the folder that was named
 */
export async function submissionsNamed(
  names: readonly string[],
  given: { readonly profile: ProfileName | undefined; readonly as: string | undefined },
): Promise<readonly Submission[]> {
  const root = projectRoot();
  const experiments = experimentsNamed(root, names).map(({ name }) => name);
  // The environment names the profile of new runs; here it would hide what was submitted.
  const folder = given.profile === undefined && given.as === undefined ? undefined : folderOf(given);
  const { findSubmissions } = await import('../slurm/submission.js');
  const all = await findSubmissions(root);
  const found = all.filter((one) => experiments.includes(one.experiment) && (folder ?? one.folder) === one.folder);
  const missing = names.filter((name) => !found.some(({ experiment }) => experiment === name));
  if (missing.length > 0 || (folder !== undefined && found.length === 0)) {
    const what = `${missing.length > 0 ? ` of ${missing.join(', ')}` : ''}${folder === undefined ? '' : ` to ${folder}`}`;
    const there = all.map((one) => `${one.experiment} (${one.folder})`).join(', ');
    throw new Error(
      `nothing${what} was submitted to Slurm here${there === '' ? '' : `, but ${there}`}; ` +
        'npx hessian-rmt reproduce --executor slurm submits',
    );
  }
  return found;
}
