import type { Argv, CommandModule } from 'yargs';
import type { ProfileName } from '../experiment.js';
import { tellingWaits } from '../slurm/telling-waits.js';
import { print } from '../terminal.js';
import { experimentsOption, flagOption, storedAsOption, storedProfileOption } from './options.js';
import { submissionsNamed } from './submissions.js';

/** What names submissions. */
export interface SubmissionArguments {
  experiment: string[];
  profile: ProfileName | undefined;
  as: string | undefined;
  json: boolean;
}

/** Adds what names submissions. */
export function withSubmissionOptions<T>(yargs: Argv<T>): Argv<T> {
  return yargs
    .positional('experiment', experimentsOption)
    .option('profile', { ...storedProfileOption, defaultDescription: 'every one that was submitted' })
    .option('as', storedAsOption) as unknown as Argv<T>;
}

export const statusCommand: CommandModule<object, SubmissionArguments> = {
  command: 'status [experiment..]',
  describe: 'Tell where runs on Slurm stand',
  builder: (yargs) =>
    withSubmissionOptions(yargs)
      .option('json', flagOption('Print an array with an object for each run'))
      .example('$0 status', 'every run that was submitted here')
      .example('$0 status gauss-newton-outliers --profile laptop', 'one of them')
      .epilogue(
        'Of each folder of results the newest run. Units that failed are named with their reason and their log. The exit ' +
          'code is 1 when a run failed, lost its last job, or when Slurm does not answer; else 0.',
      ) as unknown as Argv<SubmissionArguments>,
  async handler({ experiment: names, json, ...given }) {
    const submissions = await submissionsNamed(names, given);
    const { statusText, submissionStatus } = await import('../slurm/status.js');
    // At once, since each waits for Slurm.
    const all = await tellingWaits(Promise.all(submissions.map((submission) => submissionStatus(submission))));
    if (json) print(JSON.stringify(all, null, 2));
    else print(all.length === 0 ? 'Nothing was submitted to Slurm here.' : all.map(statusText).join('\n\n'));
    if (all.some(({ state }) => ['failed', 'broken', 'unknown'].includes(state))) process.exitCode = 1;
  },
};
