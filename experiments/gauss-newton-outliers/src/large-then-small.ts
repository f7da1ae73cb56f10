import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { displacementShare, fromMatvec, lanczos, lanczosFiles, lossAlongLine, ritzPairs } from '@hessian-rmt/curvature';
import {
  alexNet32,
  type ConvolutionalNetwork,
  convolutionalParameterCount,
  convolutionalSums,
  type Dataset,
  forwardFlops,
  initialConvolutionalWeights,
  objectiveOf,
  sampleLosses,
  train,
  type Weights,
} from '@hessian-rmt/models';
import { readNpz, toFloat64, writeNpz } from '@hessian-rmt/numerics';
import { defineUnitKind } from '@hessian-rmt/replication';
import { type ImageSource, imagesMemory, imagesOf, side } from './colour-images.js';

export type LargeThenSmallConfig = {
  readonly source: ImageSource;
  /** Training images, a balanced draw, and test images. */
  readonly training: number;
  readonly testing: number;
  /** Of the five convolutions. */
  readonly channels: readonly [number, number, number, number, number];
  readonly rate: number;
  readonly batches: { readonly large: number; readonly small: number };
  /** Records of each part, and steps from one to the next. */
  readonly records: number;
  readonly every: number;
  /** Steps into part II at which the way from the end of part I is looked at. */
  readonly early: readonly number[];
  /** Eigenvectors of the large eigenvalues: one a class. */
  readonly directions: number;
  /** Steps of Lanczos that find them. */
  readonly lanczosSteps: number;
};

/** The line through both ends: 0 is the end of part I, 1 that of part II; half its length beyond each. */
const line41 = { from: -0.5, to: 1.5, points: 41 };

/** Loss and accuracy of training images, then of test images. */
const curveNames = ['training-loss', 'training-accuracy', 'testing-loss', 'testing-accuracy'] as const;

/** Where one part of the training stands: its weights, and what was recorded of it, four numbers a record. */
interface Part {
  readonly weights: Weights;
  readonly records: readonly (readonly number[])[];
}

export function networkOf({
  source,
  channels,
}: Pick<LargeThenSmallConfig, 'source' | 'channels'>): ConvolutionalNetwork {
  const input = { height: side, width: side, channels: source.dataset === 'cifar10' ? 3 : 1 };
  return alexNet32({ input, classes: 10, channels });
}

// Bare AlexNet has no batch normalisation: evaluation mode without statistics.
const normalisation = { mode: 'evaluation', statistics: new Float64Array(0) } as const;

const column = (values: readonly number[]) => ({ shape: [values.length], data: Float64Array.from(values) });

const rowsOf = (matrix: Float64Array, length: number) =>
  Array.from({ length: matrix.length / length }, (_, i) => matrix.subarray(i * length, (i + 1) * length));

/** Share of the squared way between two points that lies in the span of the vectors. */
function shareOf(to: Weights, from: Weights, vectors: readonly Float64Array[]): number {
  return displacementShare(
    to.map((value, i) => value - from[i]),
    vectors,
  ).total;
}

/**
 * Part I trains a bare AlexNet with large batches, part II goes on from there with small ones and the same rate (Sagun
 * et al. 2017, sec. 4.1). Losses and accuracies at every record; sample-wise losses on the line through the ends of both
 * parts; and how much of the way from the end of part I lies in the eigenvectors of the largest eigenvalues there, with
 * small batches and, for comparison, when part I would have gone on.
 */
