import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  commonLevels,
  countBeyond,
  distance,
  type Edge,
  edgeOf,
  exchangeWidths,
  growthExponent,
  spread,
  widest,
} from '../src/collapse.js';

const range = { atLeast: 10, decades: 2 };
const sizes = [1000, 2000, 4000];

/** N(m) = scale(P) log10(1 / m) eigenvalues beyond m, with some noise of their magnitudes. */
function planted(size: number, scale: (size: number) => number, seed = 'none', noise = 0): Edge {
  const count = Math.round(4 * scale(size));
  const draws = randomStream(1, `${seed}-${size}`).normals(count, noise);
  const magnitudes = Float64Array.from({ length: count }, (_, i) => 10 ** (-(i + 0.5) / scale(size) + draws[i]));
  return { size, magnitudes: magnitudes.sort().reverse() };
}

/** Three repetitions of three sizes. */
const repetitions = (scale: (size: number) => number, noise: number, seed: string) =>
  ['a', 'b', 'c'].map((repetition) => sizes.map((size) => planted(size, scale, `${seed}-${repetition}`, noise)));

function exchange(scale: (size: number) => number, noise: number, seed: string) {
  const edges = repetitions(scale, noise, seed);
  return exchangeWidths(edges, 'ratio', commonLevels(edges.flat(), range));
}

describe('the number of eigenvalues beyond a magnitude', () => {
  it('is what counting them one by one gives', () => {
    const values = randomStream(1, 'test').normals(200).sort();
    for (const side of ['left', 'right'] as const) {
      const sign = side === 'right' ? 1 : -1;
      const edge = edgeOf(values, side, 0.1);
      expect(edge).toMatchObject({ size: 200 });
      expect(edge.magnitudes).toHaveLength(values.filter((value) => sign * value > 0.1).length);
      for (const level of [0.1, 0.5, 1, 2, 10, Math.abs(values[0]), values[199]]) {
        const counted = values.filter((value) => sign * value > 0.1 && sign * value >= level).length;
        expect(countBeyond(edge, level), `${side} ${level}`).toBe(counted);
      }
    }
  });

  it('is none for an edge without eigenvalues, and there are no common levels then', () => {
    const empty = edgeOf(Float64Array.of(0, 1, 2), 'left', 1e-12);
    expect(empty.magnitudes).toHaveLength(0);
    expect(countBeyond(empty, 1e-9)).toBe(0);
    expect(commonLevels([empty, planted(1000, () => 30)], range)).toEqual([]);
  });
});

describe('edges of one curve by ratio', () => {
  const edges = sizes.map((size) => planted(size, (P) => P / 20));
  const levels = commonLevels(edges, range);

  it('have counts that grow like P, no distance by ratio and that of their sizes by rank', () => {
    expect(growthExponent(edges, levels)).toBeCloseTo(1, 2);
    expect(spread(edges, 'ratio', levels)).toBeLessThan(0.01);
    // Three pairs: two of a factor of 2 and one of 4.
    expect(spread(edges, 'rank', levels)).toBeCloseTo((4 / 3) * Math.log10(2), 2);
  });

  it('are compared over the two decades below the tenth largest eigenvalue of the smallest edge', () => {
    expect(levels[0]).toBe(edges[0].magnitudes[9]);
    expect(levels[levels.length - 1]).toBeCloseTo(edges[0].magnitudes[9] / 100, 12);
    for (const edge of edges) expect(countBeyond(edge, levels[0])).toBeGreaterThanOrEqual(10);
  });

  it('can be exchanged: the test at 5 % rejects about as often as it says', () => {
    // 36 exchanges: the test rejects when the measured arrangement is the best one, once in 36; 60 tries give 1.7.
    const rejected = Array.from({ length: 60 }, (_, i) => exchange((P) => P / 20, 0.3, `try-${i}`)).filter(
      ({ share, count }) => count === 36 && share > 0.95,
    );
    // A binomial number above 7 has a probability below 1e-3.
    expect(rejected.length).toBeLessThanOrEqual(7);
  });
});

describe('edges that are not one curve by ratio', () => {
  it('are one curve by rank when their counts do not grow', () => {
    const edges = sizes.map((size) => planted(size, () => 50));
    const levels = commonLevels(edges, range);
    expect(growthExponent(edges, levels)).toBeCloseTo(0, 10);
    expect(spread(edges, 'rank', levels)).toBe(0);
    expect(spread(edges, 'ratio', levels)).toBeCloseTo((4 / 3) * Math.log10(2), 10);
  });

  it('lie as far apart by rank as by ratio when their counts grow like the root of P', () => {
    const edges = sizes.map((size) => planted(size, (P) => 2 * Math.sqrt(P)));
    const levels = commonLevels(edges, range);
    expect(growthExponent(edges, levels)).toBeCloseTo(0.5, 1);
    expect(spread(edges, 'rank', levels) / spread(edges, 'ratio', levels)).toBeCloseTo(1, 1);
  });

  it('cannot be exchanged when the share grows by a quarter with every doubling, though ratio is nearer than rank', () => {
    const growing = (P: number) => 50 * (P / 1000) ** Math.log2(2.5);
    expect(exchange(growing, 0.3, 'a')).toEqual({ share: 35 / 36, count: 36 });
    const edges = sizes.map((size) => planted(size, growing));
    const levels = commonLevels(edges, range);
    expect(spread(edges, 'ratio', levels)).toBeLessThan(spread(edges, 'rank', levels));
  });

  it('are found out also when one narrow network is an outlier', () => {
    const growing = (P: number) => 50 * (P / 1000) ** Math.log2(2.5);
    const noisy = repetitions(growing, 0.3, 'a');
    noisy[1][0] = planted(1000, () => 25, 'outlier', 0.3);
    expect(exchangeWidths(noisy, 'ratio', commonLevels(noisy.flat(), range)).share).toBeGreaterThan(0.95);
  });
});

describe('a distance', () => {
  it('is that of the curves in powers of ten, the same in both directions, and none from an edge to itself', () => {
    const a = planted(1000, () => 20);
    const b = planted(1000, () => 200);
    const levels = [1e-1, 1e-2];
    expect(distance(a, b, 'rank', levels)).toBeCloseTo(1, 10);
    expect(distance(b, a, 'ratio', levels)).toBeCloseTo(1, 10);
    expect(distance(a, a, 'rank', levels)).toBe(0);
    expect(widest([a, a, b], 'rank', levels)).toBeCloseTo(1, 10);
    expect(spread([a, a, b], 'rank', levels)).toBeCloseTo(2 / 3, 10);
  });

  it('needs two edges, and growth two sizes', () => {
    const edge = planted(1000, () => 20);
    expect(() => spread([edge], 'rank', [0.1])).toThrow(RangeError);
    expect(() => growthExponent([edge, edge], [0.1])).toThrow('two sizes');
  });
});
