import { describe, expect, it } from 'vitest';
import { sineIntegrals } from '../../src/spectra/sine-integrals.js';
import { integral } from '../oracles.js';

describe('sineIntegrals', () => {
  it('are the integrals of sin(t)/t and (1 - cos t)/t, on both sides of their two methods', () => {
    for (const x of [0.01, 0.5, 2, 3.999, 4.001, 6, 12, 30]) {
      const { sine, sineBeyond, cosine } = sineIntegrals(x);
      expect(Math.abs(sine - integral((t) => Math.sin(t) / t, 0, x))).toBeLessThan(3e-15);
      expect(Math.abs(cosine - integral((t) => (2 * Math.sin(t / 2) ** 2) / t, 0, x))).toBeLessThan(1e-14);
      expect(Math.abs(sine + sineBeyond - Math.PI / 2)).toBeLessThan(1e-15);
    }
    expect(sineIntegrals(0)).toMatchObject({ sine: 0, cosine: 0 });
  });

  it('keep the digits of what is left of Si far out: cos(x)/x + sin(x)/x^2 - 2 cos(x)/x^3 - ...', () => {
    const x = 2000;
    const [sin, cos] = [Math.sin(x), Math.cos(x)];
    const expected = cos / x + sin / x ** 2 - (2 * cos) / x ** 3 - (6 * sin) / x ** 4;
    expect(Math.abs(sineIntegrals(x).sineBeyond / expected - 1)).toBeLessThan(1e-11);
  });
});
