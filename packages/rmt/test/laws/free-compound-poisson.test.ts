import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  type FreeCompoundPoisson,
  freeCompoundPoisson,
  improvedHessian,
  kolmogorovSmirnov,
  lawOfDensity,
  marchenkoPastur,
  productWishart,
  semicircle,
  wishartPlusWigner,
} from '../../src/index.js';
import { expectLaw, independentBound, integral } from '../oracles.js';

const cases: readonly FreeCompoundPoisson[] = [
  wishartPlusWigner({ ratio: 0.25, energy: 0.02 }),
  wishartPlusWigner({ ratio: 0.9, energy: 0.3 }),
  wishartPlusWigner({ ratio: 3, energy: 0.02 }),
  productWishart({ ratio: 0.25, energy: 0.3 }),
  productWishart({ ratio: 1.5, energy: 2 }),
  improvedHessian({ ratio: 0.25, energy: 0.5 }),
  improvedHessian({ ratio: 1.5, energy: 1e-4, scale: 0.7 }),
  improvedHessian({ ratio: 3, energy: 0.02, scale: 0.7 }),
  // Two jumps of one size: the scale sigma phi of the Wishart part is that of the product Wishart part.
  improvedHessian({ ratio: 0.5, energy: 2 }),
  freeCompoundPoisson({
    name: 'five parts',
    drift: -0.3,
    variance: 0.001,
    jumps: [
      { size: -2, rate: 0.2 },
      { size: 0.3, rate: 0.1 },
      { size: 1, rate: 0.05 },
      { size: 5, rate: 0.2 },
    ],
  }),
];

