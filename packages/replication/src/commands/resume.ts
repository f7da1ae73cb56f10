import type { Argv, CommandModule } from 'yargs';
import { projectRoot } from '../find-experiments.js';
import { print, printAside } from '../terminal.js';
import { chooseLibrary } from './choose-library.js';
import { flagOption } from './options.js';
import type { Watch } from './run-on-slurm.js';
import { tellOutcomes } from './run-outcomes.js';
import { changesOfSettings, type SlurmArguments, takeEnvironment, withSlurmOptions } from './slurm-options.js';
import { type SubmissionArguments, withSubmissionOptions } from './status.js';
import { submissionsNamed } from './submissions.js';

type Arguments = SubmissionArguments & SlurmArguments;

export const resumeCommand: CommandModule<object, Arguments> = {
  command: 'resume [experiment..]',
  describe: 'Go on with runs on Slurm: follow their jobs, or submit what is missing',
  builder: (yargs) =>
    withSlurmOptions(withSubmissionOptions(yargs), { isNew: false })
      .option('json', flagOption('Print the outcome as JSON; progress goes to standard error'))
      .example('$0 resume', 'follow all runs that are in the queue, and submit again what of others is missing')
      .example('$0 resume gauss-newton-outliers --memory 16G --time 1-0', 'failed units get more')
      .epilogue(
        'A run whose jobs are in the queue is followed as it is. Of one that failed, was cancelled or lost its jobs what ' +
          'is missing is submitted again, units that failed included, with the settings of before and these options over ' +
          'them. Ctrl-C leaves the jobs in the queue.',
      ) as unknown as Argv<Arguments>,
  handler: resume,
};

async function resume({ experiment: names, profile, as, json, ...given }: Arguments): Promise<void> {
  const root = projectRoot();
  const submissions = await submissionsNamed(names, { profile, as });
  const say = json ? printAside : print;
  if (submissions.length === 0) {
    say('Nothing was submitted to Slurm here.');
    if (json) print('[]');
    return;
  }
  const changes = await changesOfSettings(given);
  const [{ mergeSlurmSettings }, { resumeRun }, { runOnSlurm }] = await Promise.all([
    import('../slurm/slurm-settings.js'),
    import('../slurm/resume.js'),
    import('./run-on-slurm.js'),
  ]);
  const runs = submissions.map((submission) => {
    const settings = mergeSlurmSettings(submission.settings, changes);
    const submit = async (watch: Watch) => {
      // What was planned with it is planned with it again.
      await takeEnvironment(settings);
      await chooseLibrary(undefined);
      return resumeRun(submission, { ...watch, settings });
    };
    return { experiment: submission.experiment, settings, submit };
  });
  await tellOutcomes(await runOnSlurm(runs, { detach: given.detach, say }), { root, of: runs.length, json });
}
