import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, poissonLevels } from '../../src/index.js';
import { independentBound } from '../oracles.js';
import { summary } from '../sampling.js';

describe('poissonLevels', () => {
  it('are independent, uniform on [0, n] and ascending', () => {
    const n = 5000;
    const levels = poissonLevels(n, randomStream(1, 'levels'));
    expect(levels).toHaveLength(n);
    const uniform = { atoms: [], cumulative: (x: number) => Math.min(1, Math.max(0, x / n)) };
    expect(kolmogorovSmirnov(levels, uniform)).toBeLessThan(independentBound(n));
  });

  it('have the number variance L (1 - L/n)', () => {
    const [n, length, draws] = [60, 20, 4000];
    const random = randomStream(2, 'variance');
    const counts = Array.from({ length: draws }, () => poissonLevels(n, random).filter((l) => l < length).length);
    const { mean, deviation } = summary(counts);
    const expected = length * (1 - length / n);
    expect(Math.abs(mean - length)).toBeLessThan(5 * Math.sqrt(expected / draws));
    // The variance of a variance of near-normal counts: 2/draws of its square.
    expect(Math.abs(deviation ** 2 / expected - 1)).toBeLessThan(5 * Math.sqrt(2 / draws));
  });

  it('may be none, and are a whole number', () => {
    expect(poissonLevels(0, randomStream(1))).toHaveLength(0);
    expect(() => poissonLevels(1.5, randomStream(1))).toThrow('the number of levels must be an integer');
  });
});
