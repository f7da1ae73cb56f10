import type { Argv, CommandModule, Options } from 'yargs';
import type { Changes } from '../changed-settings.js';
import type { ProfileName } from '../experiment.js';
import { type ExperimentPackage, projectRoot } from '../find-experiments.js';
import { checkFolder, parsedValue } from '../run-command.js';
import type { SlurmSettings } from '../slurm/slurm-settings.js';
import { print, printAside } from '../terminal.js';
import { chooseLibrary } from './choose-library.js';
import {
  backendChoices,
  blasOption,
  experimentsNamed,
  experimentsOption,
  flagOption,
  listOption,
  oneOf,
  profileOfEnvironment,
  profileOption,
  textOption,
  wholeNumberOption,
  wordOption,
} from './options.js';
import { type Asked, type Chosen, runHere } from './run-here.js';
import type { Watch } from './run-on-slurm.js';
import { type RunOutcomes, tellOutcomes } from './run-outcomes.js';
import {
  executorOf,
  executorOption,
  type SlurmArguments,
  slurmSettingsOf,
  takeEnvironment,
  withEnvironment,
  withSlurmOptions,
} from './slurm-options.js';
import { UsageError } from './usage-error.js';

interface Arguments extends SlurmArguments {
  experiment: string[];
  profile: ProfileName | undefined;
  seed: number;
  part: readonly string[] | undefined;
  figure: readonly string[] | undefined;
  table: readonly string[] | undefined;
  set: Changes | undefined;
  as: string | undefined;
  backend: string | undefined;
  blas: string | undefined;
  cores: number | undefined;
  executor: string | undefined;
  force: boolean;
  estimate: boolean;
  json: boolean;
}

/** Our choice; any other is as good. */
const defaultSeed = 1;

export const reproduceCommand: CommandModule<object, Arguments> = {
  command: 'reproduce [experiment..]',
  describe: 'Compute figures, tables and claims of one experiment, or of all of them one after another',
  builder: (yargs) =>
    withSlurmOptions(yargs, { isNew: true })
      .positional('experiment', experimentsOption)
      .option('profile', { ...profileOption, defaultDescription: 'HESSIAN_RMT_PROFILE, else quick' })
      .option('seed', { ...wholeNumberOption('seed', 0, 'Root of all random streams'), default: defaultSeed })
      .option('part', {
        ...listOption('part', 'parts, as table-1', 'Only these parts: figures or tables, by the names in the manifest'),
        defaultDescription: 'all parts',
      })
      .option('figure', listOption('figure', 'numbers, as 3 or 7-8', 'Only the parts of these figures of the paper'))
      .option('table', listOption('table', 'numbers, as 1 or 1-2', 'Only the parts of these tables of the paper'))
      .option('set', setOption)
      .option('as', {
        ...textOption('as', 'a name of letters, digits, - and _', 'Folder of the results, in results/EXPERIMENT/'),
        defaultDescription: 'the profile, or custom with --part, --figure, --table or --set',
      })
      .option('backend', {
        ...wordOption('backend', backendChoices, 'tfjs backend of units that train on tensors'),
        defaultDescription: 'HESSIAN_RMT_BACKEND, else auto: the first that loads',
      })
      .option('blas', blasOption)
      .option('cores', {
        ...wholeNumberOption('cores', 1, 'Cores that the units share'),
        defaultDescription: 'all that this process may use',
      })
      .option('executor', executorOption)
      .option('force', flagOption('Compute everything anew, whatever is stored'))
      .option('estimate', flagOption('Tell what it would take, time, memory and storage, and do nothing'))
      .option('json', flagOption('Print the outcome as JSON; progress goes to standard error'))
      .example('$0 reproduce', 'all experiments, quickly')
      .example('$0 reproduce gauss-newton-outliers', 'one of them')
      .example('$0 reproduce --profile laptop', 'all of them as they are committed')
      .example('$0 reproduce spacing-statistics --part audit', 'one part of it, in results/spacing-statistics/custom/')
      .example('$0 reproduce spacing-statistics --figure 3 --seed 7 --set width=20', 'a figure with another network')
      .example("$0 reproduce gauss-newton-outliers --figure 7-8 --set 'channels=[4,8]' --as narrow", 'under a name')
      .example('$0 reproduce --profile paper --estimate', 'what the published sizes would take')
      .example('$0 reproduce --profile laptop --executor slurm --memory 4G', 'as jobs of a cluster')
      .example('npx turbo run reproduce -- --cores 1', 'each as a task of turbo')
      .epilogue(
        'Profiles: smoke is for tests, quick shows everything once, laptop makes the committed results, paper has the ' +
          'published sizes. Results go to results/EXPERIMENT/PROFILE/; those of some parts, or with other settings, to ' +
          'results/EXPERIMENT/custom/ or where --as says. Finished units of work are stored: a run that ' +
          'was stopped goes on where it was, and one that was done before takes no time.\n\n' +
          'With --executor slurm the units are jobs of a cluster (docs/cluster.md); Ctrl-C leaves them in the queue. See ' +
          'also status, resume and cancel.',
      ) as unknown as Argv<Arguments>,
  handler: run,
};

