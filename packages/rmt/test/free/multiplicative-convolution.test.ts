import { describe, expect, it } from 'vitest';
import {
  discreteLaw,
  empiricalLaw,
  freeMultiplicativeConvolution,
  indexOf,
  marchenkoPastur,
  type SpectralLaw,
  semicircle,
  sTransform,
} from '../../src/index.js';
import { expectLaw, integral } from '../oracles.js';
import { differences, expectation, expectTransforms, plain } from './oracles.js';

/** A projection of rank p. */
const projection = (p: number) =>
  discreteLaw([
    { at: 0, mass: 1 - p },
    { at: 1, mass: p },
  ]);
const edges = (law: SpectralLaw) => law.support.flat();

describe('freeMultiplicativeConvolution', () => {
  it('of Marchenko-Pastur with itself is the Fuss-Catalan law', () => {
    const law = freeMultiplicativeConvolution(marchenkoPastur({ ratio: 1 }), marchenkoPastur({ ratio: 1 }));
    // Fuss-Catalan numbers binomial(3 k, k)/(2 k + 1).
    expect([0, 1, 2, 3, 4, 5, 6].map((k) => Math.round(1e9 * law.moment(k)) / 1e9)).toEqual([
      1, 1, 3, 12, 55, 273, 1428,
    ]);
    expect(law.support).toHaveLength(1);
    expect(edges(law)[0]).toBe(0);
    expect(edges(law)[1]).toBeCloseTo(27 / 4, 11);
    // Penson & Zyczkowski 2011, eq. 12.
    const density = (x: number) => {
      const s = 27 + 3 * Math.sqrt(81 - 12 * x);
      return (
        ((2 ** (1 / 3) * Math.sqrt(3)) / (12 * Math.PI)) *
        ((2 ** (1 / 3) * s ** (2 / 3) - 6 * Math.cbrt(x)) / (x ** (2 / 3) * Math.cbrt(s)))
      );
    };
    for (const x of [1e-27, 1e-12, 1e-5, 0.01, 0.5, 1, 3, 6, 6.7]) {
      expect(Math.abs(law.density(x) / density(x) - 1)).toBeLessThan(1e-12);
    }
    // Near zero the density is sqrt(3)/(2 pi) x^(-2/3).
    for (const x of [1e-27, 1e-18]) {
      expect(Math.abs(law.cumulative(x) - ((3 * Math.sqrt(3)) / (2 * Math.PI)) * Math.cbrt(x))).toBeLessThan(1e-12);
    }
    expectLaw(law, 1e-9);
  });

  it('of two Marchenko-Pastur laws has the product of their S-transforms', () => {
    const [a, b] = [marchenkoPastur({ ratio: 0.5, scale: 2 }), marchenkoPastur({ ratio: 3 })];
    const law = freeMultiplicativeConvolution(a, b);
    expect(law.atoms).toHaveLength(1);
    expect(law.atoms[0].mass).toBeCloseTo(2 / 3, 14);
    // S = 1/(scale (1 + ratio s)); s from mass at zero - 1 = -1/3 upwards.
    for (const s of [-0.3, -0.1, 0.05]) {
      const exact = 1 / (2 * (1 + 0.5 * s) * (1 + 3 * s));
      expect(sTransform(law, { re: s, im: 0 }).re / exact).toBeCloseTo(1, 10);
    }
    expectTransforms(law, 1e-8);
  });

  it.each([
    [0.5, 0.5],
    [0.3, 0.8],
    [0.3, 0.2],
    [0.9, 0.95],
  ])('of projections of rank %d and %d is Jacobi, with atoms at 0 and 1', (p, q) => {
    const law = freeMultiplicativeConvolution(projection(p), projection(q));
    const spread = Math.sqrt(4 * p * q * (1 - p) * (1 - q));
    const [lower, upper] = [p + q - 2 * p * q - spread, p + q - 2 * p * q + spread];
    expect(edges(law)[0]).toBeCloseTo(lower, 11);
    expect(edges(law)[1]).toBeCloseTo(upper, 11);
    const [atZero, atOne] = [1 - Math.min(p, q), Math.max(0, p + q - 1)];
    const masses = [0, 1].map((x) => law.atoms.find(({ at }) => at === x)?.mass ?? 0);
    expect(masses[0]).toBeCloseTo(atZero, 14);
    expect(masses[1]).toBeCloseTo(atOne, 14);
    const density = (x: number) => Math.sqrt((upper - x) * (x - lower)) / (2 * Math.PI * x * (1 - x));
    for (const share of [0.01, 0.2, 0.5, 0.9, 0.999]) {
      const x = lower + share * (upper - lower);
      expect(Math.abs(law.density(x) / density(x) - 1)).toBeLessThan(1e-9);
      expect(Math.abs(law.cumulative(x) - atZero - integral(density, lower, x))).toBeLessThan(1e-7);
    }
    expect(law.cumulative(1)).toBeCloseTo(1, 7);
    expect(law.cumulative(1.1)).toBe(1);
  });

  it('takes a law of both signs: a semicircle times Marchenko-Pastur is symmetric, and a sign times it keeps its masses', () => {
    const law = freeMultiplicativeConvolution(semicircle({ variance: 1 }), marchenkoPastur({ ratio: 0.5 }));
    expect(indexOf(law)).toBeCloseTo(0.5, 12);
    // With a semicircle s, tau(a s a s) = tau(a)^2, and tau((a s)^4) = 2 tau(a^2) tau(a)^2: non-crossing pairings.
    expect(law.moment(2)).toBeCloseTo(1, 13);
    expect(law.moment(4)).toBeCloseTo(2 * 1.5, 13);
    expect(expectation(law, (x) => x ** 4)).toBeCloseTo(3, 9);
    for (const x of [0.1, 0.7, 2]) expect(law.density(x)).toBeCloseTo(law.density(-x), 12);

    // Sylvester: a congruence by an invertible matrix keeps the signs.
    const signs = discreteLaw([
      { at: -1, mass: 0.3 },
      { at: 2, mass: 0.7 },
    ]);
    const indefinite = freeMultiplicativeConvolution(signs, marchenkoPastur({ ratio: 0.2 }));
    expect(indexOf(indefinite)).toBeCloseTo(0.3, 13);
    expect(indefinite.support).toHaveLength(2);
    expectTransforms(indefinite, 1e-9);
  });

  it('compresses: a projection of rank 1/2 times a sign is half an arcsine law, and the index is that of the corner', () => {
    const sign = discreteLaw([
      { at: -1, mass: 0.5 },
      { at: 1, mass: 0.5 },
    ]);
    const law = freeMultiplicativeConvolution(projection(0.5), sign);
    expect(law.atoms).toEqual([{ at: 0, mass: 0.5 }]);
    expect(law.cumulative(0) - law.cumulative(-1e-12)).toBeCloseTo(0.5, 9);
    expect(indexOf(law)).toBeCloseTo(0.25, 13);
    for (const x of [-0.9, -0.2, 0.3, 0.8]) {
      expect(law.density(x)).toBeCloseTo(1 / (2 * Math.PI * Math.sqrt(1 - x * x)), 11);
    }
  });

  it('keeps an atom at zero whatever the other law: the signs of the rest are those of the congruence', () => {
    const positive = discreteLaw([
      { at: 0.56, mass: 0.498 },
      { at: 1.387, mass: 0.502 },
    ]);
    const thirds = discreteLaw([-1, 0, 1].map((at) => ({ at, mass: 1 / 3 })));
    const law = freeMultiplicativeConvolution(positive, thirds);
    expect(law.support).toHaveLength(2);
    expect(indexOf(law)).toBeCloseTo(1 / 3, 13);
    expect(law.cumulative(0)).toBeCloseTo(2 / 3, 13);
    expect(law.cumulative(1e-20)).toBeCloseTo(2 / 3, 13);
    // E X^2 = tau(a^2) tau(b)^2 + tau(a)^2 tau(b^2) - tau(a)^2 tau(b)^2, with tau(b) = 0.
    expect(expectation(law, (x) => x * x)).toBeCloseTo((positive.moment(1) ** 2 * 2) / 3, 9);
  });

  it('of two laws with the same mass at zero is singular there, and loses none', () => {
    const [a, b] = [empiricalLaw(Float64Array.of(0, 0, 0, 1, 2)), empiricalLaw(Float64Array.of(0, 0, 0, 0.5, 3))];
    const law = freeMultiplicativeConvolution(a, b);
    expect(law.atoms).toEqual([{ at: 0, mass: 0.6 }]);
    expect(edges(law)[0]).toBe(0);
    expect(law.cumulative(1e-24)).toBeCloseTo(0.6, 11);
    expect(expectation(law, (x) => x)).toBeCloseTo(a.moment(1) * b.moment(1), 9);
  });

  it('with a point is a dilation, also by a negative number', () => {
    const law = freeMultiplicativeConvolution(marchenkoPastur({ ratio: 0.5 }), discreteLaw([{ at: -2, mass: 1 }]));
    expect(law.moment(1)).toBe(-2);
    expect(law.cumulative(-1)).toBeCloseTo(1 - marchenkoPastur({ ratio: 0.5 }).cumulative(0.5), 14);
    const zero = freeMultiplicativeConvolution(marchenkoPastur({ ratio: 0.5 }), discreteLaw([{ at: 0, mass: 1 }]));
    expect(zero.atoms).toEqual([{ at: 0, mass: 1 }]);
  });

  it('needs no more of a law than its Stieltjes transform', () => {
    const a = marchenkoPastur({ ratio: 0.4 });
    const sign = discreteLaw([
      { at: -1, mass: 0.3 },
      { at: 2, mass: 0.7 },
    ]);
    const one = freeMultiplicativeConvolution(plain(a), sign);
    const other = freeMultiplicativeConvolution(a, sign);
    expect(differences(one, other, 40).density).toBeLessThan(1e-8);
    expect(differences(one, other, 40).cumulative).toBeLessThan(1e-9);
  });

  it('refuses two laws with mass below zero', () => {
    const law = semicircle({ variance: 1 });
    expect(() => freeMultiplicativeConvolution(law, law)).toThrow(
      'needs a law without mass below zero, found "semicircle, variance 1" from -2',
    );
  });
});
