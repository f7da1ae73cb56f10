import type { RealArray } from '@hessian-rmt/numerics';
import type { ChannelCall, ChannelMaps } from './channel-call.js';
import { type ChannelMap, channelFormulas } from './channel-formulas.js';
import { type Kernels, kernelLimits, simdKernels } from './channel-kernels.js';
import { type Grid, gridOf } from './grid.js';
import { plainMaps } from './plain-channel-maps.js';
import { clearMargins, type PlaneShape, type Precision } from './planes.js';

/** What is copied at once of an array that lies elsewhere: seven of them stay in the second-level cache (8 to 64 KiB are alike). */
const blockBytes = 16384;

/** Kernels for one precision, or none where the engine has no SIMD: to be shared by all layers of a network. */
export function channelKernels(precision: Precision): Kernels | undefined {
  return simdKernels(channelFormulas, precision);
}

/**
 * In vectors where channels fill them, else in plain loops. Both compute the same to rounding: plain loops take float32
 * numbers through float64. Products of PreResNet-8 in all, bench/products.js: 171 images a second with plain loops, 277
 * with vectors.
 */
export function channelMaps<T extends RealArray>(shape: PlaneShape, kernels: Kernels | undefined): ChannelMaps<T> {
  const grid = gridOf(shape);
  if (!kernels || !fits(grid, bytesOf(kernels))) return plainMaps(grid);
  const maps = channelFormulas.map(({ name }) => [name, (call: ChannelCall<T>) => run(kernels, name, shape, call)]);
  return Object.fromEntries(maps) as ChannelMaps<T>;
}

/** Whether channels fill vectors of 16 bytes, and rows and coefficients their places. */
function fits({ channels, rowStride }: Grid, bytes: number): boolean {
  const { slotBytes, coefficientBytes } = kernelLimits;
  return (channels * bytes) % 16 === 0 && channels * bytes <= coefficientBytes && rowStride * bytes <= slotBytes;
}

function run<T extends RealArray>(kernels: Kernels, name: ChannelMap, shape: PlaneShape, call: ChannelCall<T>): void {
  const { rectified, coefficients = [], results = [], sums = [], images } = call;
  const kernel = kernels.functions[rectified ? `${name}Rectified` : name];
  const streams = rectified && name !== 'affine' ? [...call.streams, rectified] : call.streams;
  const addresses = [...streams, ...results].map((array) => kernels.addressOf(array));
  for (let i = 0; i < coefficients.length; i++) kernels.coefficients(i).set(coefficients[i]);
  for (let i = 0; i < sums.length; i++) kernels.sums(i).fill(0, 0, shape.channels);

  const { height: imageHeight, origin, rowStride, imageStride, rowLength, channels } = gridOf(shape);
  const bytes = bytesOf(kernels);
  // Without margins all images are one with more rows.
  const [count, height] = shape.margin === 0 ? [1, imageHeight * images] : [images, imageHeight];
  const rowsAtOnce = addresses.includes(undefined) ? Math.max(1, Math.floor(blockBytes / (rowStride * bytes))) : height;
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < height; y += rowsAtOnce) {
      const begin = origin + n * imageStride + y * rowStride;
      const length = Math.min(rowsAtOnce, height - y) * rowStride;
      const places = addresses.map((address, i) =>
        address === undefined ? kernels.slotAddress(i) : address + begin * bytes,
      );
      for (let i = 0; i < streams.length; i++) {
        if (addresses[i] === undefined) kernels.slot(i).set(streams[i].subarray(begin, begin + length));
      }
      kernel(length * bytes, rowStride * bytes, rowLength * bytes, channels * bytes, ...places);
      for (let i = 0; i < results.length; i++) {
        const place = streams.length + i;
        if (addresses[place] === undefined) results[i].set(kernels.slot(place).subarray(0, length), begin);
      }
    }
  }
  // What was copied back has anything in its margins.
  for (const result of results) if (kernels.addressOf(result) === undefined) clearMargins(shape, result, images);
  for (let i = 0; i < sums.length; i++) sums[i].set(kernels.sums(i).subarray(0, channels));
}

function bytesOf({ precision }: Kernels): number {
  return precision === 'float32' ? 4 : 8;
}
