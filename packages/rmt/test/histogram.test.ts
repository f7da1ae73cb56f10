import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { histogram, marchenkoPastur, semicircle } from '../src/index.js';

describe('histogram', () => {
  it('counts by half-open bins, the last closed, and divides by all values, those outside too', () => {
    const values = Float64Array.of(-1, 0, 0.5, 1, 1, 2, 3, 3.5);
    const { counts, density, total } = histogram(values, { edges: Float64Array.of(0, 1, 3) });
    expect([...counts]).toEqual([2, 4]);
    expect([...density]).toEqual([2 / 8, 4 / 16]);
    expect(total).toBe(8);
  });

  it('covers the range of the values with bins of equal width that hold all of them', () => {
    const values = randomStream(1, 'normals').normals(5000).sort();
    for (const options of [{}, { bins: 1 }, { bins: 37 }]) {
      const { edges, counts, density } = histogram(values, options);
      expect(edges[0]).toBe(values[0]);
      expect(edges[edges.length - 1]).toBe(values[4999]);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5000);
      const mass = density.reduce((sum, height, i) => sum + height * (edges[i + 1] - edges[i]), 0);
      expect(mass).toBeCloseTo(1, 12);
    }
  });

  it('chooses the width of Freedman and Diaconis', () => {
    // Quartiles of 0 .. 1000 are 250 and 750: width 2 * 500 / cbrt(1001) = 99.97, so eleven bins.
    const values = Float64Array.from({ length: 1001 }, (_, i) => i);
    expect(histogram(values).counts).toHaveLength(11);
  });

  it('takes a bounded number of bins when most values are equal or one is far away', () => {
    const zeros = new Float64Array(1024);
    zeros[1023] = 1;
    expect(histogram(zeros).counts).toHaveLength(11);
    const outlier = Float64Array.from({ length: 100 }, (_, i) => (i === 99 ? 1e9 : i));
    expect(histogram(outlier).counts).toHaveLength(100);
    expect([...histogram(Float64Array.of(2, 2, 2)).counts].reduce((sum, count) => sum + count)).toBe(3);
    expect([...histogram(Float64Array.of(5), { bins: 1 }).edges]).toEqual([4.5, 5.5]);
  });

  it('shows the density of a law, bin by bin, within five standard deviations', () => {
    const n = 40_000;
    for (const law of [semicircle({ variance: 1 }), marchenkoPastur({ ratio: 0.5 })]) {
      const { edges, counts } = histogram(law.sample(n, randomStream(2, law.name)).sort(), { bins: 50 });
      for (const [i, count] of counts.entries()) {
        const mass = law.cumulative(edges[i + 1]) - law.cumulative(edges[i]);
        expect(Math.abs(count - n * mass)).toBeLessThan(5 * Math.sqrt(n * mass) + 5);
      }
    }
  });

  it('refuses spectra that are empty, unsorted or not finite, and edges that do not ascend', () => {
    expect(() => histogram(new Float64Array(0))).toThrow('must hold at least one value, found none');
    expect(() => histogram(Float64Array.of(1, 0))).toThrow(
      'must be in ascending order, found 1 before 0 at position 1: sort them first',
    );
    expect(() => histogram(Float64Array.of(0, Number.NaN))).toThrow('must be finite, found NaN at position 1');
    const values = Float64Array.of(0, 1);
    expect(() => histogram(values, { edges: Float64Array.of(1, 0) })).toThrow(
      'edges of a histogram must be in ascending order',
    );
    expect(() => histogram(values, { edges: Float64Array.of(0, 0, 1) })).toThrow('must differ, found 0 twice');
    expect(() => histogram(values, { edges: Float64Array.of(0) })).toThrow('two edges or more');
    const both = { edges: Float64Array.of(0, 1), bins: 3 };
    expect(() => histogram(values, both)).toThrow('edges or a number of bins, found both: 3 bins');
    expect(() => histogram(values, { bins: 0 })).toThrow('number of bins must be an integer of at least 1, found 0');
  });
});
