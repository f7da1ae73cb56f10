import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { balancedSubset, blockAverage, type Dataset, select, slice, standardise } from '../src/index.js';

const numbered: Dataset = {
  name: 'numbered',
  count: 12,
  dimension: 2,
  classes: 3,
  inputs: Float64Array.from({ length: 24 }, (_, i) => i),
  labels: Uint8Array.from({ length: 12 }, (_, i) => (i < 6 ? 0 : i < 9 ? 1 : 2)),
  checksum: '',
};

describe('parts of a data set', () => {
  it('are views when they are slices, and copies when they are selected', () => {
    const part = slice(numbered, 3, 5);
    expect([...part.inputs]).toEqual([6, 7, 8, 9]);
    expect(part.inputs.buffer).toBe(numbered.inputs.buffer);
    const chosen = select(numbered, [11, 0, 11]);
    expect([...chosen.inputs]).toEqual([22, 23, 0, 1, 22, 23]);
    expect([...chosen.labels]).toEqual([2, 0, 2]);
    expect(chosen.count).toBe(3);
  });

  it('carry their regression targets', () => {
    const regression = { ...numbered, classes: 0, labels: new Uint8Array(), targets: numbered.inputs.map((x) => -x) };
    expect([...slice(regression, 1, 2).targets!]).toEqual([-2, -3]);
    const chosen = select(regression, [5]);
    expect([...chosen.targets!]).toEqual([-10, -11]);
    expect(chosen.labels).toHaveLength(0);
  });

  it('must lie inside the data set', () => {
    expect(() => slice(numbered, 5, 13)).toThrow('5..13 is not inside 0..12 of numbered');
    expect(() => select(numbered, [0, 12])).toThrow('no sample 12 among the 12 of numbered');
    expect(() => select(numbered, [0.5])).toThrow(RangeError);
  });
});

describe('a balanced subset', () => {
  it('has the same number of every class, one more for some when it does not divide, and no sample twice', () => {
    for (let seed = 0; seed < 20; seed++) {
      const subset = balancedSubset(numbered, 8, randomStream(seed));
      const counts = [0, 1, 2].map((label) => subset.labels.filter((found) => found === label).length);
      expect([...counts].sort()).toEqual([2, 3, 3]);
      const rows = new Set(subset.inputs.filter((_, i) => i % 2 === 0));
      expect(rows.size).toBe(8);
      subset.labels.forEach((label, n) => {
        expect(numbered.labels[subset.inputs[2 * n] / 2]).toBe(label);
      });
    }
  });

  it('is drawn uniformly: every sample of a class equally often', () => {
    const times = new Float64Array(12);
    const draws = 2000;
    for (let seed = 0; seed < draws; seed++) {
      const { inputs } = balancedSubset(numbered, 6, randomStream(seed));
      for (let n = 0; n < 6; n++) times[inputs[2 * n] / 2]++;
    }
    // Two of six in class 0, two of three in the others: binomial, standard deviation below 22; five of them.
    times.forEach((count, index) => {
      expect(Math.abs(count - draws * (index < 6 ? 1 / 3 : 2 / 3))).toBeLessThan(110);
    });
  });

  it('is refused when a class has too few samples', () => {
    expect(() => balancedSubset(numbered, 12, randomStream(0))).toThrow(
      'expected at least 4 samples of class 1 in numbered, found 3',
    );
    expect(() => balancedSubset(numbered, 13, randomStream(0))).toThrow(
      'expected 1 to 12 samples of numbered, found 13',
    );
  });
});

describe('block averages', () => {
  const image = { height: 4, width: 6, channels: 2 };
  const images: Dataset = {
    ...numbered,
    name: 'images',
    count: 3,
    dimension: 48,
    labels: Uint8Array.of(0, 1, 2),
    inputs: randomStream(1).normals(3 * 48),
    image,
  };

  it('are the means of blocks, channel by channel', () => {
    const small = blockAverage(images, 2);
    expect(small.image).toEqual({ height: 2, width: 3, channels: 2 });
    expect(small.dimension).toBe(12);
    const pixel = (n: number, y: number, x: number, c: number) => images.inputs[n * 48 + (y * 6 + x) * 2 + c];
    for (const [n, y, x, c] of [
      [0, 0, 0, 0],
      [1, 1, 2, 1],
      [2, 0, 1, 1],
    ]) {
      const block = [0, 1].flatMap((dy) => [0, 1].map((dx) => pixel(n, 2 * y + dy, 2 * x + dx, c)));
      const mean = block.reduce((sum, value) => sum + value, 0) / 4;
      expect(small.inputs[n * 12 + (y * 3 + x) * 2 + c]).toBeCloseTo(mean, 14);
    }
  });

  it('are refused when the blocks do not tile the image, and for what is no image', () => {
    expect(() => blockAverage(images, 4)).toThrow('expected a factor that divides 4 and 6, found 4');
    expect(() => blockAverage(numbered, 2)).toThrow('numbered does not consist of images');
  });
});

describe('standardise', () => {
  it('refuses constant inputs', () => {
    expect(() => standardise({ ...numbered, inputs: new Float64Array(24).fill(3) })).toThrow(
      'numbered has standard deviation 0',
    );
  });
});
