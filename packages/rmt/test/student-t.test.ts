import { describe, expect, it } from 'vitest';
import { studentHalfWidth } from '../src/student-t.js';
import { integral } from './oracles.js';

describe('studentHalfWidth', () => {
  it('is that of printed tables at 95 in 100', () => {
    const printed = { 1: 12.706, 2: 4.303, 3: 3.182, 7: 2.365, 10: 2.228, 30: 2.042, 120: 1.98 };
    for (const [degrees, t] of Object.entries(printed)) expect(studentHalfWidth(+degrees, 0.95)).toBeCloseTo(t, 3);
  });

  it('holds the mass it promises under the density (1 + t^2/n)^(-(n + 1)/2)', () => {
    for (const n of [1, 2, 5, 8, 41, 500]) {
      const density = (t: number) => (1 + (t * t) / n) ** (-(n + 1) / 2);
      // The tail by u = 1/t.
      const all =
        integral(density, 0, 1) + integral((u) => (density(1 / u) === 0 ? 0 : density(1 / u) / (u * u)), 0, 1);
      for (const p of [0.1, 0.5, 0.95, 0.999]) {
        expect(Math.abs(integral(density, 0, studentHalfWidth(n, p)) / all - p)).toBeLessThan(1e-10);
      }
    }
    expect(studentHalfWidth(5, 0)).toBe(0);
  });

  it('tends to that of the normal law', () => {
    expect(studentHalfWidth(100_000, 0.95)).toBeCloseTo(1.95996, 4);
  });
});
