import { convolutionalParameterCount } from '@hessian-rmt/models';
import type { ProfileName } from '@hessian-rmt/replication';
import { digits, type ImageSet, type ImageSets, imageSets, type PrintedSet } from './image-sets.js';
import type { ImagesConfig } from './network-images.js';
import { type NetworkConfig, networkOf } from './networks.js';
import { type PrintedNetwork, type ScheduleName, scheduleNames } from './printed.js';
import type { TrainedNetworkConfig } from './trained-network.js';

/** A schedule of Eq. 11. */
export type ScheduleSettings = { readonly rate: number; readonly epochs: number };

/** The networks of the paper at the size of a profile. */
export type NetworkSettings = {
  readonly sets: ImageSets;
  /** Side of the images. */
  readonly side: number;
  /** Images to train on, or as many as there are, and to test on. */
  readonly training: number;
  readonly test: number;
  readonly networks: Readonly<Record<PrintedNetwork, NetworkConfig>>;
  readonly schedules: Readonly<Record<ScheduleName, ScheduleSettings>>;
  /** VGG-16 has a rate and a length of its own (App. I). */
  readonly vggSchedule: ScheduleSettings;
  readonly batch: number;
  /** Samples that batch normalisation takes its statistics over in the Hessian: ours, the paper does not say. */
  readonly hessianBatch: number;
  /** Copies of each image in an augmented set. */
  readonly copies: Readonly<Record<PrintedNetwork, number>>;
  /** Lanczos steps: on the images, on augmented ones, along training, and of our controls. */
  readonly steps: {
    readonly empirical: number;
    readonly augmented: number;
    readonly augmentedVgg: number;
    readonly along: number;
    readonly control: number;
  };
  /** Runs of each schedule with other weights and, where they are not all needed, other images. */
  readonly repetitions: Readonly<Record<PrintedSet, number>>;
  /** Fresh images beside those trained on; 0 where none are left. */
  readonly fresh: number;
  /** Of gradients and products; weights and recurrences are float64. */
  readonly precision: 'float32' | 'float64';
  /** Of a spectrum: one, so that units run side by side, or all. */
  readonly threads: 'one' | 'all';
  /** Whether all this is the paper's. */
  readonly published: boolean;
};

/**
 * Not in the paper: batches of 128 and this weight decay are those of the code of Izmailov et al. 2018, which the paper
 * follows in its schedule.
 */
export const weightDecays: Readonly<Record<PrintedNetwork, number>> = { 'PreResNet-110': 3e-4, 'VGG-16': 5e-4 };

const narrow = {
  'PreResNet-110': { kind: 'pre-resnet', depth: 8, widths: [4, 8, 16] },
  'VGG-16': {
    kind: 'vgg-like',
    stages: [
      { convolutions: 1, width: 8 },
      { convolutions: 1, width: 16 },
      { convolutions: 1, width: 16 },
    ],
    hidden: [32],
  },
} as const;

const laptop: NetworkSettings = {
  sets: imageSets,
  side: 8,
  training: 224,
  test: 500,
  networks: narrow,
  schedules: { Normal: { rate: 0.1, epochs: 675 }, Overfit: { rate: 0.01, epochs: 2000 } },
  vggSchedule: { rate: 0.05, epochs: 600 },
  batch: 32,
  hessianBatch: 32,
  copies: { 'PreResNet-110': 30, 'VGG-16': 10 },
  steps: { empirical: 100, augmented: 30, augmentedVgg: 10, along: 20, control: 20 },
  repetitions: { 'CIFAR-10': 3, 'CIFAR-100': 1 },
  fresh: 6720,
  precision: 'float64',
  threads: 'one',
  published: false,
};

/** One data set alone. */
const quick: NetworkSettings = {
  ...laptop,
  sets: { ...imageSets, 'CIFAR-100': undefined },
  training: 64,
  test: 200,
  schedules: { Normal: { rate: 0.1, epochs: 90 }, Overfit: { rate: 0.01, epochs: 200 } },
  vggSchedule: { rate: 0.05, epochs: 90 },
  copies: { 'PreResNet-110': 10, 'VGG-16': 3 },
  steps: { empirical: 30, augmented: 15, augmentedVgg: 5, along: 10, control: 10 },
  repetitions: { 'CIFAR-10': 1, 'CIFAR-100': 1 },
  fresh: 640,
};

/** The digits of npm alone: they are read in no time, and are there on every machine. */
const smoke: NetworkSettings = {
  ...quick,
  sets: { 'CIFAR-10': digits, 'CIFAR-100': undefined },
  training: 32,
  test: 32,
  batch: 16,
  hessianBatch: 16,
  schedules: { Normal: { rate: 0.1, epochs: 9 }, Overfit: { rate: 0.01, epochs: 9 } },
  vggSchedule: { rate: 0.05, epochs: 12 },
  copies: { 'PreResNet-110': 2, 'VGG-16': 2 },
  steps: { empirical: 8, augmented: 8, augmentedVgg: 4, along: 4, control: 4 },
  fresh: 64,
};

