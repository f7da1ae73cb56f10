import { type NpyArray, type NpyData, readNpz, writeNpz } from '@hessian-rmt/numerics';
import { type DenseNetwork, mlp, parameterCount } from '../network.js';
import { iteratesAveraged } from './averaging.js';
import type { Training, TrainingRecord } from './training.js';

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
 * Writes a training to an .npz file, atomically: weights, velocity and history as float64 arrays that NumPy reads too,
 * the average where iterates are averaged, everything else as JSON in the array `description` (bytes of UTF-8). The same training gives the same bytes.
 *
 * @throws CheckpointError when weights, average or velocities are not finite; what stands under this name stays
 */
export async function saveCheckpoint(path: string, training: Training): Promise<void> {
  const { weights, averaged, velocity, history, ...rest } = training;
  checkFinite(path, { weights, ...(averaged ? { averaged } : {}), velocity });
  const description = new TextEncoder().encode(JSON.stringify({ format, ...rest }));
  const column = (of: (record: TrainingRecord) => number | undefined) =>
    vector(Float64Array.from(history, (record) => of(record) ?? Number.NaN));
  await writeNpz(path, {
    description: vector(description),
    weights: vector(weights),
    ...(averaged ? { averaged: vector(averaged) } : {}),
    velocity: vector(velocity),
    step: column(({ step }) => step),
    loss: column(({ loss }) => loss),
    gradient_norm: column(({ gradientNorm }) => gradientNorm),
    accuracy: column(({ accuracy }) => accuracy),
  });
}

/**
 * Reads what `saveCheckpoint` wrote, exactly.
 *
 * @param network  the network it must be of; any by default
 * @throws CheckpointError when the file is damaged, of another network, or no checkpoint
 */
export async function loadCheckpoint(path: string, network?: DenseNetwork): Promise<Training> {
  const arrays = await readArrays(path, arrayNames);
  const numbers = (name: (typeof arrayNames)[number]) => float64(path, name, arrays[name]);

  const rest = parseDescription(path, arrays.description);
  if (network) checkNetwork(path, network, rest.network);
  const weights = numbers('weights');
  const velocity = numbers('velocity');
  const parameters = parameterCount(rest.network);
  if (weights.length !== parameters || velocity.length !== parameters) {
    const found = `${weights.length} weights and ${velocity.length} velocities`;
    throw new CheckpointError(path, `${parameters} of each for its network`, found);
  }
  checkFinite(path, { weights, velocity });
  const averaged = await readAverage(path, rest, parameters);

  const columns = { step: numbers('step'), loss: numbers('loss'), gradient_norm: numbers('gradient_norm') };
  const [{ length }, accuracy] = [columns.step, numbers('accuracy')];
  for (const [name, column] of Object.entries({ ...columns, accuracy })) {
    if (column.length === length) continue;
    throw new CheckpointError(path, `${length} records in ${name}, as there are steps`, `${column.length}`);
  }
  checkFinite(path, columns);
  const history = Array.from(columns.step, (step, i) => ({
    step,
    loss: columns.loss[i],
    gradientNorm: columns.gradient_norm[i],
    ...(Number.isNaN(accuracy[i]) ? {} : { accuracy: accuracy[i] }),
  }));
  return { ...rest, weights, ...averaged, velocity, history };
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
  const averaged = float64(path, 'averaged', (await readArrays(path, ['averaged'])).averaged);
  if (averaged.length !== parameters) {
    throw new CheckpointError(path, `${parameters} averaged weights for its network`, `${averaged.length}`);
  }
  checkFinite(path, { averaged });
  return { averaged };
}

type Description = Omit<Training, 'weights' | 'averaged' | 'velocity' | 'history'>;

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
      throw new CheckpointError(path, `${name} (${type}) in the description`, JSON.stringify(value) ?? 'none');
    }
  }
  try {
    return { ...(rest as Description), network: mlp(rest.network!.widths, rest.network) };
  } catch (error) {
    throw new CheckpointError(path, 'a dense network in the description', JSON.stringify(rest.network), {
      cause: error,
    });
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

function checkNetwork(path: string, expected: DenseNetwork, found: DenseNetwork): void {
  const describe = ({ widths, activation, loss, bias }: DenseNetwork) =>
    `a ${widths.join('-')} network (${activation}, ${loss}, ${bias ? 'biases' : 'no biases'})`;
  if (describe(expected) !== describe(found)) throw new CheckpointError(path, describe(expected), describe(found));
}

function float64(path: string, name: string, { data }: NpyArray): Float64Array {
  if (data instanceof Float64Array) return data;
  throw new CheckpointError(path, `float64 numbers in ${name}`, data.constructor.name);
}

const vector = <T extends NpyData>(data: T): NpyArray<T> => ({ shape: [data.length], data });
