import type { Argv, CommandModule } from 'yargs';
import { print, printAside } from '../terminal.js';
import { textTable } from '../text-table.js';
import { oneOf, textOption } from './options.js';

interface Arguments {
  directory: string | undefined;
}

/** Those that are downloaded, as in models: a test holds the two lists against each other. */
export const fetchedDatasets = ['mnist', 'fashion-mnist', 'cifar10', 'cifar100'] as const;

export const dataCommand: CommandModule = {
  command: 'data',
  describe: 'List, verify and fetch data sets',
  builder: (yargs) =>
    yargs
      .command(listCommand)
      .command(verifyCommand)
      .command(fetchCommand)
      .demandCommand(1, 'expected list, verify or fetch')
      .example('$0 data verify', 'every file against its published sum')
      .example('$0 data fetch fashion-mnist', 'into the data directory'),
  handler: () => {},
};

const listCommand: CommandModule<object, Arguments> = {
  command: 'list',
  describe: 'Where each data set was found',
  builder: withDirectory,
  async handler({ directory }) {
    const { listDatasets } = await import('@hessian-rmt/models');
    const rows = (await listDatasets(directory)).map(({ name, train, test }) => [
      name,
      train ?? 'none',
      test ?? 'none',
    ]);
    print(textTable([['data set', 'training files', 'test files'], ...rows]).join('\n'));
  },
};

const verifyCommand: CommandModule<object, Arguments> = {
  command: 'verify',
  describe: 'Compare every data file with its published sum',
  builder: withDirectory,
  async handler({ directory }) {
    const { verifyDatasets } = await import('@hessian-rmt/models');
    const files = await verifyDatasets(directory);
    const rows = files.map(({ dataset, file, state, path, problem }) => [dataset, file, state, problem ?? path ?? '']);
    print(textTable([['data set', 'file', 'state', 'where'], ...rows]).join('\n'));
    const damaged = files.filter(({ state }) => state === 'damaged');
    if (damaged.length > 0)
      throw new Error(`damaged: ${damaged.map(({ dataset, file }) => `${dataset} ${file}`).join(', ')}`);
  },
};

const fetchCommand: CommandModule<object, Arguments & { name: string }> = {
  command: 'fetch <name>',
  describe: 'Download the files of a data set that are not there yet',
  builder: (yargs) =>
    withDirectory(yargs).positional('name', {
      describe: `Which one: ${fetchedDatasets.join(', ')}`,
      type: 'string',
      demandOption: true,
    }),
  async handler({ name, directory }) {
    const wanted = oneOf('data fetch', fetchedDatasets, name);
    const { fetchDataset } = await import('@hessian-rmt/models');
    const files = await fetchDataset(wanted, {
      onProgress: downloadReporter(),
      ...(directory === undefined ? {} : { directory }),
    });
    for (const { path, downloaded } of files) print(`${downloaded ? 'downloaded' : 'was there'}  ${path}`);
  },
};

function withDirectory(yargs: Argv): Argv<Arguments> {
  return yargs.option('directory', {
    ...textOption('directory', 'a folder', 'Folder of the data files, one folder in it for each data set'),
    defaultDescription: 'HESSIAN_RMT_DATA, else ~/.cache/hessian-rmt',
  }) as Argv<Arguments>;
}

/** A line on standard error for each tenth of a file (each 10 MB where its size is not known). */
function downloadReporter(): (progress: { file: string; received: number; total?: number }) => void {
  const said = new Map<string, number>();
  return ({ file, received, total }) => {
    const step = Math.floor(received / (total === undefined ? 1e7 : total / 10));
    if (step === (said.get(file) ?? 0)) return;
    said.set(file, step);
    const share = total === undefined ? '' : ` of ${(total / 1e6).toFixed(1)}`;
    printAside(`${file}: ${(received / 1e6).toFixed(1)}${share} MB`);
  };
}
