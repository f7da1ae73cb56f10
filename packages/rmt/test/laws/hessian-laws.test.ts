import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  gaussianOrthogonal,
  improvedHessian,
  kolmogorovSmirnov,
  marchenkoPastur,
  productWishart,
  productWishartMatrix,
  wishart,
  wishartPlusWigner,
} from '../../src/index.js';
import { rigidBound } from '../oracles.js';

const ratios = [0.01, 0.1, 1 / 3, 0.5, 0.8, 0.97];

/** The cubic or quartic of G as Pennington & Bahri print it (sec. 4.1, 6.1, 6.3), at real z, constant term first. */
const equations = {
  wishartPlusWigner: (z: number, phi: number, eps: number) => [-1, z + phi - 1, -(2 * eps + z * phi), 2 * eps * phi],
  productWishart: (z: number, phi: number, eps: number) => [2, -2 * z, eps * phi * (1 - phi), eps * phi * phi * z],
  improvedHessian: (z: number, phi: number, eps: number, sigma: number) => [
    2,
    -2 * (z + sigma * phi - sigma),
    2 * z * sigma * phi + eps * phi - eps * phi * phi,
    eps * phi * phi * (z + sigma * phi - 2 * sigma),
    -z * sigma * eps * phi ** 3,
  ],
};

/** The imaginary part of the only complex pair of roots over pi, by Durand & Kerner's iteration. */
function densityOfRoots(coefficients: readonly number[]): number {
  const degree = coefficients.length - 1;
  const reach = 1 + Math.max(...coefficients.map((c) => Math.abs(c / coefficients[degree])));
  const re = Array.from({ length: degree }, (_, i) => reach * 0.5 * Math.cos((2 * Math.PI * i) / degree + 0.4));
  const im = Array.from({ length: degree }, (_, i) => reach * 0.5 * Math.sin((2 * Math.PI * i) / degree + 0.4));
  for (let sweep = 0; sweep < 2000; sweep++) {
    for (let i = 0; i < degree; i++) {
      let [p, q] = [0, 0];
      for (let k = degree; k >= 0; k--)
        [p, q] = [p * re[i] - q * im[i] + coefficients[k] / coefficients[degree], p * im[i] + q * re[i]];
      for (let j = 0; j < degree; j++) {
        if (j === i) continue;
        const [u, v] = [re[i] - re[j], im[i] - im[j]];
        [p, q] = [(p * u + q * v) / (u * u + v * v), (q * u - p * v) / (u * u + v * v)];
      }
      re[i] -= p;
      im[i] -= q;
    }
  }
  return Math.max(...im) / Math.PI;
}

