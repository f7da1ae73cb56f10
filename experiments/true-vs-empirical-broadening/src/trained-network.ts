import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ConvolutionalNetwork,
  convolutionalParameterCount,
  convolutionalSums,
  granziolSchedule,
  initialConvolutionalWeights,
  loadCheckpoint,
  resumeTraining,
  saveCheckpoint,
  type Training,
  type TrainingOptions,
  train,
  type Weights,
} from '@hessian-rmt/models';
import { defineUnitKind, type Results, type StoredArray, type Unit, type UnitContext } from '@hessian-rmt/replication';
import { augmentationOf, type ImagesConfig, imagesOf } from './network-images.js';
import { costOfPasses, type NetworkConfig, networkOf } from './networks.js';

export type TrainedNetworkConfig = {
  readonly images: ImagesConfig;
  readonly network: NetworkConfig;
  /** Eq. 11: the rate at the start and the number of epochs, T. */
  readonly rate: number;
  readonly epochs: number;
  readonly batch: number;
  readonly precision: 'float32' | 'float64';
  readonly weightDecay: number;
  /** Mirrored and shifted images in every epoch, as in the paper; false for our control. */
  readonly augmented: boolean;
  /** Epochs after which weights and statistics are kept, ascending, 0 for the start. */
  readonly keep: readonly number[];
};

/** Sec. 6. */
const momentum = 0.9;

/** Points of the test curve, at most, beside the epochs that are kept; a training that is killed loses one stretch between them. */
const curvePoints = 25;

/** A network of sec. 6 trained as there, with its weights and statistics along the way and its training curves. */
export const trainedNetwork = defineUnitKind<TrainedNetworkConfig>({
  name: 'trained-network',
  module: import.meta.url,

  async run(config, { repetition, random, linearAlgebra, scratch, progress }) {
    const { precision } = config;
    const network = networkOf(config.network, config.images);
    const [training, test] = await Promise.all(
      (['train', 'test'] as const).map((split) => imagesOf(config.images, split, repetition)),
    );
    const options = {
      ...optionsOf(config),
      ...(config.augmented && { augmentation: await augmentationOf(config.images) }),
    };
    const points = testPoints(config);
    const stretches = trainingStretches(await scratch(), network);
    const own = random.stream('training');

    let state: Training<ConvolutionalNetwork> | undefined;
    const trainTo = async (epoch: number, from: number) => {
      const context = {
        linearAlgebra,
        precision,
        progress: (share: number, doing: string) => progress((from + share * (epoch - from)) / config.epochs, doing),
      };
      const until = { ...options, epochs: epoch };
      state ??= await stretches.load(from);
      if (state) return resumeTraining(state, training, until, own, context);
      const start = initialConvolutionalWeights(network, random.stream('initial weights'));
      return train(network, start, training, until, own, context);
    };
    const onTest = ({ weights, statistics }: Training<ConvolutionalNetwork>): TestPoint => {
      const normalisation = { mode: 'evaluation', statistics: statistics! } as const;
      const sums = convolutionalSums(network, test, linearAlgebra, { normalisation, precision });
      const { loss, correct } = sums.loss(weights, 0, test.count);
      sums.dispose();
      return { loss: loss / test.count, accuracy: correct / test.count };
    };

    const measured: TestPoint[] = [];
    for (const [i, epoch] of points.entries()) {
      const done = await stretches.measured(epoch);
      if (!done) {
        state = await trainTo(epoch, points[i - 1]);
        await stretches.save(epoch, state, onTest(state));
        if (i > 0 && !config.keep.includes(points[i - 1])) await stretches.forget(points[i - 1]);
      }
      measured.push(done ?? onTest(state!));
    }
    const kept = await Promise.all(config.keep.map(async (epoch) => (await stretches.load(epoch))!));
    const { epochs } = kept[kept.length - 1];
    return {
      numbers: {
        parameters: kept[0].weights.length,
        train: epochs!.map(({ samples, loss, correct }) => ({ loss: loss / samples, accuracy: correct / samples })),
        test: points.map((epoch, i) => ({ epoch, ...measured[i] })),
      },
      arrays: {
        weights: rows(kept.map(({ weights }) => weights)),
        statistics: rows(kept.map(({ statistics }) => statistics!)),
      },
      uses: { datasets: [training, test].map(({ name, checksum }) => ({ name, checksum })) },
    };
  },

  cost(config) {
    const network = networkOf(config.network, config.images);
    const { training, test } = config.images;
    const points = testPoints(config).length;
    const { flops, seconds } = costOfPasses(network, 3 * training * config.epochs + points * (3 * training + test));
    return {
      flops,
      seconds: 2 + seconds,
      memory: 4e8 + 8 * 60_000 * 3072 + 24 * config.keep.length * convolutionalParameterCount(network),
    };
  },
});

