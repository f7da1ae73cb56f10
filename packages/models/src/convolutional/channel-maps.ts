import type { RealArray } from '@hessian-rmt/numerics';
import type { ChannelCall, ChannelMaps } from './channel-call.js';
import { type ChannelMap, channelFormulas } from './channel-formulas.js';
import { type Kernels, kernelLimits, simdKernels } from './channel-kernels.js';
import { type Grid, gridOf } from './grid.js';
import { plainMaps } from './plain-channel-maps.js';
import { clearMargins, type PlaneShape, type Precision } from './planes.js';

/** Numbers of a block in bytes: those of seven arrays stay in the second-level cache (measured: 8 to 32 KiB are alike). */
const blockBytes = 16384;

/** Kernels for one precision, or none where the engine has no SIMD: to be shared by all layers of a network. */
export function channelKernels(precision: Precision): Kernels | undefined {
  return simdKernels(channelFormulas, precision);
}

/**
 * In vectors where channels fill them, else in plain loops: 3 to 5 times slower (bench/products.js --profile). Both
 * compute the same to rounding; plain loops compute float32 numbers in float64 before they are stored.
 */
export function channelMaps<T extends RealArray>(shape: PlaneShape, kernels: Kernels | undefined): ChannelMaps<T> {
  const grid = gridOf(shape);
  const bytes = kernels?.precision === 'float32' ? 4 : 8;
  const fits =
    (shape.channels * bytes) % 16 === 0 &&
    shape.channels * bytes <= kernelLimits.coefficientBytes &&
    grid.rowStride * bytes <= kernelLimits.slotBytes;
  if (!kernels || !fits) return plainMaps(grid);
  return Object.fromEntries(
    channelFormulas.map(({ name }) => [
      name,
      (call: ChannelCall<T>) => {
        run(kernels, name, grid, bytes, call);
        for (const result of call.results ?? []) clearMargins(shape, result, call.images);
      },
    ]),
  ) as ChannelMaps<T>;
}

function run<T extends RealArray>(kernels: Kernels, name: ChannelMap, grid: Grid, bytes: number, call: ChannelCall<T>) {
  const { rectified, coefficients = [], results = [], sums = [], images } = call;
  const kernel = kernels.functions[rectified ? `${name}Rectified` : name];
  const streams = rectified && name !== 'affine' ? [...call.streams, rectified] : call.streams;
  for (let i = 0; i < coefficients.length; i++) kernels.coefficients(i).set(coefficients[i]);
  for (let i = 0; i < sums.length; i++) kernels.sums(i).fill(0, 0, grid.channels);

  const { origin, rowStride, imageStride, rowLength, channels } = grid;
  // Without margins all images are one with more rows.
  const [count, height] = imageStride === grid.height * rowStride ? [1, grid.height * images] : [images, grid.height];
  const rowsAtOnce = Math.max(1, Math.floor(blockBytes / (rowStride * bytes)));
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < height; y += rowsAtOnce) {
      const begin = origin + n * imageStride + y * rowStride;
      const length = Math.min(rowsAtOnce, height - y) * rowStride;
      for (let i = 0; i < streams.length; i++) kernels.slot(i).set(streams[i].subarray(begin, begin + length));
      kernel(length * bytes, rowStride * bytes, rowLength * bytes, channels * bytes);
      for (let i = 0; i < results.length; i++) {
        results[i].set(kernels.slot(streams.length + i).subarray(0, length), begin);
      }
    }
  }
  for (let i = 0; i < sums.length; i++) sums[i].set(kernels.sums(i).subarray(0, channels));
}
