import type { Dataset, ImageShape } from '../dataset.js';
import type { GlobalScale } from './standardise.js';

export type Split = 'train' | 'test';

/** Images as their source has them: one byte a pixel and channel. */
export interface LabelledImages {
  readonly name: string;
  readonly count: number;
  readonly shape: ImageShape;
  readonly classes: number;
  /** count x height x width x channels. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  /** CIFAR-100: which of its 20 superclasses, for each image. */
  readonly superclassLabels?: Uint8Array;
  /** In the order of the labels, where the source tells them. */
  readonly classNames?: readonly string[];
  /** SHA-256 (hex) of the source bytes, decompressed. */
  readonly checksum: string;
}

/**
 * `[0,1]`: x / 255. `[-1,1]`: (x / 255 - 0.5) / 0.5, as Baskerville et al.'s code has it; note that a constant
 * background pixel then copies the bias. `standardised`: (x - mean) / sd, one mean and one standard deviation for all
 * pixels of the TRAINING images; `standardised-by-channel`: the same with a mean and a deviation for each channel, as
 * networks for CIFAR are fed by the code of Granziol et al.
 */
export const pixelScalings = ['[0,1]', '[-1,1]', 'standardised', 'standardised-by-channel'] as const;
export type PixelScaling = (typeof pixelScalings)[number];

/** Mean and standard deviation of all pixels, in bytes (0 to 255), exact up to the last division and root. */
export function pixelScale({ pixels }: LabelledImages): GlobalScale {
  return scaleOf(pixels, 0, 1);
}

/** The same for each channel. */
export function channelScales({ pixels, shape: { channels } }: LabelledImages): GlobalScale[] {
  return Array.from({ length: channels }, (_, channel) => scaleOf(pixels, channel, channels));
}

/**
 * What black, a byte of 0, becomes in each channel: the value to pad scaled images with where bytes are padded with zeros.
 *
 * @param training  the images whose means and deviations a standardising scaling takes
 */
export function blackOf(scaling: PixelScaling, training: LabelledImages): number[] {
  return scaledBytes(scaling, training).map((table) => table[0]);
}

/**
 * Images as the inputs of a network.
 *
 * @param training  the images whose means and deviations a standardising scaling takes. Default: these images themselves.
 * @throws RangeError when all pixels (of a channel) are equal and are to be standardised
 */
export function scaleImages(
  images: LabelledImages,
  scaling: PixelScaling = '[0,1]',
  training: LabelledImages = images,
): Dataset {
  const { name, count, shape, classes, pixels, labels, checksum } = images;
  const { channels } = shape;
  const inputs = new Float64Array(pixels.length);
  scaledBytes(scaling, training).forEach((table, channel) => {
    for (let i = channel; i < pixels.length; i += channels) inputs[i] = table[pixels[i]];
  });
  const dimension = shape.height * shape.width * channels;
  return { name, count, dimension, classes, inputs, labels, checksum, image: shape };
}

/** What becomes of each of the 256 bytes, channel by channel. */
function scaledBytes(scaling: PixelScaling, training: LabelledImages): Float64Array[] {
  const bytes = Float64Array.from({ length: 256 }, (_, byte) => byte);
  const everyChannel = (table: Float64Array) => new Array<Float64Array>(training.shape.channels).fill(table);
  const standardised = ({ mean, standardDeviation }: GlobalScale) => {
    if (standardDeviation > 0) return bytes.map((byte) => (byte - mean) / standardDeviation);
    throw new RangeError(`${training.name} cannot be standardised: all pixels are ${mean}`);
  };
  switch (scaling) {
    case '[0,1]':
      return everyChannel(bytes.map((byte) => byte / 255));
    case '[-1,1]':
      return everyChannel(bytes.map((byte) => (byte / 255 - 0.5) / 0.5));
    case 'standardised':
      return everyChannel(standardised(pixelScale(training)));
    case 'standardised-by-channel':
      return channelScales(training).map(standardised);
    default:
      throw new RangeError(`scaling must be one of ${pixelScalings.join(', ')}; found ${scaling}`);
  }
}

/** Of every `step`-th byte from `start` on. */
function scaleOf(pixels: Uint8Array, start: number, step: number): GlobalScale {
  const histogram = new Float64Array(256);
  for (let i = start; i < pixels.length; i += step) histogram[pixels[i]]++;
  let count = 0;
  let sum = 0;
  let squares = 0;
  histogram.forEach((times, pixel) => {
    count += times;
    sum += times * pixel;
    squares += times * pixel * pixel;
  });
  const mean = sum / count;
  return { mean, standardDeviation: Math.sqrt(squares / count - mean * mean) };
}
