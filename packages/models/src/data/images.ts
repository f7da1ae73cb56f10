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
 * pixels of the TRAINING images.
 */
export const pixelScalings = ['[0,1]', '[-1,1]', 'standardised'] as const;
export type PixelScaling = (typeof pixelScalings)[number];

/** Mean and standard deviation of all pixels, in bytes (0 to 255), exact up to the last division and root. */
export function pixelScale({ pixels }: LabelledImages): GlobalScale {
  const histogram = new Float64Array(256);
  for (const pixel of pixels) histogram[pixel]++;
  let sum = 0;
  let squares = 0;
  histogram.forEach((times, pixel) => {
    sum += times * pixel;
    squares += times * pixel * pixel;
  });
  const mean = sum / pixels.length;
  return { mean, standardDeviation: Math.sqrt(squares / pixels.length - mean * mean) };
}

/**
 * Images as the inputs of a network.
 *
 * @param training  the images whose mean and deviation `standardised` takes. Default: these images themselves.
 * @throws RangeError when all pixels are equal and are to be standardised
 */
export function scaleImages(
  images: LabelledImages,
  scaling: PixelScaling = '[0,1]',
  training: LabelledImages = images,
): Dataset {
  const { name, count, shape, classes, pixels, labels, checksum } = images;
  const scaled = scaledBytes(scaling, training);
  const inputs = new Float64Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) inputs[i] = scaled[pixels[i]];
  const dimension = shape.height * shape.width * shape.channels;
  return { name, count, dimension, classes, inputs, labels, checksum, image: shape };
}

/** What becomes of each of the 256 bytes. */
function scaledBytes(scaling: PixelScaling, training: LabelledImages): Float64Array {
  const bytes = Float64Array.from({ length: 256 }, (_, byte) => byte);
  if (scaling === '[0,1]') return bytes.map((byte) => byte / 255);
  if (scaling === '[-1,1]') return bytes.map((byte) => (byte / 255 - 0.5) / 0.5);
  if (scaling !== 'standardised') {
    throw new RangeError(`scaling must be one of ${pixelScalings.join(', ')}; found ${scaling}`);
  }
  const { mean, standardDeviation } = pixelScale(training);
  if (standardDeviation === 0) throw new RangeError(`${training.name} cannot be standardised: all pixels are ${mean}`);
  return bytes.map((byte) => (byte - mean) / standardDeviation);
}
