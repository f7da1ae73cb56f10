import { describe, expect, it } from 'vitest';
import { scaledErrorComplement } from '../../src/laws/scaled-error-complement.js';
import { integral } from '../oracles.js';

describe('scaledErrorComplement', () => {
  it('is exp(x^2) erfc(x), by the integral (2/pi) int over (0, inf) of exp(-x^2 u^2)/(1 + u^2) du', () => {
    for (const x of [0.01, 0.3, 1, 1.22, 1.23, 3, 8, 30]) {
      // u = tan t.
      const expected = (2 / Math.PI) * integral((t) => Math.exp(-((x * Math.tan(t)) ** 2)), 0, Math.PI / 2);
      expect(Math.abs(scaledErrorComplement(x) / expected - 1)).toBeLessThan(1e-13);
    }
  });

  it('is 1 at zero and 1/(sqrt(pi) x) far away', () => {
    expect(scaledErrorComplement(0)).toBeCloseTo(1, 14);
    expect(scaledErrorComplement(1e6) * Math.sqrt(Math.PI) * 1e6).toBeCloseTo(1, 8);
  });
});