export const trainingUnit = (config: TrainedNetworkConfig, repetition: number): Unit =>
  trainedNetwork.unit(config, { repetition, threads: 1 });

const optionsOf = ({ rate, epochs, batch, weightDecay }: TrainedNetworkConfig): TrainingOptions => ({
  algorithm: 'sgd',
  batch,
  rate,
  momentum,
  weightDecay,
  schedule: granziolSchedule(epochs),
  recordEvery: 'never',
});

/** Epochs after which the test images are looked at, ascending from 0 to the last. */
export function testPoints({ epochs, keep }: Pick<TrainedNetworkConfig, 'epochs' | 'keep'>): number[] {
  const every = Math.ceil(epochs / curvePoints);
  const even = Array.from({ length: Math.floor(epochs / every) + 1 }, (_, i) => i * every);
  return [...new Set([...even, ...keep, epochs])].sort((a, b) => a - b);
}

type TestPoint = { readonly loss: number; readonly accuracy: number };

/** A training cut into stretches, in a folder: what stood at the end of each, and how it did on the test images. */
function trainingStretches(folder: string, network: ConvolutionalNetwork) {
  const file = (epoch: number) => join(folder, `epoch-${epoch}.npz`);
  const point = (epoch: number) => join(folder, `epoch-${epoch}.json`);
  const ifThere = <T>(read: Promise<T>): Promise<T | undefined> =>
    read.catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
  return {
    /** undefined before a stretch is done. */
    measured: async (epoch: number): Promise<TestPoint | undefined> => {
      const text = await ifThere(readFile(point(epoch), 'utf8'));
      return text === undefined ? undefined : JSON.parse(text);
    },
    load: (epoch: number) => ifThere(loadCheckpoint(file(epoch), network)),
    /** The measurement comes last, in one piece: a stretch that has one is whole. */
    async save(epoch: number, training: Training<ConvolutionalNetwork>, measured: TestPoint): Promise<void> {
      await saveCheckpoint(file(epoch), training);
      await writeFile(`${point(epoch)}.aside`, JSON.stringify(measured));
      await rename(`${point(epoch)}.aside`, point(epoch));
    },
    forget: (epoch: number) => rm(file(epoch), { force: true }),
  };
}

const rows = (vectors: readonly Float64Array[]): StoredArray => {
  const { length } = vectors[0];
  const data = new Float64Array(vectors.length * length);
  for (const [i, vector] of vectors.entries()) data.set(vector, i * length);
  return { shape: [vectors.length, length], data };
};

/** Weights and statistics of a training, from its unit. @throws RangeError when those of that epoch were not kept */
export async function stateOf(
  training: TrainedNetworkConfig,
  epoch: number,
  { repetition, of }: Pick<UnitContext, 'repetition' | 'of'>,
): Promise<{ readonly weights: Weights; readonly statistics: Float64Array }> {
  const index = training.keep.indexOf(epoch);
  if (index < 0) throw new RangeError(`epoch ${epoch} was not kept, only ${training.keep.join(', ')}`);
  const { arrays } = await of(trainingUnit(training, repetition));
  const row = ({ shape, data }: StoredArray) => (data as Float64Array).slice(index * shape[1], (index + 1) * shape[1]);
  return { weights: row(arrays.weights), statistics: row(arrays.statistics) };
}

/** How a training went. */
export interface TrainingCurves {
  /** Of the mini-batches of each epoch, augmented, at weights that moved on: epoch 1 is the first. */
  readonly train: readonly TestPoint[];
  /** Of the test images, by the running statistics. */
  readonly test: readonly (TestPoint & { readonly epoch: number })[];
}

export function trainingCurves(results: Results, unit: Unit): TrainingCurves {
  const { train: onTraining, test } = results.of(unit).numbers as unknown as TrainingCurves;
  return { train: onTraining, test };
}
