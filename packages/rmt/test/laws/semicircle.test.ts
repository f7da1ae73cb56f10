import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, semicircle } from '../../src/index.js';
import { expectLaw, independentBound } from '../oracles.js';

describe('semicircle', () => {
  it.each([1e-6, 0.5, 1, 30])(
    'is a law: cumulative, moments and quantiles agree with its density at variance %d',
    (variance) => {
      expectLaw(semicircle({ variance }));
    },
  );

  it('has the Catalan numbers for even moments at variance 1, and its edges at two standard deviations', () => {
    const law = semicircle({ variance: 1 });
    expect(Array.from({ length: 11 }, (_, k) => law.moment(k))).toEqual([1, 0, 1, 0, 2, 0, 5, 0, 14, 0, 42]);
    expect(semicircle({ variance: 4 }).support).toEqual([[-4, 4]]);
    expect(semicircle({ variance: 4 }).density(0)).toBeCloseTo(1 / (2 * Math.PI), 15);
    expect(semicircle({ variance: 4 }).cumulative(0)).toBeCloseTo(0.5, 15);
  });

  it('resolves its lower edge: the cumulative there is (2/3 pi) (distance/s)^(3/2) to leading order', () => {
    const law = semicircle({ variance: 1 });
    for (const distance of [2 ** -20, 2 ** -30]) {
      const leading = (2 / (3 * Math.PI)) * distance ** 1.5;
      expect(Math.abs(law.cumulative(-2 + distance) / leading - 1)).toBeLessThan(distance + 1e-7);
    }
  });

  it('is sampled by its law', () => {
    const law = semicircle({ variance: 2 });
    const draws = law.sample(20_000, randomStream(1, 'semicircle')).sort();
    expect(kolmogorovSmirnov(draws, law)).toBeLessThan(independentBound(20_000));
  });

  it('refuses a variance that is not positive', () => {
    expect(() => semicircle({ variance: 0 })).toThrow('variance of a semicircle must be positive and finite, found 0');
    expect(() => semicircle({ variance: -1 })).toThrow(RangeError);
    expect(() => semicircle({ variance: Number.NaN })).toThrow(RangeError);
  });
});
