import { type NpyArray, type NpyData, readNpz, writeNpz } from '@hessian-rmt/numerics';
import { placedLayers, statisticsCount } from '../convolutional/layout.js';
import { mlp } from '../network.js';
import { describeNetwork, type Network, parametersOf } from '../networks.js';
import { shortJson } from '../short-json.js';
import { iteratesAveraged } from './averaging.js';
import type { EpochSums, Training, TrainingRecord } from './training.js';

const format = 'hessian-rmt training 2';
const arrayNames = ['description', 'weights', 'velocity', 'step', 'loss', 'gradient_norm', 'accuracy'] as const;

/** A checkpoint that is damaged, of another network, or no checkpoint: says which file, what was expected and found. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';

  constructor(
    readonly file: string,
    expected: string,
    found: string,
    options?: ErrorOptions,
  ) {
    super(`${file}: expected ${expected}, found ${found}`, options);
  }
}

/**
 * Writes a training to an .npz file, atomically: weights, velocity, statistics of batch normalisation, history and sums of
 * epochs as float64 arrays that NumPy reads too, the average where iterates are averaged, everything else as JSON in the
 * array `description` (bytes of UTF-8). The same training gives the same bytes.
 *
 * @throws CheckpointError when weights, average, velocities or statistics are not finite; what stands under this name stays
 */
export async function saveCheckpoint(path: string, training: Training<Network>): Promise<void> {
  const { weights, averaged, statistics, velocity, history, epochs, ...rest } = training;
  const optional = { ...(averaged ? { averaged } : {}), ...(statistics ? { statistics } : {}) };
  checkFinite(path, { weights, ...optional, velocity });
  const description = new TextEncoder().encode(JSON.stringify({ format, ...rest }));
  const column = (of: (record: TrainingRecord) => number | undefined) =>
    vector(Float64Array.from(history, (record) => of(record) ?? Number.NaN));
  await writeNpz(path, {
    description: vector(description),
    weights: vector(weights),
    ...(averaged ? { averaged: vector(averaged) } : {}),
    ...(statistics ? { statistics: vector(statistics) } : {}),
    velocity: vector(velocity),
    step: column(({ step }) => step),
    loss: column(({ loss }) => loss),
    gradient_norm: column(({ gradientNorm }) => gradientNorm),
    accuracy: column(({ accuracy }) => accuracy),
    ...(epochs ? epochArrays(epochs) : {}),
  });
}

/**
 * Reads what `saveCheckpoint` wrote, exactly.
 *
 * @param network  the network it must be of; any by default
 * @throws CheckpointError when the file is damaged, of another network, or no checkpoint
 */
export async function loadCheckpoint(path: string): Promise<Training<Network>>;
export async function loadCheckpoint<N extends Network>(path: string, network: N): Promise<Training<N>>;
export async function loadCheckpoint(path: string, network?: Network): Promise<Training<Network>> {
  const arrays = await readArrays(path, arrayNames);
  const numbers = (name: (typeof arrayNames)[number]) => float64(path, name, arrays[name]);

  const rest = parseDescription(path, arrays.description);
  if (network) checkNetwork(path, network, rest.network);
  const weights = numbers('weights');
  const velocity = numbers('velocity');
  const parameters = parametersOf(rest.network);
  if (weights.length !== parameters || velocity.length !== parameters) {
    const found = `${weights.length} weights and ${velocity.length} velocities`;
    throw new CheckpointError(path, `${parameters} of each for its network`, found);
  }
  checkFinite(path, { weights, velocity });

  const columns = { step: numbers('step'), loss: numbers('loss'), gradient_norm: numbers('gradient_norm') };
  const accuracy = numbers('accuracy');
  checkLengths(path, { ...columns, accuracy }, 'there are steps');
  checkFinite(path, columns);
  const history = Array.from(columns.step, (step, i) => ({
    step,
    loss: columns.loss[i],
    gradientNorm: columns.gradient_norm[i],
    ...(Number.isNaN(accuracy[i]) ? {} : { accuracy: accuracy[i] }),
  }));
  const averaged = await readAverage(path, rest, parameters);
  const statistics = await readStatistics(path, rest);
  const epochs = await readEpochs(path, rest);
  return { ...rest, weights, ...averaged, ...statistics, velocity, history, ...epochs };
}

async function readArrays<const Name extends string>(path: string, names: readonly Name[]) {
  return readNpz(path, names).catch((error: Error & { code?: string }) => {
    if (error.code) throw error;
    throw new CheckpointError(path, 'a whole checkpoint', error.message, { cause: error });
  });
}

/** The average is there when the training averages and had come so far. */
async function readAverage(
  path: string,
  { options, steps, data }: Description,
  parameters: number,
): Promise<Pick<Training, 'averaged'>> {
  const { averaging, batch } = options;
  if (!averaging || iteratesAveraged(averaging, steps, Math.ceil(data.count / batch)) === 0) return {};
  return { averaged: await readVector(path, 'averaged', parameters, 'averaged weights') };
}

