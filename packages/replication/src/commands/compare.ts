import type { Argv, CommandModule } from 'yargs';
import type { Claim } from '../claim.js';
import type { ProfileName } from '../experiment.js';
import { projectRoot } from '../find-experiments.js';
import { print } from '../terminal.js';
import { compareAgainst, listStale, type Selection } from './compare-runs.js';
import {
  experimentsNamed,
  experimentsOption,
  flagOption,
  folderOf,
  numberOption,
  storedAsOption,
  storedProfileOption,
  textOption,
  wordOption,
} from './options.js';
import { UsageError } from './usage-error.js';

interface Arguments {
  experiment: string[];
  profile: ProfileName | undefined;
  as: string | undefined;
  verdict: (typeof verdictWords)[number] | undefined;
  against: string | undefined;
  tolerance: number | undefined;
  all: boolean;
  stale: boolean;
  json: boolean;
}

/** One word each, so that a shell needs no quotes. */
const verdictWords = ['reproduced', 'not-reproduced', 'not-comparable'] as const;

export const compareCommand: CommandModule<object, Arguments> = {
  command: 'compare [experiment..]',
  describe: 'Show what is published beside what was measured, or one run beside another',
  builder: (yargs) =>
    yargs
      .positional('experiment', experimentsOption)
      .option('profile', storedProfileOption)
      .option('as', storedAsOption)
      .option('verdict', wordOption('verdict', verdictWords, 'List these claims only'))
      .option('against', {
        ...textOption(
          'against',
          'a folder of results, a path or a git revision',
          'Compare with another run: a folder of results (quick, custom), a path to results, or a git revision',
        ),
      })
      .option('tolerance', {
        ...numberOption('tolerance', 'With --against: largest relative difference of numbers that is let pass'),
        defaultDescription: '0: exact',
      })
      .option('all', flagOption('With --against: list everything that moved'))
      .option('stale', flagOption('List results that are older than the code that makes them'))
      .option('json', flagOption('Print the claims (or what moved, or what is older) as a JSON array'))
      .example('$0 compare', 'all ledgers')
      .example('$0 compare gauss-newton-outliers --verdict not-reproduced', 'what failed, and why')
      .example('$0 compare --against HEAD~1', 'what moved since the last commit')
      .example('$0 compare spacing-statistics --as custom --against quick', 'what a changed setting did')
      .example('$0 compare --against ../other-checkout --tolerance 1e-9', 'two machines')
      .example('$0 compare --stale', 'which results the code would make otherwise')
      .epilogue(
        'Measured is the median over the repetitions, with the smallest and the largest. The whole ledger, with the ' +
          'statements and the reasons, is claims.md beside claims.json.\n\n' +
          'With --against the exit code is 0 when claims, figures, tables and arrays are the same, and 3 when something ' +
          'moved. Runs on other processors, or with other BLAS libraries, differ in last bits: give a --tolerance. With ' +
          '--stale it is 0 when all results are current, else 3.',
      ) as unknown as Argv<Arguments>,
  async handler(given) {
    checkTogether(given);
    const { experiment: names, profile, as, verdict, against, tolerance, all, stale, json } = given;
    const root = projectRoot();
    const experiments = experimentsNamed(root, names);
    const wanted = verdict?.replace('-', ' ');
    const isShown = (claim: Claim) => wanted === undefined || claim.verdict === wanted;
    const selection = { root, experiments, folder: folderOf({ profile, as }), demanded: names.length > 0 };
    if (stale) return listStale(selection, { json });
    if (against === undefined) return listLedgers(selection, { isShown, json });
    return compareAgainst(selection, against, { tolerance: tolerance ?? 0, isShown, all, json });
  },
};

/** @throws UsageError for options that say nothing together */
function checkTogether({ against, tolerance, all, stale, verdict }: Arguments): void {
  if (stale && (against !== undefined || verdict !== undefined)) {
    throw new UsageError(`--stale compares with the code; expected it without --${verdict ? 'verdict' : 'against'}`);
  }
  if (against !== undefined) return;
  if (tolerance !== undefined) throw new UsageError('--tolerance: expected --against with it, found none');
  if (all) throw new UsageError('--all: expected --against with it, found none');
}

async function listLedgers(
  { root, experiments, folder, demanded }: Selection,
  { isShown, json }: { readonly isShown: (claim: Claim) => boolean; readonly json: boolean },
): Promise<void> {
  const { storedResults } = await import('../stored-results.js');
  const { comparisonText, ledgerOf } = await import('../compare.js');
  const texts: string[] = [];
  const listed: object[] = [];
  const names = experiments.map(({ name }) => name);
  for (const results of storedResults(root, names, { folder, demanded })) {
    const claims = await ledgerOf(results);
    const shown = claims.filter(isShown);
    texts.push(comparisonText(results, claims, shown));
    listed.push(
      ...shown.map((claim) => ({
        experiment: results.experiment,
        folder: results.folder,
        profile: results.profile,
        ...claim,
      })),
    );
  }
  print(json ? JSON.stringify(listed, null, 2) : texts.join('\n\n'));
}
