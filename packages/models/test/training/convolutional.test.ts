import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linearAlgebra, randomStream, readNpz, writeNpz } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  augmented,
  type ConvolutionalNetwork,
  convolutionalSums,
  type Dataset,
  type EndOfEpoch,
  initialConvolutionalWeights,
  type Layer,
  loadCheckpoint,
  mlp,
  objectiveOf,
  preResNet,
  rateAfter,
  resumeTraining,
  saveCheckpoint,
  select,
  statisticsCount,
  type TrainingOptions,
  train,
  vggLike,
} from '../../src/index.js';
import { temporaryFolder } from '../support/idx-files.js';
import { relativeError } from '../support/naive-network.js';
import { meanAndUnbiasedVariance } from '../support/statistics.js';

const algebra = await linearAlgebra();
const context = { linearAlgebra: algebra, precision: 'float64' } as const;
const random = randomStream(21);
const image = { height: 8, width: 8, channels: 2 };
const classes = 3;

/** Images of noise with one bright quarter, which is the class. */
function brightQuarters(count: number, stream: string): Dataset {
  const inputs = random.stream(stream).normals(count * 128, 0.5);
  const labels = Uint8Array.from({ length: count }, (_, n) => n % classes);
  for (let i = 0; i < inputs.length; i++) {
    const [n, y, x] = [Math.floor(i / 128), Math.floor(i / 16) % 8, Math.floor(i / 2) % 8];
    if (2 * Math.floor(y / 4) + Math.floor(x / 4) === labels[n]) inputs[i] += 1;
  }
  return { name: stream, count, dimension: 128, classes, inputs, labels, checksum: stream, image };
}

/** 50 samples: four steps an epoch, the last of 2 samples. */
const data = brightQuarters(50, 'bright quarters');
const resnet = preResNet(8, { input: image, classes, widths: [2, 3, 4] });
const start = initialConvolutionalWeights(resnet, random.stream('weights'));
const options: TrainingOptions = { algorithm: 'sgd', batch: 16, steps: 10, rate: 0.1, recordEvery: 4 };
/** Everything that draws random numbers or has a memory. */
const dropping = vggLike({ input: image, classes, stages: [{ convolutions: 1, width: 4 }], hidden: [6], dropout: 0.3 });
const droppingStart = initialConvolutionalWeights(dropping, random.stream('dropping'));
const everything: TrainingOptions = {
  ...options,
  momentum: 0.9,
  weightDecay: 0.01,
  schedule: { kind: 'linear', from: 1, to: 3, ratio: 0.1 },
  augmentation: { padding: 2, fill: [0.5, -1] },
  averaging: { from: 1, every: 'step' },
  recordAccuracy: true,
};

function network(layers: readonly Layer[]): ConvolutionalNetwork {
  return { kind: 'convolutional', name: 'by hand', input: image, classes, loss: 'softmax-cross-entropy', layers };
}
const dense: Layer = { kind: 'dense', name: 'dense', outputs: classes, bias: true };
/** Normalises the inputs themselves: its statistics do not depend on weights. */
const normalisedInputs = network([{ kind: 'batch-normalisation', name: 'norm', epsilon: 1e-5 }, dense]);

/** The loss of one mini-batch in training mode, as an objective. */
function ofMiniBatch(of: ConvolutionalNetwork, samples: Dataset) {
  const normalisation = { mode: 'training', batch: samples.count } as const;
  return objectiveOf(convolutionalSums(of, samples, algebra, { normalisation }));
}

/** Which samples make up each step. */
function batchesOf(steps: number): { epoch: number; indices: Uint32Array }[] {
  return Array.from({ length: steps }, (_, step) => {
    const epoch = Math.floor(step / 4);
    const order = random.stream('order').stream(`epoch-${epoch}`).permutation(data.count);
    return { epoch, indices: order.slice((step % 4) * 16, (step % 4) * 16 + 16) };
  });
}

