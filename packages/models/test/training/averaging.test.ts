import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linearAlgebra, randomStream, readNpz, writeNpz } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  type Averaging,
  gaussianClusters,
  initialWeights,
  loadCheckpoint,
  mlp,
  resumeTraining,
  saveCheckpoint,
  type Training,
  type TrainingOptions,
  train,
} from '../../src/index.js';
import { temporaryFolder } from '../support/idx-files.js';
import { relativeError } from '../support/naive-network.js';

const context = { linearAlgebra: await linearAlgebra() };
const random = randomStream(11);
const data = gaussianClusters({ count: 3, samples: 40, dimension: 6 }, random.stream('data'));
const network = mlp([6, 5, 3]);
const start = initialWeights(network, random.stream('weights'));
/** 40 samples: three steps an epoch, the last of 8 samples. */
const stepsPerEpoch = 3;
const options: TrainingOptions = { algorithm: 'sgd', batch: 16, steps: 31, rate: 0.2, momentum: 0.5, recordEvery: 10 };
const averaging: Averaging = { from: 4, every: 'step' };

const trained = (steps: number, more: Partial<TrainingOptions> = {}): Promise<Training> =>
  train(network, start, data, { ...options, ...more, steps }, random, context);

/** Where the descent stands after each step, each reached by a training of its own. */
const iterates = await Promise.all(
  Array.from({ length: 32 }, async (_, steps) => (steps === 0 ? start : (await trained(steps)).weights)),
);

/** The mean written out: the sum of the iterates over their number. */
function meanOf(steps: readonly number[]): Float64Array {
  return start.map((_, i) => steps.reduce((sum, step) => sum + iterates[step][i], 0) / steps.length);
}

describe('the average of the iterates', () => {
  it.each<Averaging & { steps: number[] }>([
    { from: 0, every: 'step', steps: Array.from({ length: 31 }, (_, i) => i + 1) },
    { from: 4, every: 'step', steps: Array.from({ length: 19 }, (_, i) => i + 13) },
    { from: 0, every: 'epoch', steps: [3, 6, 9, 12, 15, 18, 21, 24, 27, 30] },
    { from: 8, every: 'epoch', steps: [27, 30] },
  ])('every $every from epoch $from on is the mean of the weights after steps $steps', async ({ steps, ...which }) => {
    const { averaged } = await trained(31, { averaging: which });
    expect(relativeError(averaged!, meanOf(steps))).toBeLessThan(1e-14);
  });

  it('does not change the descent, and a training without it does not know of it', async () => {
    const without = await trained(31);
    const { averaged: _, options: asked, ...rest } = await trained(31, { averaging });
    const { options: plain, ...others } = without;
    expect(rest).toEqual(others);
    expect(asked).toEqual({ ...plain, averaging });
    expect('averaged' in without || 'averaging' in plain).toBe(false);
  });

  it('is absent until its first iterate has come', async () => {
    expect('averaged' in (await trained(4 * stepsPerEpoch, { averaging }))).toBe(false);
    expect((await trained(4 * stepsPerEpoch + 1, { averaging })).averaged).toEqual(iterates[13]);
  });

  // Before the tail, at its first step, in the middle of an epoch and at the end of one.
  it.each([5, 13, 20, 27])('goes on from a checkpoint at step %i to the same bytes', async (steps) => {
    const folder = await temporaryFolder();
    const paths = ['half.npz', 'resumed.npz', 'whole.npz'].map((name) => join(folder, name));
    for (const every of ['step', 'epoch'] as const) {
      const tail = { averaging: { from: 4, every } };
      const half = await trained(steps, tail);
      await saveCheckpoint(paths[0], half);
      const loaded = await loadCheckpoint(paths[0], network);
      expect(loaded).toEqual(half);
      await saveCheckpoint(paths[1], await resumeTraining(loaded, data, { ...options, ...tail }, random, context));
      await saveCheckpoint(paths[2], await trained(31, tail));
      expect((await readFile(paths[1])).equals(await readFile(paths[2]))).toBe(true);
    }
  });

  it('is part of what a resumed training must have in common', async () => {
    const half = await trained(20, { averaging });
    await expect(resumeTraining(half, data, options, random, context)).rejects.toThrow(
      'resumeTraining: expected averaging {"from":4,"every":"step"}, found undefined',
    );
  });

  it('is missed in a checkpoint that should have it, and refused when it has another length', async () => {
    const path = join(await temporaryFolder(), 'half.npz');
    await saveCheckpoint(path, await trained(20, { averaging }));
    const { averaged, ...others } = await readNpz(path);
    await writeNpz(path, others);
    await expect(loadCheckpoint(path)).rejects.toThrow(`${path}: expected a whole checkpoint, found`);
    await writeNpz(path, { ...others, averaged: { shape: [2], data: averaged.data.slice(0, 2) } });
    await expect(loadCheckpoint(path)).rejects.toThrow(
      `${path}: expected ${start.length} averaged weights for its network, found 2`,
    );
  });

  it.each([
    [{ from: -1, every: 'step' }, 'train: averaging.from must be an integer from 0, found -1'],
    [{ from: 0.5, every: 'step' }, 'train: averaging.from must be an integer from 0, found 0.5'],
    [{ from: 0, every: 'day' }, 'train: averaging.every must be step or epoch, found day'],
  ])('asked for as %o is refused', async (wrong, message) => {
    await expect(trained(3, { averaging: wrong as Averaging })).rejects.toThrow(message);
  });
});

describe('the end of an epoch', () => {
  it('is told with the weights and the average that stand there, once each, also when training goes on', async () => {
    const told: [number, number[], number[] | undefined][] = [];
    const watched = {
      ...context,
      epochEnded: (epoch: number, at: { weights: Float64Array; averaged?: Float64Array }) =>
        told.push([epoch, [...at.weights], at.averaged && [...at.averaged]]),
    };
    const tail: TrainingOptions = { ...options, averaging: { from: 8, every: 'epoch' } };
    const half = await train(network, start, data, { ...tail, steps: 12 }, random, watched);
    await resumeTraining(half, data, tail, random, watched);
    expect(told.map(([epoch]) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const [epoch, weights] of told) expect(weights).toEqual([...iterates[epoch * stepsPerEpoch]]);
    expect(told[7][2]).toBeUndefined();
    expect(told[8][2]).toEqual([...iterates[27]]);
    expect(relativeError(Float64Array.from(told[9][2]!), meanOf([27, 30]))).toBeLessThan(1e-14);
  });
});
