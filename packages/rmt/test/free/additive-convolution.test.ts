import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  affineImage,
  discreteLaw,
  empiricalLaw,
  freeAdditiveConvolution,
  indexOf,
  marchenkoPastur,
  momentsOfFreeCumulants,
  type SpectralLaw,
  semicircle,
} from '../../src/index.js';
import { expectLaw } from '../oracles.js';
import { differences, expectation, expectTransforms, plain, withoutTriple } from './oracles.js';

const bernoulli = discreteLaw([
  { at: -1, mass: 0.5 },
  { at: 1, mass: 0.5 },
]);
const edges = (law: SpectralLaw) => law.support.flat();

describe('freeAdditiveConvolution', () => {
  it('of two Bernoulli laws is the arcsine law', () => {
    const law = freeAdditiveConvolution(bernoulli, bernoulli);
    expect(law.support).toHaveLength(1);
    expect(edges(law)[0]).toBeCloseTo(-2, 11);
    expect(edges(law)[1]).toBeCloseTo(2, 11);
    for (let x = -1.99; x < 2; x += 0.03) {
      expect(Math.abs(law.density(x) * Math.PI * Math.sqrt(4 - x * x) - 1)).toBeLessThan(1e-12);
      expect(Math.abs(law.cumulative(x) - 0.5 - Math.asin(x / 2) / Math.PI)).toBeLessThan(1e-14);
    }
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map((k) => law.moment(k))).toEqual([1, 0, 2, 0, 6, 0, 20, 0, 70]);
    expect(law.quantile(0.75)).toBeCloseTo(Math.SQRT2, 12);
    expect(law.atoms).toEqual([]);
  });

  it.each([
    ['three atoms', 1e-5, [-1, 0, 1], [0.1, 0.8, 0.1]],
    ['five atoms far apart', Math.sqrt(0.05), [-10, -1, 0, 1, 100], [0.1, 0.2, 0.4, 0.2, 0.1]],
  ])('with a narrow semicircle has a piece around each of %s and no other', (_, deviation, places, masses) => {
    const atoms = places.map((at, i) => ({ at, mass: masses[i] }));
    const law = freeAdditiveConvolution(discreteLaw(atoms), semicircle({ variance: deviation ** 2 }));
    expect(law.support).toHaveLength(atoms.length);
    let below = 0;
    for (const [i, [lower, upper]] of law.support.entries()) {
      // A semicircle of the atom's share of the variance, to second order in the deviation over the distances.
      expect((upper - lower) / (4 * deviation * Math.sqrt(masses[i]))).toBeCloseTo(1, 1);
      expect(Math.abs(law.cumulative(lower) - below)).toBeLessThan(1e-9);
      below += masses[i];
      expect(Math.abs(law.cumulative(upper) - below)).toBeLessThan(1e-9);
    }
  });

  it.each([
    ['semicircles add their variances', { variance: 1 }, { variance: 2.5 }],
    ['also very different ones', { variance: 1 }, { variance: 1e-6 }],
  ])('by subordination: %s', (_, one, other) => {
    const sum = freeAdditiveConvolution(withoutTriple(semicircle(one)), withoutTriple(semicircle(other)));
    const exact = semicircle({ variance: one.variance + other.variance });
    expect(differences(sum, exact).density).toBeLessThan(1e-12);
    expect(differences(sum, exact).cumulative).toBeLessThan(1e-13);
    for (const i of [0, 1]) expect(edges(sum)[i]).toBeCloseTo(edges(exact)[i], 11);
    expect(Math.abs(sum.moment(6) / exact.moment(6) - 1)).toBeLessThan(1e-13);
  });

  it.each([
    [0.5, 0.5],
    [0.4, 3],
    [1, 1],
    [3, 3],
    [8, 5],
  ])('by subordination: free Poisson laws of one jump size add their rates, ratios %d and %d', (one, other) => {
    // Jump size scale * ratio = 1, rate 1/ratio.
    const rate = 1 / one + 1 / other;
    const [a, b] = [one, other].map((ratio) => withoutTriple(marchenkoPastur({ ratio, scale: 1 / ratio })));
    const sum = freeAdditiveConvolution(a, b);
    const exact = marchenkoPastur({ ratio: 1 / rate, scale: rate });
    expect(differences(sum, exact).density).toBeLessThan(1e-11);
    expect(differences(sum, exact).cumulative).toBeLessThan(1e-12);
    expect(sum.atoms).toHaveLength(exact.atoms.length);
    for (const [i, atom] of exact.atoms.entries()) {
      expect(sum.atoms[i].at).toBe(0);
      expect(sum.atoms[i].mass).toBeCloseTo(atom.mass, 14);
    }
    for (const i of [0, 1]) expect(edges(sum)[i]).toBeCloseTo(edges(exact)[i], 10);
  });

  it('gives a law whose cumulative, moments and quantiles agree with its density', () => {
    const three = discreteLaw([
      { at: -2, mass: 0.3 },
      { at: 0.1, mass: 0.2 },
      { at: 1, mass: 0.5 },
    ]);
    expectLaw(freeAdditiveConvolution(three, marchenkoPastur({ ratio: 0.3 })), 1e-9);
  });

  it('keeps to the cubic of Marchenko-Pastur + semicircle, by the equation and by subordination', () => {
    const [phi, eps] = [0.6, 0.35];
    const [h0, h1] = [marchenkoPastur({ ratio: phi }), semicircle({ variance: 2 * eps })];
    const algebraic = freeAdditiveConvolution(h0, h1);
    const subordinated = freeAdditiveConvolution(withoutTriple(h0), h1);
    for (const law of [algebraic, subordinated]) {
      for (const z of [
        { re: -0.4, im: 1e-3 },
        { re: 1.1, im: 0.2 },
        { re: 6, im: 1e-9 },
      ]) {
        // R(G) + 1/G = z for R = 1/(1 - phi g) + 2 eps g, times G (1 - phi G).
        const g = law.stieltjesTransform(z);
        const times = (a: typeof g, b: typeof g) => ({ re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re });
        const [g2, pole] = [times(g, g), { re: 1 - phi * g.re, im: -phi * g.im }];
        const rest = times({ re: 1 + 2 * eps * g2.re - times(z, g).re, im: 2 * eps * g2.im - times(z, g).im }, pole);
        expect(Math.hypot(rest.re + g.re, rest.im + g.im)).toBeLessThan(1e-13);
      }
    }
    expect(differences(subordinated, algebraic).density).toBeLessThan(1e-12);
    expect(differences(subordinated, algebraic).cumulative).toBeLessThan(1e-12);
    expect(indexOf(subordinated)).toBeCloseTo(indexOf(algebraic), 13);
    const ofDensity = expectation({ ...subordinated, support: [[edges(subordinated)[0], 0]] }, () => 1);
    expect(indexOf(subordinated)).toBeCloseTo(ofDensity, 9);
    const cumulants = [1, phi + 2 * eps, phi ** 2, phi ** 3, phi ** 4];
    momentsOfFreeCumulants(cumulants).forEach((moment, i) => {
      expect(Math.abs(subordinated.moment(i + 1) / moment - 1)).toBeLessThan(1e-13);
    });
  });

  it('needs no more of a law than its Stieltjes transform', () => {
    const [h0, h1] = [marchenkoPastur({ ratio: 0.6 }), semicircle({ variance: 0.7 })];
    const sum = freeAdditiveConvolution(plain(h0), plain(h1));
    const exact = freeAdditiveConvolution(h0, h1);
    expect(differences(sum, exact, 60).density).toBeLessThan(1e-9);
    expect(differences(sum, exact, 60).cumulative).toBeLessThan(1e-9);
    expect(indexOf(sum)).toBeCloseTo(indexOf(exact), 9);
    for (const i of [0, 1]) expect(edges(sum)[i]).toBeCloseTo(edges(exact)[i], 10);
  });

  it('splits into two intervals where a small semicircle meets two points, with the edges of the cubic', () => {
    const s2 = 0.01;
    const law = freeAdditiveConvolution(bernoulli, semicircle({ variance: s2 }));
    expect(law.support).toHaveLength(2);
    // x = w + s^2 G(w) is stationary at an edge: G'(w) = -(w^2 + 1)/(w^2 - 1)^2 = -1/s^2, with G = w/(w^2 - 1).
    const u = (2 + s2 + Math.sqrt(s2 ** 2 + 8 * s2)) / 2;
    const v = (2 + s2 - Math.sqrt(s2 ** 2 + 8 * s2)) / 2;
    const edge = (w2: number) => Math.sqrt(w2) * (1 + s2 / (w2 - 1));
    const exact = [-edge(u), -edge(v), edge(v), edge(u)];
    edges(law).forEach((x, i) => {
      expect(x).toBeCloseTo(exact[i], 11);
    });
    for (const x of [-0.8, -0.1, 0, 0.3, 0.86]) {
      expect(law.cumulative(x)).toBeCloseTo(0.5, 14);
      expect(law.density(x)).toBe(0);
    }
    expect(law.quantile(0.25)).toBeCloseTo(-law.quantile(0.75), 12);
  });

  it('merges the two intervals where the variance of the semicircle reaches 1', () => {
    expect(freeAdditiveConvolution(bernoulli, semicircle({ variance: 0.999 })).support).toHaveLength(2);
    expect(freeAdditiveConvolution(bernoulli, semicircle({ variance: 1.001 })).support).toHaveLength(1);
  });

  it('has atoms where the masses sum to more than 1', () => {
    const a = discreteLaw([
      { at: 0, mass: 0.7 },
      { at: 1, mass: 0.3 },
    ]);
    const b = discreteLaw([
      { at: 0, mass: 0.6 },
      { at: 3, mass: 0.4 },
    ]);
    const law = freeAdditiveConvolution(a, b);
    expect(law.atoms.map(({ at }) => at)).toEqual([0, 3]);
    expect(law.atoms[0].mass).toBeCloseTo(0.3, 14);
    expect(law.atoms[1].mass).toBeCloseTo(0.1, 14);
    expect(law.cumulative(-1e-9)).toBe(0);
    expect(law.cumulative(0)).toBeCloseTo(0.3, 14);
    expect(indexOf(law)).toBe(0);
    expect(law.cumulative(3) - law.cumulative(3 - 1e-9)).toBeCloseTo(0.1, 14);
    expectTransforms(law, 1e-9);
  });

  it.each([1, 2, 3, 4, 5, 6])('loses no mass and no moments of random atoms, draw %d', (draw) => {
    const random = randomStream(draw, 'atoms');
    const [a, b] = [3 + random.integer(4), 10 + random.integer(30)].map((n) => empiricalLaw(random.normals(n).sort()));
    const law = freeAdditiveConvolution(a, affineImage(b, { scale: 10 ** -random.integer(3) }));
    for (const k of [0, 1, 2]) expect(expectation(law, (x) => x ** k)).toBeCloseTo(law.moment(k), 5);
    for (let i = 0; i < 40; i++) {
      const x = law.quantile((i + 0.5) / 40);
      expect(law.cumulative(x)).toBeCloseTo((i + 0.5) / 40, 10);
    }
  });

  it('with a point is a shift', () => {
    const law = freeAdditiveConvolution(marchenkoPastur({ ratio: 2 }), discreteLaw([{ at: -3, mass: 1 }]));
    expect(law.atoms).toEqual([{ at: -3, mass: 0.5 }]);
    expect(law.cumulative(-1)).toBe(marchenkoPastur({ ratio: 2 }).cumulative(2));
    expect(law.stieltjesTransform({ re: 0, im: 1 })).toEqual(
      marchenkoPastur({ ratio: 2 }).stieltjesTransform({ re: 3, im: 1 }),
    );
  });

  it('does not mind the order, nor sums of sums', () => {
    const parts = [bernoulli, withoutTriple(marchenkoPastur({ ratio: 0.7 })), semicircle({ variance: 0.2 })];
    const one = freeAdditiveConvolution(freeAdditiveConvolution(parts[0], parts[1]), parts[2]);
    const other = freeAdditiveConvolution(parts[0], freeAdditiveConvolution(parts[2], parts[1]));
    expect(differences(one, other, 12).density).toBeLessThan(1e-10);
    expect(differences(one, other, 12).cumulative).toBeLessThan(1e-10);
    expect(Math.abs(one.moment(5) - other.moment(5))).toBeLessThan(1e-12);
  });

  it('scales and shifts with its parts', () => {
    const [a, b] = [bernoulli, withoutTriple(marchenkoPastur({ ratio: 0.7 }))];
    const sum = freeAdditiveConvolution(a, b);
    const image = freeAdditiveConvolution(
      affineImage(a, { scale: -2e-5, shift: 0.1 }),
      affineImage(b, { scale: -2e-5, shift: 0.2 }),
    );
    const exact = affineImage(sum, { scale: -2e-5, shift: 0.1 + 0.2 });
    expect(differences(image, exact).density * 2e-5).toBeLessThan(1e-9);
    expect(differences(image, exact).cumulative).toBeLessThan(1e-9);
  });

  it('refuses laws without bounds', () => {
    const endless = { ...semicircle({ variance: 1 }), support: [[0, Number.POSITIVE_INFINITY]] as const };
    expect(() => freeAdditiveConvolution(endless, bernoulli)).toThrow('bounded support, found "semicircle');
  });
});
