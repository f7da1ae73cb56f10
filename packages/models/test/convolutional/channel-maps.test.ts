import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { channelFormulas } from '../../src/convolutional/channel-formulas.js';
import { channelKernels, channelMaps } from '../../src/convolutional/channel-maps.js';
import {
  clearMargins,
  fromPlanes,
  type PlaneShape,
  planeLength,
  positionOf,
  toPlanes,
  zeros,
} from '../../src/convolutional/planes.js';
import { relativeError } from '../support/naive-network.js';

const random = randomStream(8, 'channel maps');
const shapes: readonly PlaneShape[] = [
  { height: 3, width: 5, channels: 8, margin: 1 },
  { height: 4, width: 3, channels: 4, margin: 2 },
  // More than one block of rows, and images that are one after the other without margins.
  { height: 20, width: 30, channels: 8, margin: 1 },
  { height: 6, width: 8, channels: 64, margin: 0 },
  { height: 1, width: 1, channels: 32, margin: 0 },
  // Channels that do not fill vectors of four or two.
  { height: 3, width: 4, channels: 3, margin: 1 },
  { height: 3, width: 4, channels: 6, margin: 0 },
];
const images = 3;
const kernels = { float32: channelKernels('float32'), float64: channelKernels('float64') };

const numbers = { plus: (...x: number[]) => x.reduce((a, b) => a + b), minus: (a: number, b: number) => a - b };
/** Formulas are written for code; with arithmetic on numbers in its place they are what they say. */
const arithmetic = { ...numbers, times: (a: number, b: number) => a * b } as never;

const cases = (['float32', 'float64'] as const).flatMap((precision) =>
  [false, true].flatMap((rectified) =>
    channelFormulas
      .filter(({ kept, keepsResults, rectifies }) => !rectified || kept || keepsResults || rectifies)
      .map((formula) => ({ precision, rectified, formula, name: formula.name })),
  ),
);

describe.each(cases)('the map $name, $precision, ReLU: $rectified', ({ precision, rectified, formula }) => {
  const places = shapes.flatMap((shape) => [
    { ...shape, shape, place: 'where kernels reach it' },
    { ...shape, shape, place: 'elsewhere' },
  ]);

  it.each(places)('is its formula for $height x $width x $channels, margin $margin, $place', ({ shape, place }) => {
    const { channels } = shape;
    const pixels = shape.height * shape.width * images;
    const planes = (name: string) => {
      const length = planeLength(shape, images);
      const data = place === 'elsewhere' ? zeros(precision, length) : kernels[precision]!.allocate(length)!;
      toPlanes(shape, random.stream(name).normals(pixels * channels), images, data);
      return data;
    };
    const streams = formula.streams.map(planes);
    const output = planes('output');
    const coefficients = formula.coefficients.map((name) => random.stream(name).normals(channels));
    const resultCount = formula.results?.(arithmetic, streams as never, coefficients as never).length ?? 0;
    const sumCount = formula.sums?.(arithmetic, streams as never, coefficients as never).length ?? 0;
    // Results and sums hold anything before, but margins are zero.
    const results = Array.from({ length: resultCount }, () => planes('before'));
    const sums = Array.from({ length: sumCount }, () => new Float64Array(channels).fill(7));
    channelMaps(shape, kernels[precision])[formula.name]({
      streams,
      rectified: rectified ? output : undefined,
      coefficients,
      results,
      sums,
      images,
    });

    const rows = streams.map((stream) => fromPlanes(shape, stream, images));
    const passes = fromPlanes(shape, output, images);
    const expected = results.map(() => new Float64Array(pixels * channels));
    const totals = sums.map(() => new Float64Array(channels));
    const sizes = sums.map(() => new Float64Array(channels));
    for (let i = 0; i < pixels * channels; i++) {
      const keep = rectified ? Number(passes[i] > 0) : 1;
      const s = rows.map((row, which) => (formula.kept?.includes(which) ? keep * row[i] : row[i]));
      const k = coefficients.map((values) => values[i % channels]);
      (formula.results?.(arithmetic, s as never, k as never) ?? []).forEach((value, which) => {
        const result = Number(value);
        const positive = formula.rectifies && rectified ? Math.max(result, 0) : result;
        expected[which][i] = formula.keepsResults ? keep * positive : positive;
      });
      (formula.sums?.(arithmetic, s as never, k as never) ?? []).forEach((value, which) => {
        totals[which][i % channels] += Number(value);
        sizes[which][i % channels] += Math.abs(Number(value));
      });
    }
    const rounding = precision === 'float32' ? 1e-6 : 1e-14;
    results.forEach((result, which) => {
      expect(relativeError(fromPlanes(shape, result, images), expected[which])).toBeLessThan(rounding);
      const cleared = result.slice();
      clearMargins(shape, cleared, images);
      expect(relativeError(result, cleared)).toBe(0);
      expect(result.subarray(0, positionOf(shape, 0, 0, 0) * channels).every((value) => value === 0)).toBe(true);
    });
    // The error of a sum is at most its number of roundings times the sizes of its terms (Higham 2002, sec. 4.2): in
    // float32 only those along a row.
    const roundings = precision === 'float32' ? (shape.width + 8) * 2 ** -24 : (2 * pixels + 8) * 2 ** -53;
    sums.forEach((sum, which) => {
      const within = sum.map((value, c) => Number(Math.abs(value - totals[which][c]) <= roundings * sizes[which][c]));
      expect(within.every(Boolean)).toBe(true);
    });
  });
});

describe('the memory of kernels', () => {
  it('gives arrays of zeros that do not overlap and stay where they are when it grows, and nothing when it is full', () => {
    const own = channelKernels('float64')!;
    const arrays = [1000, 1, 300_000, 7].map((length) => own.allocate(length)!);
    arrays.forEach((array, i) => {
      expect(array.every((value) => value === 0)).toBe(true);
      array.fill(i + 1);
    });
    expect(arrays.map(({ length }) => length)).toEqual([1000, 1, 300_000, 7]);
    expect(arrays.every((array, i) => array.every((value) => value === i + 1))).toBe(true);
    // 4 GiB is all there is.
    expect(own.allocate(2 ** 29)).toBeUndefined();
    expect(own.addressOf(new Float64Array(1))).toBeUndefined();
    expect(own.addressOf(arrays[1])).toBeGreaterThan(own.addressOf(arrays[0])!);
  });
});

describe('a normalisation with ReLU', () => {
  it('keeps NaN', () => {
    const shape = { height: 1, width: 1, channels: 4, margin: 0 };
    const x = Float32Array.of(Number.NaN, -1, 1, Number.NaN);
    const result = new Float32Array(4);
    const coefficients = [new Float64Array(4).fill(1), new Float64Array(4)];
    for (const own of [kernels.float32, undefined]) {
      channelMaps(shape, own).affine({ streams: [x], rectified: x, coefficients, results: [result], images: 1 });
      expect([...result]).toEqual([Number.NaN, 0, 1, Number.NaN]);
    }
  });
});
