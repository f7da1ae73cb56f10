import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  denseOperator,
  fromMatvec,
  hutchinson,
  hutchPlusPlus,
  randomVector,
  squaredFrobeniusNorm,
  xtrace,
} from '../../src/index.js';
import { type KnownSpectrum, spaced, withEigenvalues } from '../known-spectra.js';

const la = await linearAlgebra({ threads: 1 });
const decaying = await withEigenvalues(
  Array.from({ length: 120 }, (_, i) => (i % 3 === 0 ? -1 : 1) * 0.8 ** i),
  la,
);
const flat = await withEigenvalues(spaced(1, 3, 80), la);
const lowRank = await withEigenvalues([...Array.from({ length: 55 }, () => 0), -1, 2, 3, 4, 5], la);
const trace = ({ eigenvalues }: KnownSpectrum) => eigenvalues.reduce((sum, value) => sum + value);
const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value ** 2, 0);

describe('Hutchinson`s estimator', () => {
  it.each(['rademacher', 'normal'] as const)('has the variance of the closed form: %s', async (law) => {
    const products = 2000;
    const { n, data } = flat;
    const diagonal = Float64Array.from({ length: n }, (_, i) => data[i * n + i]);
    const variance = 2 * (squares(data) - (law === 'rademacher' ? squares(diagonal) : 0));
    const found = await hutchinson(denseOperator(flat, la), { products, law, random: randomStream(1, 'trace') });
    expect(Math.abs(found.value - trace(flat))).toBeLessThan(4 * Math.sqrt(variance / products));
    // The sample variance of 2000 samples, nearly normal ones, is known to 3 %.
    expect(found.standardError / Math.sqrt(variance / products)).toBeGreaterThan(0.9);
    expect(found.standardError / Math.sqrt(variance / products)).toBeLessThan(1.1);
  });

  it('is exact for a diagonal matrix with Rademacher vectors', async () => {
    const operator = fromMatvec(5, (v) => v.map((x, i) => x * i));
    const found = await hutchinson(operator, { products: 3, random: randomStream(1, 'trace') });
    expect(found).toEqual({ value: 10, standardError: 0, products: 3 });
  });
});

describe('the squared Frobenius norm', () => {
  it('is the sum of squared eigenvalues, within the error of the closed form', async () => {
    const products = 1000;
    const random = randomStream(2, 'norm');
    const found = await squaredFrobeniusNorm(denseOperator(flat, la), { products, random });
    const fourth = flat.eigenvalues.reduce((sum, value) => sum + value ** 4, 0);
    expect(Math.abs(found.value - squares(flat.eigenvalues))).toBeLessThan(4 * Math.sqrt((2 * fourth) / products));
    expect(found.standardError).toBeLessThan(1.1 * Math.sqrt((2 * fourth) / products));
  });
});

describe.each([
  ['Hutch++', hutchPlusPlus],
  ['XTrace', xtrace],
])('%s', (_, estimator) => {
  it('is unbiased, with standard errors that are the spread of its values', async () => {
    const runs = 200;
    for (const matrix of [flat, decaying]) {
      const operator = denseOperator(matrix, la);
      const values: number[] = [];
      let variances = 0;
      for (let i = 0; i < runs; i++) {
        const random = randomStream(i, 'trace');
        const { value, standardError } = await estimator(operator, { products: 30, random, linearAlgebra: la });
        values.push(value);
        variances += standardError ** 2 / runs;
      }
      const mean = values.reduce((sum, value) => sum + value) / runs;
      const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1);
      expect(Math.abs(mean - trace(matrix))).toBeLessThan(4 * Math.sqrt(spread / runs));
      expect(variances / spread).toBeGreaterThan(0.6);
      expect(variances / spread).toBeLessThan(1.7);
    }
  });

  it('is exact for a matrix of low rank', async () => {
    const options = { products: 24, random: randomStream(1, 'trace'), linearAlgebra: la };
    const { value, standardError } = await estimator(denseOperator(lowRank, la), options);
    expect(Math.abs(value - trace(lowRank))).toBeLessThan(1e-12);
    expect(standardError).toBeLessThan(1e-12);
  });

  it('does better than Hutchinson for a spectrum that decays', async () => {
    const operator = denseOperator(decaying, la);
    const errors = { plain: 0, other: 0 };
    for (let i = 0; i < 30; i++) {
      const options = { products: 60, random: randomStream(i, 'trace'), linearAlgebra: la };
      errors.plain += ((await hutchinson(operator, options)).value - trace(decaying)) ** 2;
      errors.other += ((await estimator(operator, options)).value - trace(decaying)) ** 2;
    }
    // A third of the products deflates 20 of the eigenvalues 0.8^i: 0.8^20 of |A|_F is left at best, with a third of the
    // samples; a random sketch of that size leaves less than twice as much.
    expect(Math.sqrt(errors.other / errors.plain)).toBeLessThan(2 * Math.sqrt(3) * 0.8 ** 20);
  });

  it('refuses numbers of products it cannot divide', async () => {
    const options = { random: randomStream(1, 'trace'), linearAlgebra: la };
    await expect(estimator(denseOperator(flat), { ...options, products: 3 })).rejects.toThrow('found 3');
    await expect(estimator(denseOperator(flat), { ...options, products: 242 })).rejects.toThrow('found 242');
  });
});

