import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linearAlgebra, portableLinearAlgebra, randomStream, readNpz, writeNpz } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  CheckpointError,
  type DenseNetwork,
  DivergedError,
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
    const others: [DenseNetwork, string][] = [
      [mlp([6, 5, 3], { activation: 'tanh' }), '(tanh, softmax-cross-entropy, biases), found'],
      [mlp([6, 5, 3], { loss: 'squared-error' }), '(relu, squared-error, biases), found'],
      [mlp([6, 5, 3], { bias: false }), '(relu, softmax-cross-entropy, no biases), found'],
      [mlp([6, 5, 5, 3]), 'a 6-5-5-3 network'],
    ];
    for (const [other, message] of others) {
      const attempt = loadCheckpoint(path, other);
      await expect(attempt).rejects.toBeInstanceOf(CheckpointError);
      await expect(attempt).rejects.toThrow(message);
    }
  });

  it('of another optimiser, batch, library or data does not go on', async () => {
    const { path } = await saved();
    const loaded = await loadCheckpoint(path, network);
    const cases: [Partial<TrainingOptions>, string][] = [
      [{ algorithm: 'gd' }, 'expected algorithm "sgd", found "gd"'],
      [{ momentum: 0 }, 'expected momentum 0.9, found 0'],
      [{ weightDecay: 0.1 }, 'expected weightDecay 0, found 0.1'],
      [{ batch: 8 }, 'expected batch 16, found 8'],
      [{ schedule: { kind: 'step', epochs: [1], factor: 0.5 } }, 'expected schedule {"kind":"constant"}, found {'],
    ];
    for (const [change, message] of cases) {
      const { batch: _, ...whole } = options;
      const changed = change.algorithm === 'gd' ? { ...whole, ...change } : { ...options, ...change };
      await expect(resumeTraining(loaded, data, changed, random, context)).rejects.toThrow(message);
    }
    const portable = { linearAlgebra: portableLinearAlgebra() };
    if (portable.linearAlgebra.library.identity !== context.linearAlgebra.library.identity) {
      await expect(resumeTraining(loaded, data, options, random, portable)).rejects.toThrow(
        `expected gradients from "${context.linearAlgebra.library.identity}", found "${portable.linearAlgebra.library.identity}"`,
      );
    }
    const other = gaussianClusters({ count: 3, samples: 40, dimension: 6 }, random.stream('other data'));
    await expect(resumeTraining(loaded, other, options, random, context)).rejects.toThrow(
      'resumeTraining: expected data',
    );
  });

  it('of a training that diverges is never written, and the one before stays', async () => {
    const { folder, path } = await saved();
    const before = await readFile(path);
    const outlier = { ...data, inputs: data.inputs.map((x, i) => (i === 3 ? Number.NaN : x)) };
    const attempt = train(network, start, outlier, options, random, context).then((training) =>
      saveCheckpoint(path, training),
    );
    await expect(attempt).rejects.toBeInstanceOf(DivergedError);
    await expect(attempt).rejects.toThrow(
      /^training diverged at step 0, rate 0\.1: expected a loss below [\d.]+, found NaN$/,
    );
    expect((await readFile(path)).equals(before)).toBe(true);

    const weights = half.weights.map((weight, i) => (i === 2 ? Number.POSITIVE_INFINITY : weight));
    await expect(saveCheckpoint(path, { ...half, weights })).rejects.toThrow(
      `${path}: expected finite numbers in weights, found Infinity at position 2`,
    );
    expect((await readFile(path)).equals(before)).toBe(true);
    expect(await readdir(folder)).toEqual(['half.npz']);
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
    await expect(attempt({ weights: { shape: [53], data: broken } })).rejects.toThrow(
      'expected finite numbers in weights, found NaN at position 7',
    );
    const velocity = half.velocity.map((v, i) => (i === 1 ? Number.NEGATIVE_INFINITY : v));
    await expect(attempt({ velocity: { shape: [53], data: velocity } })).rejects.toThrow(
      'expected finite numbers in velocity, found -Infinity at position 1',
    );
    const short = { shape: [2], data: Float64Array.of(1, 2) };
    await expect(attempt({ loss: short })).rejects.toThrow(
      `expected ${half.history.length} records in loss, as there are steps, found 2`,
    );
    await expect(
      attempt({ loss: { shape: [half.history.length], data: new Float64Array(half.history.length).fill(Number.NaN) } }),
    ).rejects.toThrow('expected finite numbers in loss, found NaN at position 0');
    await expect(attempt({ description: { shape: [2], data: Float64Array.of(1, 2) } })).rejects.toThrow(
      'something else',
    );
    await expect(attempt({ description: { shape: [2], data: Uint8Array.of(0x7b, 0x7d) } })).rejects.toThrow(
      'expected a description that begins with "hessian-rmt training 2"',
    );
  });

  it('is refused when its description is not that of a training', async () => {
    const { path } = await saved();
    const arrays = await readNpz(path);
    const whole = JSON.parse(new TextDecoder().decode(arrays.description.data as Uint8Array));
    const attempt = async (change: object) => {
      const bytes = new TextEncoder().encode(JSON.stringify({ ...whole, ...change }));
      await writeNpz(path, { ...arrays, description: { shape: [bytes.length], data: bytes } });
      return loadCheckpoint(path);
    };
    expect(await attempt({})).toEqual(half);
    const cases: [object, string][] = [
      [{ format: 'hessian-rmt training 1' }, 'begins with "hessian-rmt training 2", found "hessian-rmt training 1"'],
      [{ network: undefined }, 'expected network (object) in the description, found none'],
      [{ network: { widths: [6, 0, 3] } }, 'expected a dense network in the description, found {"widths":[6,0,3]}'],
      [{ network: { ...whole.network, activation: 'gelu' } }, 'expected a dense network in the description, found {'],
      [{ network: {} }, 'expected a dense network in the description, found {}'],
      [{ steps: '50' }, 'expected steps (number) in the description, found "50"'],
      [{ gradientsFrom: undefined }, 'expected gradientsFrom (string) in the description, found none'],
      [{ options: null }, 'expected options (object) in the description, found null'],
    ];
    for (const [change, message] of cases) {
      const refused = attempt(change);
      await expect(refused).rejects.toBeInstanceOf(CheckpointError);
      await expect(refused).rejects.toThrow(message);
    }
  });
});
