import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { andersonDarling, empiricalCumulative, marchenkoPastur, poissonSpacing, wignerSurmise } from '../src/index.js';
import { integral } from './oracles.js';
import { expectMean, repeat } from './sampling.js';

const law = wignerSurmise({ beta: 1 });

describe('andersonDarling', () => {
  it('is n times the weighted integral of the squared difference of the cumulatives, by quadrature', () => {
    for (const from of [law, poissonSpacing()]) {
      const values = from.sample(15, randomStream(1, from.name)).sort();
      const empirical = empiricalCumulative(values);
      const difference = (s: number) => {
        const cumulative = law.cumulative(s);
        // Near zero, where this underflows, the difference is F itself and the integral F.
        if (cumulative === 0) return 0;
        return ((empirical(s) - cumulative) ** 2 * law.density(s)) / (cumulative * (1 - cumulative));
      };
      let sum = 0;
      const ends = [0, ...values, 5.9];
      for (let i = 1; i < ends.length; i++) sum += integral(difference, ends[i - 1], ends[i]);
      // Beyond 5.9, F (1 - F) is about 1 - F = exp(-pi s^2/4) and so the integral what is left: 1e-12.
      expect(Math.abs(andersonDarling(values, law) - 15 * sum)).toBeLessThan(1e-9);
    }
  });

  it('has mean 1 for values of the law, whatever their number', async () => {
    for (const n of [1, 5, 40]) {
      const statistics = await repeat(2000, () => andersonDarling(law.sample(n, random).sort(), law));
      expectMean(statistics, 1, `n = ${n}`);
    }
  });

  it('exceeds 2.492 once in twenty', () => {
    const draws = 2000;
    let above = 0;
    for (let draw = 0; draw < draws; draw++) if (andersonDarling(law.sample(30, random).sort(), law) > 2.492) above++;
    expect(Math.abs(above / draws - 0.05)).toBeLessThan(5 * Math.sqrt((0.05 * 0.95) / draws));
  });

  it('is infinite with a value at an end of the law, and finite where a cumulative only rounds to 1', () => {
    expect(andersonDarling(Float64Array.of(0, 1), law)).toBe(Number.POSITIVE_INFINITY);
    expect(andersonDarling(Float64Array.of(-1, 1), law)).toBe(Number.POSITIVE_INFINITY);
    const far = andersonDarling(Float64Array.of(1, 9), law);
    expect(law.cumulative(9)).toBe(1);
    // log(1 - F(9)) = -pi 81/4 = -63.6 counts as -36.7.
    const [f, exact] = [law.cumulative(1), (-Math.PI * 81) / 4];
    const truth = -2 - (Math.log(f) + exact + 3 * (0 + Math.log1p(-f))) / 2;
    expect(far - truth).toBeCloseTo((-53 * Math.LN2 - exact) / -2, 6);
  });

  it('refuses unsorted values and laws with atoms', () => {
    expect(() => andersonDarling(Float64Array.of(2, 1), law)).toThrow('must be in ascending order');
    expect(() => andersonDarling(Float64Array.of(1), marchenkoPastur({ ratio: 2 }))).toThrow('found 1 atoms');
  });
});

const random = randomStream(2, 'Anderson-Darling');
