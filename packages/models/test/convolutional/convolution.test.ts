import { linearAlgebra, portableLinearAlgebra, type RealArray, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { type ConvolutionShape, convolution } from '../../src/convolutional/convolution.js';
import {
  fromPlanes,
  offsetOf,
  type PlaneShape,
  type Precision,
  planeLength,
  toPlanes,
  zeros,
} from '../../src/convolutional/planes.js';

const native = await linearAlgebra();
const portable = portableLinearAlgebra();
const random = randomStream(7, 'convolution');

interface Case {
  readonly side: readonly [height: number, width: number];
  readonly channels: readonly [inputs: number, outputs: number];
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
  readonly margins: readonly [input: number, output: number];
}

const convolve = (
  side: Case['side'],
  channels: Case['channels'],
  [size, stride, padding]: readonly [number, number, number],
  ...margins: Case['margins']
): Case => ({ side, channels, size, stride, padding, margins });

// size, stride, padding; margins of input and output
const cases: readonly Case[] = [
  convolve([5, 6], [3, 5], [1, 1, 0], 0, 0),
  convolve([5, 6], [3, 5], [1, 1, 0], 1, 1),
  convolve([7, 5], [3, 16], [3, 1, 1], 1, 1),
  convolve([7, 5], [16, 5], [3, 1, 1], 2, 2),
  convolve([6, 6], [1, 3], [5, 1, 2], 2, 2),
  convolve([6, 7], [5, 1], [11, 1, 5], 5, 5),
  convolve([1, 1], [3, 3], [3, 1, 1], 1, 1),
  // more positions than are worked through at once, more images than are folded at once
  convolve([40, 41], [16, 16], [3, 1, 1], 1, 1),
  convolve([48, 48], [32, 1], [3, 2, 1], 1, 1),
  convolve([48, 47], [32, 1], [3, 2, 1], 0, 0),
  convolve([6, 5], [3, 5], [3, 1, 1], 0, 0),
  convolve([6, 5], [3, 5], [3, 1, 1], 1, 2),
  convolve([8, 8], [3, 5], [3, 2, 1], 1, 1),
  convolve([8, 8], [16, 5], [3, 2, 1], 0, 1),
  convolve([7, 9], [3, 5], [3, 2, 1], 1, 1),
  convolve([8, 8], [3, 5], [1, 2, 0], 1, 1),
  convolve([9, 8], [3, 5], [1, 2, 0], 1, 0),
  convolve([8, 7], [3, 5], [2, 2, 0], 0, 0),
  convolve([8, 7], [3, 5], [2, 1, 1], 1, 1),
  convolve([9, 8], [1, 5], [5, 1, 0], 0, 0),
  convolve([9, 8], [3, 5], [5, 1, 0], 2, 1),
  convolve([15, 14], [3, 4], [11, 4, 2], 2, 1),
  convolve([15, 14], [1, 4], [11, 4, 5], 0, 0),
  convolve([9, 9], [3, 4], [2, 4, 0], 1, 1),
  convolve([4, 4], [3, 4], [1, 1, 2], 2, 2),
];

const nameOf = ({ side, channels, size, stride, padding, margins }: Case) =>
  `${channels[0]}@${side.join('x')} to ${channels[1]}, size ${size}, stride ${stride}, padding ${padding}, margins ${margins.join(' and ')}`;

function shapeOf({ side, channels, size, stride, padding, margins }: Case): ConvolutionShape {
  const [height, width] = side;
  const after = (length: number) => Math.floor((length + 2 * padding - size) / stride) + 1;
  return {
    input: { height, width, channels: channels[0], margin: margins[0] },
    output: { height: after(height), width: after(width), channels: channels[1], margin: margins[1] },
    size,
    stride,
    padding,
  };
}

/** The trilinear form that all three maps come from, by its definition: visits (index in x, in y, in k) of each of its terms, pixels without margins. */
function eachTerm(shape: ConvolutionShape, images: number, visit: (x: number, y: number, k: number) => void): void {
  const { input, output, size, stride, padding } = shape;
  for (let n = 0; n < images; n++)
    for (let oy = 0; oy < output.height; oy++)
      for (let ox = 0; ox < output.width; ox++)
        for (let ky = 0; ky < size; ky++)
          for (let kx = 0; kx < size; kx++) {
            const iy = oy * stride + ky - padding;
            const ix = ox * stride + kx - padding;
            if (iy < 0 || iy >= input.height || ix < 0 || ix >= input.width) continue;
            for (let i = 0; i < input.channels; i++)
              for (let j = 0; j < output.channels; j++)
                visit(
                  ((n * input.height + iy) * input.width + ix) * input.channels + i,
                  ((n * output.height + oy) * output.width + ox) * output.channels + j,
                  ((ky * size + kx) * input.channels + i) * output.channels + j,
                );
          }
}

const pixels = ({ height, width, channels }: PlaneShape, images: number) => images * height * width * channels;

/** Numbers in float32 that any precision holds. */
const draw = (count: number) => Float64Array.from(Float32Array.from(random.normals(count)));

const planes = <T extends RealArray>(
  shape: PlaneShape,
  images: number,
  rows: Float64Array,
  precision: Precision,
): T => {
  const data = zeros<T>(precision, planeLength(shape, images));
  toPlanes(shape, rows, images, data);
  return data;
};

const copyOf = (values: Float64Array, precision: Precision): RealArray =>
  precision === 'float64' ? values.slice() : Float32Array.from(values);

function largestDifference(found: RealArray, expected: RealArray): number {
  expect(found.length).toBe(expected.length);
  return Float64Array.from(found).reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
}

const sumOfMargins = (shape: PlaneShape, data: RealArray, images: number) => {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + Math.abs(value), 0);
  return sum(Float64Array.from(data)) - sum(fromPlanes(shape, data, images));
};

