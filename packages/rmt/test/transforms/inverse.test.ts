import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  blueTransform,
  type Complex,
  discreteLaw,
  empiricalLaw,
  freeAdditiveConvolution,
  freeCumulants,
  freeMultiplicativeConvolution,
  marchenkoPastur,
  rTransform,
  semicircle,
  sTransform,
} from '../../src/index.js';
import { plain } from '../free/oracles.js';

const close = (found: Complex, expected: Complex, digits: number) => {
  expect(found.re).toBeCloseTo(expected.re, digits);
  expect(found.im).toBeCloseTo(expected.im, digits);
};
const real = (re: number): Complex => ({ re, im: 0 });
const spectrum = empiricalLaw(
  randomStream(1, 'inverse')
    .normals(60)
    .map((x) => x + 0.5)
    .sort(),
);
const positive = discreteLaw([
  { at: 0, mass: 0.2 },
  { at: 1, mass: 0.5 },
  { at: 3, mass: 0.3 },
]);

describe('rTransform', () => {
  it('of a semicircle is variance g, of Marchenko-Pastur scale/(1 - scale ratio g), in closed form or by inversion', () => {
    const [s, mp] = [semicircle({ variance: 2 }), marchenkoPastur({ ratio: 0.5, scale: 2 })];
    for (const g of [0.3, -0.2, 0.001]) {
      for (const law of [s, plain(s)]) close(rTransform(law, real(g)), real(2 * g), 10);
      for (const law of [mp, plain(mp)]) close(rTransform(law, real(g)), real(2 / (1 - g)), 10);
    }
    close(rTransform(plain(s), { re: 0.2, im: -0.3 }), { re: 0.4, im: -0.6 }, 11);
  });

  it('of a Bernoulli law is (sqrt(1 + 4 g^2) - 1)/(2 g)', () => {
    const bernoulli = discreteLaw([
      { at: -1, mass: 0.5 },
      { at: 1, mass: 0.5 },
    ]);
    for (const g of [0.01, 0.5, 4, -30]) {
      expect(rTransform(bernoulli, real(g)).re).toBeCloseTo((Math.sqrt(1 + 4 * g * g) - 1) / (2 * g), 12);
    }
  });

  it('of a measured spectrum is the power series of its free cumulants', () => {
    const cumulants = freeCumulants(Array.from({ length: 10 }, (_, i) => spectrum.moment(i + 1)));
    const g = 0.02;
    const series = cumulants.reduceRight((sum, cumulant) => cumulant + g * sum, 0);
    expect(rTransform(spectrum, real(g)).re).toBeCloseTo(series, 9);
  });

  it('adds when laws are added freely, at complex arguments too', () => {
    const sum = freeAdditiveConvolution(spectrum, positive);
    for (const g of [real(0.2), real(-0.3), { re: 0.1, im: -0.15 }, { re: -0.05, im: 0.1 }]) {
      const [a, b] = [rTransform(spectrum, g), rTransform(positive, g)];
      close(rTransform(sum, g), { re: a.re + b.re, im: a.im + b.im }, 9);
    }
  });

  it('ends where the inverse ends', () => {
    // G = 1/s at the edge 2 s of a semicircle.
    const law = plain(semicircle({ variance: 1 }));
    expect(rTransform(law, real(0.99)).re).toBeCloseTo(0.99, 7);
    expect(() => rTransform(law, real(1.1))).toThrow('cannot be inverted at 1.1 + 0i: the inverse ends near');
    expect(() => rTransform(law, real(0))).toThrow('finite points but zero');
    expect(() => rTransform(semicircle({ variance: 1 }), { re: Number.NaN, im: 0 })).toThrow(RangeError);
  });
});

describe('blueTransform', () => {
  it('undoes the Stieltjes transform', () => {
    for (const law of [spectrum, positive, marchenkoPastur({ ratio: 2 })]) {
      for (const z of [
        { re: 6, im: 2 },
        { re: -4, im: -3 },
      ]) {
        close(blueTransform(law, law.stieltjesTransform(z)), z, 10);
      }
    }
  });
});

describe('sTransform', () => {
  it('of Marchenko-Pastur is 1/(scale (1 + ratio s))', () => {
    const law = marchenkoPastur({ ratio: 0.5, scale: 2 });
    for (const s of [-0.9, -0.5, 0.1]) expect(sTransform(law, real(s)).re).toBeCloseTo(1 / (2 * (1 + 0.5 * s)), 9);
    close(sTransform(law, { re: 0.1, im: 0.2 }), { re: 0.5 * (1.05 / 1.1125), im: -0.5 * (0.1 / 1.1125) }, 11);
  });

  it('of a projection is (1 + s)/(p + s), down to its mass at zero', () => {
    const law = discreteLaw([
      { at: 0, mass: 0.7 },
      { at: 1, mass: 0.3 },
    ]);
    for (const s of [-0.29, -0.1, 0.5]) {
      expect(sTransform(law, real(s)).re / ((1 + s) / (0.3 + s))).toBeCloseTo(1, 11);
    }
  });

  it('multiplies when laws are multiplied freely', () => {
    const law = freeMultiplicativeConvolution(positive, spectrum);
    for (const s of [real(-0.02), { re: 0.02, im: -0.03 }]) {
      const [a, b] = [sTransform(positive, s), sTransform(spectrum, s)];
      close(sTransform(law, s), { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re }, 8);
    }
  });

  it('needs a mean', () => {
    expect(() => sTransform(semicircle({ variance: 1 }), real(-0.1))).toThrow('mean is not zero, found mean 0');
  });
});