describe('training of a convolutional network', () => {
  it.each([
    { name: 'plainly' },
    { name: 'with momentum, weight decay and a falling rate', momentum: 0.9, weightDecay: 0.01 },
    { name: 'with augmentation', augmentation: { padding: 2, fill: [0.5, -1] } },
  ])('follows the updates written out: $name', async ({ name: _, ...more }) => {
    const schedule = { kind: 'step', epochs: [1], factor: 0.5 } as const;
    const wanted: TrainingOptions = { ...options, ...more, schedule };
    const { momentum = 0, weightDecay = 0, augmentation } = wanted;
    const shown = augmentation
      ? augmented(data, { ...augmentation, copies: 3 }, random.stream('augmentation')).range(0, 150)
      : undefined;
    let weights = start.slice();
    let velocity = new Float64Array(start.length);
    const sums = { samples: 0, loss: 0, correct: 0 };
    for (const { epoch, indices } of batchesOf(10)) {
      const samples = shown
        ? select(
            shown,
            indices.map((i) => epoch * 50 + i),
          )
        : select(data, indices);
      const gradient = new Float64Array(start.length);
      const objective = ofMiniBatch(resnet, samples);
      const loss = objective.gradient(weights, gradient);
      if (epoch === 2) {
        sums.samples += samples.count;
        sums.loss += samples.count * loss;
        sums.correct += samples.count * objective.accuracy(weights);
      }
      velocity = velocity.map((v, i) => momentum * v + gradient[i] + weightDecay * weights[i]);
      weights = weights.map((w, i) => w - rateAfter(epoch, wanted.rate, schedule) * velocity[i]);
    }

    const trained = await train(resnet, start, data, wanted, random, context);
    expect(relativeError(trained.weights, weights)).toBeLessThan(1e-11);
    expect(relativeError(trained.weights, start)).toBeGreaterThan(0.01);
    expect(trained.epochs!.map(({ samples }) => samples)).toEqual([50, 50, 32]);
    expect(trained.epochs![2].loss).toBeCloseTo(sums.loss, 9);
    expect(trained.epochs![2].correct).toBeCloseTo(sums.correct, 9);
  });

  it('runs its statistics as PyTorch does: a tenth of each mini-batch, variances with divisor n - 1', async () => {
    const weights = initialConvolutionalWeights(normalisedInputs, random.stream('norm'));
    const { statistics } = await train(normalisedInputs, weights, data, options, random, context);
    const running = [0, 0, 1, 1];
    for (const { indices } of batchesOf(10)) {
      [0, 1].forEach((channel) => {
        const values = Array.from(select(data, indices).inputs).filter((_, i) => i % 2 === channel);
        const { mean, variance } = meanAndUnbiasedVariance(values);
        running[channel] = 0.9 * running[channel] + 0.1 * mean;
        running[2 + channel] = 0.9 * running[2 + channel] + 0.1 * variance;
      });
    }
    expect(relativeError(statistics!, running)).toBeLessThan(1e-13);
  });

  it('learns what is to be learnt, and knows it in new images with its running statistics', async () => {
    const many = brightQuarters(120, 'many');
    const fresh = brightQuarters(60, 'fresh');
    const long: TrainingOptions = { ...options, batch: 30, momentum: 0.9, steps: 120, recordEvery: 60 };
    const { weights, statistics, history } = await train(resnet, start, many, long, random, { linearAlgebra: algebra });
    // Who knows nothing has the loss log 3, who knows that one class of three is out, log 2.
    expect(history[0].loss).toBeGreaterThan(Math.log(2));
    expect(history[2].loss).toBeLessThan(0.1 * Math.log(2));
    const normalisation = { mode: 'evaluation', statistics: statistics! } as const;
    const unseen = convolutionalSums(resnet, fresh, algebra, { normalisation }).loss(weights, 0, 60);
    expect(unseen.correct).toBeGreaterThan(57);
    expect(unseen.loss / 60).toBeLessThan(0.3 * Math.log(2));
  });

  it('records the loss of all data in training mode, on consecutive mini-batches, without dropout and augmentation', async () => {
    const normalisation = { mode: 'training', batch: 16 } as const;
    const objective = objectiveOf(convolutionalSums(dropping, data, algebra, { normalisation }));
    const { history } = await train(dropping, droppingStart, data, everything, random, context);
    expect(history.map(({ step }) => step)).toEqual([0, 4, 8, 10]);
    for (const { step, loss, gradientNorm, accuracy } of history) {
      const { weights } = await train(dropping, droppingStart, data, { ...everything, steps: step }, random, context);
      const gradient = new Float64Array(weights.length);
      expect(loss).toBeCloseTo(objective.gradient(weights, gradient), 12);
      expect(gradientNorm).toBeCloseTo(Math.hypot(...gradient), 12);
      expect(accuracy).toBeCloseTo(objective.accuracy(weights), 12);
    }
  });

  it('in float32, its default, follows float64 through the first steps, and says which it was', async () => {
    const exact = await train(resnet, start, data, options, random, context);
    const single = await train(resnet, start, data, options, random, { linearAlgebra: algebra });
    // Roundings of 6e-8 in each of ten steps of rate 0.1, through some ten layers.
    expect(relativeError(single.weights, exact.weights)).toBeLessThan(1e-5);
    expect(single.weights).not.toEqual(exact.weights);
    const { identity } = algebra.library;
    expect([exact.gradientsFrom, single.gradientsFrom]).toEqual([`${identity}, float64`, `${identity}, float32`]);
  });

  it('drops units out at random: another stream gives other weights, the same one the same', async () => {
    const [a, b] = [
      await train(dropping, droppingStart, data, options, random, context),
      await train(dropping, droppingStart, data, options, random, context),
    ];
    expect(b).toEqual(a);
    const layers = dropping.layers.filter(({ kind }) => kind !== 'dropout');
    const without = await train({ ...dropping, layers }, droppingStart, data, options, random, context);
    expect(relativeError(without.weights, a.weights)).toBeGreaterThan(1e-3);
  });

  it('without batch normalisation or dropout descends the gradient of all data too', async () => {
    const plain = network([
      { kind: 'convolution', name: 'conv', outputs: 2, size: 3, stride: 2, padding: 1, bias: true },
      { kind: 'tanh' },
      dense,
    ]);
    const first = initialConvolutionalWeights(plain, random.stream('plain'));
    const many = brightQuarters(300, 'more than a chunk');
    const whole: TrainingOptions = { algorithm: 'gd', steps: 3, rate: 0.2 };
    const { weights, statistics, epochs } = await train(plain, first, many, whole, random, context);
    const normalisation = { mode: 'evaluation', statistics: new Float64Array() } as const;
    const objective = objectiveOf(convolutionalSums(plain, many, algebra, { normalisation }));
    let naive = first;
    for (let step = 0; step < 3; step++) {
      const gradient = new Float64Array(first.length);
      objective.gradient(naive, gradient);
      naive = naive.map((w, i) => w - 0.2 * gradient[i]);
    }
    expect(relativeError(weights, naive)).toBeLessThan(1e-13);
    expect([statistics, epochs]).toEqual([undefined, undefined]);
  });

  it('tells at the end of an epoch how the weights stand, with statistics and what the mini-batches gave', async () => {
    const told: { epoch: number; weights: Float64Array; statistics: Float64Array; sums: EndOfEpoch['sums'] }[] = [];
    const watched = {
      ...context,
      epochEnded: (epoch: number, { weights, statistics, sums }: EndOfEpoch) =>
        told.push({ epoch, weights: weights.slice(), statistics: statistics!.slice(), sums }),
    };
    const { epochs } = await train(resnet, start, data, { ...options, steps: 9 }, random, watched);
    expect(told.map(({ epoch }) => epoch)).toEqual([1, 2]);
    for (const { epoch, weights, statistics, sums } of told) {
      const at = await train(resnet, start, data, { ...options, steps: 4 * epoch }, random, context);
      expect([weights, statistics]).toEqual([at.weights, at.statistics]);
      expect(sums).toEqual(epochs![epoch - 1]);
    }
  });

  it('refuses what does not go together', async () => {
    const wholly: TrainingOptions = { algorithm: 'gd', steps: 1, rate: 0.1 };
    await expect(train(resnet, start, data, wholly, random, context)).rejects.toThrow(
      `gd knows no batch normalisation or dropout: expected sgd for ${resnet.name}`,
    );
    await expect(train(resnet, start, data, { ...wholly, augmentation: {} }, random, context)).rejects.toThrow(
      'gd takes the whole data set as it is; found augmentation',
    );
    const flat = mlp([128, 3]);
    const flatStart = new Float64Array(387);
    await expect(train(flat, flatStart, data, { ...options, augmentation: {} }, random, context)).rejects.toThrow(
      'expected a convolutional network for augmentation, found dense',
    );
    await expect(
      train(flat, flatStart, data, options, random, { linearAlgebra: algebra, precision: 'float32' }),
    ).rejects.toThrow('gradients of dense networks are float64, found precision float32');
    const { image: _, ...noImages } = data;
    await expect(train(resnet, start, noImages, { ...options, augmentation: {} }, random, context)).rejects.toThrow(
      'bright quarters does not consist of images',
    );
    const colours = { ...data, image: { height: 4, width: 8, channels: 4 } };
    await expect(train(resnet, start, colours, options, random, context)).rejects.toThrow(
      'expected images of 8 x 8 x 2, found 4 x 8 x 4',
    );
    const pooled = network([
      { kind: 'average-pooling', size: 8, stride: 8 },
      { kind: 'batch-normalisation', name: 'norm', epsilon: 1e-5 },
      dense,
    ]);
    const pooledStart = initialConvolutionalWeights(pooled, random);
    await expect(train(pooled, pooledStart, data, { ...options, batch: 49 }, random, context)).rejects.toThrow(
      'by hand, layer "norm": a variance needs two pixels, found a mini-batch of one',
    );
  });
});

