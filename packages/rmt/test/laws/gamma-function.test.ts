import { describe, expect, it } from 'vitest';
import { digamma, logGamma } from '../../src/laws/gamma-function.js';
import { integral } from '../oracles.js';

describe('logGamma', () => {
  it('is the logarithm of the integral of x^(a - 1) exp(-x), at multiples of 1/2 and between', () => {
    for (const a of [1.1, 1.5, 1.77, 2, 3.3, 7.25, 13.4, 20]) {
      const gamma = integral((x) => x ** (a - 1) * Math.exp(-x), 0, 100);
      expect(Math.abs(logGamma(a) - Math.log(gamma))).toBeLessThan(2e-14 * Math.max(1, logGamma(a)));
    }
    expect(logGamma(1 / 3) + logGamma(2 / 3)).toBeCloseTo(Math.log(Math.PI / Math.sin(Math.PI / 3)), 14);
  });
});

describe('digamma', () => {
  it('has its closed forms at 1, 1/2 and 1/3, and its recurrence', () => {
    const euler = 0.5772156649015329;
    expect(digamma(1)).toBeCloseTo(-euler, 14);
    expect(digamma(0.5)).toBeCloseTo(-euler - 2 * Math.LN2, 14);
    expect(digamma(1 / 3)).toBeCloseTo(-euler - Math.PI / (2 * Math.sqrt(3)) - 1.5 * Math.log(3), 14);
    for (const a of [0.7, 3.1, 11.5, 40]) expect(digamma(a + 1) - digamma(a)).toBeCloseTo(1 / a, 13);
  });
});
