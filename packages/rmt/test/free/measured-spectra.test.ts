import { haarOrthogonal, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  empiricalLaw,
  freeAdditiveConvolution,
  freeMultiplicativeConvolution,
  indexOf,
  kolmogorovSmirnov,
  lawOfDensity,
  type SpectralLaw,
} from '../../src/index.js';

const algebra = await linearAlgebra({ threads: 1 });
const random = randomStream(4, 'measured');
const n = 400;
const rotations = 3;

/** Like a Gauss-Newton part: a third exact zeros, the others over decades, one outlier. */
const h0 = Float64Array.from({ length: n }, (_, i) => {
  if (i < n / 3) return 0;
  return i === n - 1 ? 9 : 1e-3 * 4000 ** ((i - n / 3) / (0.67 * n));
}).sort();
/** Like its remainder: both signs, two clusters. */
const h1 = random
  .normals(n)
  .map((x, i) => (i % 4 === 0 ? 0.8 + 0.1 * x : 0.5 * x))
  .sort();

/** The eigenvalues of the combination of diag(a) and Q diag(b) Q^T, of several Q together. */
async function rotated(a: Float64Array, b: Float64Array, combine: 'sum' | 'product'): Promise<Float64Array> {
  const all = new Float64Array(rotations * n);
  for (let r = 0; r < rotations; r++) {
    const q = await haarOrthogonal(n, random.stream(`${combine} ${r}`), algebra);
    const matrix = new Float64Array(n * n);
    const qb = q.map((x, i) => x * b[i % n]);
    algebra.gemm({ transposeB: true, m: n, n, k: n, a: qb, lda: n, b: q, ldb: n, c: matrix, ldc: n });
    for (let i = 0; i < n; i++) {
      if (combine === 'sum') matrix[i * n + i] += a[i];
      else for (let j = 0; j < n; j++) matrix[i * n + j] *= Math.sqrt(a[i] * a[j]);
    }
    all.set(await algebra.symmetricEigenvalues(matrix, n), r * n);
  }
  return all.sort();
}

describe('measured spectra', () => {
  let sum: SpectralLaw;
  beforeAll(() => {
    sum = freeAdditiveConvolution(empiricalLaw(h0), empiricalLaw(h1));
  });

  it('H0 with H1 is within 0.005 of H0 + Q H1 Q^T', async () => {
    expect(kolmogorovSmirnov(await rotated(h0, h1, 'sum'), sum)).toBeLessThan(0.005);
  });

  it('the cumulative, and with it the index, is the integral of the density to 1e-6', () => {
    const { name, support, density } = sum;
    const integrated = lawOfDensity({ name, support, density, tolerance: 1e-9 });
    for (let x = -2; x < 10; x += 0.01) {
      expect(Math.abs(sum.cumulative(x) - integrated.cumulative(x))).toBeLessThan(1e-6);
    }
    expect(Math.abs(indexOf(sum) - indexOf(integrated))).toBeLessThan(1e-6);
  });

  it('an outlier of H0 stays apart with its mass of 1/n', () => {
    const [a, b] = sum.support[sum.support.length - 1];
    expect(a).toBeGreaterThan(8);
    expect(sum.cumulative(b) - sum.cumulative(a)).toBeCloseTo(1 / n, 12);
    // 1/z is about R_1(1/9): mean and variance of H1 shift it.
    const shifted = 9 + empiricalLaw(h1).moment(1);
    expect((a + b) / 2).toBeCloseTo(shifted, 0);
  });

  it('moments are those of free random variables: the fourth has the trace of the non-commuting products', () => {
    const [a, b] = [empiricalLaw(h0), empiricalLaw(h1)];
    const m = (law: SpectralLaw, k: number) => law.moment(k);
    // tau(abab) = tau(a^2) tau(b)^2 + tau(a)^2 tau(b^2) - tau(a)^2 tau(b)^2 for free a and b (Voiculescu).
    const abab = m(a, 2) * m(b, 1) ** 2 + m(a, 1) ** 2 * m(b, 2) - m(a, 1) ** 2 * m(b, 1) ** 2;
    const fourth = m(a, 4) + 4 * m(a, 3) * m(b, 1) + 4 * m(a, 2) * m(b, 2) + 2 * abab + 4 * m(a, 1) * m(b, 3) + m(b, 4);
    expect(Math.abs(sum.moment(4) / fourth - 1)).toBeLessThan(1e-12);
  });

  it('the product of a measured covariance with a measured matrix of both signs is within 0.005 of the rotated one', async () => {
    const product = freeMultiplicativeConvolution(empiricalLaw(h0), empiricalLaw(h1));
    const values = await rotated(h0, h1, 'product');
    expect(product.atoms.map(({ at }) => at)).toEqual([0]);
    expect(kolmogorovSmirnov(values, product, { atomTolerance: 1e-13 })).toBeLessThan(0.005);
  });

  it('a density on a thousand points integrates to 1', () => {
    const [[first], [, last]] = [sum.support[0], sum.support[sum.support.length - 1]];
    const step = (last - first) / 1000;
    let mass = 0;
    for (let i = 0; i < 1000; i++) mass += sum.density(first + (i + 0.5) * step) * step;
    expect(Math.abs(mass - 1)).toBeLessThan(0.02);
  });
});