describe('XTrace', () => {
  it('equals the paper`s definition, with a basis of its own for every test vector', async () => {
    const [k, n] = [6, flat.n];
    const random = randomStream(8, 'xtrace');
    const operator = denseOperator(flat, la);
    const tests = Array.from({ length: k }, (_, i) => {
      const w = random.stream(`vector ${i}`).normals(n);
      const scale = Math.sqrt(n / squares(w));
      return w.map((x) => x * scale);
    });
    const images = await Promise.all(tests.map((w) => operator.matvec(w)));
    const samples: number[] = [];
    for (let i = 0; i < k; i++) {
      const others = images.filter((_, j) => j !== i);
      // QR of the images without number i, as columns.
      const columns = Float64Array.from(
        { length: n * (k - 1) },
        (_, e) => others[e % (k - 1)][Math.floor(e / (k - 1))],
      );
      const { q } = await la.qr(columns, n, k - 1);
      const basis = Array.from({ length: k - 1 }, (_, j) =>
        Float64Array.from({ length: n }, (_, r) => q[r * (k - 1) + j]),
      );
      const u = tests[i].slice();
      let value = 0;
      for (const column of basis) {
        value += dot(column, await operator.matvec(column));
        const share = dot(column, tests[i]);
        column.forEach((x, r) => {
          u[r] -= share * x;
        });
      }
      samples.push(value + ((n - k + 1) * dot(u, await operator.matvec(u))) / squares(u));
    }
    const mean = samples.reduce((sum, value) => sum + value) / k;
    const spread = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const found = await xtrace(operator, { products: 2 * k, random, linearAlgebra: la });
    expect(found.value).toBeCloseTo(mean, 10);
    expect(found.standardError).toBeCloseTo(Math.sqrt(spread / (k * (k - 1))), 10);
  });
});

describe('random vectors', () => {
  it('have independent elements of mean 0 and variance 1', () => {
    for (const law of ['rademacher', 'normal'] as const) {
      const v = randomVector(law, 10_000, randomStream(1, law));
      expect(Math.abs(v.reduce((sum, x) => sum + x)) / 100).toBeLessThan(4);
      expect(Math.abs(squares(v) - 10_000) / 10_000).toBeLessThan((4 * Math.SQRT2) / 100);
      expect(Math.abs(v.reduce((sum, x, i) => sum + x * v[(i + 1) % 10_000], 0)) / 100).toBeLessThan(4);
    }
    expect(new Set(randomVector('rademacher', 100, randomStream(1, 'signs')))).toEqual(new Set([-1, 1]));
    // @ts-expect-error a law that there is not
    expect(() => randomVector('uniform', 3, randomStream(1, 'v'))).toThrow('found uniform');
  });
});

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

it.each([
  ['xtrace', xtrace],
  ['hutchPlusPlus', hutchPlusPlus],
] as const)('%s says that it is not for a number', async (name, estimate) => {
  const number = fromMatvec(1, (v) => v);
  const run = estimate(number, { linearAlgebra: la, products: 6, random: randomStream(1, 'trace') });
  await expect(run).rejects.toThrow(`${name}: expected an operator of size 2 or more, found size 1`);
});