describe.each([
  { name: 'wishartPlusWigner', law: wishartPlusWigner, sigma: 1 },
  { name: 'improvedHessian', law: (p: { ratio: number; energy: number }) => improvedHessian(p), sigma: 1 },
  {
    name: 'improvedHessian of scale 0.3',
    law: (p: { ratio: number; energy: number }) => improvedHessian({ ...p, scale: 0.3 }),
    sigma: 0.3,
  },
])('$name', ({ name, law, sigma }) => {
  const critical = (ratio: number) => law({ ratio, energy: 0 }).criticalEnergy;

  it('has its lower edge at zero at the critical energy, above zero below it, below zero above it', () => {
    for (const ratio of ratios) {
      const energy = critical(ratio);
      const at = law({ ratio, energy });
      const width = at.support[0][1] - at.support[0][0];
      expect(Math.abs(at.support[0][0]) / width).toBeLessThan(1e-14);
      expect(law({ ratio, energy: energy * (1 - 1e-6) }).support[0][0]).toBeGreaterThan(0);
      expect(law({ ratio, energy: energy * (1 - 1e-6) }).index).toBe(0);
      expect(law({ ratio, energy: energy * (1 + 1e-6) }).support[0][0]).toBeLessThan(0);
      expect(law({ ratio, energy: energy * (1 + 1e-6) }).index).toBeGreaterThan(0);
    }
    for (const ratio of [1, 1.5, 4]) {
      expect(critical(ratio)).toBe(0);
      expect(law({ ratio, energy: 1e-9 }).support[0][0]).toBeLessThan(0);
      expect(law({ ratio, energy: 1 }).indexPrefactor).toBe(null);
    }
  });

  it('has an index that grows as alpha_0 ((energy - critical)/critical)^(3/2), to first order in the excess', () => {
    for (const ratio of ratios) {
      const deviation = (excess: number) => {
        const { index, criticalEnergy, indexPrefactor } = law({ ratio, energy: critical(ratio) * (1 + excess) });
        expect(criticalEnergy).toBe(critical(ratio));
        return index / ((indexPrefactor as number) * excess ** 1.5) - 1;
      };
      for (const excess of [1e-3, 1e-4, 1e-5]) {
        expect(Math.abs(deviation(excess))).toBeLessThan(1.5 * excess);
        // What is left when the first order is taken away is of the second, and the rounding of an index near 0.
        const rounding =
          ((4 + 1 / ratio) * Number.EPSILON) / law({ ratio, energy: critical(ratio) * (1 + excess) }).index;
        expect(Math.abs(2 * deviation(excess) - deviation(2 * excess))).toBeLessThan(10 * excess ** 2 + rounding);
      }
    }
  });

  it('has a critical energy that vanishes like (1 - phi)^3', () => {
    const limit = name === 'wishartPlusWigner' ? 2 / 27 : (8 / 27) * sigma ** 2;
    for (const gap of [1e-3, 1e-6, 1e-9]) {
      expect(Math.abs(critical(1 - gap) / gap ** 3 / limit - 1)).toBeLessThan(2 * gap + 1e-6);
    }
  });

  it('is the Marchenko-Pastur law at energy 0', () => {
    for (const ratio of [0.2, 1, 3]) {
      const [limit, closed] = [law({ ratio, energy: 0 }), marchenkoPastur({ ratio, scale: sigma })];
      expect(limit.atoms).toEqual(closed.atoms);
      expect(limit.index).toBe(0);
      for (const x of [-0.1, 0.001, 0.1, 0.5, 1, 2, 7]) {
        expect(limit.cumulative(sigma * x)).toBeCloseTo(closed.cumulative(sigma * x), 14);
        const density = closed.density(sigma * x);
        expect(Math.abs(limit.density(sigma * x) - density)).toBeLessThan(1e-12 * (1 + density));
      }
    }
  });

  it('solves the equation of the paper, with its only complex pair of roots', () => {
    const equation = equations[name === 'wishartPlusWigner' ? 'wishartPlusWigner' : 'improvedHessian'];
    for (const [ratio, energy] of [
      [0.25, 0.4],
      [0.7, 0.1],
      [1.4, 1],
      [3, 0.5],
    ]) {
      const { support, density } = law({ ratio, energy });
      for (const [a, b] of support) {
        for (const share of [0.03, 0.3, 0.6, 0.95]) {
          const x = a + share * (b - a);
          expect(density(x)).toBeCloseTo(densityOfRoots(equation(x, ratio, energy, sigma)), 9);
        }
      }
    }
  });

  it('refuses a ratio that is not positive and an energy that is negative, naming them', () => {
    expect(() => law({ ratio: 0, energy: 1 })).toThrow(/ratio phi of the .* law must be positive and finite, found 0/);
    expect(() => law({ ratio: Number.NaN, energy: 1 })).toThrow(RangeError);
    expect(() => law({ ratio: 1, energy: -1 })).toThrow(/energy epsilon .* finite and not negative, found -1/);
    expect(() => law({ ratio: 1, energy: Number.POSITIVE_INFINITY })).toThrow(RangeError);
  });
});

describe('the index', () => {
  it('is the closed form in the root of the equation at z = 0', () => {
    // alpha = 1 + (1/pi) [arg G + eps Im G^2 - arg(1 - phi G)/phi] for Wishart + Wigner, G in the lower half-plane.
    for (const [ratio, energy] of [
      [0.3, 0.2],
      [2, 0.01],
    ]) {
      const law = wishartPlusWigner({ ratio, energy });
      const { re, im } = law.stieltjesTransform({ re: 0, im: 1e-13 });
      const bracket = Math.atan2(im, re) + 2 * energy * re * im - Math.atan2(-ratio * im, 1 - ratio * re) / ratio;
      expect(law.index).toBeCloseTo(1 + bracket / Math.PI, 11);
    }
  });

  it('approaches one half as the energy grows past the Wishart part', () => {
    expect(wishartPlusWigner({ ratio: 0.5, energy: 1e8 }).index).toBeCloseTo(0.5, 3);
    expect(improvedHessian({ ratio: 0.5, energy: 1e10 }).index).toBeCloseTo(0.5, 3);
  });
});

