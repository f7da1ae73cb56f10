import type { LinearAlgebra, RealArray } from '@hessian-rmt/numerics';
import type { Convolution, ConvolutionOptions, ConvolutionShape } from './convolution-maps.js';
import { clearMargins, scale, zeros } from './planes.js';
import { shiftedProducts } from './shifted-products.js';

/** Whether input and output lie alike, so that the convolution is computed on them as they are. */
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
  { input, output, size, stride, padding }: ConvolutionShape,
  linearAlgebra: LinearAlgebra,
  { precision }: ConvolutionOptions,
): Convolution<T> {
  const [inputs, outputs] = [input.channels, output.channels];
  const kernelLength = size * size * inputs * outputs;
  const there = shiftedProducts<T>({ frame: input, inputs, outputs, size, stride, padding }, linearAlgebra);
  // The gradient of the input is a convolution again: 1.2 to 2 times as fast as `addInputGradient` (measured).
  const back = shiftedProducts<T>(
    { frame: output, inputs: outputs, outputs: inputs, size, stride, padding },
    linearAlgebra,
  );
  const turned = zeros<T>(precision, kernelLength);

  return {
    forward(x, kernel, y, images, beta) {
      there.correlate([x], kernel, y, images, beta);
      clearMargins(output, y, images);
    },

    inputGradient(dy, kernel, dx, images, beta) {
      turn(kernel, size * size, inputs, outputs, turned);
      back.correlate([dy], turned, dx, images, beta);
      clearMargins(input, dx, images);
    },

    kernelGradient(x, dy, dk, images, beta) {
      scale(dk, 0, kernelLength, beta);
      there.addKernelGradient([x], dy, dk, images);
    },
  };
}

/** The kernel of the map back: places in reverse order, inputs and outputs exchanged. */
function turn(kernel: RealArray, places: number, inputs: number, outputs: number, turned: RealArray): void {
  for (let place = 0; place < places; place++) {
    const block = inputs * outputs;
    transpose(kernel.subarray((places - 1 - place) * block), inputs, outputs, turned.subarray(place * block));
  }
}

/** In tiles of as many rows as a cache holds of one address modulo its pages: 3 times as fast for 512 x 512 floats. */
const tile = 8;

function transpose(a: RealArray, rows: number, columns: number, b: RealArray): void {
  for (let top = 0; top < rows; top += tile) {
    const bottom = Math.min(top + tile, rows);
    for (let left = 0; left < columns; left += tile) {
      const right = Math.min(left + tile, columns);
      for (let i = top; i < bottom; i++) {
        for (let j = left; j < right; j++) b[j * rows + i] = a[i * columns + j];
      }
    }
  }
}