describe.each(cases.map((each) => ({ name: nameOf(each), shape: shapeOf(each) })))('$name', ({ shape }) => {
  const images = 3;
  const { input, output, size } = shape;
  const kernelLength = size * size * input.channels * output.channels;
  const x = draw(pixels(input, images));
  const dy = draw(pixels(output, images));
  const kernel = draw(kernelLength);
  // A sum of t products of normals, each off by epsilon: sqrt(t) to be expected, so t is ample, and 16 for their sizes.
  const bound = (precision: Precision, terms: number) =>
    (precision === 'float64' ? Number.EPSILON : 2 ** -23) * 16 * (terms + 1);

  it.each([
    { library: 'BLAS', linearAlgebra: native, precision: 'float64', beta: 0 },
    { library: 'BLAS', linearAlgebra: native, precision: 'float64', beta: 1 },
    { library: 'BLAS', linearAlgebra: native, precision: 'float32', beta: 1 },
    { library: 'BLAS', linearAlgebra: native, precision: 'float32', beta: 0 },
    { library: 'portable', linearAlgebra: portable, precision: 'float64', beta: -0.5 },
  ] as const)('is its definition with $library in $precision, beta $beta', (setting) => {
    const { precision, beta } = setting;
    const maps = convolution(shape, setting.linearAlgebra, { capacity: images + 1, precision });
    const before = { y: draw(dy.length), dx: draw(x.length), dk: draw(kernelLength) };
    const expected = {
      y: before.y.map((value) => beta * value),
      dx: before.dx.map((value) => beta * value),
      dk: before.dk.map((value) => beta * value),
    };
    eachTerm(shape, images, (i, j, k) => {
      expected.y[j] += x[i] * kernel[k];
      expected.dx[i] += dy[j] * kernel[k];
      expected.dk[k] += x[i] * dy[j];
    });
    const [inX, inY] = [planes(input, images, x, precision), planes(output, images, dy, precision)];
    const weights = copyOf(kernel, precision);

    const y = planes(output, images, before.y, precision);
    maps.forward(inX, weights, y, images, beta);
    const dx = planes(input, images, before.dx, precision);
    maps.inputGradient(inY, weights, dx, images, beta);
    const dk = copyOf(before.dk, precision);
    maps.kernelGradient(inX, inY, dk, images, beta);

    const [patch, places] = [size * size, images * output.height * output.width];
    expect(largestDifference(fromPlanes(output, y, images), expected.y)).toBeLessThan(
      bound(precision, patch * input.channels),
    );
    expect(largestDifference(fromPlanes(input, dx, images), expected.dx)).toBeLessThan(
      bound(precision, patch * output.channels),
    );
    expect(largestDifference(dk, expected.dk)).toBeLessThan(bound(precision, places));
    expect(sumOfMargins(output, y, images)).toBe(0);
    expect(sumOfMargins(input, dx, images)).toBe(0);
  });

  it('neither reads nor writes the images behind those of the batch, and overwrites NaN with beta 0', () => {
    const precision = 'float64';
    const maps = convolution<Float64Array>(shape, native, { capacity: images, precision });
    const fresh = (plane: PlaneShape, rows: Float64Array) => {
      const data = planes<Float64Array>(plane, images, rows, precision);
      data.fill(Number.NaN, offsetOf(plane, 2, 0, 0));
      return data;
    };
    const [inX, inY] = [fresh(input, x), fresh(output, dy)];
    const [y, dx, dk] = [fresh(output, dy), fresh(input, x), new Float64Array(kernelLength).fill(Number.NaN)];
    y[offsetOf(output, 1, 0, 0)] = dx[offsetOf(input, 1, 0, 0)] = Number.NaN;
    maps.forward(inX, kernel, y, 2, 0);
    maps.inputGradient(inY, kernel, dx, 2, 0);
    maps.kernelGradient(inX, inY, dk, 2, 0);
    const finite = (values: Float64Array) => values.filter((value) => Number.isFinite(value)).length;
    expect(finite(y)).toBe(offsetOf(output, 2, 0, 0));
    expect(finite(dx)).toBe(offsetOf(input, 2, 0, 0));
    expect(finite(dk)).toBe(kernelLength);
  });

  it('has maps that are adjoint to each other', () => {
    const precision = 'float64';
    const maps = convolution<Float64Array>(shape, portable, { capacity: images, precision });
    const [inX, inY] = [
      planes<Float64Array>(input, images, x, precision),
      planes<Float64Array>(output, images, dy, precision),
    ];
    const y = zeros<Float64Array>(precision, planeLength(output, images));
    const dx = zeros<Float64Array>(precision, planeLength(input, images));
    const dk = new Float64Array(kernelLength);
    maps.forward(inX, kernel, y, images, 0);
    maps.inputGradient(inY, kernel, dx, images, 0);
    maps.kernelGradient(inX, inY, dk, images, 0);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    const size = Math.sqrt(dot(y, y) * dot(inY, inY));
    expect(Math.abs(dot(inY, y) - dot(dx, inX))).toBeLessThan(1e-13 * size);
    expect(Math.abs(dot(inY, y) - dot(dk, kernel))).toBeLessThan(1e-13 * size);
  });
});