describe('freeCompoundPoisson', () => {
  it.each(cases)('is a law, its closed cumulative the integral of its density: $name', (law) => {
    expectLaw(law, 1e-11);
  });

  it.each([
    improvedHessian({ ratio: 4, energy: 1e-14 }),
    improvedHessian({ ratio: 1e4, energy: 1e-3, scale: 1e5 }),
    improvedHessian({ ratio: 30, energy: 1e10 }),
    wishartPlusWigner({ ratio: 1e-6, energy: 1e10 }),
  ])('is so too where its parts are up to a million times as large as one another: $name', (law) => {
    expectLaw(law, 1e-11);
  });

  it('has half of its mass up to zero where it is symmetric, also if its density diverges there', () => {
    for (const ratio of [1e-6, 0.3, 1, 1.7]) {
      const law = productWishart({ ratio, energy: 0.1 });
      const atom = law.atoms.reduce((sum, { mass }) => sum + mass, 0);
      expect(law.cumulative(0)).toBeCloseTo((1 + atom) / 2, 14);
    }
  });

  it.each(cases)('agrees with its density integrated in panels, to 1e-11 everywhere: $name', (law) => {
    const { name, support, density, atoms } = law;
    const integrated = lawOfDensity({ name, support, density, atoms });
    const [a, b] = [support[0][0], support[support.length - 1][1]];
    for (let i = -20; i <= 2020; i++) {
      const x = a + ((b - a) * i) / 2000;
      expect(Math.abs(law.cumulative(x) - integrated.cumulative(x)), `at ${x}`).toBeLessThan(1e-11);
    }
    const below = integrated.cumulative(0) - (atoms.find(({ at }) => at === 0)?.mass ?? 0);
    expect(Math.abs(law.index - below)).toBeLessThan(1e-11);
  });

  it('has the mass of its density, and its cumulative, for a hundred random sets of parameters', () => {
    const random = randomStream(12, 'parameters');
    for (let i = 0; i < 100; i++) {
      const jumps = Array.from({ length: 1 + random.integer(4) }, () => ({
        size: random.normal() * Math.exp(random.normal()),
        rate: Math.exp(2 * random.normal()),
      }));
      const variance = random.uniform() < 0.5 ? 0 : Math.exp(3 * random.normal());
      const law = freeCompoundPoisson({ name: JSON.stringify({ variance, jumps }), variance, jumps });
      const { name, support, density, atoms } = law;
      const integrated = lawOfDensity({ name, support, density, atoms, massTolerance: 1e-10 });
      for (const [a, b] of support) {
        for (let k = 0; k <= 20; k++) {
          const x = a + (b - a) * Math.sin((Math.PI * k) / 40) ** 2;
          expect(Math.abs(law.cumulative(x) - integrated.cumulative(x)), `${name} at ${x}`).toBeLessThan(1e-10);
        }
      }
    }
  });

  it.each(cases)('has quantiles that undo its cumulative, and draws that follow it: $name', (law) => {
    for (const [a, b] of law.support) {
      for (const share of [0.001, 0.2, 0.6, 0.99]) {
        const x = a + share * (b - a);
        expect(Math.abs(law.quantile(law.cumulative(x)) - x)).toBeLessThan(1e-10 * (b - a));
      }
    }
    const draws = law.sample(5000, randomStream(4, law.name)).sort();
    expect(kolmogorovSmirnov(draws, law)).toBeLessThan(independentBound(5000));
  });

  it.each(cases)('has the Stieltjes transform of its density and atoms: $name', (law) => {
    const [a, b] = [law.support[0][0], law.support[law.support.length - 1][1]];
    for (const [re, im] of [
      [a - 1, 0.1],
      [(a + b) / 2, 0.3],
      [0.01, -0.2],
      [b, 2],
      [0.3 * a + 0.7 * b, -50],
    ]) {
      const transform = { re: 0, im: 0 };
      const add = (x: number, mass: number) => {
        const squared = (re - x) ** 2 + im * im;
        transform.re += (mass * (re - x)) / squared;
        transform.im -= (mass * im) / squared;
      };
      for (const { at, mass } of law.atoms) add(at, mass);
      for (const [lower, upper] of law.support) {
        transform.re += integral((x) => (law.density(x) * (re - x)) / ((re - x) ** 2 + im * im), lower, upper);
        transform.im -= integral((x) => (law.density(x) * im) / ((re - x) ** 2 + im * im), lower, upper);
      }
      const found = law.stieltjesTransform({ re, im });
      expect(Math.abs(found.re - transform.re)).toBeLessThan(1e-11);
      expect(Math.abs(found.im - transform.im)).toBeLessThan(1e-11);
    }
  });

  it('tends to its density, and outside the support to nothing, as the real axis is approached', () => {
    for (const law of cases) {
      for (const [a, b] of law.support) {
        for (const share of [0.1, 0.5, 0.9]) {
          const x = a + share * (b - a);
          const { im } = law.stieltjesTransform({ re: x, im: 1e-12 * (b - a) });
          expect(-im / Math.PI / law.density(x)).toBeCloseTo(1, 8);
        }
      }
      const beyond = law.support[law.support.length - 1][1] + 0.1;
      expect(Math.abs(law.stieltjesTransform({ re: beyond, im: 1e-12 }).im)).toBeLessThan(1e-9);
    }
  });

  it('solves R(G) + 1/G = z at a thousand points of the upper half-plane, with G in the lower', () => {
    const random = randomStream(9, 'points');
    for (let i = 0; i < 1000; i++) {
      const jumps = Array.from({ length: 1 + random.integer(4) }, () => ({
        size: random.normal() * Math.exp(2 * random.normal()),
        rate: Math.exp(2 * random.normal()),
      }));
      const variance = random.uniform() < 0.5 ? 0 : Math.exp(3 * random.normal());
      const law = freeCompoundPoisson({ name: 'random', variance, jumps });
      const z = { re: 10 * random.normal(), im: Math.exp(-25 * random.uniform()) };
      const { re, im } = law.stieltjesTransform(z);
      expect(im).toBeLessThan(0);
      // z = sum of size rate/(1 - size G) + variance G + 1/G, each term by its conjugate.
      const squared = re * re + im * im;
      let [sumRe, sumIm] = [variance * re + re / squared, variance * im - im / squared];
      let size = Math.hypot(variance * re, re / squared);
      for (const { size: jump, rate } of jumps) {
        const [p, q] = [1 - jump * re, -jump * im];
        sumRe += (jump * rate * p) / (p * p + q * q);
        sumIm -= (jump * rate * q) / (p * p + q * q);
        size += Math.abs(jump * rate) / Math.hypot(p, q);
      }
      expect(Math.hypot(sumRe - z.re, sumIm - z.im)).toBeLessThan(1e-11 * (size + Math.hypot(z.re, z.im)));
    }
  });

  it('is the semicircle without jumps, Marchenko-Pastur with one, and its mirror image with a negative one', () => {
    const wigner = freeCompoundPoisson({ name: 'none', variance: 2, jumps: [] });
    const wishart = freeCompoundPoisson({ name: 'one', jumps: [{ size: 0.6, rate: 0.5 }] });
    const mirrored = freeCompoundPoisson({ name: 'negative', drift: 1, jumps: [{ size: -0.6, rate: 0.5 }] });
    const [wignerClosed, wishartClosed] = [semicircle({ variance: 2 }), marchenkoPastur({ ratio: 2, scale: 0.3 })];
    for (let i = -30; i <= 30; i++) {
      const x = i / 10;
      expect(wigner.cumulative(x)).toBeCloseTo(wignerClosed.cumulative(x), 13);
      expect(wigner.density(x)).toBeCloseTo(wignerClosed.density(x), 13);
      expect(wishart.cumulative(x)).toBeCloseTo(wishartClosed.cumulative(x), 13);
      expect(wishart.density(x)).toBeCloseTo(wishartClosed.density(x), 12);
      if (x !== 1) expect(mirrored.cumulative(x)).toBeCloseTo(1 - wishartClosed.cumulative(1 - x), 13);
    }
    expect(wishart.atoms).toEqual(wishartClosed.atoms);
    expect(mirrored.atoms).toEqual([{ at: 1, mass: 0.5 }]);
    expect(wishart.support[0][0]).toBeCloseTo(wishartClosed.support[0][0], 14);
    expect(wishart.support[0][1]).toBeCloseTo(wishartClosed.support[0][1], 14);
  });

  it('has edges between which z(w) has no real slope: the density vanishes at each like a square root', () => {
    for (const law of cases) {
      for (const [a, b] of law.support) {
        const step = 1e-7 * (b - a);
        expect(law.density(a + 4 * step) / law.density(a + step)).toBeCloseTo(2, 2);
        expect(law.density(b - 4 * step) / law.density(b - step)).toBeCloseTo(2, 2);
      }
    }
  });

  it('refuses sizes of zero, rates and variances below zero, and the real axis', () => {
    const law = (jumps: { size: number; rate: number }[], more = {}) =>
      freeCompoundPoisson({ name: 'bad', jumps, ...more });
    expect(() => law([{ size: 0, rate: 1 }])).toThrow('jump sizes of "bad" must be finite and not zero, found 0');
    expect(() => law([{ size: 1, rate: 0 }])).toThrow('jump rates of "bad" must be positive and finite, found 0');
    expect(() => law([], { variance: -1 })).toThrow('variance of "bad" must be finite and not negative, found -1');
    expect(() => law([])).toThrow('variance of "bad" must be positive, for there are no jumps');
    expect(() => law([], { variance: 1, drift: Number.NaN })).toThrow('drift of "bad"');
    expect(() => cases[0].stieltjesTransform({ re: 1, im: 0 })).toThrow('off the real axis');
  });
});
