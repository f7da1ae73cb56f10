import type { LinearAlgebra, RealArray } from '@hessian-rmt/numerics';
import type { Convolution, ConvolutionOptions, ConvolutionShape } from './convolution.js';
import { from, imagePitch, offsetOf, planePositions, positionOf, rowPitch, zeros } from './planes.js';

// The neighbourhoods of some images' outputs are copied into the rows of a matrix, so that the convolution is one product.
// Outputs' margins have rows too, of zeros: the product then writes and reads the images where they lie.

/** Numbers of neighbourhoods that are gathered before the next: they should stay in the second-level cache. */
const gatheredAtOnce = 2 ** 18;

/** The maps of any convolution. */
export function gatheredConvolution<T extends RealArray>(
  { input, output, size, stride, padding }: ConvolutionShape,
  linearAlgebra: LinearAlgebra,
  { capacity, precision }: ConvolutionOptions,
): Convolution<T> {
  const [inputs, outputs] = [input.channels, output.channels];
  const columns = size * size * inputs;
  const atOnce = Math.max(1, Math.min(capacity, Math.floor(gatheredAtOnce / (imagePitch(output) * columns))));
  // Rows of margins and numbers outside the images are never written: they stay zero.
  const gathered = zeros<T>(precision, atOnce * imagePitch(output) * columns);
  // Their gradients may be anything there.
  const spread = zeros<T>(precision, atOnce * imagePitch(output) * columns);

  /** Runs of numbers that are neighbours in an image and in the matrix: where they begin in each, and their number. */
  function eachRun(first: number, images: number, visit: (image: number, matrix: number, count: number) => void): void {
    for (let n = 0; n < images; n++) {
      for (let oy = 0; oy < output.height; oy++) {
        for (let ox = 0; ox < output.width; ox++) {
          const row = (n * imagePitch(output) + oy * rowPitch(output) + ox) * columns;
          const left = ox * stride - padding;
          const begin = Math.max(0, -left);
          const end = Math.min(size, input.width - left);
          if (end <= begin) continue;
          for (let ky = 0; ky < size; ky++) {
            const iy = oy * stride + ky - padding;
            if (iy < 0 || iy >= input.height) continue;
            const run = offsetOf(input, first + n, iy, left + begin);
            visit(run, row + (ky * size + begin) * inputs, (end - begin) * inputs);
          }
        }
      }
    }
  }

  function gather(x: T, first: number, images: number): void {
    eachRun(first, images, (image, matrix, count) => {
      for (let i = 0; i < count; i++) gathered[matrix + i] = x[image + i];
    });
  }

  /** Batches of as many images as are gathered at once: the first, their number, the rows of the matrix, where their outputs begin. */
  function eachBatch(images: number, visit: (first: number, count: number, rows: number, y: number) => void): void {
    for (let first = 0; first < images; first += atOnce) {
      const count = Math.min(atOnce, images - first);
      const last = positionOf(output, count - 1, output.height - 1, output.width - 1);
      visit(first, count, last + 1 - positionOf(output, 0, 0, 0), offsetOf(output, first, 0, 0));
    }
  }

  return {
    forward(x, kernel, y, images, beta) {
      eachBatch(images, (first, count, rows, offset) => {
        gather(x, first, count);
        const [a, c] = [gathered, from(y, offset)];
        linearAlgebra.gemm<RealArray>({
          m: rows,
          n: outputs,
          k: columns,
          a,
          lda: columns,
          b: kernel,
          ldb: outputs,
          beta,
          c,
          ldc: outputs,
        });
      });
    },

    inputGradient(dy, kernel, dx, images, beta) {
      const [begin, end] = [offsetOf(input, 0, 0, 0), planePositions(input, images) * inputs];
      if (beta === 0) dx.fill(0, begin, end);
      else if (beta !== 1) for (let i = begin; i < end; i++) dx[i] *= beta;
      eachBatch(images, (first, count, rows, offset) => {
        const a = from(dy, offset);
        linearAlgebra.gemm<RealArray>({
          transposeB: true,
          m: rows,
          n: columns,
          k: outputs,
          a,
          lda: outputs,
          b: kernel,
          ldb: outputs,
          c: spread,
          ldc: columns,
        });
        eachRun(first, count, (image, matrix, length) => {
          for (let i = 0; i < length; i++) dx[image + i] += spread[matrix + i];
        });
      });
    },

    kernelGradient(x, dy, dk, images, beta) {
      if (images === 0) scale(dk, columns * outputs, beta);
      eachBatch(images, (first, count, rows, offset) => {
        gather(x, first, count);
        const [a, b] = [gathered, from(dy, offset)];
        linearAlgebra.gemm<RealArray>({
          transposeA: true,
          m: columns,
          n: outputs,
          k: rows,
          a,
          lda: columns,
          b,
          ldb: outputs,
          beta: first === 0 ? beta : 1,
          c: dk,
          ldc: outputs,
        });
      });
    },
  };
}

function scale(values: RealArray, count: number, beta: number): void {
  if (beta === 0) values.fill(0, 0, count);
  else if (beta !== 1) for (let i = 0; i < count; i++) values[i] *= beta;
}
