import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { empiricalCumulative, kolmogorovSmirnov, kolmogorovSmirnovBetween, marchenkoPastur } from '../src/index.js';

/** Half an atom at zero, half uniform on [0, 1]. */
const half = {
  atoms: [{ at: 0, mass: 0.5 }],
  cumulative: (x: number) => (x < 0 ? 0 : Math.min(1, 0.5 + x / 2)),
};
const uniform = { atoms: [], cumulative: (x: number) => Math.min(1, Math.max(0, x)) };

describe('empiricalCumulative', () => {
  it('is the share of values not above a point', () => {
    const cumulative = empiricalCumulative(Float64Array.of(-1, 2, 2, 5));
    expect([-2, -1, 0, 2, 4.9, 5, 6].map(cumulative)).toEqual([0, 0.25, 0.25, 0.75, 0.75, 1, 1]);
  });

  it('refuses unsorted values', () => {
    expect(() => empiricalCumulative(Float64Array.of(3, 1))).toThrow('found 3 before 1 at position 1');
  });
});

describe('kolmogorovSmirnov', () => {
  it('is the largest gap on either side of a step, worked out by hand', () => {
    expect(kolmogorovSmirnov(Float64Array.of(0.1, 0.5), uniform)).toBe(0.5);
    expect(kolmogorovSmirnov(Float64Array.of(0.25, 0.75), uniform)).toBe(0.25);
    expect(kolmogorovSmirnov(Float64Array.of(0.9), uniform)).toBe(0.9);
    expect(kolmogorovSmirnov(Float64Array.of(-3, -2), uniform)).toBe(1);
    expect(kolmogorovSmirnov(Float64Array.of(0.5, 0.5, 0.5, 0.5), uniform)).toBe(0.5);
  });

  it('meets the jump of an atom with the jump of the values, not with the values before it', () => {
    expect(kolmogorovSmirnov(Float64Array.of(0, 0, 0.5, 1), half)).toBe(0.25);
    expect(kolmogorovSmirnov(Float64Array.of(0, 0), half)).toBe(0.5);
    expect(kolmogorovSmirnov(Float64Array.of(0.2, 0.6), half)).toBeCloseTo(0.6, 15);
    expect(kolmogorovSmirnov(Float64Array.of(-0.1, 0, 0.5, 1), half)).toBe(0.25);
    expect(kolmogorovSmirnov(Float64Array.of(-1e-16, 1e-16, 0.5, 1), half)).toBe(0.25);
    expect(kolmogorovSmirnov(Float64Array.of(-1e-16, -1e-16, 0.5, 1), half)).toBe(0.5);
    expect(kolmogorovSmirnov(Float64Array.of(-1e-16, -1e-16, 0.5, 1), half, { atomTolerance: 1e-15 })).toBe(0.25);
  });

  it('is the supremum over all points', () => {
    const law = marchenkoPastur({ ratio: 1.5 });
    for (let draw = 0; draw < 20; draw++) {
      const random = randomStream(draw, 'draws');
      const values = law
        .sample(12, random)
        .map((x) => (random.uniform() < 0.2 ? x + 1 : x))
        .sort();
      const empirical = empiricalCumulative(values);
      const points = [...values, 0, ...Array.from({ length: 2000 }, (_, i) => -1 + i / 200)];
      const gap = (x: number) => Math.abs(empirical(x) - law.cumulative(x));
      const supremum = Math.max(...points.flatMap((x) => [gap(x), gap(x - 1e-12)]));
      expect(Math.abs(kolmogorovSmirnov(values, law) - supremum)).toBeLessThan(1e-9);
    }
  });

  it('refuses unsorted and empty spectra, and negative tolerances', () => {
    expect(() => kolmogorovSmirnov(Float64Array.of(1, 0), uniform)).toThrow('must be in ascending order');
    expect(() => kolmogorovSmirnov(new Float64Array(0), uniform)).toThrow(RangeError);
    for (const atomTolerance of [-1, Number.NaN]) {
      expect(() => kolmogorovSmirnov(Float64Array.of(0), uniform, { atomTolerance })).toThrow(
        `must not be negative, found ${atomTolerance}`,
      );
    }
  });
});

describe('kolmogorovSmirnovBetween', () => {
  it('is the largest difference of the two empirical cumulatives', () => {
    const random = randomStream(7, 'two samples');
    for (let draw = 0; draw < 20; draw++) {
      // Few distinct numbers, so that ties occur within and between.
      const one = Float64Array.from({ length: 15 }, () => random.integer(10)).sort();
      const other = Float64Array.from({ length: 9 }, () => random.integer(10)).sort();
      const [f, g] = [empiricalCumulative(one), empiricalCumulative(other)];
      const expected = Math.max(...Array.from({ length: 10 }, (_, x) => Math.abs(f(x) - g(x))));
      expect(kolmogorovSmirnovBetween(one, other)).toBeCloseTo(expected, 15);
      expect(kolmogorovSmirnovBetween(other, one)).toBe(kolmogorovSmirnovBetween(one, other));
    }
    expect(kolmogorovSmirnovBetween(Float64Array.of(1, 2), Float64Array.of(1, 2))).toBe(0);
    expect(kolmogorovSmirnovBetween(Float64Array.of(1, 2), Float64Array.of(3))).toBe(1);
  });

  it('refuses unsorted spectra, saying which', () => {
    expect(() => kolmogorovSmirnovBetween(Float64Array.of(1), Float64Array.of(1, 0))).toThrow('the second values');
  });
});
