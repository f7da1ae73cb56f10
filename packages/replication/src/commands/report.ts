import { relative, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import type { ProfileName } from '../experiment.js';
import { projectRoot } from '../find-experiments.js';
import { print } from '../terminal.js';
import { flagOption, profileOption, textOption } from './options.js';
import { UsageError } from './usage-error.js';

interface Arguments {
  profile: ProfileName | undefined;
  markdown: string | undefined;
  readme: string | undefined;
  check: boolean;
}

export const reportCommand: CommandModule<object, Arguments> = {
  command: 'report',
  describe: 'Write results/index.html, the page of all results; or what replicated, as Markdown',
  builder: (yargs) =>
    yargs
      .option(
        'markdown',
        textOption('markdown', 'a file', 'File for the replication report: what replicated, what did not, why'),
      )
      .option(
        'readme',
        textOption('readme', 'a file', 'File whose table of claims, between its marks, is written anew'),
      )
      .option('profile', {
        ...profileOption,
        describe: 'Results that the Markdown is made of: smoke, quick, laptop, paper',
        defaultDescription: 'laptop: the committed results',
      })
      .option('check', flagOption('Write nothing; exit code 1 when a Markdown file is not what the ledgers say'))
      .example('$0 report', 'results/index.html, from all that is in results/')
      .example('$0 report --markdown docs/replication-report.md --readme README.md', 'what `npm run readme` does')
      .epilogue(
        'The page is one file that opens from the disk and needs no network. reproduce and figures write it too; it is ' +
          'not touched when nothing changed.',
      ) as unknown as Argv<Arguments>,
  async handler({ profile = 'laptop', markdown, readme, check }) {
    const root = projectRoot();
    if (check && markdown === undefined && readme === undefined) {
      throw new UsageError('--check: expected --markdown or --readme with it, found neither');
    }
    const { reportFiles, writeReportFiles } = await import('../report/written-report.js');
    const asked = { markdown: markdown && resolve(markdown), readme: readme && resolve(readme) };
    const files = markdown || readme ? await reportFiles(root, profile, asked) : [];
    const named = (path: string) => relative(process.cwd(), path);
    if (check) {
      const stale = files.filter(({ isCurrent }) => !isCurrent).map(({ path }) => named(path));
      if (stale.length > 0) {
        throw new Error(
          `not what the ledgers in results/*/${profile} say: ${stale.join(', ')}; run it without --check`,
        );
      }
      return;
    }
    await writeReportFiles(files);
    const { updateResultsPage } = await import('../page/results-page.js');
    const page = await updateResultsPage(root);
    for (const { path, written } of [page, ...files.map(({ path, isCurrent }) => ({ path, written: !isCurrent }))]) {
      print(`${named(path)} ${written ? 'written' : 'is current'}`);
    }
  },
};