describe('a convolution', () => {
  const plane = { height: 4, width: 4, channels: 2, margin: 1 };
  const shape = { input: plane, output: plane, size: 3, stride: 1, padding: 1 };
  const options = { capacity: 2, precision: 'float64' } as const;

  it('refuses an output that is not that of its input', () => {
    expect(() => convolution({ ...shape, stride: 2 }, native, options)).toThrow(
      'height of the output of a convolution of size 3, stride 2 and padding 1 of 4: expected 2, found 4',
    );
  });

  it('refuses sizes that are not', () => {
    expect(() => convolution({ ...shape, padding: -1 }, native, options)).toThrow(
      'padding: expected an integer of at least 0, found -1',
    );
    expect(() => convolution({ ...shape, input: { ...plane, margin: 0.5 } }, native, options)).toThrow(
      'margin of the input: expected an integer of at least 0, found 0.5',
    );
  });

  it('refuses more images than its capacity, and arrays that are too short', () => {
    const maps = convolution<Float64Array>(shape, native, options);
    const [data, kernel] = [new Float64Array(planeLength(plane, 3)), new Float64Array(36)];
    expect(() => maps.forward(data, kernel, data.slice(), 3, 0)).toThrow(
      'images: expected an integer from 0 to the capacity of 2, found 3',
    );
    expect(() => maps.forward(data, kernel.subarray(1), data.slice(), 2, 0)).toThrow(
      'kernel: expected at least 36 numbers, found 35',
    );
    expect(() => maps.kernelGradient(data.subarray(0, 100), data, kernel, 2, 0)).toThrow(/^input: expected at least/);
  });

  it('of no images gives the gradient beta dk', () => {
    for (const each of [shape, { ...shape, output: { ...plane, margin: 2 } }]) {
      const maps = convolution<Float64Array>(each, native, options);
      const none = new Float64Array(planeLength({ ...plane, margin: 2 }, 0));
      const dk = new Float64Array(36).fill(3);
      maps.kernelGradient(none, none, dk, 0, 2);
      expect([...new Set(dk)]).toEqual([6]);
    }
  });
});
