import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, marchenkoPastur, semicircle } from '../../src/index.js';
import { expectLaw, independentBound } from '../oracles.js';

describe('marchenkoPastur', () => {
  it.each([1e-6, 0.01, 0.3, 0.99, 1, 1.01, 2, 50])(
    'is a law: cumulative, moments and quantiles agree with its density and atom at ratio %d',
    (ratio) => {
      expectLaw(marchenkoPastur({ ratio, scale: 1 }));
      expectLaw(marchenkoPastur({ ratio, scale: 0.03 }));
    },
  );

  it('has the Narayana polynomials of the ratio for moments', () => {
    for (const ratio of [0.2, 1, 3]) {
      const law = marchenkoPastur({ ratio, scale: 2 });
      expect(law.moment(1)).toBeCloseTo(2, 14);
      expect(law.moment(2) / 4).toBeCloseTo(1 + ratio, 13);
      expect(law.moment(3) / 8).toBeCloseTo(1 + 3 * ratio + ratio ** 2, 12);
      expect(law.moment(4) / 16).toBeCloseTo(1 + 6 * ratio + 6 * ratio ** 2 + ratio ** 3, 12);
    }
    // At ratio 1 it is the square of a semicircle: the Catalan numbers.
    expect([1, 2, 3, 4, 5].map(marchenkoPastur({ ratio: 1 }).moment)).toEqual([1, 2, 5, 14, 42]);
  });

  it('has its edges at scale (1 -+ sqrt(ratio))^2 and an atom at zero of 1 - 1/ratio', () => {
    const law = marchenkoPastur({ ratio: 4, scale: 3 });
    expect(law.support).toEqual([[3, 27]]);
    expect(law.atoms).toEqual([{ at: 0, mass: 0.75 }]);
    expect(law.cumulative(-1e-300)).toBe(0);
    expect(law.cumulative(0)).toBe(0.75);
    expect(law.cumulative(2.9)).toBe(0.75);
    expect([0, 0.1, 0.75].map(law.quantile)).toEqual([0, 0, 0]);
    expect(law.quantile(0.7500001)).toBeGreaterThan(3);
    expect(marchenkoPastur({ ratio: 1 }).atoms).toEqual([]);
  });

  it('tends to a semicircle around its mean as the ratio tends to zero', () => {
    const ratio = 1e-8;
    const law = marchenkoPastur({ ratio });
    const limit = semicircle({ variance: 1 });
    for (const x of [-1.9, -1, 0, 0.7, 1.99]) {
      expect(Math.abs(law.cumulative(1 + Math.sqrt(ratio) * x) - limit.cumulative(x))).toBeLessThan(
        2 * Math.sqrt(ratio),
      );
    }
  });

  it('has the nonzero law of ratio 1/phi, stretched by phi, beside its atom: the two Gram matrices of X', () => {
    const wide = marchenkoPastur({ ratio: 5 });
    const tall = marchenkoPastur({ ratio: 1 / 5, scale: 5 });
    for (const x of [1.6, 2, 5, 9, 10.4]) {
      expect(wide.cumulative(x)).toBeCloseTo(4 / 5 + tall.cumulative(x) / 5, 14);
      expect(wide.density(x)).toBeCloseTo(tall.density(x) / 5, 14);
    }
  });

  it('is sampled by its law, atom included', () => {
    for (const ratio of [0.4, 1, 2.5]) {
      const law = marchenkoPastur({ ratio });
      const draws = law.sample(20_000, randomStream(1, `ratio ${ratio}`)).sort();
      expect(kolmogorovSmirnov(draws, law)).toBeLessThan(independentBound(20_000));
    }
  });

  it('refuses a ratio or a scale that is not positive', () => {
    expect(() => marchenkoPastur({ ratio: 0 })).toThrow(
      'ratio phi of a Marchenko-Pastur law must be positive and finite, found 0',
    );
    expect(() => marchenkoPastur({ ratio: -1 })).toThrow(RangeError);
    expect(() => marchenkoPastur({ ratio: 1, scale: Number.POSITIVE_INFINITY })).toThrow(
      'scale of a Marchenko-Pastur law',
    );
  });
});
