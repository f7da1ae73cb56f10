import type { LinearAlgebra, RealArray } from '@hessian-rmt/numerics';
import type { Convolution, ConvolutionOptions, ConvolutionShape } from './convolution-maps.js';
import { foldedConvolution } from './folded-convolution.js';
import { planeLength } from './planes.js';
import { isShift, shiftedConvolution } from './shifted-convolution.js';

export type { Convolution, ConvolutionOptions, ConvolutionShape } from './convolution-maps.js';

/**
 * A convolution on matrix products, read off the images where they lie if output and input have the same shape and the
 * margin is wide enough for the padding, else off a copy of them.
 *
 * @throws RangeError when a size is out of range or the output is not that of the input
 */
export function convolution<T extends RealArray>(
  shape: ConvolutionShape,
  linearAlgebra: LinearAlgebra,
  options: ConvolutionOptions,
): Convolution<T> {
  check(shape, options);
  const make = isShift(shape) ? shiftedConvolution<T> : foldedConvolution<T>;
  return checked(shape, options.capacity, make(shape, linearAlgebra, options));
}

function check({ input, output, size, stride, padding }: ConvolutionShape, { capacity }: ConvolutionOptions): void {
  const least = { size: [size, 1], stride: [stride, 1], padding: [padding, 0], capacity: [capacity, 1] };
  for (const [name, [value, from]] of Object.entries(least)) checkInteger(name, value, from);
  for (const [plane, sides] of Object.entries({ input, output })) {
    for (const [name, value] of Object.entries(sides)) {
      checkInteger(`${name} of the ${plane}`, value, name === 'margin' ? 0 : 1);
    }
  }
  for (const side of ['height', 'width'] as const) {
    const expected = Math.floor((input[side] + 2 * padding - size) / stride) + 1;
    if (output[side] !== expected) {
      throw new RangeError(
        `${side} of the output of a convolution of size ${size}, stride ${stride} and padding ${padding} of ` +
          `${input[side]}: expected ${expected}, found ${output[side]}`,
      );
    }
  }
}

function checkInteger(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`${name}: expected an integer of at least ${least}, found ${value}`);
  }
}

function checked<T extends RealArray>(
  { input, output, size }: ConvolutionShape,
  capacity: number,
  maps: Convolution<T>,
): Convolution<T> {
  const kernelLength = size * size * input.channels * output.channels;
  const checkArrays = (x: T, kernel: T, y: T, images: number) => {
    if (!Number.isInteger(images) || images < 0 || images > capacity) {
      throw new RangeError(`images: expected an integer from 0 to the capacity of ${capacity}, found ${images}`);
    }
    checkLength('input', x, planeLength(input, images));
    checkLength('kernel', kernel, kernelLength);
    checkLength('output', y, planeLength(output, images));
  };
  return {
    forward(x, kernel, y, images, beta) {
      checkArrays(x, kernel, y, images);
      maps.forward(x, kernel, y, images, beta);
    },
    inputGradient(dy, kernel, dx, images, beta) {
      checkArrays(dx, kernel, dy, images);
      maps.inputGradient(dy, kernel, dx, images, beta);
    },
    kernelGradient(x, dy, dk, images, beta) {
      checkArrays(x, dk, dy, images);
      maps.kernelGradient(x, dy, dk, images, beta);
    },
  };
}

function checkLength(name: string, { length }: RealArray, needed: number): void {
  if (length < needed) throw new RangeError(`${name}: expected at least ${needed} numbers, found ${length}`);
}
