import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, lawOfDensity, marchenkoPastur, semicircle } from '../../src/index.js';
import { expectLaw, independentBound } from '../oracles.js';

describe('lawOfDensity', () => {
  it.each([
    semicircle({ variance: 2 }),
    marchenkoPastur({ ratio: 0.3 }),
    marchenkoPastur({ ratio: 0.999, scale: 0.1 }),
    marchenkoPastur({ ratio: 1 }),
    marchenkoPastur({ ratio: 3 }),
  ])('restores from density, support and atoms alone: $name', (law) => {
    const { name, support, density, atoms } = law;
    const restored = lawOfDensity({ name, support, density, atoms });
    const [[a, b]] = support;
    for (let i = -10; i <= 210; i++) {
      const x = a + ((b - a) * i) / 200;
      expect(Math.abs(restored.cumulative(x) - law.cumulative(x))).toBeLessThan(1e-11);
    }
    for (let k = 0; k <= 12; k++) {
      expect(Math.abs(restored.moment(k) - law.moment(k))).toBeLessThan(1e-11 * Math.max(1, law.moment(2 * k) ** 0.5));
    }
    expect(restored.quantile(0.8)).toBeCloseTo(law.quantile(0.8), 10);
    expectLaw(restored, 1e-10);
  });

  it('takes inverse square roots at edges: the arcsine law', () => {
    const arcsine = lawOfDensity({
      name: 'arcsine',
      support: [[-1, 1]],
      density: (x) => 1 / (Math.PI * Math.sqrt((1 - x) * (1 + x))),
    });
    for (const x of [-0.999, -0.9, -0.3, 0, 0.2, 0.7, 0.99, 0.9999]) {
      expect(Math.abs(arcsine.cumulative(x) - (0.5 + Math.asin(x) / Math.PI))).toBeLessThan(1e-8);
    }
    // E X^2j = binomial(2 j, j)/4^j
    expect(arcsine.moment(2)).toBeCloseTo(1 / 2, 8);
    expect(arcsine.moment(6)).toBeCloseTo(20 / 64, 8);
  });

  it('takes the powers -1/3, -2/3 and 1/3 at edges, to 1e-9', () => {
    for (const power of [-1 / 3, -2 / 3, 1 / 3, -0.5]) {
      const law = lawOfDensity({
        name: `x^${power}`,
        support: [[0, 2]],
        density: (x) => ((power + 1) * x ** power) / 2 ** (power + 1),
      });
      for (const x of [1e-12, 1e-6, 1e-3, 0.1, 1, 1.9]) {
        expect(Math.abs(law.cumulative(x) - (x / 2) ** (power + 1))).toBeLessThan(1e-9);
      }
      expect(law.moment(3)).toBeCloseTo((2 ** 3 * (power + 1)) / (power + 4), 9);
    }
  });

  it('takes a singular point inside when intervals touch there, or when none says where it is', () => {
    const density = (x: number) => Math.abs(x) ** (-1 / 3) / 3;
    for (const support of [
      [[-1, 1]],
      [
        [-1, 0],
        [0, 1],
      ],
    ] as const) {
      const law = lawOfDensity({ name: 'cube root', support, density });
      for (const x of [-1, -0.5, -1e-6, 1e-9, 1e-3, 0.7, 1]) {
        expect(Math.abs(law.cumulative(x) - (0.5 + (Math.sign(x) * Math.abs(x) ** (2 / 3)) / 2))).toBeLessThan(1e-9);
      }
    }
  });

  it('joins intervals and atoms: in a gap the cumulative is flat but for the atom', () => {
    const half = semicircle({ variance: 1 });
    const law = lawOfDensity({
      name: 'two semicircles and an atom',
      support: [
        [-5, -1],
        [1, 5],
      ],
      atoms: [{ at: 0, mass: 0.2 }],
      density: (x) => 0.4 * half.density(Math.abs(x) - 3),
    });
    expect(law.cumulative(-1)).toBeCloseTo(0.4, 12);
    expect(law.cumulative(-1e-9)).toBe(law.cumulative(-0.5));
    expect(law.cumulative(0)).toBeCloseTo(0.6, 12);
    expect(law.cumulative(3)).toBeCloseTo(0.8, 12);
    expect(law.quantile(0.5)).toBe(0);
    expect(law.quantile(0.9)).toBeCloseTo(3 + half.quantile(0.75), 9);
    expect(law.moment(2)).toBeCloseTo(0.8 * (9 + 1), 10);
    const draws = law.sample(20_000, randomStream(2, 'density')).sort();
    expect(kolmogorovSmirnov(draws, law)).toBeLessThan(independentBound(20_000));
  });

  it('refuses a density of the wrong mass, negative, or not finite, and intervals out of order', () => {
    const base = { name: 'flat', support: [[0, 1]] as const };
    expect(() => lawOfDensity({ ...base, density: () => 0.9 })).toThrow(
      /the density of "flat" must integrate to 1, 1 less the mass of its atoms, found 0\.9/,
    );
    expect(() => lawOfDensity({ ...base, density: () => 1, atoms: [{ at: 2, mass: 0.1 }] })).toThrow(RangeError);
    expect(() => lawOfDensity({ ...base, density: () => -1 })).toThrow('finite and not negative, found -1 at');
    expect(() => lawOfDensity({ ...base, density: () => Number.NaN })).toThrow('found NaN at');
    expect(() => lawOfDensity({ ...base, density: () => 1, atoms: [{ at: 0, mass: 0 }] })).toThrow('atoms of "flat"');
    expect(() => lawOfDensity({ ...base, density: (x) => Math.sin(1e6 / x) ** 2 })).toThrow('piecewise smooth');
    for (const support of [
      [[1, 0]],
      [[0, Number.POSITIVE_INFINITY]],
      [
        [0, 2],
        [1, 3],
      ],
    ] as const) {
      expect(() => lawOfDensity({ name: 'flat', support, density: () => 1 })).toThrow('support of "flat"');
    }
  });
});
