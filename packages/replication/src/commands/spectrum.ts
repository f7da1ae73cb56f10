import { basename, extname, relative, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import type { Outlook } from '../spectrum/compute.js';
import type { SpectrumPlan } from '../spectrum/plan.js';
import type { OutlierRule, SpectrumRequest } from '../spectrum/request.js';
import { print, printAside } from '../terminal.js';
import { chooseLibrary } from './choose-library.js';
import { blasOption, flagOption, listOption, textOption, wholeNumberOption, wordOption } from './options.js';
import { dataOf, networkOf, requireNoneOf, type SourceArguments, sourceOptions } from './spectrum-sources.js';
import { UsageError } from './usage-error.js';

interface Arguments extends SourceArguments {
  network: string | undefined;
  part: 'hessian' | 'gauss-newton';
  method: 'exact' | 'lanczos' | undefined;
  steps: number | undefined;
  vectors: number | undefined;
  batches: number | undefined;
  count: number | undefined;
  deflate: boolean | undefined;
  layers: readonly string[] | undefined;
  law: string | undefined;
  outliers: OutlierRule;
  operator: string | undefined;
  operatorVersion: string | undefined;
  out: string | undefined;
  threads: number | undefined;
  seed: number;
  blas: string | undefined;
  json: boolean;
}

const parts = ['hessian', 'gauss-newton'] as const;
const methods = ['exact', 'lanczos'] as const;
const outlierRules = ['gap', 'ratio', 'elbow'] as const;
/** As in the module that draws them, which takes long to load: a test holds the two lists against each other. */
export const lawChoices = [
  'marchenko-pastur',
  'semicircle',
  'wishart-plus-wigner',
  'improved-hessian',
  'product-wishart',
] as const;

export const spectrumCommand: CommandModule<object, Arguments> = {
  command: 'spectrum [network]',
  describe: 'Compute the spectrum of a network of your own, from its weights and data in files',
  builder: (yargs) =>
    yargs
      .positional('network', { describe: 'Weights of a dense network: .npz or .safetensors', type: 'string' })
      .options(sourceOptions)
      .option('part', { ...wordOption('part', parts, 'The matrix'), default: parts[0] })
      .option('method', {
        ...wordOption('method', methods, 'How eigenvalues are computed'),
        defaultDescription: 'exact where size and memory allow',
      })
      .option('steps', {
        ...wholeNumberOption('steps', 1, 'Lanczos: products for each vector'),
        defaultDescription: '100',
      })
      .option('vectors', {
        ...wholeNumberOption('vectors', 1, 'Lanczos: random start vectors'),
        defaultDescription: '1',
      })
      .option('batches', {
        ...wholeNumberOption('batches', 1, 'Spectra of batches of so many samples, in the order of the file'),
        defaultDescription: 'the whole set',
      })
      .option('count', {
        ...wholeNumberOption('count', 1, 'Number of batches'),
        defaultDescription: 'all, at most 8',
      })
      .option('deflate', {
        describe: 'Remove structural zeros before the eigenvalues are computed; --no-deflate does not',
        boolean: true,
        defaultDescription: 'where it can be done',
      })
      .option('layers', {
        ...listOption(
          'layers',
          'names of tensors',
          "Only the block of these tensors: names of the file, * for any characters: '0.*'",
        ),
        defaultDescription: 'all',
      })
      .option('law', {
        ...textOption(
          'law',
          'the name of a law',
          `Law over the spectrum: ${lawChoices.join(', ')} or none; fitted by moments, or with parameters: semicircle:sigma=0.1`,
        ),
        defaultDescription: 'none',
      })
      .option('outliers', {
        describe: `Largest eigenvalues that a fit leaves out: by ${outlierRules.join(', ')}, or so many`,
        string: true,
        requiresArg: true,
        default: outlierRules[0],
        coerce: outlierRuleOf,
      })
      .option(
        'operator',
        textOption(
          'operator',
          'a module',
          'Module of an operator in place of network and data: shape [P, P] and matvec(v)',
        ),
      )
      .option(
        'operator-version',
        textOption(
          'operator-version',
          'a version',
          'Name for the state of all that the module loads; with it, finished work is taken up again',
        ),
      )
      .option('out', {
        ...textOption('out', 'a folder', 'Folder for the results'),
        defaultDescription: 'spectrum-of-NAME, here',
      })
      .option('threads', {
        ...wholeNumberOption('threads', 1, 'BLAS threads of each spectrum'),
        defaultDescription: 'all cores; 1 for batches, which run side by side',
      })
      .option('seed', { ...wholeNumberOption('seed', 0, 'Root of the random vectors'), default: 1 })
      .option('blas', blasOption)
      .option('json', flagOption('Print the numbers as JSON; progress goes to standard error'))
      .example(
        '$0 spectrum model.safetensors --data x.npy --labels y.npy --activation tanh',
        'the Hessian of a classifier',
      )
      .example(
        '$0 spectrum model.npz --data mnist --limit 1000 --law marchenko-pastur --part gauss-newton',
        'a law fitted to it',
      )
      .example('$0 spectrum model.npz --data mnist --batches 64 --count 24', '24 spectra of batches')
      .example("$0 spectrum model.npz --data x.npy --labels y.npy --layers '2.*' --method exact", 'one layer')
      .example('$0 spectrum --operator ./operator.mjs --steps 80', 'an operator of your own')
      .epilogue(
        'Weights may be those of PyTorch (outputs x inputs) or Keras (inputs x outputs). docs/your-own-network.md goes from a ' +
          'PyTorch model to a figure.',
      ) as unknown as Argv<Arguments>,
  handler: run,
};

async function run(given: Arguments): Promise<void> {
  const request = await requestOf(given);
  await chooseLibrary(given.blas);
  const [
    { duration },
    { projectRoot },
    { interruptible },
    { localExecutor },
    { cacheDirectory },
    { progressLines },
    { spectrum },
    { textTable },
  ] = await Promise.all([
    import('../console-reporter.js'),
    import('../find-experiments.js'),
    import('../interruptible.js'),
    import('../local-executor.js'),
    import('../reproduce.js'),
    import('../spectrum/progress-lines.js'),
    import('../spectrum/spectrum.js'),
    import('../text-table.js'),
  ]);
  const root = rootOr(projectRoot, process.cwd());
  const say = given.json ? printAside : print;
  const started = performance.now();
  const { directory, files, presentation } = await interruptible((signal) =>
    spectrum(request, {
      root,
      cache: cacheDirectory(root),
      executor: localExecutor(),
      onPlan: (plan, outlook) => say(plannedLine(plan, outlook, duration)),
      onWait: ({ pid, host, purpose, since }) =>
        say(`Waiting for another run here: ${purpose}, process ${pid} on ${host}, since ${since}.`),
      onEvent: progressLines(say),
      signal,
    }),
  );
  const here = relative(process.cwd(), directory) || directory;
  if (given.json) print(JSON.stringify({ directory, files, ...presentation.summary }, null, 2));
  else for (const line of textTable(presentation.lines)) say(line);
  say(
    `Wrote ${here} in ${duration((performance.now() - started) / 1000)}: figures/spectrum.svg, tables/summary.md, spectrum.json, ...`,
  );
}

/** Outside of a repository the store stands where the command runs. */
function rootOr(projectRoot: () => string, otherwise: string): string {
  try {
    return projectRoot();
  } catch {
    return otherwise;
  }
}

/** `Exact, structural zeros removed (why), about 3 s; the library.` */
function plannedLine(
  { method, why, of }: SpectrumPlan,
  { units, toCompute, library, estimate }: Outlook,
  duration: (seconds: number) => string,
): string {
  const exact = of.kind === 'network' ? ways[of.route ?? 'whole'] : ways.products;
  const way = method === 'exact' ? exact : 'Lanczos';
  const stored = units - toCompute;
  const seconds = estimate?.seconds ?? null;
  const time = seconds === null ? '' : `, about ${duration(Math.max(1, Math.round(seconds)))}`;
  const kept = stored > 0 ? `, ${stored} of ${units} units in the store` : '';
  const work = toCompute === 0 ? ', taken from the store' : kept + time;
  const algebra = library.kind === 'portable' ? 'portable linear algebra' : library.description;
  return `${way} (${why})${work}; ${algebra}.`;
}

const ways = {
  deflated: 'Exact, structural zeros removed',
  whole: 'Exact, whole matrix',
  products: 'Exact, matrix from products',
} as const;

async function requestOf(given: Arguments): Promise<SpectrumRequest> {
  const { method = null, steps, vectors, threads = null, seed, outliers } = given;
  const { defaultSteps, defaultVectors } = await import('../spectrum/request.js');
  if (method === 'exact' && (steps !== undefined || vectors !== undefined)) {
    throw new UsageError('--steps and --vectors are of Lanczos; expected --method lanczos beside them');
  }
  const law = await lawOf(given.law);
  const of = matrixOf(given);
  const source = of.kind === 'network' ? of.network.file : of.operator.module;
  return {
    of,
    // Whoever says how many steps wants Lanczos.
    method: method ?? (steps === undefined && vectors === undefined ? null : 'lanczos'),
    steps: steps ?? defaultSteps,
    vectors: vectors ?? defaultVectors,
    law,
    outliers,
    threads,
    seed,
    out: resolve(given.out ?? `spectrum-of-${basename(source, extname(source))}`),
    command: `npx hessian-rmt ${process.argv.slice(2).map(quoted).join(' ')}`,
  };
}

function matrixOf(given: Arguments): SpectrumRequest['of'] {
  const { operator, operatorVersion: version = null } = given;
  if (operator !== undefined) {
    requireNoneOf(given, 'an operator stands for network, data and matrix', [
      'network',
      'data',
      'labels',
      'targets',
      'split',
      'limit',
      'scaling',
      'mean',
      'deviation',
      'channels',
      'format',
      'activation',
      'loss',
      'layout',
      'order',
      'batches',
      'count',
      'layers',
      'deflate',
    ]);
    return { kind: 'operator', operator: { module: resolve(operator), version } };
  }
  if (version !== null) throw new UsageError('--operator-version: expected --operator beside it');
  const { network, batches, count = null, layers = null, deflate = null, part } = given;
  if (network === undefined) throw new UsageError('expected a file of weights, or --operator, found neither');
  if (batches === undefined && count !== null) throw new UsageError('--count: expected --batches beside it');
  if (deflate && layers)
    throw new UsageError('--deflate: structural zeros are those of the whole matrix, not of --layers');
  if (deflate && given.method === 'lanczos')
    throw new UsageError('--deflate: Lanczos takes no matrix apart; expected --method exact');
  return {
    kind: 'network',
    network: networkOf(network, given),
    data: dataOf(given),
    part,
    layers,
    batches: batches === undefined ? null : { size: batches, count },
    deflate,
  };
}

async function lawOf(text: string | undefined): Promise<SpectrumRequest['law']> {
  if (text === undefined) return null;
  const { parseLaw } = await import('../spectrum/law-overlay.js');
  try {
    return parseLaw(text);
  } catch (error) {
    throw new UsageError(`--law: ${(error as Error).message}`);
  }
}

function outlierRuleOf(given: string | readonly string[]): OutlierRule {
  const last = [given].flat().at(-1)!;
  if (/^\d+$/.test(last)) return Number(last);
  const rule = outlierRules.find((known) => known === last);
  if (rule !== undefined) return rule;
  throw new UsageError(`--outliers: expected ${outlierRules.join(', ')} or a whole number from 0, found "${last}"`);
}

/** As a shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