describe('productWishart', () => {
  it('has the printed edges, atom and moments', () => {
    for (const [ratio, energy] of [
      [0.3, 0.2],
      [1, 2],
      [2.5, 0.7],
    ]) {
      const law = productWishart({ ratio, energy });
      const root = (1 + 8 * ratio) ** 1.5;
      const polynomial = 8 * ratio ** 2 + 20 * ratio - 1;
      const [a, b] = [law.support[0][0], law.support[law.support.length - 1][1]];
      expect(b).toBeCloseTo(Math.sqrt((energy * (polynomial + root)) / 16), 14);
      expect(a).toBeCloseTo(-b, 14);
      expect(law.support).toHaveLength(ratio > 1 ? 2 : 1);
      if (ratio > 1) {
        expect(law.atoms).toHaveLength(1);
        expect(law.atoms[0].at).toBe(0);
        expect(law.atoms[0].mass).toBeCloseTo(1 - 1 / ratio, 14);
        // The product of the squares of both edges: eps^2 ((8 phi^2 + 20 phi - 1)^2 - (1 + 8 phi)^3)/256.
        expect(law.support[1][0]).toBeCloseTo(Math.sqrt((energy * (polynomial - root)) / 16), 14);
      }
      expect([1, 3, 5].map(law.moment)).toEqual([0, 0, 0]);
      expect(law.moment(2)).toBeCloseTo((energy * ratio) / 2, 14);
      expect(law.moment(4)).toBeCloseTo(energy ** 2 * (ratio ** 3 / 4 + ratio ** 2 / 2), 13);
      expect(law.index).toBeCloseTo(Math.min(1, 1 / ratio) / 2, 13);
    }
  });

  it('solves the equation of the paper', () => {
    for (const [ratio, energy] of [
      [0.3, 0.2],
      [2.5, 0.7],
    ]) {
      const { support, density } = productWishart({ ratio, energy });
      const [a, b] = support[support.length - 1];
      for (const x of [a + 0.2 * (b - a), a + 0.6 * (b - a), a + 0.9 * (b - a)]) {
        expect(density(x)).toBeCloseTo(densityOfRoots(equations.productWishart(x, ratio, energy)), 9);
      }
    }
  });

  it('diverges like x^(-1/3) at zero at ratio 1', () => {
    const law = productWishart({ ratio: 1, energy: 1 });
    expect(law.support).toHaveLength(1);
    expect(law.atoms).toEqual([]);
    expect(law.density(1e-9) / law.density(8e-9)).toBeCloseTo(2, 5);
    expect(law.cumulative(0)).toBeCloseTo(0.5, 14);
    expect(law.quantile(0.5)).toBeCloseTo(0, 10);
  });

  it('refuses energies and ratios that are not positive', () => {
    expect(() => productWishart({ ratio: 1, energy: 0 })).toThrow('energy epsilon of a product Wishart law');
    expect(() => productWishart({ ratio: -2, energy: 1 })).toThrow('found -2');
  });
});

describe('eigenvalues of sampled matrices', () => {
  let algebra: LinearAlgebra;
  beforeAll(async () => {
    algebra = await linearAlgebra();
  });
  const n = 600;

  const residualPart = (ratio: number, energy: number, name: string) =>
    productWishartMatrix({ dimension: n / 2, samples: n / 2 / ratio, energy }, randomStream(5, name), algebra);
  const sum = (one: Float64Array, other: Float64Array) => one.map((x, i) => x + other[i]);

  it.each([
    [0.5, 0.3],
    [2, 0.02],
  ])('follow Wishart + Wigner at ratio %d, energy %d', async (ratio, energy) => {
    const stream = randomStream(5, `wigner ${ratio}`);
    const matrix = sum(
      wishart({ dimension: n, samples: n / ratio }, stream.stream('wishart'), algebra),
      gaussianOrthogonal(n, stream.stream('wigner'), { variance: 2 * energy }),
    );
    const values = await algebra.symmetricEigenvalues(matrix, n, { overwrite: true });
    expect(kolmogorovSmirnov(values, wishartPlusWigner({ ratio, energy }))).toBeLessThan(rigidBound(n));
  });

  it.each([
    [0.5, 0.3],
    [1, 1],
    [1.5, 2],
  ])('follow the product Wishart law at ratio %d, energy %d', async (ratio, energy) => {
    const matrix = residualPart(ratio, energy, `product ${ratio}`);
    const values = await algebra.symmetricEigenvalues(matrix, n, { overwrite: true });
    const law = productWishart({ ratio, energy });
    // Eigenvalues come in pairs of opposite sign: n/2 of them fluctuate, each counted twice.
    expect(kolmogorovSmirnov(values, law, { atomTolerance: 1e-12 })).toBeLessThan(rigidBound(n / 2));
  });

  it.each([
    [0.5, 0.3],
    [1.5, 0.02],
  ])('follow the improved law at ratio %d, energy %d', async (ratio, energy) => {
    // The Wishart part is invariant under rotations, so the two are free without one of our own.
    const gaussNewton = wishart(
      { dimension: n, samples: n / ratio, scale: 0.7 },
      randomStream(5, `improved ${ratio}`),
      algebra,
    );
    const matrix = sum(gaussNewton, residualPart(ratio, energy, `improved ${ratio}`));
    const values = await algebra.symmetricEigenvalues(matrix, n, { overwrite: true });
    expect(kolmogorovSmirnov(values, improvedHessian({ ratio, energy, scale: 0.7 }))).toBeLessThan(rigidBound(n / 2));
  });
});