export const largeThenSmall = defineUnitKind<LargeThenSmallConfig>({
  name: 'large-then-small',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, scratch, progress }) {
    const { source, rate, batches, every, early, directions, lanczosSteps } = config;
    const training = await imagesOf(source, 'train', config.training, random.stream('data'));
    const testing = await imagesOf(source, 'test', config.testing, random.stream('data'));
    const network = networkOf(config);
    // Float32, as the authors' own library: a loss of so many samples is known far worse than that.
    const sumsOf = (data: Dataset) =>
      convolutionalSums(network, data, linearAlgebra, { normalisation, precision: 'float32' });
    const sums = { training: sumsOf(training), testing: sumsOf(testing) };

    /** Steps from given weights; mini-batches of each stretch come from a stream of its own. */
    const stretch = async (from: Weights, steps: number, batch: number, name: string) => {
      const options = { algorithm: 'sgd', batch, rate, steps, recordEvery: 'never' } as const;
      return (await train(network, from, training, options, random.stream(name), { linearAlgebra })).weights;
    };
    const recordOf = (weights: Weights): number[] =>
      [sums.training, sums.testing].flatMap((each) => {
        const { loss, correct } = each.loss(weights, 0, each.count);
        return [loss / each.count, correct / each.count];
      });
    const folder = await scratch();
    /** All records of one part; a process that takes up a killed one goes on from the last. */
    const part = async (start: Weights, which: 'large' | 'small', from: number): Promise<Part> => {
      const file = join(folder, `${which}.npz`);
      let { weights, records } = (await load(file)) ?? { weights: start, records: [] };
      while (records.length < config.records) {
        const i = records.length + 1;
        weights = await stretch(weights, every, batches[which], `${which} batch, record ${i}`);
        records = [...records, recordOf(weights)];
        await save(file, { weights, records });
        progress(from + (0.4 * i) / config.records, `${which} batch, loss ${records[i - 1][0].toPrecision(3)}`);
      }
      return { weights, records };
    };

    const start = initialConvolutionalWeights(network, random.stream('initial weights'));
    const large = await part(start, 'large', 0);
    const endOfLarge = large.weights;

    const objective = objectiveOf(sums.training);
    const hessian = fromMatvec(start.length, (v) => objective.hessianVectorProduct(endOfLarge, v));
    const krylov = await lanczos(hessian, {
      linearAlgebra,
      steps: lanczosSteps,
      start: { law: 'rademacher', random: random.stream('start vector') },
      checkpoint: lanczosFiles(join(folder, 'lanczos')),
      progress: (done) => progress(0.4 + 0.1 * done, 'eigenvectors of the largest eigenvalues'),
    });
    const top = await ritzPairs(krylov, { largest: directions }, { linearAlgebra });
    const vectors = rowsOf(top.vectors, start.length);
    const shares: Record<'large' | 'small', number[]> = { large: [], small: [] };
    for (const which of ['small', 'large'] as const) {
      let weights = endOfLarge;
      for (const [i, steps] of early.entries()) {
        weights = await stretch(weights, steps - (early[i - 1] ?? 0), batches[which], `${which} batch, early ${i}`);
        shares[which].push(shareOf(weights, endOfLarge, vectors));
      }
    }

    const small = await part(endOfLarge, 'small', 0.55);
    const endOfSmall = small.weights;
    const records = [recordOf(start), ...large.records, ...small.records];
    const lossAt = (weights: Weights) => {
      const { losses, correct } = sampleLosses(sums.training, network.loss, training, weights, 0, training.count);
      return { losses, accuracy: correct / training.count };
    };
    const line = await lossAlongLine(lossAt, endOfLarge, endOfSmall, line41);
    const { height, standardError, position } = line.barrier;
    return {
      numbers: {
        parameters: start.length,
        eigenvalues: [...top.values],
        residuals: [...top.residuals],
        shareOfWhole: shareOf(endOfSmall, endOfLarge, vectors),
        barrier: { height, standardError, position },
      },
      arrays: {
        ...Object.fromEntries(curveNames.map((name, k) => [name, column(records.map((record) => record[k]))])),
        'share-small': column(shares.small),
        'share-large': column(shares.large),
        'line-position': column(line.points.map((point) => point.position)),
        'line-loss': column(line.points.map(({ loss }) => loss)),
        'line-error': column(line.points.map((point) => point.standardError)),
      },
      uses: { datasets: [training, testing].map(({ name, checksum }) => ({ name, checksum })) },
    };
  },

  cost(config) {
    const network = networkOf(config);
    const { source, training, testing, batches, records, every, early, lanczosSteps } = config;
    const gradients = (records * every + (early.at(-1) ?? 0)) * (batches.large + batches.small);
    const forward = 2 * records * (training + testing) + line41.points * training;
    const products = lanczosSteps * training;
    // Measured: networks of 12 to 32 channels run at a tenth of the rate of large products, those of 64 to 384 at a third.
    const slowness = 2 + 100 / config.channels[0];
    return {
      flops: slowness * forwardFlops(network) * (3 * gradients + forward + 8 * products),
      memory: imagesMemory(source, training + testing) + 8 * (lanczosSteps + 20) * convolutionalParameterCount(network),
    };
  },
});

async function save(file: string, { weights, records }: Part): Promise<void> {
  await writeNpz(file, {
    weights: { shape: [weights.length], data: weights },
    records: { shape: [records.length, curveNames.length], data: Float64Array.from(records.flat()) },
  });
}

/** @throws Error for a file that is damaged */
async function load(file: string): Promise<Part | undefined> {
  if (!existsSync(file)) return undefined;
  const { weights, records } = await readNpz(file, ['weights', 'records']);
  return { weights: toFloat64(weights), records: rowsOf(toFloat64(records), curveNames.length).map((row) => [...row]) };
}
