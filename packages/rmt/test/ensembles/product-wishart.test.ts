import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, productWishart, productWishartEigenvalues, productWishartMatrix } from '../../src/index.js';
import { rigidBound } from '../oracles.js';
import { expectMean, powerSum, repeat } from '../sampling.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra();
});

describe('productWishartMatrix', () => {
  it('is [0, C; C^T, 0] with C = E X^T/(2N), E of variance 2 epsilon', () => {
    const [m, n, energy] = [3, 4, 0.7];
    const matrix = productWishartMatrix({ dimension: m, samples: n, energy }, randomStream(1, 'small'), algebra);
    const drawn = randomStream(1, 'small').normals(2 * m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += Math.sqrt(2 * energy) * drawn[i * n + k] * drawn[m * n + j * n + k];
        expect(matrix[i * 2 * m + m + j]).toBeCloseTo(sum / (2 * n), 13);
        expect(matrix[(m + j) * 2 * m + i]).toBe(matrix[i * 2 * m + m + j]);
        expect(matrix[i * 2 * m + j]).toBe(0);
        expect(matrix[(m + i) * 2 * m + m + j]).toBe(0);
      }
    }
  });

  it('has the eigenvalues that productWishartEigenvalues gives from the same stream, 2 (M - N) of them zero', async () => {
    for (const [dimension, samples] of [
      [20, 50],
      [50, 20],
    ]) {
      const parameters = { dimension, samples, energy: 2 };
      const values = await productWishartEigenvalues(parameters, randomStream(2, 'h1'), algebra);
      const matrix = productWishartMatrix(parameters, randomStream(2, 'h1'), algebra);
      const expected = await algebra.symmetricEigenvalues(matrix, 2 * dimension);
      for (const [i, value] of values.entries()) expect(Math.abs(value - expected[i])).toBeLessThan(1e-12);
      expect(values.filter((value) => value === 0)).toHaveLength(2 * Math.max(0, dimension - samples));
    }
  });

  it('has the moments of the finite matrix, which tend to eps phi/2 and eps^2 phi^2 (2 + phi)/4', async () => {
    // Wick's theorem for independent normals: E tr C C^T = eps M^2/(2N), and with W = X^T X of N x N,
    // E tr (C C^T)^2 = (eps/(2 N^2))^2 E [M tr W^2 + M^2 tr W^2 + M (tr W)^2], E tr W^2 = M N (M + N + 1),
    // E (tr W)^2 = M N (M N + 2).
    const [m, n, energy] = [6, 4, 0.7];
    const random = randomStream(3, 'moments');
    const spectra = await repeat(2000, () =>
      productWishartEigenvalues({ dimension: m, samples: n, energy }, random, algebra),
    );
    const second = (energy * m ** 2) / (2 * n);
    const square = m * n * (m + n + 1);
    const fourth = (energy / (2 * n * n)) ** 2 * ((m + m * m) * square + m * (m * n) * (m * n + 2));
    const halves = (k: number) => spectra.map((values) => powerSum(values, k) / 2);
    expectMean(halves(2), second, 'second moment');
    expectMean(halves(4), fourth, 'fourth moment');
  });

  it('has a spectrum that follows the law of ratio M/N and this energy, below, at and above 1', async () => {
    for (const [dimension, samples] of [
      [250, 500],
      [300, 300],
      [400, 200],
    ]) {
      const parameters = { dimension, samples, energy: 0.7 };
      const values = await productWishartEigenvalues(parameters, randomStream(4, `${samples}`), algebra);
      const law = productWishart({ ratio: dimension / samples, energy: 0.7 });
      // Each singular value counts twice, once on either side: as the distance of `dimension` of them.
      expect(kolmogorovSmirnov(values, law), `${dimension} x ${samples}`).toBeLessThan(
        rigidBound(dimension, Math.min(dimension, samples)),
      );
    }
  });

  it('refuses sizes and energies that mean nothing', async () => {
    const random = randomStream(1);
    const good = { dimension: 2, samples: 2, energy: 1 };
    expect(() => productWishartMatrix({ ...good, dimension: 0 }, random, algebra)).toThrow(
      'dimension of a product Wishart matrix must be an integer of at least 1, found 0',
    );
    expect(() => productWishartMatrix({ ...good, samples: 0.5 }, random, algebra)).toThrow('number of samples');
    await expect(productWishartEigenvalues({ ...good, energy: -1 }, random, algebra)).rejects.toThrow(
      'energy of a product Wishart matrix must be positive and finite, found -1',
    );
  });
});
