import type { Split } from '@hessian-rmt/models';
import type { Unit } from '@hessian-rmt/replication';
import type { BatchSpectraConfig } from './batch-spectra.js';
import { type Condition, deflatedUnit, type FullBatches, fullUnits } from './conditions.js';
import { goeOfDensity } from './goe-of-density.js';
import { type Images, images } from './images-available.js';
import type { NetworkName } from './networks.js';

/** Which images: Fashion-MNIST is left out where it is not installed. */
export type ImagesName = 'digits' | 'fashion';

export type AuditSettings = {
  readonly inputs: number;
  readonly batch: number;
  /** Epochs of training at which there are spectra, from 0 on; the last is the length of the training. */
  readonly epochs: readonly number[];
  /** Conditions whose whole spectra are computed, structural zeros and all. */
  readonly full: readonly (FullBatches & {
    readonly network: NetworkName;
    readonly images: ImagesName;
    readonly split: Split;
    readonly trained: boolean;
  })[];
  /** Networks whose deflated spectra are computed along the training: batches of the test set, and how many seeds. */
  readonly deflated: readonly {
    readonly network: NetworkName;
    readonly images: ImagesName;
    /** Which of the epochs. */
    readonly epochs: readonly number[];
    readonly batches: number;
    readonly repetitions: number;
  }[];
};

const imagesNamed = (name: ImagesName): Images | undefined => images[name];

export interface FullCondition {
  readonly condition: Condition;
  readonly units: readonly Unit[];
}

/** The conditions of whole spectra whose images are here. */
export function fullConditions({ full, inputs, batch, epochs }: AuditSettings): FullCondition[] {
  return full.flatMap(({ network, images: name, split, trained, ...batches }) => {
    const found = imagesNamed(name);
    if (!found) return [];
    const last = epochs[epochs.length - 1];
    const epoch = trained ? last : 0;
    const condition: Condition = { network, images: found, inputs, epochs: last, keep: epochs, epoch, split, batch };
    return [{ condition, units: fullUnits(condition, batches) }];
  });
}

/** A network along its training, one unit an epoch and seed. */
export interface Course {
  readonly network: NetworkName;
  readonly images: Images;
  readonly epochs: readonly number[];
  /** units[seed][epoch] */
  readonly units: readonly (readonly Unit[])[];
  /** GOE spectra with the density of the last epoch's, first seed. */
  readonly goe: Unit;
}

export function courses({ deflated, inputs, batch, epochs }: AuditSettings): Course[] {
  return deflated.flatMap(({ network, images: name, epochs: shown, batches, repetitions }) => {
    const found = imagesNamed(name);
    if (!found) return [];
    const last = epochs[epochs.length - 1];
    const condition = (epoch: number): Condition => ({
      network,
      images: found,
      inputs,
      epochs: last,
      keep: epochs,
      epoch,
      split: 'test',
      batch,
    });
    const units = Array.from({ length: repetitions }, (_, repetition) =>
      shown.map((epoch) => deflatedUnit(condition(epoch), batches, repetition)),
    );
    const spectra = units[0][units[0].length - 1].config as BatchSpectraConfig;
    const goe = goeOfDensity.unit({ spectra, draws: 3 }, { repetition: 0, threads: 1 });
    return [{ network, images: found, epochs: shown, units, goe }];
  });
}

const softmax = 'softmax regression';
const perceptron = 'MLP 10-100';

/** A third of 36 spectra is analysed by a pool of 24. */
const pooled = { batches: 36, inFloat64: 12, threads: 1 };
const few = { batches: 4, inFloat64: 1, threads: 1 };

