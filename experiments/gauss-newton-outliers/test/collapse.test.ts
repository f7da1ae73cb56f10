import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  commonLevels,
  countBeyond,
  distance,
  type Edge,
  edgeOf,
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

  it('lie within the spread of repetitions when both are noise', () => {
    const noisy = ['a', 'b', 'c'].map((seed) => sizes.map((size) => planted(size, (P) => P / 20, seed, 0.3)));
    const at = commonLevels(noisy.flat(), range);
    const bound = Math.max(
      ...sizes.map((_, i) =>
        widest(
          noisy.map((widths) => widths[i]),
          'ratio',
          at,
        ),
      ),
    );
    for (const widths of noisy) expect(spread(widths, 'ratio', at)).toBeLessThan(bound);
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

  it('lie beyond the spread of repetitions when the share grows by a quarter with every doubling', () => {
    const growing = (P: number) => 50 * (P / 1000) ** Math.log2(2.5);
    const noisy = ['a', 'b', 'c'].map((seed) => sizes.map((size) => planted(size, growing, seed, 0.3)));
    const levels = commonLevels(noisy.flat(), range);
    const bound = Math.max(
      ...sizes.map((_, i) =>
        widest(
          noisy.map((widths) => widths[i]),
          'ratio',
          levels,
        ),
      ),
    );
    for (const widths of noisy) {
      expect(spread(widths, 'ratio', levels)).toBeGreaterThan(bound);
      expect(spread(widths, 'ratio', levels)).toBeLessThan(spread(widths, 'rank', levels));
    }
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
  });

  it('needs two edges, and growth two sizes', () => {
    const edge = planted(1000, () => 20);
    expect(() => spread([edge], 'rank', [0.1])).toThrow(RangeError);
    expect(() => growthExponent([edge, edge], [0.1])).toThrow('two sizes');
  });
});
