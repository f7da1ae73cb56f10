import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, type Law, poissonSpacing, wignerSurmise } from '../../src/index.js';
import { incompleteGamma } from '../../src/laws/incomplete-gamma.js';
import { independentBound, integral } from '../oracles.js';

/** What every law of spacings must satisfy; `far` is where less than 1e-15 is left. */
function expectSpacings(law: Law, far: number) {
  for (const s of [0.01, 0.1, 0.5, 1, 1.7, 3, 5]) {
    expect(Math.abs(law.cumulative(s) - integral(law.density, 0, s))).toBeLessThan(1e-13);
    // Where little is left beyond s, the cumulative is no finer than its rounding.
    const resolution = 1e-13 + (8 * Number.EPSILON) / law.density(s);
    if (resolution < 0.01) expect(Math.abs(law.quantile(law.cumulative(s)) - s)).toBeLessThan(resolution);
  }
  for (let k = 0; k <= 6; k++) {
    const moment = integral((s) => s ** k * law.density(s), 0, far);
    expect(Math.abs(law.moment(k) / moment - 1)).toBeLessThan(1e-12);
  }
  expect([0, 1].map(law.quantile)).toEqual([0, Number.POSITIVE_INFINITY]);
  expect([-1, 0, Number.POSITIVE_INFINITY].map(law.cumulative)).toEqual([0, 0, 1]);
  expect(law.density(-1)).toBe(0);
  const draws = law.sample(20_000, randomStream(1, law.name)).sort();
  expect(kolmogorovSmirnov(draws, law)).toBeLessThan(independentBound(20_000));
}

describe('wignerSurmise', () => {
  it.each([1, 2, 4] as const)('is a law of mean 1 at beta %d', (beta) => {
    expectSpacings(wignerSurmise({ beta }), 8);
    expect(wignerSurmise({ beta }).moment(1)).toBeCloseTo(1, 14);
  });

  it('has the densities that Mehta prints', () => {
    for (const s of [0.2, 1, 2.5]) {
      const square = s * s;
      expect(wignerSurmise({ beta: 1 }).density(s)).toBeCloseTo(
        (Math.PI / 2) * s * Math.exp((-Math.PI / 4) * square),
        14,
      );
      expect(wignerSurmise({ beta: 2 }).density(s)).toBeCloseTo(
        (32 / Math.PI ** 2) * square * Math.exp((-4 / Math.PI) * square),
        14,
      );
      expect(wignerSurmise({ beta: 4 }).density(s)).toBeCloseTo(
        (2 ** 18 / (3 ** 6 * Math.PI ** 3)) * square ** 2 * Math.exp((-64 / (9 * Math.PI)) * square),
        13,
      );
      expect(wignerSurmise({ beta: 1 }).cumulative(s)).toBeCloseTo(1 - Math.exp((-Math.PI / 4) * square), 15);
    }
  });

  it('is the spacing of 2 x 2 matrices: the root of a sum of beta + 1 squares of normals', () => {
    for (const beta of [1, 2, 4] as const) {
      const stream = randomStream(2, `two by two ${beta}`);
      const spacings = Float64Array.from({ length: 20_000 }, () =>
        Math.sqrt(stream.normals(beta + 1).reduce((sum, x) => sum + x * x, 0)),
      );
      // E chi with beta + 1 degrees of freedom.
      const mean = { 1: Math.sqrt(Math.PI / 2), 2: Math.sqrt(8 / Math.PI), 4: (8 / 3) * Math.sqrt(2 / Math.PI) }[beta];
      const values = spacings.map((s) => s / mean).sort();
      expect(kolmogorovSmirnov(values, wignerSurmise({ beta }))).toBeLessThan(independentBound(20_000));
    }
  });

  it('refuses other values of beta', () => {
    expect(() => wignerSurmise({ beta: 0 as 1 })).toThrow("beta of Wigner's surmise must be 1, 2 or 4, found 0");
  });
});

describe('poissonSpacing', () => {
  it.each([1, 2, 5])('is a law of mean k for neighbour number k = %d', (neighbour) => {
    const law = poissonSpacing({ neighbour });
    expectSpacings(law, 100);
    expect(law.moment(1)).toBeCloseTo(neighbour, 13);
  });

  it('is exponential for the next neighbour', () => {
    const law = poissonSpacing();
    expect(law.density(0)).toBe(1);
    expect(law.cumulative(2)).toBeCloseTo(1 - Math.exp(-2), 15);
    expect(law.quantile(0.9)).toBeCloseTo(Math.log(10), 13);
  });

  it('is known also where s^(k - 1) and (k - 1)! are beyond double precision', () => {
    const law = poissonSpacing({ neighbour: 1000 });
    for (const s of [900, 1000, 1100]) {
      expect(Math.abs(law.cumulative(s) - integral(law.density, 0, s))).toBeLessThan(1e-11);
    }
    expect([0, 5000, Number.POSITIVE_INFINITY].map(law.density)).toEqual([0, 0, 0]);
  });

  it('refuses a neighbour that is not a positive integer', () => {
    expect(() => poissonSpacing({ neighbour: 0 })).toThrow('integer of at least 1, found 0');
    expect(() => poissonSpacing({ neighbour: 1.5 })).toThrow(RangeError);
  });
});

describe('incompleteGamma', () => {
  it('satisfies P(a + 1, x) = P(a, x) - x^a exp(-x)/Gamma(a + 1), on both sides of its two methods', () => {
    for (const [a, gamma] of [
      [0.5, Math.sqrt(Math.PI) / 2],
      [2, 2],
      [3.5, (105 / 16) * Math.sqrt(Math.PI)],
    ]) {
      for (const x of [1e-3, 0.3, 1.4, 2.9, 3.1, 4.6, 20, 300]) {
        const difference = incompleteGamma(a, x) - incompleteGamma(a + 1, x);
        expect(Math.abs(difference - (x ** a * Math.exp(-x)) / gamma)).toBeLessThan(3e-15);
      }
    }
    expect(incompleteGamma(200, 200)).toBeCloseTo(0.5 + 1 / (3 * Math.sqrt(2 * Math.PI * 200)), 4);
  });
});
