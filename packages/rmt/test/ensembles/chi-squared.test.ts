import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { chiSquared } from '../../src/ensembles/chi-squared.js';
import { kolmogorovSmirnov } from '../../src/index.js';
import { independentBound } from '../oracles.js';
import { expectMean } from '../sampling.js';

/** Gamma(a + 1) at the shapes a = degrees/2 used below. */
const factorials = new Map([
  [0.25, 0.9064024770554771],
  [0.5, Math.sqrt(Math.PI) / 2],
  [1, 1],
  [1.5, (3 * Math.sqrt(Math.PI)) / 4],
  [4, 24],
]);

/** The regularised incomplete gamma function P(a, x/2), by its power series. */
function cumulative(degrees: number, x: number): number {
  const a = degrees / 2;
  let term = ((x / 2) ** a * Math.exp(-x / 2)) / factorials.get(a)!;
  let sum = term;
  for (let n = 1; n < 400; n++) {
    term *= x / 2 / (a + n);
    sum += term;
  }
  return sum;
}

describe('chiSquared', () => {
  it('follows its cumulative, the incomplete gamma function, below and above two degrees of freedom', () => {
    const draws = 20_000;
    for (const degrees of [0.5, 1, 2, 3, 8]) {
      const random = randomStream(1, `chi ${degrees}`);
      const values = Float64Array.from({ length: draws }, () => chiSquared(degrees, random)).sort();
      const law = { cumulative: (x: number) => cumulative(degrees, x), atoms: [] };
      expect(kolmogorovSmirnov(values, law), `${degrees} degrees`).toBeLessThan(independentBound(draws));
    }
  });

  it('has mean k and variance 2 k at any k, the smallest and the largest included', () => {
    for (const degrees of [0.01, 1.7, 40.5, 10_000]) {
      const random = randomStream(2, `chi ${degrees}`);
      const values = Float64Array.from({ length: 20_000 }, () => chiSquared(degrees, random));
      expectMean(values, degrees, `mean of ${degrees} degrees`);
      const squares = values.map((x) => (x - degrees) ** 2);
      expectMean(squares, 2 * degrees, `variance of ${degrees} degrees`);
      expect(values.every((x) => x >= 0 && Number.isFinite(x))).toBe(true);
    }
  });
});
