import type { ProfileName } from '../experiment.js';
import { projectRoot } from '../find-experiments.js';
import type { Submission } from '../slurm/submission.js';
import { printAside, printableMessage } from '../terminal.js';
import { experimentsNamed, folderOf } from './options.js';

/**
 * The submissions that a command is asked for: the newest of each folder of results.
 *
 * One whose record is damaged does not hide the others: it is told on standard error, and the exit code is 1.
 *
 * @throws Error when there is none of an experiment that was named, or none in the folder that was named, or none whose
 *   record can be read
 */
export async function submissionsNamed(
  names: readonly string[],
  given: { readonly profile: ProfileName | undefined; readonly as: string | undefined },
): Promise<readonly Submission[]> {
  const root = projectRoot();
  const experiments = experimentsNamed(root, names).map(({ name }) => name);
  // The environment names the profile of new runs; here it would hide what was submitted.
  const folder = given.profile === undefined && given.as === undefined ? undefined : folderOf(given);
  const { readSubmission, submissionDirectory, submissionPlaces } = await import('../slurm/submission.js');
  const all = await submissionPlaces(root);
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
  const read = await Promise.allSettled(
    found.map((one) => readSubmission(submissionDirectory(root, one.experiment, one.folder))),
  );
  const submissions = read.flatMap((one) => (one.status === 'fulfilled' ? (one.value ?? []) : []));
  const damaged = read.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  if (damaged.length > 0 && submissions.length === 0) throw damaged[0];
  for (const { message } of damaged) {
    printAside(`hessian-rmt: ${printableMessage(message)}`);
    process.exitCode = 1;
  }
  return submissions;
}
