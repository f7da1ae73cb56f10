import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { augmented, augmentedFrom, type Dataset, gaussianClusters, slice, withOneHotTargets } from '../../src/index.js';

const random = randomStream(9, 'augmentation', 'a name/with a slash');
const [height, width, channels] = [5, 6, 2];
const dimension = height * width * channels;

/** Every number of every image is another one, and none is 0. */
function images(count: number): Dataset {
  return {
    name: 'numbers',
    count,
    dimension,
    classes: 10,
    inputs: Float64Array.from({ length: count * dimension }, (_, i) => i + 1),
    labels: Uint8Array.from({ length: count }, (_, n) => n % 10),
    checksum: 'c',
    image: { height, width, channels },
  };
}

/** One of the views of an image written out: pad, cut, mirror. */
function view(image: Float64Array, padding: number, down: number, right: number, mirrored: boolean, fill: number[]) {
  const padded = (y: number, x: number, c: number) =>
    y >= padding && y < padding + height && x >= padding && x < padding + width
      ? image[((y - padding) * width + (x - padding)) * channels + c]
      : fill[c];
  const cut: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) cut.push(padded(y + down, (mirrored ? width - 1 - x : x) + right, c));
    }
  }
  return cut.join();
}

/** How often each view occurs among the samples, by the number of the view: (mirrored, down, right). */
function viewCounts(data: Dataset, copies: number, padding: number, flip: boolean, fill: number[]) {
  const places = 2 * padding + 1;
  const counts = new Array<number>((flip ? 2 : 1) * places * places).fill(0);
  const source = augmented(data, { copies, padding, flip, fill }, random);
  const views = Array.from({ length: data.count }, (_, n) => {
    const image = data.inputs.subarray(n * dimension, (n + 1) * dimension);
    const numbers = new Map<string, number>();
    counts.forEach((_, i) => {
      const [down, right] = [Math.floor(i / places) % places, i % places];
      numbers.set(view(image, padding, down, right, i >= places * places, fill), i);
    });
    expect(numbers.size).toBe(counts.length);
    return numbers;
  });
  const samples = source.range(0, source.count);
  for (let s = 0; s < source.count; s++) {
    const number = views[s % data.count].get(samples.inputs.subarray(s * dimension, (s + 1) * dimension).join());
    expect(number).toBeDefined();
    counts[number!]++;
  }
  return counts;
}

describe('augmented copies', () => {
  it.each([
    { padding: 4, flip: true, views: 162 },
    { padding: 2, flip: false, views: 25 },
    { padding: 0, flip: true, views: 2 },
  ])('are cut out of the padded image anywhere, mirrored or not, equally often: %o', ({ padding, flip, views }) => {
    const counts = viewCounts(images(40), 200, padding, flip, [-1, -2]);
    expect(counts).toHaveLength(views);
    const expected = 8000 / views;
    const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // Chi-squared has mean views - 1 and variance 2 (views - 1): four deviations, and four more for its skewness at few views.
    const spread = 4 * Math.sqrt(2 * (views - 1));
    expect(chiSquared).toBeLessThan(views - 1 + spread + 4);
    if (views > 40) expect(chiSquared).toBeGreaterThan(views - 1 - spread);
  });

  it('differ between copies and between images', () => {
    const counts = new Set<string>();
    const source = augmented(images(1), { copies: 30 }, random);
    for (let s = 0; s < 30; s++) counts.add(source.range(s, s + 1).inputs.join());
    // 30 of 162 views drawn at random: 27.4 different ones in the mean.
    expect(counts.size).toBeGreaterThan(20);
    const twice = { ...images(30), inputs: new Float64Array(30 * dimension) };
    for (let n = 0; n < 30; n++) twice.inputs.set(images(1).inputs, n * dimension);
    const { inputs } = augmented(twice, { copies: 1 }, random).range(0, 30);
    const shown = Array.from({ length: 30 }, (_, n) => inputs.subarray(n * dimension, (n + 1) * dimension).join());
    expect(new Set(shown).size).toBeGreaterThan(20);
  });

  it('follow each other whole: sample s shows image s mod count, with its label', () => {
    const data = images(7);
    const source = augmented(data, { copies: 3, padding: 0, flip: false }, random);
    expect(source.count).toBe(21);
    const range = source.range(5, 17);
    expect([...range.labels]).toEqual([5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1, 2]);
    for (let row = 0; row < 12; row++) {
      expect(slice(range, row, row + 1).inputs).toEqual(slice(data, (5 + row) % 7, ((5 + row) % 7) + 1).inputs);
    }
  });

  it('are the same in any range, in any order and from the plan as a worker gets it', () => {
    const data = withOneHotTargets(images(12));
    const source = augmented(data, { copies: 5, padding: 3, fill: [0.5, -3] }, random);
    const whole = source.range(0, 60);
    const worker = augmentedFrom(structuredClone(source.plan), data);
    expect(worker.like).toEqual(source.like);
    for (const [from, to] of [
      [55, 60],
      [3, 4],
      [10, 27],
      [0, 60],
    ]) {
      const range = worker.range(from, to);
      const { name, checksum, image, classes } = range;
      expect({ name, checksum, image, classes, dimension }).toEqual(source.like);
      expect(range.inputs).toEqual(whole.inputs.slice(from * dimension, to * dimension));
      expect(range.labels).toEqual(whole.labels.slice(from, to));
      expect(range.targets).toEqual(whole.targets!.slice(from * 10, to * 10));
    }
  });

  it('fill with zeros by default', () => {
    const { inputs } = augmented(images(40), { copies: 1 }, random).range(0, 40);
    expect(inputs.includes(0)).toBe(true);
    expect(inputs.every((x) => x >= 0)).toBe(true);
  });

  it('of other data, plans or streams have other checksums', () => {
    const data = images(3);
    const checksums = [
      augmented(data, { copies: 2 }, random),
      augmented(data, { copies: 3 }, random),
      augmented(data, { copies: 2, flip: false }, random),
      augmented(data, { copies: 2 }, randomStream(1)),
      augmented({ ...data, checksum: 'd' }, { copies: 2 }, random),
    ].map(({ like }) => like.checksum);
    expect(new Set(checksums).size).toBe(5);
  });

  it('are refused for what is no image or out of range', () => {
    const data = images(3);
    const clusters = gaussianClusters({ count: 3, samples: 6, dimension: 6 }, random);
    expect(() => augmented(clusters, { copies: 1 }, random)).toThrow('does not consist of images');
    const cases: [object, string][] = [
      [{ copies: 0 }, 'copies must be a positive integer, found 0'],
      [{ copies: 1, padding: -1 }, 'padding must be an integer from 0, found -1'],
      [{ copies: 1, fill: [1] }, 'expected a number to fill each of 2 channels, found [1]'],
    ];
    for (const [options, message] of cases) {
      expect(() => augmented(data, options as { copies: number }, random)).toThrow(message);
    }
    expect(() => augmented(data, { copies: 2 }, random).range(2, 7)).toThrow('2..7 is not inside 0..6 of numbers');
  });
});
