import { describe, expect, it } from 'vitest';
import { rankTrend } from '../src/trend.js';

/** Transcription of the definition: every order of the values, counted one by one. */
function byEnumeration(series: readonly number[][]): { pIncreasing: number; pDecreasing: number } {
  const s = (values: readonly number[]) =>
    values.reduce((sum, a, i) => sum + values.slice(i + 1).reduce((t, b) => t + Math.sign(b - a), 0), 0);
  let sums = [0];
  for (const values of series) {
    const own = permutations(values).map(s);
    sums = sums.flatMap((sum) => own.map((t) => sum + t));
  }
  const observed = series.reduce((sum, values) => sum + s(values), 0);
  const share = (holds: (sum: number) => boolean) => sums.filter(holds).length / sums.length;
  return { pIncreasing: share((sum) => sum >= observed), pDecreasing: share((sum) => sum <= observed) };
}

function permutations(values: readonly number[]): number[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((value, i) => permutations(values.filter((_, j) => j !== i)).map((rest) => [value, ...rest]));
}

describe('rankTrend', () => {
  it.each([
    { series: [[1, 2, 3, 4]] },
    { series: [[3, 1, 4, 1.5, 9, 2.6]] },
    { series: [[5, 4, 3, 2, 1]] },
    { series: [[1, 1, 2, 2, 2, 3, 1]] },
    { series: [[2, 2, 2]] },
    {
      series: [
        [1, 3, 2, 4],
        [2, 1, 1, 5],
        [7, 7, 1],
      ],
    },
  ])('gives the p-values of an enumeration of all orders of $series', ({ series }) => {
    const expected = byEnumeration(series);
    const trend = rankTrend(series);
    expect(trend.pIncreasing).toBeCloseTo(expected.pIncreasing, 12);
    expect(trend.pDecreasing).toBeCloseTo(expected.pDecreasing, 12);
  });

  it('finds tau of a hand count: four rising and two falling of six pairs', () => {
    expect(rankTrend([[1, 4, 2, 3]]).tau).toBeCloseTo(2 / 6, 15);
  });

  it('counts a tied pair as neither rising nor falling', () => {
    expect(rankTrend([[1, 1, 2]]).tau).toBeCloseTo(2 / 3, 15);
  });

  it('gives a rising series of n values the probability 1 / n!', () => {
    const trend = rankTrend([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]]);
    expect(trend.pIncreasing * 479001600).toBeCloseTo(1, 10);
    expect(trend.pSmallest).toBe(1 / 479001600);
  });

  it('gives a long series the tail of a sum of uniform variables on 0 .. j - 1, which inversions are', () => {
    const n = 40;
    const values = Array.from({ length: n }, (_, i) => (i * 17) % n);
    let inversions = [1];
    for (let j = 2; j <= n; j++) {
      const next = new Array(inversions.length + j - 1).fill(0);
      inversions.forEach((p, k) => {
        for (let extra = 0; extra < j; extra++) next[k + extra] += p / j;
      });
      inversions = next;
    }
    const falling = values.flatMap((a, i) => values.slice(i + 1).filter((b) => b < a)).length;
    const expected = inversions.slice(0, falling + 1).reduce((sum, p) => sum + p, 0);
    expect(rankTrend([values]).pIncreasing).toBeCloseTo(expected, 12);
  });

  it('refuses a series of one value and no series at all', () => {
    expect(() => rankTrend([[1]])).toThrow(RangeError);
    expect(() => rankTrend([])).toThrow('no series');
  });
});
