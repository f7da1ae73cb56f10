import type { LinearAlgebra, RealArray } from '@hessian-rmt/numerics';
import type { Convolution, ConvolutionOptions, ConvolutionShape } from './convolution.js';
import { clearMargins, from, type PlaneShape, positionOf, rowPitch, zeros } from './planes.js';

// Where input and output have the same shape, the neighbour of an output's position is as far from it for all positions,
// and the positions of a batch, margins and all, are one long matrix. The neighbours in one row of the kernel, `size`
// positions, are size * channels numbers one after the other: a row of a matrix whose rows overlap, as they begin only
// `channels` numbers apart. A BLAS wants its rows not to overlap: every `size`-th of them do not. So row ky of the kernel
// and the positions of residue r modulo `size` are one product of (positions / size) x (size inputs) x outputs, and
// nothing is copied. What comes out in the margins is cleared.

/** Positions that are worked through before the next: those of both images then stay in the second-level cache (bench/convolution.js). */
const blockOf = 4096;

/** Whether the convolution can be computed so. */
export function isShift({ input, output, size, stride, padding }: ConvolutionShape): boolean {
  return (
    stride === 1 &&
    2 * padding === size - 1 &&
    input.height === output.height &&
    input.width === output.width &&
    input.margin === output.margin &&
    input.margin >= padding
  );
}

/** The maps of a convolution for which `isShift` holds. */
export function shiftedConvolution<T extends RealArray>(
  { input, output, size, padding }: ConvolutionShape,
  linearAlgebra: LinearAlgebra,
  { precision }: ConvolutionOptions,
): Convolution<T> {
  const turned = zeros<T>(precision, size * size * input.channels * output.channels);

  /** For every row ky of the kernel and every residue: the first of its positions, their number, and where the neighbours of the first begin. */
  function eachProduct(
    shape: PlaneShape,
    images: number,
    visit: (ky: number, position: number, rows: number, neighbour: number) => void,
  ): void {
    if (images === 0) return;
    const begin = positionOf(shape, 0, 0, 0);
    // Not a margin more: what follows the last image may be one of a larger batch.
    const end = positionOf(shape, images - 1, shape.height - 1, shape.width - 1) + 1;
    for (let block = begin; block < end; block += blockOf) {
      const blockEnd = Math.min(block + blockOf, end);
      for (let ky = 0; ky < size; ky++) {
        const shift = (ky - padding) * rowPitch(shape) - padding;
        for (let position = block; position < Math.min(block + size, blockEnd); position++) {
          visit(ky, position, Math.ceil((blockEnd - position) / size), position + shift);
        }
      }
    }
  }

  function correlate(x: T, kernel: T, y: T, inputs: number, outputs: number, images: number, beta: number): void {
    eachProduct(input, images, (ky, position, rows, neighbour) => {
      linearAlgebra.gemm<RealArray>({
        m: rows,
        n: outputs,
        k: size * inputs,
        a: from(x, neighbour * inputs),
        lda: size * inputs,
        b: from(kernel, ky * size * inputs * outputs),
        ldb: outputs,
        beta: ky === 0 ? beta : 1,
        c: from(y, position * outputs),
        ldc: size * outputs,
      });
    });
    clearMargins({ ...input, channels: outputs }, y, images);
  }

  return {
    forward(x, kernel, y, images, beta) {
      correlate(x, kernel, y, input.channels, output.channels, images, beta);
    },

    inputGradient(dy, kernel, dx, images, beta) {
      turn(kernel, size * size, input.channels, output.channels, turned);
      correlate(dy, turned, dx, output.channels, input.channels, images, beta);
    },

    kernelGradient(x, dy, dk, images, beta) {
      const [inputs, outputs] = [input.channels, output.channels];
      scale(dk, size * size * inputs * outputs, beta);
      eachProduct(input, images, (ky, position, rows, neighbour) => {
        linearAlgebra.gemm<RealArray>({
          transposeA: true,
          m: size * inputs,
          n: outputs,
          k: rows,
          a: from(x, neighbour * inputs),
          lda: size * inputs,
          b: from(dy, position * outputs),
          ldb: size * outputs,
          beta: 1,
          c: from(dk, ky * size * inputs * outputs),
          ldc: outputs,
        });
      });
    },
  };
}

/** The kernel of the map back: places in reverse order, inputs and outputs exchanged. */
function turn(kernel: RealArray, places: number, inputs: number, outputs: number, turned: RealArray): void {
  for (let place = 0; place < places; place++) {
    const read = (places - 1 - place) * inputs * outputs;
    const write = place * inputs * outputs;
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < outputs; j++) turned[write + j * inputs + i] = kernel[read + i * outputs + j];
    }
  }
}

function scale(values: RealArray, count: number, beta: number): void {
  if (beta === 0) values.fill(0, 0, count);
  else if (beta !== 1) for (let i = 0; i < count; i++) values[i] *= beta;
}
