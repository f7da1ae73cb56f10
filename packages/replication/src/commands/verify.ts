import type { Argv, CommandModule } from 'yargs';
import type { ProfileName } from '../experiment.js';
import { projectRoot } from '../find-experiments.js';
import { print, printAside } from '../terminal.js';
import {
  experimentsNamed,
  experimentsOption,
  flagOption,
  folderOf,
  numberOption,
  storedAsOption,
  storedProfileOption,
  wholeNumberOption,
} from './options.js';

interface Arguments {
  experiment: string[];
  profile: ProfileName | undefined;
  as: string | undefined;
  units: number;
  seed: number;
  minutes: number;
  cores: number | undefined;
  json: boolean;
}

export const verifyCommand: CommandModule<object, Arguments> = {
  command: 'verify [experiment..]',
  describe: 'Compute a sample of the stored units again, and compare',
  builder: (yargs) =>
    yargs
      .positional('experiment', experimentsOption)
      .option('profile', storedProfileOption)
      .option('as', storedAsOption)
      // Our choices: a few minutes for all four papers.
      .option('units', { ...wholeNumberOption('units', 1, 'Units to draw of each experiment'), default: 5 })
      .option('seed', { ...wholeNumberOption('seed', 0, 'Of the drawing; another one draws others'), default: 1 })
      .option('minutes', { ...numberOption('minutes', 'Units that take longer are not drawn'), default: 1 })
      .option('cores', {
        ...wholeNumberOption('cores', 1, 'Cores that the units share'),
        defaultDescription: 'all that this process may use',
      })
      .option('json', flagOption('Print an array with what came out; progress goes to standard error'))
      .example('$0 verify', 'five units of each experiment')
      .example('$0 verify spacing-statistics --units 20 --seed 7', 'twenty others of one')
      .example('$0 verify --minutes 30', 'also those that take long')
      .epilogue(
        'Units come from the store and are compared number by number. Where the store has none of them, as in a fresh ' +
          'clone, the sums of their arrays are compared with those in manifest.json. The exit code is 0 when all are ' +
          'identical to the byte, else 1. Bytes differ between processors and BLAS libraries; it says so where these are ' +
          'not those of the stored run.',
      ) as unknown as Argv<Arguments>,
  async handler({ experiment: names, profile, as, units, seed, minutes, cores, json }) {
    const folder = folderOf({ profile, as });
    const root = projectRoot();
    const experiments = experimentsNamed(root, names);
    const [{ storedResults }, { verifyResults }, { verificationText }, { localExecutor }, { interruptible }] =
      await Promise.all([
        import('../stored-results.js'),
        import('../verification/verify-results.js'),
        import('../verification/verification-text.js'),
        import('../local-executor.js'),
        import('../interruptible.js'),
      ]);
    const stored = storedResults(
      root,
      experiments.map(({ name }) => name),
      { folder, demanded: names.length > 0 },
    );
    const executor = localExecutor(cores === undefined ? {} : { cores });
    const say = json ? printAside : print;
    const verifications = await interruptible(async (signal) => {
      const done = [];
      for (const results of stored) {
        const found = experiments.find(({ name }) => name === results.experiment)!;
        const options = { root, units, seed, limit: 60 * minutes, executor, say, signal };
        const verification = await verifyResults(found, results, options);
        if (!json) print(verificationText(verification));
        done.push(verification);
      }
      return done;
    }, 'Nothing was changed.');
    if (json) print(JSON.stringify(verifications, null, 2));
    const all = verifications.flatMap((verification) => verification.units);
    if (all.length === 0 || all.some(({ state }) => state !== 'identical')) process.exitCode = 1;
  },
};
