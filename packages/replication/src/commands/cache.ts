import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import type { References } from '../cache/references.js';
import { projectRoot } from '../find-experiments.js';
import { print, printAside } from '../terminal.js';
import { experimentsNamed, flagOption, textOption } from './options.js';
import { UsageError } from './usage-error.js';

export const cacheCommand: CommandModule = {
  command: 'cache',
  describe: 'List and prune what finished work is kept',
  builder: (yargs) =>
    yargs
      .command(listCommand())
      .command(pruneCommand())
      .demandCommand(1, 'expected list or prune')
      .example('$0 cache list', 'units by experiment and kind, and what refers to them')
      .example('$0 cache prune --dry-run', 'what nobody will ask for any more'),
  handler: () => {},
};

interface PruneArguments {
  'older-than': number | undefined;
  experiment: string | undefined;
  all: boolean;
  'dry-run': boolean;
  yes: boolean;
  json: boolean;
}

function listCommand(): CommandModule<object, { json: boolean }> {
  return {
    command: 'list',
    describe: 'Units by experiment and kind, outputs and records of runs, unfinished units',
    builder: (yargs) =>
      yargs
        .option('json', flagOption('Print an object'))
        .epilogue(
          'In results: units that a manifest under results/ names. Planned: those that the present code would take, at ' +
            'any profile. What neither names is removed by cache prune.',
        ) as Argv<{ json: boolean }>,
    async handler({ json }) {
      const { contents, references } = await look(projectRoot());
      const { bytesOf } = await import('../cache/prune.js');
      const { cacheText, kindsInCache } = await import('../cache/cache-text.js');
      const kinds = kindsInCache(contents, references);
      if (!json) return print(cacheText(contents, kinds));
      const { directory, units, ...others } = contents;
      const sums = Object.entries({ units, ...others }).map(([name, files]) => {
        return [name, { number: files.length, bytes: bytesOf(files) }];
      });
      print(JSON.stringify({ directory, kinds, ...Object.fromEntries(sums) }, null, 2));
    },
  };
}

function pruneCommand(): CommandModule<object, PruneArguments> {
  return {
    command: 'prune',
    describe: 'Remove what neither stored results nor the present code refer to',
    builder: (yargs) =>
      yargs
        .option('older-than', ageOption)
        .option('experiment', textOption('experiment', 'a folder under experiments/', 'Units of this experiment only'))
        .option('all', flagOption('Everything, also what is referred to; needs --yes'))
        .option('dry-run', flagOption('Remove nothing, say what would be'))
        .option('yes', flagOption('With --all: yes, hours of computing may go'))
        .option('json', flagOption('Print an object'))
        .example('$0 cache prune --dry-run', 'what would go')
        .example('$0 cache prune --older-than 30d', 'of that, what is older than a month')
        .example('$0 cache prune --all --yes', 'start anew')
        .epilogue(
          'By default go: units that neither a manifest under results/ nor a plan of the present code names, records of ' +
            'runs that the code would not do again, their outputs, checkpoints of units that are finished or unknown, ' +
            'and what processes that ended left half-written. A run in this repository is waited for.',
        ) as unknown as Argv<PruneArguments>,
    handler: prune,
  };
}

async function prune(given: PruneArguments): Promise<void> {
  const { 'older-than': age, experiment, all, 'dry-run': isTrial, yes, json } = given;
  const root = projectRoot();
  if (experiment !== undefined) experimentsNamed(root, [experiment]);
  if (all && !yes && !isTrial) {
    throw new UsageError('--all: also removes what took hours to compute; expected --yes or --dry-run with it');
  }
  const [{ whatToRemove, remove, bytesOf }, { removalText }, { takeLock }, { interruptible }] = await Promise.all([
    import('../cache/prune.js'),
    import('../cache/cache-text.js'),
    import('../run-lock.js'),
    import('../interruptible.js'),
  ]);
  const options = {
    all,
    ...(age === undefined ? {} : { before: new Date(Date.now() - age) }),
    ...(experiment === undefined ? {} : { experiment }),
  };
  const removal = await interruptible(async (signal) => {
    const plan = async () => {
      // Where everything goes nobody is asked: also an experiment that cannot be planned is no hindrance.
      const { contents, references } = all
        ? { contents: await contentsOf(root), references: nobody }
        : await look(root);
      return { contents, removal: whatToRemove(contents, references, options) };
    };
    if (isTrial) return (await plan()).removal;
    const lock = await takeLock(join(root, '.hessian-rmt', 'lock'), {
      purpose: 'cache prune',
      signal,
      onWait: ({ purpose, pid, host }) => printAside(`Waiting for ${purpose}, process ${pid} on ${host}.`),
    });
    try {
      const { contents, removal: found } = await plan();
      signal.throwIfAborted();
      await remove(contents.directory, found);
      return found;
    } finally {
      lock.release();
    }
  }, 'What is left is whole: run the same command again to go on.');
  if (!json) return print(removalText(removal, isTrial));
  const listed = Object.entries(removal).map(([name, files]: [string, readonly { bytes: number }[]]) => {
    return [name, { number: files.length, bytes: bytesOf(files) }];
  });
  print(JSON.stringify({ removed: !isTrial, ...Object.fromEntries(listed) }, null, 2));
}

const nobody: References = { results: new Set(), plans: new Set(), runs: new Set() };

async function contentsOf(root: string) {
  const [{ cacheContents }, { cacheDirectory }] = await Promise.all([
    import('../cache/cache-contents.js'),
    import('../reproduce.js'),
  ]);
  return cacheContents(cacheDirectory(root));
}

async function look(root: string) {
  const { referencesTo } = await import('../cache/references.js');
  const contents = await contentsOf(root);
  const say = (name: string) => printAside(`planning all profiles of ${name} ...`);
  const stored = contents.units.flatMap(({ ingredients }) => ingredients ?? []);
  return { contents, references: await referencesTo(stored, root, experimentsNamed(root, []), say) };
}

const milliseconds = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

const ageOption = {
  ...textOption('older-than', 'an age, as 12h, 30d or 4w', 'Only what was stored before: hours, days or weeks, as 30d'),
  coerce(given: string | readonly string[] | undefined): number | undefined {
    const last = [given].flat().at(-1);
    if (last === undefined) return undefined;
    const [, number, unit] = /^(\d+(?:\.\d+)?)([hdw])$/.exec(last) ?? [];
    if (unit !== undefined) return Number(number) * milliseconds[unit as keyof typeof milliseconds];
    throw new UsageError(`--older-than: expected an age, as 12h, 30d or 4w; found "${last}"`);
  },
};
