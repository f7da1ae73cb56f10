import { resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import type { ProfileName } from '../experiment.js';
import { projectRoot } from '../find-experiments.js';
import {
  backendChoices,
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
      .option('backend', {
        ...wordOption('backend', backendChoices, 'tfjs backend of units that train on tensors'),
        defaultDescription: 'HESSIAN_RMT_BACKEND, else auto: the first that loads',
      })
      .option('blas', {
        ...textOption(
          'blas',
          'the path or name of a library, or portable',
          'Path or name of a BLAS and LAPACK library, or portable',
        ),
        defaultDescription: 'HESSIAN_RMT_BLAS, else what is found',
      })
      .option('cores', {
        ...wholeNumberOption('cores', 1, 'Cores that the units share'),
        defaultDescription: 'all that this process may use',
      })
      .option('force', flagOption('Compute everything anew, whatever is stored'))
      .option('json', flagOption('Print the outcome as JSON; progress goes to standard error'))
      .example('$0 reproduce', 'all experiments, quickly')
      .example('$0 reproduce gauss-newton-outliers', 'one of them')
      .example('$0 reproduce --profile laptop', 'all of them as they are committed')
      .example(
        '$0 reproduce spacing-statistics --part audit',
        'one part of it: the results are then of this part alone',
      )
      .example('npx turbo run reproduce -- --cores 1', 'each as a task of turbo')
      .epilogue(
        'Profiles: smoke is for tests, quick shows everything once, laptop makes the committed results, paper has the ' +
          'published sizes. Results go to results/EXPERIMENT/PROFILE/. Finished units of work are stored: a run that ' +
          'was stopped goes on where it was, and one that was done before takes no time.',
      ) as unknown as Argv<Arguments>,
  handler: run,
};

async function run({ profile = profileOfEnvironment() ?? 'quick', ...options }: Arguments): Promise<void> {
  const { seed, force, json } = options;
  const root = projectRoot();
  const experiments = experimentsNamed(root, options.experiment);
  if (experiments.length === 0) throw new Error(`there are no experiments under ${root}`);
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
  const print = json ? console.error : console.log;
  const executor = localExecutor(options.cores === undefined ? {} : { cores: options.cores });
  const outcomes: object[] = [];
  const failed: string[] = [];
  await interruptible(async (signal) => {
    for (const experiment of experiments) {
      const { name } = experiment;
      try {
        const onEvent = consoleReporter({ print });
        const { status, directory } = await reproduce(experiment, {
          root,
          profile,
          seed,
          force,
          ...(options.part ? { parts: options.part } : {}),
          executor,
          signal,
          onEvent,
        });
        const claims = await readLedger(resolve(directory, 'claims.json'));
        print(`${summaryLine(claims)}. npx hessian-rmt compare ${name} --profile ${profile} lists them.`);
        outcomes.push({ experiment: name, profile, seed, status, directory, claims: summarize(claims) });
      } catch (error) {
        if (error instanceof Error && error.name === 'UnknownPart') throw new UsageError(`--part: ${error.message}`);
        // The other experiments do not depend on this one.
        if (signal.aborted || experiments.length === 1) throw error;
        console.error(`hessian-rmt: ${name}: ${(error as Error).message}`);
        failed.push(name);
      }
    }
  });
  if (json) console.log(JSON.stringify(outcomes, null, 2));
  if (failed.length > 0)
    throw new Error(`${failed.length} of ${experiments.length} experiments failed: ${failed.join(', ')}`);
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

/**
 * A library that was asked for must work, and one that was found must not answer wrongly.
 *
 * @throws UsageError naming the option or variable that asked for it; Error naming the library that was found
 */
async function chooseLibrary(option: string | undefined): Promise<void> {
  const { linearAlgebra } = await import('@hessian-rmt/numerics');
  const asked = option ?? process.env.HESSIAN_RMT_BLAS;
  if (!asked) {
    await linearAlgebra({ threads: 1 });
    return;
  }
  const library = asked !== 'portable' && /[\\/]/.test(asked) ? resolve(asked) : asked;
  try {
    await linearAlgebra({ library, threads: 1 });
  } catch (error) {
    const source = option === undefined ? 'HESSIAN_RMT_BLAS' : '--blas';
    const { message } = ((error as Error).cause ?? error) as Error;
    throw new UsageError(`${source}: "${asked}" is no BLAS and LAPACK library that can be used: ${message}`);
  }
  process.env.HESSIAN_RMT_BLAS = library;
}
