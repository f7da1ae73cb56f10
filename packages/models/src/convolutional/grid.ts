import type { RealArray } from '@hessian-rmt/numerics';
import { offsetOf, type PlaneShape } from './planes.js';

/**
 * Where the rows of a batch of images lie in their planes, for loops that leave margins alone: row y of image n is
 * `rowLength` numbers from origin + n imageStride + y rowStride.
 */
export interface Grid {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly origin: number;
  readonly rowLength: number;
  readonly rowStride: number;
  readonly imageStride: number;
}

export function gridOf(shape: PlaneShape): Grid {
  const { height, width, channels, margin } = shape;
  const rowStride = (width + margin) * channels;
  return {
    height,
    width,
    channels,
    origin: offsetOf(shape, 0, 0, 0),
    rowLength: width * channels,
    rowStride,
    imageStride: (height + margin) * rowStride,
  };
}

/** data := data + bias, channel by channel. */
export function addToChannels<T extends RealArray>(data: T, bias: T, grid: Grid, images: number): void {
  const { height, width, channels, origin, rowStride, imageStride } = grid;
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < height; y++) {
      let at = origin + n * imageStride + y * rowStride;
      for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) data[at++] += bias[c];
    }
  }
}

/** sums := sum over the pixels of all images, channel by channel. */
export function sumOfChannels<T extends RealArray>(data: T, grid: Grid, images: number, sums: T): void {
  const { height, width, channels, origin, rowStride, imageStride } = grid;
  const totals = new Float64Array(channels);
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < height; y++) {
      let at = origin + n * imageStride + y * rowStride;
      for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) totals[c] += data[at++];
    }
  }
  sums.set(totals);
}