/** Statistics are there when the network has batch normalisation. */
async function readStatistics(path: string, { network }: Description): Promise<Pick<Training, 'statistics'>> {
  const count = network.kind === 'convolutional' ? statisticsCount(network) : 0;
  return count === 0 ? {} : { statistics: await readVector(path, 'statistics', count, 'statistics') };
}

async function readVector<Name extends string>(path: string, name: Name, length: number, what: string) {
  const values = float64(path, name, (await readArrays(path, [name]))[name]);
  if (values.length !== length) {
    throw new CheckpointError(path, `${length} ${what} for its network`, `${values.length}`);
  }
  checkFinite(path, { [name]: values });
  return values;
}

const epochNames = ['epoch_samples', 'epoch_loss', 'epoch_correct'] as const;

function epochArrays(epochs: readonly EpochSums[]): Record<(typeof epochNames)[number], NpyArray> {
  const column = (of: (sums: EpochSums) => number) => vector(Float64Array.from(epochs, of));
  return {
    epoch_samples: column(({ samples }) => samples),
    epoch_loss: column(({ loss }) => loss),
    epoch_correct: column(({ correct }) => correct),
  };
}

/** Sums of epochs are there for convolutional networks trained by sgd. */
async function readEpochs(path: string, { network, options }: Description): Promise<Pick<Training, 'epochs'>> {
  if (network.kind !== 'convolutional' || options.algorithm !== 'sgd') return {};
  const arrays = await readArrays(path, epochNames);
  const [samples, loss, correct] = epochNames.map((name) => float64(path, name, arrays[name]));
  checkLengths(path, { epoch_samples: samples, epoch_loss: loss, epoch_correct: correct }, 'there are epochs');
  return { epochs: Array.from(samples, (n, i) => ({ samples: n, loss: loss[i], correct: correct[i] })) };
}

type Description = Omit<Training<Network>, 'weights' | 'averaged' | 'statistics' | 'velocity' | 'history' | 'epochs'>;

function parseDescription(path: string, { data }: NpyArray): Description {
  let found: Partial<Description> & { format?: unknown };
  try {
    found = JSON.parse(new TextDecoder().decode(data as Uint8Array)) ?? {};
  } catch {
    found = {};
  }
  if (found.format !== format) {
    const what = typeof found.format === 'string' ? `"${found.format}"` : 'something else';
    throw new CheckpointError(path, `a description that begins with "${format}"`, what);
  }
  const { format: _, ...rest } = found;
  for (const [name, type] of Object.entries(fields)) {
    const value = rest[name as keyof Description];
    if (typeof value !== type || value === null) {
      throw new CheckpointError(path, `${name} (${type}) in the description`, shortJson(value));
    }
  }
  return { ...(rest as Description), network: parseNetwork(path, rest.network!) };
}

function parseNetwork(path: string, found: Network): Network {
  const kind = found.kind === 'convolutional' ? 'convolutional' : 'dense';
  try {
    if (found.kind !== 'convolutional') return mlp(found.widths, found);
    placedLayers(found);
    return found;
  } catch (error) {
    throw new CheckpointError(path, `a ${kind} network in the description`, shortJson(found), { cause: error });
  }
}

const fields: Readonly<Record<keyof Description, 'object' | 'string' | 'number'>> = {
  network: 'object',
  steps: 'number',
  stoppedBecause: 'string',
  options: 'object',
  gradientsFrom: 'string',
  random: 'string',
  data: 'object',
};

function checkFinite(path: string, arrays: Readonly<Record<string, Float64Array>>): void {
  for (const [name, values] of Object.entries(arrays)) {
    const index = values.findIndex((value) => !Number.isFinite(value));
    if (index >= 0)
      throw new CheckpointError(path, `finite numbers in ${name}`, `${values[index]} at position ${index}`);
  }
}

function checkLengths(path: string, columns: Readonly<Record<string, Float64Array>>, as: string): void {
  const [{ length }] = Object.values(columns);
  for (const [name, column] of Object.entries(columns)) {
    if (column.length !== length) {
      throw new CheckpointError(path, `${length} records in ${name}, as ${as}`, `${column.length}`);
    }
  }
}

function checkNetwork(path: string, expected: Network, found: Network): void {
  const [wanted, other] = [describeNetwork(expected), describeNetwork(found)];
  if (wanted !== other) throw new CheckpointError(path, wanted, other);
}

function float64(path: string, name: string, { data }: NpyArray): Float64Array {
  if (data instanceof Float64Array) return data;
  throw new CheckpointError(path, `float64 numbers in ${name}`, data.constructor.name);
}

const vector = <T extends NpyData>(data: T): NpyArray<T> => ({ shape: [data.length], data });
