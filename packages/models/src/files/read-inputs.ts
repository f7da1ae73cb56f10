import { readFile } from 'node:fs/promises';
import { readTypedNpy, type TypedNpyArray, toFloat64 } from '@hessian-rmt/numerics';
import { cifarSources } from '../data/cifar/catalogue.js';
import { channels as colours, parseCifarRecords, side } from '../data/cifar/records.js';
import { DataFileError } from '../data/data-file-error.js';
import { parseIdxImages, readPlainOrGzip } from '../data/idx.js';
import type { ImageShape } from '../dataset.js';
import type { SampleFormat } from './sample-format.js';

/** Whether the inputs of a channel stand together, or those of a pixel. */
export type ChannelOrder = 'first' | 'last';

interface Samples {
  readonly count: number;
  readonly dimension: number;
  /** The bytes of the file, decompressed, or its path. */
  readonly source: Uint8Array | string;
}

/** Pixels of one byte. */
export interface ByteInputs extends Samples {
  readonly kind: 'bytes';
  /** count x height x width x channels, channels innermost; samples that are no images are one row of pixels. */
  readonly pixels: Uint8Array;
  readonly shape: ImageShape;
  /** Whether the shape is that of an image. */
  readonly isImage: boolean;
  /** How the inputs are to come. */
  readonly order: ChannelOrder;
  /** CIFAR keeps them beside the pixels. */
  readonly labels?: { readonly classes: number; readonly labels: Uint8Array };
}

export interface NumberInputs extends Samples {
  readonly kind: 'numbers';
  /** count x dimension, as in the file. */
  readonly values: Float64Array;
  readonly channels: number;
  readonly order: ChannelOrder;
  /** Absent where the samples are no images with channels innermost. */
  readonly image?: ImageShape;
}

/**
 * @param channels  the order of CIFAR's inputs; of an .npy file only where its shape leaves open which axis the channels are
 * @throws DataFileError naming file, expected and found; Error as `readNpy`
 */
export async function readInputs(
  path: string,
  format: SampleFormat,
  channels: ChannelOrder,
): Promise<ByteInputs | NumberInputs> {
  if (format === 'npy') return npyInputs(await readTypedNpy(path), path, channels);
  if (format === 'idx') return idxInputs(path);
  return cifarInputs(path, format, channels);
}

async function idxInputs(path: string): Promise<ByteInputs> {
  const source = await readPlainOrGzip(path);
  const { count, height, width, pixels } = parseIdxImages(source, path);
  const shape = { height, width, channels: 1 };
  return { kind: 'bytes', count, dimension: height * width, source, pixels, shape, isImage: true, order: 'last' };
}

async function cifarInputs(path: string, format: 'cifar10' | 'cifar100', order: ChannelOrder): Promise<ByteInputs> {
  const { labelClasses } = cifarSources.find(({ name }) => name === format)!;
  const source = await readFile(path);
  const { count, pixels, labels } = parseCifarRecords(source, path, labelClasses);
  const last = labelClasses.length - 1;
  return {
    kind: 'bytes',
    count,
    dimension: side * side * colours,
    source,
    pixels,
    shape: { height: side, width: side, channels: colours },
    isImage: true,
    order,
    labels: { classes: labelClasses[last], labels: labels[last] },
  };
}

function npyInputs(array: TypedNpyArray, path: string, channels: ChannelOrder): ByteInputs | NumberInputs {
  const { shape, data, type } = array;
  if (shape.length < 2 || data.length === 0) {
    const expected = 'samples x inputs or samples x height x width (x channels), at least one of each';
    throw new DataFileError(path, expected, `shape (${shape.join(', ')})`);
  }
  const count = shape[0];
  const samples = { count, dimension: data.length / count, source: path };
  const { order, image } = imageOf(shape.slice(1), channels);
  if (type === 'u1') {
    const pixels = data as Uint8Array;
    return {
      kind: 'bytes',
      ...samples,
      pixels: order === 'first' ? channelsInnermost(pixels, image!) : pixels,
      shape: image ?? { height: 1, width: samples.dimension, channels: 1 },
      isImage: image !== undefined,
      order,
    };
  }
  const values = toFloat64(array);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const place = `input ${bad % samples.dimension} of sample ${Math.floor(bad / samples.dimension)}`;
    throw new DataFileError(path, 'finite inputs', `${values[bad]}, ${place}`);
  }
  const innermost = order === 'last' && image ? { image } : {};
  return { kind: 'numbers', ...samples, values, channels: image?.channels ?? 1, order, ...innermost };
}

/** Which axis of an image has its channels: the one of length 1 or 3. */
function imageOf(axes: readonly number[], open: ChannelOrder): { order: ChannelOrder; image?: ImageShape } {
  if (axes.length === 2) return { order: 'last', image: { height: axes[0], width: axes[1], channels: 1 } };
  if (axes.length !== 3) return { order: 'last' };
  const [first, last] = [axes[0], axes[2]].map((length) => length === 1 || length === 3);
  if (!first && !last) return { order: 'last' };
  const order = first && last ? open : first ? 'first' : 'last';
  const [channels, height, width] = order === 'first' ? axes : [axes[2], axes[0], axes[1]];
  // One channel is first and last.
  return { order: channels === 1 ? 'last' : order, image: { height, width, channels } };
}

function channelsInnermost(planes: Uint8Array, { height, width, channels }: ImageShape): Uint8Array {
  const pixels = height * width;
  const innermost = new Uint8Array(planes.length);
  for (let start = 0; start < planes.length; start += channels * pixels) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < pixels; p++) innermost[start + p * channels + c] = planes[start + c * pixels + p];
    }
  }
  return innermost;
}