async function run({ profile = profileOfEnvironment() ?? 'quick', ...options }: Arguments): Promise<void> {
  const { seed, force, json, set: changed = {}, as } = options;
  const root = projectRoot();
  const experiments = experimentsNamed(root, options.experiment);
  if (experiments.length === 0) throw new Error(`there are no experiments under ${root}`);
  // Whatever is asked for in vain is told before anything is computed.
  const chosen = await choose(experiments, profile, options);
  const settings = executorOf(options) === 'slurm' ? await slurmSettingsOf(options, root) : undefined;
  if (settings !== undefined) {
    if (options.cores !== undefined)
      throw new UsageError('--cores: expected --cpus in its place with --executor slurm');
    await takeEnvironment(settings);
  }
  // Units run in processes of their own, which inherit these.
  await chooseLibrary(options.blas);
  await chooseBackend(options.backend);
  const asked = { root, profile, seed, force, changed, ...(as ? { as } : {}) };
  if (options.estimate) {
    const { tellEstimates } = await import('./estimate.js');
    return tellEstimates(chosen, { ...asked, cores: options.cores, settings, json });
  }

  const say = json ? printAside : print;
  const outcomes =
    settings === undefined
      ? await runHere(chosen, { ...asked, cores: options.cores, say })
      : await runThere(chosen, {
          ...asked,
          settings: await withEnvironment(settings, root),
          detach: options.detach,
          say,
        });
  await tellOutcomes(outcomes, { root, of: chosen.length, json });
}

/** On the cluster. */
async function runThere(
  chosen: readonly Chosen[],
  options: Asked & { readonly settings: SlurmSettings; readonly detach: boolean; readonly say: (line: string) => void },
): Promise<RunOutcomes> {
  const { detach, say, ...asked } = options;
  const [{ runOnSlurm }, { submitRun }] = await Promise.all([
    import('./run-on-slurm.js'),
    import('../slurm/submit.js'),
  ]);
  const runs = chosen.map(({ experiment, parts }) => ({
    experiment: experiment.name,
    settings: asked.settings,
    submit: (watch: Watch) => submitRun(experiment, { ...asked, ...(parts ? { parts } : {}), ...watch }),
  }));
  return runOnSlurm(runs, { detach, say });
}

/** `--set NAME=VALUE`, given any number of times. */
const setOption = {
  describe: 'NAME=VALUE: a setting of the parts that is not to be as in the profile; VALUE is JSON or a word',
  string: true,
  requiresArg: true,
  coerce(given: string | readonly string[] | undefined): Changes {
    return Object.fromEntries(
      [given ?? []].flat().map((text) => {
        const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
        if (name === undefined) throw new UsageError(`--set: expected NAME=VALUE, as width=20; found "${text}"`);
        return [name, parsedValue(value)];
      }),
    );
  },
} satisfies Options;

/** The parts of each experiment that are to be run. @throws UsageError for parts, settings or a folder that it cannot have */
async function choose(
  experiments: readonly ExperimentPackage[],
  profile: ProfileName,
  { part, figure, table, set = {}, as }: Pick<Arguments, 'part' | 'figure' | 'table' | 'set' | 'as'>,
): Promise<readonly Chosen[]> {
  try {
    if (as !== undefined) checkFolder(as, profile, set);
    const named = { ...(part && { parts: part }), ...(figure && { figures: figure }), ...(table && { tables: table }) };
    if (Object.keys(named).length === 0 && Object.keys(set).length === 0) {
      return experiments.map((experiment) => ({ experiment, parts: undefined }));
    }
    const { chosenParts } = await import('../chosen-parts.js');
    const { changeSettings } = await import('../changed-settings.js');
    const chosen: Chosen[] = [];
    for (const experiment of experiments) {
      const loaded = await experiment.load();
      const parts = chosenParts(loaded, named);
      changeSettings(
        loaded.name,
        loaded.parts.filter(({ id }) => parts?.includes(id) ?? true),
        profile,
        set,
      );
      chosen.push({ experiment, parts });
    }
    return chosen;
  } catch (error) {
    const { name, message } = error as Error;
    if (['UnknownChoice', 'UnusableSetting', 'UnusableFolder'].includes(name)) throw new UsageError(message);
    throw error;
  }
}

/** A backend that was asked for must load, also where no unit needs it. @throws Error naming the option and the reason */
async function chooseBackend(option: string | undefined): Promise<void> {
  const asked = option ?? process.env.HESSIAN_RMT_BACKEND;
  if (!asked) return;
  process.env.HESSIAN_RMT_BACKEND = oneOf('HESSIAN_RMT_BACKEND', backendChoices, asked);
  if (asked === 'auto') return;
  const { openBackend } = await import('@hessian-rmt/models');
  await openBackend();
}