/** Whole spectra on small images at every profile; at `paper` those of the published sizes are parts of their own. */
export const auditProfiles: Readonly<Record<'smoke' | 'quick' | 'laptop' | 'paper', AuditSettings>> = {
  smoke: {
    inputs: 49,
    batch: 16,
    epochs: [0, 1],
    full: [{ network: softmax, images: 'digits', split: 'test', trained: true, batches: 6, inFloat64: 2, threads: 1 }],
    deflated: [{ network: softmax, images: 'digits', epochs: [0, 1], batches: 6, repetitions: 2 }],
  },
  quick: {
    inputs: 49,
    batch: 16,
    epochs: [0, 1, 5],
    full: (['digits', 'fashion'] as const).flatMap((images) =>
      [false, true].map((trained) => ({ network: softmax, images, split: 'test' as const, trained, ...pooled })),
    ),
    deflated: (['digits', 'fashion'] as const).flatMap((images) => [
      { network: softmax, images, epochs: [0, 1, 5], batches: 24, repetitions: 3 },
      ...(images === 'digits'
        ? [{ network: perceptron, images, epochs: [0, 5], batches: 6, repetitions: 1 } as const]
        : []),
    ]),
  },
  laptop: {
    inputs: 196,
    batch: 64,
    epochs: [0, 1, 5, 30],
    full: [
      { network: softmax, images: 'fashion', split: 'test', trained: false, ...pooled },
      { network: softmax, images: 'fashion', split: 'test', trained: true, ...pooled },
      { network: softmax, images: 'fashion', split: 'train', trained: true, ...pooled },
      { network: softmax, images: 'digits', split: 'train', trained: false, ...pooled },
      { network: softmax, images: 'digits', split: 'train', trained: true, ...pooled },
      { network: perceptron, images: 'fashion', split: 'test', trained: false, ...few },
      { network: perceptron, images: 'fashion', split: 'test', trained: true, ...pooled, inFloat64: 6 },
      { network: perceptron, images: 'digits', split: 'train', trained: true, ...few },
    ],
    deflated: (['fashion', 'digits'] as const).flatMap((images) => [
      { network: softmax, images, epochs: [0, 1, 5, 30], batches: 24, repetitions: 3 },
      { network: perceptron, images, epochs: [0, 30], batches: 12, repetitions: 3 },
    ]),
  },
  paper: {
    inputs: 784,
    batch: 64,
    epochs: [0, 1, 5, 20, 60, 150, 300],
    full: [],
    deflated: (['fashion', 'digits'] as const).flatMap((images) => [
      { network: softmax, images, epochs: [0, 1, 5, 20, 60, 150, 300], batches: 156, repetitions: 3 },
      { network: perceptron, images, epochs: [0, 5, 60, 300], batches: 156, repetitions: 3 },
    ]),
  },
};

/** A condition of the published size, and how many of its matrices are diagonalised whole. */
export interface PublishedCondition {
  /** `audit-7850-fashion-test-trained` */
  readonly id: string;
  readonly laptop: AuditSettings | null;
  readonly paper: AuditSettings;
}

/**
 * The published sizes, condition by condition, so that each can be run alone: 24 batches of each (two thirds of them the
 * pool), 12 test batches at P = 20,060, where a matrix takes ten minutes. At `laptop` one matrix of softmax regression.
 */
export const publishedConditions: readonly PublishedCondition[] = [
  { network: softmax, parameters: 7850, batches: 24, splits: ['test', 'train'] },
  { network: perceptron, parameters: 9960, batches: 24, splits: ['test', 'train'] },
  { network: 'MLP 10-100-100', parameters: 20_060, batches: 12, splits: ['test'] },
].flatMap(({ network, parameters, batches, splits }) =>
  (['digits', 'fashion'] as const).flatMap((found) =>
    (splits as readonly Split[]).flatMap((split) =>
      [false, true].map((trained): PublishedCondition => {
        const at = { network: network as NetworkName, images: found, split, trained };
        const sizes = { inputs: 784, batch: 64, deflated: [] };
        const first = network === softmax && found === 'fashion' && split === 'test' && trained;
        const one = { ...at, batches: 1, inFloat64: 1, threads: 2 };
        return {
          id: `audit-${parameters}-${found}-${split}-${trained ? 'trained' : 'untrained'}`,
          laptop: first ? { ...sizes, epochs: auditProfiles.laptop.epochs, full: [one] } : null,
          paper: {
            ...sizes,
            epochs: auditProfiles.paper.epochs,
            full: [{ ...at, batches, inFloat64: batches, threads: 2 }],
          },
        };
      }),
    ),
  ),
);
