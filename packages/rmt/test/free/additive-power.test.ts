import { describe, expect, it } from 'vitest';
import {
  discreteLaw,
  freeAdditiveConvolution,
  freeAdditivePower,
  marchenkoPastur,
  semicircle,
} from '../../src/index.js';
import { differences, withoutTriple } from './oracles.js';

const uneven = discreteLaw([
  { at: -1, mass: 0.3 },
  { at: 2, mass: 0.7 },
]);

describe('freeAdditivePower', () => {
  it('is the sum of two copies at 2, atom and all', () => {
    const [power, sum] = [freeAdditivePower(uneven, 2), freeAdditiveConvolution(uneven, uneven)];
    expect(differences(power, sum).density).toBeLessThan(1e-10);
    expect(differences(power, sum).cumulative).toBeLessThan(1e-12);
    expect(power.atoms).toHaveLength(1);
    expect(power.atoms[0].at).toBe(4);
    expect(power.atoms[0].mass).toBeCloseTo(0.4, 14);
    for (const k of [1, 2, 5]) expect(power.moment(k)).toBeCloseTo(sum.moment(k), 10);
  });

  it.each([1.3, 4])('multiplies the rate of a free Poisson law and the variance of a semicircle by %d', (t) => {
    const poisson = freeAdditivePower(withoutTriple(marchenkoPastur({ ratio: 2, scale: 0.5 })), t);
    expect(differences(poisson, marchenkoPastur({ ratio: 2 / t, scale: t / 2 })).cumulative).toBeLessThan(1e-11);
    const algebraic = freeAdditivePower(semicircle({ variance: 0.5 }), t);
    const subordinated = freeAdditivePower(withoutTriple(semicircle({ variance: 0.5 })), t);
    expect(differences(algebraic, semicircle({ variance: t / 2 })).density).toBeLessThan(1e-12);
    expect(differences(subordinated, semicircle({ variance: t / 2 })).density).toBeLessThan(1e-12);
  });

  it('of a sign is the law of Kesten & McKay: closed walks on the regular tree', () => {
    const sign = discreteLaw([
      { at: -1, mass: 0.5 },
      { at: 1, mass: 0.5 },
    ]);
    // The adjacency operator of the tree of degree d is a free sum of d signs.
    const d = 3;
    const law = freeAdditivePower(sign, d);
    expect(law.support[0][1]).toBeCloseTo(2 * Math.sqrt(d - 1), 11);
    for (const x of [-2.7, -1, 0.2, 2]) {
      const density = (d * Math.sqrt(4 * (d - 1) - x * x)) / (2 * Math.PI * (d * d - x * x));
      expect(Math.abs(law.density(x) / density - 1)).toBeLessThan(1e-11);
    }
    expect([1, 2, 3, 4, 6].map((k) => Math.round(law.moment(k)))).toEqual([0, 3, 0, 15, 87]);
  });

  it('refuses exponents below 1, which not every law has', () => {
    expect(() => freeAdditivePower(uneven, 0.5)).toThrow('at least 1, found 0.5');
  });
});