describe('a convolutional training that is resumed', () => {
  const trained = (steps: number) =>
    train(dropping, droppingStart, data, { ...everything, steps }, random, { linearAlgebra: algebra });

  // In the first epoch, at its end, at a record, one step before the end.
  it.each([2, 4, 8, 9])('from a checkpoint at step %i gives the same bytes', async (steps) => {
    const folder = await temporaryFolder();
    const paths = ['half.npz', 'resumed.npz', 'whole.npz'].map((name) => join(folder, name));
    const half = await trained(steps);
    await saveCheckpoint(paths[0], half);
    const loaded = await loadCheckpoint(paths[0], dropping);
    expect(loaded).toEqual(half);
    expect(await loadCheckpoint(paths[0])).toEqual(half);
    const resumed = await resumeTraining(loaded, data, everything, random, { linearAlgebra: algebra });
    const whole = await trained(10);
    expect(resumed).toEqual(whole);
    await saveCheckpoint(paths[1], resumed);
    await saveCheckpoint(paths[2], whole);
    expect((await readFile(paths[1])).equals(await readFile(paths[2]))).toBe(true);
  });

  it('is refused with another augmentation or precision', async () => {
    const half = await trained(3);
    const { augmentation: _, ...unmoved } = everything;
    await expect(resumeTraining(half, data, unmoved, random, { linearAlgebra: algebra })).rejects.toThrow(
      'expected augmentation {"padding":2,"flip":true,"fill":[0.5,-1]}, found undefined',
    );
    await expect(resumeTraining(half, data, everything, random, context)).rejects.toThrow(
      `expected gradients from "${algebra.library.identity}, float32"`,
    );
  });

  it('is refused when the checkpoint is of another network or lacks what such a network has', async () => {
    const path = join(await temporaryFolder(), 'half.npz');
    const half = await trained(3);
    await saveCheckpoint(path, half);
    await expect(loadCheckpoint(path, resnet)).rejects.toThrow(
      /expected PreResNet-8 \(widths 2, 3, 4\), softmax-cross-entropy, layers \w+, found VGG-like, 3 layers/,
    );
    const other = { ...dropping, layers: dropping.layers.filter(({ kind }) => kind !== 'dropout') };
    await expect(loadCheckpoint(path, other)).rejects.toThrow(/expected VGG-like.* layers \w+, found VGG-like/);
    await expect(loadCheckpoint(path, mlp([6, 5]))).rejects.toThrow('expected a 6-5 network');

    const arrays = await readNpz(path);
    const attempt = async (change: (all: typeof arrays) => typeof arrays) => {
      await writeNpz(path, change(arrays));
      return loadCheckpoint(path);
    };
    await expect(attempt(({ statistics: _, ...rest }) => rest)).rejects.toThrow('expected a whole checkpoint');
    const short = { shape: [2], data: Float64Array.of(1, 2) };
    await expect(attempt((all) => ({ ...all, statistics: short }))).rejects.toThrow(
      `expected ${statisticsCount(dropping)} statistics for its network, found 2`,
    );
    await expect(attempt((all) => ({ ...all, epoch_loss: short }))).rejects.toThrow(
      'expected 1 records in epoch_loss, as there are epochs, found 2',
    );
    const statistics = half.statistics!.map((value, i) => (i === 1 ? Number.NaN : value));
    await expect(attempt((all) => ({ ...all, statistics: { shape: [8], data: statistics } }))).rejects.toThrow(
      'expected finite numbers in statistics, found NaN at position 1',
    );
    const description = JSON.parse(new TextDecoder().decode(arrays.description.data as Uint8Array));
    const bytes = new TextEncoder().encode(JSON.stringify({ ...description, network: { ...dropping, classes: 4 } }));
    await expect(attempt((all) => ({ ...all, description: { shape: [bytes.length], data: bytes } }))).rejects.toThrow(
      'expected a convolutional network in the description, found {',
    );
  });
});
