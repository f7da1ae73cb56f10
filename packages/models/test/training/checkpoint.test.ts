import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linearAlgebra, randomStream, readNpz, writeNpz } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  CheckpointError,
  gaussianClusters,
  initialWeights,
  loadCheckpoint,
  mlp,
  resumeTraining,
  saveCheckpoint,
  type TrainingOptions,
  train,
} from '../../src/index.js';
import { temporaryFolder } from '../support/idx-files.js';

const context = { linearAlgebra: await linearAlgebra() };
const random = randomStream(5);
const data = gaussianClusters({ count: 3, samples: 40, dimension: 6 }, random.stream('data'));
const network = mlp([6, 5, 3]);
const start = initialWeights(network, random.stream('weights'));
const options: TrainingOptions = {
  algorithm: 'sgd',
  batch: 16,
  steps: 100,
  rate: 0.1,
  momentum: 0.9,
  recordEvery: 8,
  recordAccuracy: true,
};
const half = await train(network, start, data, { ...options, steps: 50 }, random, context);

async function saved() {
  const folder = await temporaryFolder();
  const path = join(folder, 'half.npz');
  await saveCheckpoint(path, half);
  return { folder, path };
}

describe('a checkpoint', () => {
  it('gives back the training exactly, with or without accuracies', async () => {
    const { folder, path } = await saved();
    expect(await loadCheckpoint(path)).toEqual(half);
    expect(await readdir(folder)).toEqual(['half.npz']);
    const without = { ...half, history: half.history.map(({ accuracy: _, ...record }) => record) };
    await saveCheckpoint(path, without);
    expect(await loadCheckpoint(path, network)).toEqual(without);
  });

  it('lets training go on to the same bytes as without the interruption', async () => {
    const { folder, path } = await saved();
    const whole = await train(network, start, data, options, random, context);
    const resumed = await resumeTraining(await loadCheckpoint(path, network), data, options, random, context);
    expect(resumed).toEqual(whole);
    const [a, b] = [join(folder, 'a.npz'), join(folder, 'b.npz')];
    await saveCheckpoint(a, whole);
    await saveCheckpoint(b, resumed);
    expect((await readFile(a)).equals(await readFile(b))).toBe(true);
  });

  it('of another network is refused, and both networks are named', async () => {
    const { path } = await saved();
    await expect(loadCheckpoint(path, mlp([6, 7, 3]))).rejects.toThrow(
      `${path}: expected a 6-7-3 network (relu, softmax-cross-entropy, biases), found a 6-5-3 network (relu, softmax-cross-entropy, biases)`,
    );
    await expect(loadCheckpoint(path, mlp([6, 5, 3], { activation: 'tanh' }))).rejects.toBeInstanceOf(CheckpointError);
    await expect(loadCheckpoint(path, mlp([6, 5, 3], { bias: false }))).rejects.toThrow('no biases');
  });

  it('that is damaged or cut is refused', async () => {
    const { path } = await saved();
    const whole = await readFile(path);
    for (const length of [0, 10, 100, whole.length >> 1, whole.length - 1]) {
      await writeFile(path, whole.subarray(0, length));
      await expect(loadCheckpoint(path)).rejects.toBeInstanceOf(CheckpointError);
    }
    // One bit in the middle of the weights: the sum over the array tells.
    const { weights } = half;
    const place = whole.indexOf(Buffer.from(weights.buffer, weights.byteOffset + 80, 8));
    const flipped = Buffer.from(whole);
    flipped[place] ^= 1;
    await writeFile(path, flipped);
    await expect(loadCheckpoint(path)).rejects.toThrow(new RegExp(`${path}: expected a whole checkpoint, found .*CRC`));
  });

  it('that is something else is refused', async () => {
    const { path } = await saved();
    await writeFile(path, 'no archive at all');
    await expect(loadCheckpoint(path)).rejects.toThrow('expected a whole checkpoint');
    await writeNpz(path, { weights: { shape: [2], data: Float64Array.of(1, 2) } });
    await expect(loadCheckpoint(path)).rejects.toThrow('found ');
    await expect(loadCheckpoint(`${path}.absent`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is refused when its arrays do not fit together', async () => {
    const { path } = await saved();
    const arrays = await readNpz(path);
    const attempt = async (changes: typeof arrays) => {
      await writeNpz(path, { ...arrays, ...changes });
      return loadCheckpoint(path);
    };
    await expect(attempt({ weights: { shape: [2], data: Float64Array.of(1, 2) } })).rejects.toThrow(
      'expected 53 of each for its network, found 2 weights and 53 velocities',
    );
    const float32 = { shape: [53], data: new Float32Array(53) };
    await expect(attempt({ weights: float32 })).rejects.toThrow(
      'expected float64 numbers in weights, found Float32Array',
    );
    const broken = half.weights.map((weight, i) => (i === 7 ? Number.NaN : weight));
    await expect(attempt({ weights: { shape: [53], data: broken } })).rejects.toThrow('expected finite weights');
    await expect(attempt({ description: { shape: [2], data: Uint8Array.of(0x7b, 0x7d) } })).rejects.toThrow(
      'expected a description that begins with "hessian-rmt training 1"',
    );
  });
});