/** Three runs each, though the paper has one: a published number is held against the spread of runs. */
const paper: NetworkSettings = {
  sets: imageSets,
  side: 32,
  training: 50_000,
  test: 10_000,
  networks: { 'PreResNet-110': { kind: 'pre-resnet', depth: 110, widths: [16, 32, 64] }, 'VGG-16': { kind: 'vgg-16' } },
  schedules: { Normal: { rate: 0.1, epochs: 225 }, Overfit: { rate: 0.001, epochs: 1000 } },
  vggSchedule: { rate: 0.05, epochs: 300 },
  batch: 128,
  hessianBatch: 128,
  copies: { 'PreResNet-110': 30, 'VGG-16': 100 },
  steps: { empirical: 100, augmented: 80, augmentedVgg: 10, along: 100, control: 80 },
  repetitions: { 'CIFAR-10': 3, 'CIFAR-100': 3 },
  fresh: 0,
  precision: 'float32',
  threads: 'all',
  published: true,
};

export const networkProfiles: Readonly<Record<ProfileName, NetworkSettings>> = { smoke, quick, laptop, paper };

/** A network of the paper, trained with one of its schedules on one of its data sets or what stands for it. */
export interface Condition {
  readonly set: PrintedSet;
  readonly images: ImageSet;
  readonly network: PrintedNetwork;
  readonly schedule: ScheduleName;
}

/** Why the rows of a data set are not run. */
export const whyNotRun = ({ sets }: NetworkSettings, set: PrintedSet): string =>
  sets[set] === imageSets[set]
    ? 'neither the data set nor another one that could stand for it is on this machine'
    : 'this profile has one data set alone, for the time that it takes';

/** undefined where no data set is left to stand for this one. */
export function conditionOf(
  { sets }: NetworkSettings,
  set: PrintedSet,
  network: PrintedNetwork,
  schedule: ScheduleName = 'Normal',
): Condition | undefined {
  const images = sets[set];
  return images && { set, images, network, schedule };
}

/** The two schedules of PreResNet on every data set that is there. */
export const mainConditions = (settings: NetworkSettings): Condition[] =>
  (['CIFAR-100', 'CIFAR-10'] as const).flatMap((set) =>
    scheduleNames.flatMap((schedule) => conditionOf(settings, set, 'PreResNet-110', schedule) ?? []),
  );

export const repetitionsOf = ({ repetitions }: NetworkSettings, { set }: Pick<Condition, 'set'>): number[] =>
  Array.from({ length: repetitions[set] }, (_, repetition) => repetition);

export function imagesConfig(settings: NetworkSettings, { images }: Condition): ImagesConfig {
  const { side, test } = settings;
  return { source: images.source, side, training: Math.min(settings.training, images.training), test };
}

/** Epochs of the figures of the appendices; the schedules that they belong to have 225 and 300. */
const shownEpochs = [0, 25, 50, 75, 125, 150];
const printedLengths: Readonly<Record<PrintedNetwork, number>> = { 'PreResNet-110': 225, 'VGG-16': 300 };

/** The epoch here that is as far through its schedule as this one of the paper; the last for what lies beyond. */
export function epochHere(settings: NetworkSettings, network: PrintedNetwork, printed: number): number {
  const { epochs } = network === 'VGG-16' ? settings.vggSchedule : settings.schedules.Normal;
  return Math.min(epochs, Math.round((printed * epochs) / printedLengths[network]));
}

export const lastEpoch = (settings: NetworkSettings, { network, schedule }: Condition): number =>
  network === 'VGG-16' ? settings.vggSchedule.epochs : settings.schedules[schedule].epochs;

export function trainingConfig(
  settings: NetworkSettings,
  condition: Condition,
  { augmented = true } = {},
): TrainedNetworkConfig {
  const { network, schedule } = condition;
  const { rate, epochs } = network === 'VGG-16' ? settings.vggSchedule : settings.schedules[schedule];
  const shown = schedule === 'Normal' ? shownEpochs.map((epoch) => epochHere(settings, network, epoch)) : [];
  return {
    images: imagesConfig(settings, condition),
    network: settings.networks[network],
    rate,
    epochs,
    batch: settings.batch,
    precision: settings.precision,
    weightDecay: weightDecays[network],
    augmented,
    keep: [...new Set([...shown, epochs])],
  };
}

/** Number of parameters of a condition's network. */
export const parametersOf = (settings: NetworkSettings, condition: Condition): number =>
  convolutionalParameterCount(networkOf(settings.networks[condition.network], imagesConfig(settings, condition)));

/** Whether the run is the paper's in network, images and training. */
export const isPublished = ({ published }: NetworkSettings, { images }: Condition): boolean =>
  published && images.published;

/** What of a run is not the paper's, or what it is. */
export function describe(settings: NetworkSettings, condition: Condition): string {
  const { training, side } = imagesConfig(settings, condition);
  const parameters = parametersOf(settings, condition).toLocaleString('en');
  const { name } = networkOf(settings.networks[condition.network], imagesConfig(settings, condition));
  return `${name}, P = ${parameters}, ${training.toLocaleString('en')} images of ${side} x ${side} pixels, ${condition.images.text}`;
}
