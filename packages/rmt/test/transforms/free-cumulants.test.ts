import { describe, expect, it } from 'vitest';
import { freeCumulants, marchenkoPastur, momentsOfFreeCumulants, semicircle } from '../../src/index.js';

describe('free cumulants', () => {
  it('of a semicircle are its variance and nothing else; of Marchenko-Pastur scale (scale ratio)^(n - 1)', () => {
    const moments = (law: { moment(k: number): number }) => Array.from({ length: 8 }, (_, i) => law.moment(i + 1));
    expect([...freeCumulants(moments(semicircle({ variance: 1 })))]).toEqual([0, 1, 0, 0, 0, 0, 0, 0]);
    freeCumulants(moments(marchenkoPastur({ ratio: 0.5, scale: 2 }))).forEach((cumulant) => {
      expect(cumulant).toBeCloseTo(2, 8);
    });
  });

  it('to the fourth are the textbook polynomials of the moments', () => {
    const [a, b, c, d] = [0.3, 1.7, -0.4, 5];
    const [k1, k2, k3, k4] = freeCumulants([a, b, c, d]);
    expect(k1).toBe(a);
    expect(k2).toBeCloseTo(b - a * a, 14);
    expect(k3).toBeCloseTo(c - 3 * a * b + 2 * a ** 3, 14);
    expect(k4).toBeCloseTo(d - 4 * a * c - 2 * b * b + 10 * a * a * b - 5 * a ** 4, 13);
  });

  it('and moments undo each other', () => {
    const cumulants = [0.5, 1.2, -0.3, 0.7, 0.1, -0.4];
    freeCumulants(momentsOfFreeCumulants(cumulants)).forEach((cumulant, i) => {
      expect(cumulant).toBeCloseTo(cumulants[i], 11);
    });
    expect(momentsOfFreeCumulants([])).toEqual(new Float64Array());
  });
});
