import type { Argv, CommandModule } from 'yargs';
import type { ProfileName } from '../experiment.js';
import { projectRoot } from '../find-experiments.js';
import { plural } from '../measurement.js';
import { print, printAside } from '../terminal.js';
import { experimentsNamed, experimentsOption, folderOf, storedAsOption, storedProfileOption } from './options.js';

interface Arguments {
  experiment: string[];
  profile: ProfileName | undefined;
  as: string | undefined;
}

export const figuresCommand: CommandModule<object, Arguments> = {
  command: 'figures [experiment..]',
  describe: 'Draw stored figures again from the data beside them, without computing anything',
  builder: (yargs) =>
    yargs
      .positional('experiment', experimentsOption)
      .option('profile', storedProfileOption)
      .option('as', storedAsOption)
      .example('$0 figures --profile laptop', 'after a change of style') as unknown as Argv<Arguments>,
  async handler({ experiment: names, profile, as }) {
    const folder = folderOf({ profile, as });
    const root = projectRoot();
    const experiments = experimentsNamed(root, names).map(({ name }) => name);
    const { storedResults } = await import('../stored-results.js');
    const found = storedResults(root, experiments, { folder, demanded: names.length > 0 });
    const [{ redrawFigures }, { interruptible }] = await Promise.all([
      import('../redraw.js'),
      import('../interruptible.js'),
    ]);
    await interruptible(async (signal) => {
      for (const { experiment, folder: stored } of found) {
        printAside(`drawing ${experiment} at ${stored} ...`);
        const { drawn, changed } = await redrawFigures(root, experiment, stored, {
          signal,
          onWait: ({ purpose, pid }) => printAside(`waiting for another run here: ${purpose}, process ${pid}`),
        });
        print(`${experiment} at ${stored}: ${plural(drawn.length, 'picture')} drawn, ${changed.length} changed`);
      }
    });
    const { tellResultsPage } = await import('../page/tell-page.js');
    await tellResultsPage(root, print);
  },
};
