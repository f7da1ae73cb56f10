import type { Argv, CommandModule } from 'yargs';
import { tellingWaits } from '../slurm/telling-waits.js';
import { print } from '../terminal.js';
import { flagOption } from './options.js';
import { nameOfRun } from './run-outcomes.js';
import { type SubmissionArguments, withSubmissionOptions } from './status.js';
import { submissionsNamed } from './submissions.js';

export const cancelCommand: CommandModule<object, SubmissionArguments> = {
  command: 'cancel [experiment..]',
  describe: 'Take the jobs of runs on Slurm out of the queue',
  builder: (yargs) =>
    withSubmissionOptions(yargs)
      .option('json', flagOption('Print an array with an object for each run'))
      .example('$0 cancel', 'every run that was submitted here')
      .example('$0 cancel gauss-newton-outliers --profile laptop', 'one of them')
      .epilogue(
        'Finished units stay in the store, and those under way keep their checkpoints: resume goes on from there.',
      ) as unknown as Argv<SubmissionArguments>,
  async handler({ experiment: names, json, ...given }) {
    const submissions = await submissionsNamed(names, given);
    const { cancelRun } = await import('../slurm/resume.js');
    const cancelled = [];
    const failed: string[] = [];
    for (const submission of submissions) {
      const { experiment, profile, folder, directory } = submission;
      const tasks = await tellingWaits(cancelRun(submission)).catch((error: Error) => {
        failed.push(error.message);
      });
      // What keeps one of them from being cancelled does not keep the others.
      if (tasks === undefined) continue;
      cancelled.push({ experiment, profile, folder, submission: directory, tasks });
      if (json) continue;
      const name = nameOfRun(submission);
      if (tasks === 0) print(`${name}: nothing in the queue.`);
      else {
        const taken = `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`;
        print(`${name}: ${taken} taken out of the queue. npx hessian-rmt resume ${name} goes on.`);
      }
    }
    if (json) print(JSON.stringify(cancelled, null, 2));
    else if (submissions.length === 0) print('Nothing was submitted to Slurm here.');
    if (failed.length > 0) throw new Error([...new Set(failed)].join('\n'));
  },
};
