import { type LabelledImages, type PixelScaling, pixelScalings, scaleImages } from '../data/images.js';
import type { Dataset } from '../dataset.js';
import { channelsFirst } from './channels-first.js';
import type { ByteInputs, ChannelOrder, NumberInputs } from './read-inputs.js';

/**
 * (x - mean) / deviation, as torchvision's `Normalize` has it: bytes are divided by 255 before. One number for all inputs,
 * or one for each channel of an image, or one for each input.
 */
export interface GivenScaling {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

export type InputScaling = PixelScaling | GivenScaling | 'none';

type Inputs = Pick<Dataset, 'inputs' | 'image'>;

/**
 * The first `count` samples as inputs. What standardises takes means and deviations of all samples in the file.
 *
 * @throws RangeError for a scaling that does not go with the inputs
 */
export function scaledInputs(
  samples: ByteInputs | NumberInputs,
  scaling: InputScaling | undefined,
  count: number,
  name: string,
): Inputs {
  if (typeof scaling === 'object') checkGiven(scaling);
  else if (scaling !== undefined && scaling !== 'none' && !pixelScalings.includes(scaling)) {
    throw new RangeError(
      `scaling must be one of ${pixelScalings.join(', ')}, none, or means and deviations; found ${scaling}`,
    );
  }
  return samples.kind === 'bytes'
    ? fromBytes(samples, scaling, count, name)
    : fromNumbers(samples, scaling, count, name);
}

function fromBytes(samples: ByteInputs, scaling: InputScaling = '[0,1]', count: number, name: string): Inputs {
  const { shape, dimension, isImage, order } = samples;
  const images = (n: number): LabelledImages => ({
    name,
    count: n,
    shape,
    classes: 0,
    pixels: samples.pixels.subarray(0, n * dimension),
    labels: new Uint8Array(0),
    checksum: '',
  });
  const named = typeof scaling === 'object' ? '[0,1]' : scaling;
  const scaled =
    named === 'none'
      ? { ...scaleImages(images(count)), inputs: Float64Array.from(images(count).pixels) }
      : scaleImages(images(count), named, images(samples.count));
  if (typeof scaling === 'object') normalise(scaled.inputs, scaling, shape.channels, 'last', dimension);
  const { inputs, image } = order === 'first' ? channelsFirst(scaled) : scaled;
  return { inputs, ...(image && isImage ? { image } : {}) };
}

function fromNumbers(samples: NumberInputs, scaling: InputScaling = 'none', count: number, name: string): Inputs {
  const { dimension, channels, order, image } = samples;
  const inputs = samples.values.slice(0, count * dimension);
  if (typeof scaling === 'object') normalise(inputs, scaling, channels, order, dimension);
  else if (scaling !== 'none') {
    throw new RangeError(`${name}: scaling ${scaling} is for bytes: expected none or means and deviations`);
  }
  return { inputs, ...(image ? { image } : {}) };
}

function normalise(
  inputs: Float64Array,
  { mean, deviation }: GivenScaling,
  channels: number,
  order: ChannelOrder,
  dimension: number,
): void {
  const given = mean.length;
  if (![1, channels, dimension].includes(given)) {
    const counts = [...new Set([1, channels, dimension])].join(' or ');
    throw new RangeError(`scaling: expected ${counts} means, one for all, each channel or each input; found ${given}`);
  }
  const ofInput = Array.from({ length: dimension }, (_, i) => {
    if (given === 1) return 0;
    if (given === dimension) return i;
    return order === 'last' ? i % channels : Math.floor((i * channels) / dimension);
  });
  for (let start = 0; start < inputs.length; start += dimension) {
    for (let i = 0; i < dimension; i++) {
      inputs[start + i] = (inputs[start + i] - mean[ofInput[i]]) / deviation[ofInput[i]];
    }
  }
}

function checkGiven({ mean, deviation }: GivenScaling): void {
  if (mean.length !== deviation.length || mean.length === 0 || !mean.every(Number.isFinite)) {
    throw new RangeError(
      `scaling: expected as many finite means as deviations; found [${mean.join(', ')}] and [${deviation.join(', ')}]`,
    );
  }
  const bad = deviation.find((value) => !(value > 0 && value < Number.POSITIVE_INFINITY));
  if (bad !== undefined) throw new RangeError(`scaling: expected positive deviations, found ${bad}`);
}
