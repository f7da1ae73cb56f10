import { resolve } from 'node:path';
import type { Argv, CommandModule, Options } from 'yargs';
import type { Changes } from '../changed-settings.js';
import type { ProfileName } from '../experiment.js';
import { type ExperimentPackage, projectRoot } from '../find-experiments.js';
import { checkFolder, parsedValue } from '../run-command.js';
import { print, printAside, printableMessage } from '../terminal.js';
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
import { UsageError } from './usage-error.js';

interface Arguments {
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
  force: boolean;
  json: boolean;
}

/** Our choice; any other is as good. */
const defaultSeed = 1;

export const reproduceCommand: CommandModule<object, Arguments> = {
  command: 'reproduce [experiment..]',
  describe: 'Compute figures, tables and claims of one experiment, or of all of them one after another',
  builder: (yargs) =>
    yargs
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
      .option('force', flagOption('Compute everything anew, whatever is stored'))
      .option('json', flagOption('Print the outcome as JSON; progress goes to standard error'))
      .example('$0 reproduce', 'all experiments, quickly')
      .example('$0 reproduce gauss-newton-outliers', 'one of them')
      .example('$0 reproduce --profile laptop', 'all of them as they are committed')
      .example('$0 reproduce spacing-statistics --part audit', 'one part of it, in results/spacing-statistics/custom/')
      .example('$0 reproduce spacing-statistics --figure 3 --seed 7 --set width=20', 'a figure with another network')
      .example("$0 reproduce gauss-newton-outliers --figure 7-8 --set 'channels=[4,8]' --as narrow", 'under a name')
      .example('npx turbo run reproduce -- --cores 1', 'each as a task of turbo')
      .epilogue(
        'Profiles: smoke is for tests, quick shows everything once, laptop makes the committed results, paper has the ' +
          'published sizes. Results go to results/EXPERIMENT/PROFILE/; those of some parts, or with other settings, to ' +
          'results/EXPERIMENT/custom/ or where --as says. Finished units of work are stored: a run that ' +
          'was stopped goes on where it was, and one that was done before takes no time.',
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
  // Units run in processes of their own, which inherit these.
  await chooseLibrary(options.blas);
  await chooseBackend(options.backend);

  const [
    { consoleReporter },
    { interruptible },
    { localExecutor },
    { reproduce },
    { readLedger, summarize, summaryLine },
  ] = await Promise.all([
    import('../console-reporter.js'),
    import('../interruptible.js'),
    import('../local-executor.js'),
    import('../reproduce.js'),
    import('../ledger.js'),
  ]);
  const say = json ? printAside : print;
  const executor = localExecutor(options.cores === undefined ? {} : { cores: options.cores });
  const outcomes: object[] = [];
  const failed: string[] = [];
  await interruptible(async (signal) => {
    for (const [i, { experiment, parts }] of chosen.entries()) {
      const { name } = experiment;
      try {
        const onEvent = consoleReporter({ print: say, turn: { number: i + 1, of: chosen.length } });
        const { status, directory, because, plan } = await reproduce(experiment, {
          root,
          profile,
          seed,
          force,
          ...(parts ? { parts } : {}),
          changed,
          ...(as ? { as } : {}),
          executor,
          signal,
          onEvent,
        });
        const { folder } = plan;
        const claims = await readLedger(resolve(directory, 'claims.json'));
        const option = folder === profile ? 'profile' : 'as';
        say(`${summaryLine(claims)}. npx hessian-rmt compare ${name} --${option} ${folder} lists them.`);
        outcomes.push({
          experiment: name,
          profile,
          folder,
          seed,
          ...(plan.whole ? {} : { parts: plan.parts.map(({ part }) => part.id) }),
          ...(Object.keys(changed).length > 0 ? { changed } : {}),
          status,
          because,
          directory,
          claims: summarize(claims),
        });
      } catch (error) {
        // The other experiments do not depend on this one.
        if (signal.aborted || experiments.length === 1) throw error;
        printAside(`hessian-rmt: ${name}: ${printableMessage((error as Error).message)}`);
        failed.push(name);
      }
    }
  });
  const { tellResultsPage } = await import('../page/tell-page.js');
  await tellResultsPage(root, say);
  if (json) print(JSON.stringify(outcomes, null, 2));
  if (failed.length > 0)
    throw new Error(`${failed.length} of ${experiments.length} experiments failed: ${failed.join(', ')}`);
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

interface Chosen {
  readonly experiment: ExperimentPackage;
  /** Identifiers of the parts to run; undefined for all. */
  readonly parts: readonly string[] | undefined;
}

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
