import type { Argv, CommandModule } from 'yargs';
import type { Claim } from '../claim.js';
import type { ProfileName } from '../experiment.js';
import { projectRoot } from '../find-experiments.js';
import {
  experimentsNamed,
  experimentsOption,
  flagOption,
  folderOf,
  storedAsOption,
  storedProfileOption,
  wordOption,
} from './options.js';

interface Arguments {
  experiment: string[];
  profile: ProfileName | undefined;
  as: string | undefined;
  verdict: (typeof verdictWords)[number] | undefined;
  json: boolean;
}

/** One word each, so that a shell needs no quotes. */
const verdictWords = ['reproduced', 'not-reproduced', 'not-comparable'] as const;

export const compareCommand: CommandModule<object, Arguments> = {
  command: 'compare [experiment..]',
  describe: 'Show what is published beside what was measured, claim by claim',
  builder: (yargs) =>
    yargs
      .positional('experiment', experimentsOption)
      .option('profile', storedProfileOption)
      .option('as', storedAsOption)
      .option('verdict', wordOption('verdict', verdictWords, 'List these claims only'))
      .option('json', flagOption('Print the claims as a JSON array, with experiment, folder and profile'))
      .example('$0 compare', 'all ledgers')
      .example('$0 compare gauss-newton-outliers --verdict not-reproduced', 'what failed, and why')
      .epilogue(
        'Measured is the median over the repetitions, with the smallest and the largest. The whole ledger, with the ' +
          'statements and the reasons, is claims.md beside claims.json.',
      ) as unknown as Argv<Arguments>,
  async handler({ experiment: names, profile, as, verdict, json }) {
    const folder = folderOf({ profile, as });
    const root = projectRoot();
    const experiments = experimentsNamed(root, names).map(({ name }) => name);
    const { storedResults } = await import('../stored-results.js');
    const { comparisonText, ledgerOf } = await import('../compare.js');
    const wanted = verdict?.replace('-', ' ');
    const isShown = (claim: Claim) => wanted === undefined || claim.verdict === wanted;
    const texts: string[] = [];
    const listed: object[] = [];
    for (const results of storedResults(root, experiments, { folder, demanded: names.length > 0 })) {
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
    console.log(json ? JSON.stringify(listed, null, 2) : texts.join('\n\n'));
  },
};
