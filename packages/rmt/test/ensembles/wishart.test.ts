import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, marchenkoPastur, wishart, wishartEigenvalues } from '../../src/index.js';
import { rigidBound } from '../oracles.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra();
});

describe('wishart', () => {
  it('is X X^T / N for X drawn row by row, its first rows stretched by the roots of the spikes', () => {
    const [m, n] = [5, 7];
    const spikes = [4, 0];
    const matrix = wishart({ dimension: m, samples: n, scale: 2, spikes }, randomStream(1, 'small'), algebra);
    const x = randomStream(1, 'small').normals(m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) {
        let product = 0;
        for (let k = 0; k < n; k++) product += x[i * n + k] * x[j * n + k];
        const stretch = Math.sqrt((spikes[i] ?? 1) * (spikes[j] ?? 1));
        expect(matrix[i * m + j]).toBeCloseTo((2 * stretch * product) / n, 13);
      }
    }
  });

  it('has the eigenvalues that wishartEigenvalues gives from the same stream, M - N of them zero for M > N', async () => {
    for (const [dimension, samples] of [
      [30, 50],
      [50, 30],
    ]) {
      const parameters = { dimension, samples, scale: 3, spikes: [5] };
      const values = await wishartEigenvalues(parameters, randomStream(2, 'w'), algebra);
      const matrix = wishart(parameters, randomStream(2, 'w'), algebra);
      const expected = await algebra.symmetricEigenvalues(matrix, dimension);
      for (const [i, value] of values.entries()) expect(Math.abs(value - expected[i])).toBeLessThan(1e-12);
      expect(values.filter((value) => value === 0)).toHaveLength(Math.max(0, dimension - samples));
    }
  });

  it('has a spectrum that follows the Marchenko-Pastur law of ratio M/N, below, at and above 1', async () => {
    for (const [dimension, samples] of [
      [300, 600],
      [400, 400],
      [600, 240],
    ]) {
      const values = await wishartEigenvalues(
        { dimension, samples, scale: 0.5 },
        randomStream(3, `${samples}`),
        algebra,
      );
      const law = marchenkoPastur({ ratio: dimension / samples, scale: 0.5 });
      expect(kolmogorovSmirnov(values, law), `${dimension} x ${samples}`).toBeLessThan(
        rigidBound(dimension, Math.min(dimension, samples)),
      );
    }
  });

  it('keeps its atom when rounding scatters the zeros, if the distance is told the rounding floor', async () => {
    const [dimension, samples] = [300, 150];
    const matrix = wishart({ dimension, samples }, randomStream(4, 'zeros'), algebra);
    const values = await algebra.symmetricEigenvalues(matrix, dimension);
    const law = marchenkoPastur({ ratio: 2 });
    const roundingFloor = dimension * Number.EPSILON * values[dimension - 1];
    expect(kolmogorovSmirnov(values, law, { atomTolerance: roundingFloor })).toBeLessThan(
      rigidBound(dimension, samples),
    );
    // Untold, the negative half of the zeros counts against the law.
    expect(values.some((value) => value < 0)).toBe(true);
    expect(kolmogorovSmirnov(values, law)).toBeGreaterThan(0.01);
  });

  it('refuses sizes, scales and spikes that mean nothing', async () => {
    const random = randomStream(1);
    expect(() => wishart({ dimension: 0, samples: 2 }, random, algebra)).toThrow(
      'dimension of a Wishart matrix must be an integer of at least 1, found 0',
    );
    expect(() => wishart({ dimension: 2, samples: 2, scale: 0 }, random, algebra)).toThrow(
      'scale of a Wishart matrix must be positive',
    );
    expect(() => wishart({ dimension: 2, samples: 2, spikes: [-1] }, random, algebra)).toThrow(
      'finite and not negative, found -1',
    );
    await expect(wishartEigenvalues({ dimension: 1, samples: 2, spikes: [2, 2] }, random, algebra)).rejects.toThrow(
      'found 2',
    );
  });
});
