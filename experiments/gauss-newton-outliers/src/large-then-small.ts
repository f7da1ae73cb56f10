import { displacementShare, fromMatvec, lanczos, lossAlongLine, ritzPairs } from '@hessian-rmt/curvature';
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
import { defineUnitKind } from '@hessian-rmt/replication';
import { type ImageSource, imagesOf, side } from './colour-images.js';

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

/** The line through both ends: 0 is the end of part I, 1 that of part II. */
const line41 = { from: -0.5, to: 1.5, points: 41 };

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

  async run(config, { random, linearAlgebra, progress }) {
    const { source, rate, batches, every, early, directions, lanczosSteps } = config;
    const training = await imagesOf(source, 'train', config.training, random.stream('data'));
    const testing = await imagesOf(source, 'test', config.testing, random.stream('data'));
    const network = networkOf(config);
    // Float32, as the authors' own library: a loss of so many samples is known far worse than that.
    const sumsOf = (data: Dataset) =>
      convolutionalSums(network, data, linearAlgebra, { normalisation, precision: 'float32' });
    const sums = { training: sumsOf(training), testing: sumsOf(testing) };
    const objectives = { training: objectiveOf(sums.training), testing: objectiveOf(sums.testing) };

    /** Steps from given weights; mini-batches of each stretch come from a stream of its own. */
    const stretch = async (from: Weights, steps: number, batch: number, name: string) => {
      const options = { algorithm: 'sgd', batch, rate, steps, recordEvery: steps } as const;
      return (await train(network, from, training, options, random.stream(name), { linearAlgebra })).weights;
    };
    const records: { [whose: string]: { loss: number[]; accuracy: number[] } } = {
      training: { loss: [], accuracy: [] },
      testing: { loss: [], accuracy: [] },
    };
    const record = (weights: Weights) => {
      for (const whose of ['training', 'testing'] as const) {
        records[whose].loss.push(objectives[whose].loss(weights));
        records[whose].accuracy.push(objectives[whose].accuracy(weights));
      }
    };
    const part = async (start: Weights, which: 'large' | 'small', from: number) => {
      let weights = start;
      for (let i = 1; i <= config.records; i++) {
        weights = await stretch(weights, every, batches[which], `${which} batch, record ${i}`);
        record(weights);
        progress(
          from + (0.4 * i) / config.records,
          `${which} batch, loss ${records.training.loss.at(-1)!.toPrecision(3)}`,
        );
      }
      return weights;
    };

    const start = initialConvolutionalWeights(network, random.stream('initial weights'));
    record(start);
    const endOfLarge = await part(start, 'large', 0);

    const hessian = fromMatvec(start.length, (v) => objectives.training.hessianVectorProduct(endOfLarge, v));
    const krylov = await lanczos(hessian, {
      linearAlgebra,
      steps: lanczosSteps,
      start: { law: 'rademacher', random: random.stream('start vector') },
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

    const endOfSmall = await part(endOfLarge, 'small', 0.55);
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
        ...Object.fromEntries(
          Object.entries(records).flatMap(([whose, { loss, accuracy }]) => [
            [`${whose}-loss`, column(loss)],
            [`${whose}-accuracy`, column(accuracy)],
          ]),
        ),
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
    const { training, testing, batches, records, every, early, lanczosSteps } = config;
    const steps = records * every + (early.at(-1) ?? 0);
    const gradients = steps * (batches.large + batches.small) + 2 * records * (3 * training + testing);
    const products = lanczosSteps * training;
    return {
      flops: 3 * forwardFlops(network) * (3 * gradients + 8 * products),
      memory: 8 * (lanczosSteps + 20) * convolutionalParameterCount(network),
    };
  },
});
