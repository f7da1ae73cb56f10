import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { gaussianOrthogonal, kolmogorovSmirnov, semicircle } from '../../src/index.js';
import { rigidBound } from '../oracles.js';

describe('gaussianOrthogonal', () => {
  it('is symmetric, with variance 1/n off the diagonal and 2/n on it', () => {
    const n = 400;
    const matrix = gaussianOrthogonal(n, randomStream(1, 'entries'));
    let offDiagonal = 0;
    let diagonal = 0;
    let asymmetric = 0;
    for (let i = 0; i < n; i++) {
      diagonal += matrix[i * n + i] ** 2;
      for (let j = 0; j < i; j++) {
        if (matrix[i * n + j] !== matrix[j * n + i]) asymmetric++;
        offDiagonal += matrix[i * n + j] ** 2;
      }
    }
    expect(asymmetric).toBe(0);
    // A mean of k squares of normals of variance v has standard deviation v sqrt(2/k).
    const pairs = (n * (n - 1)) / 2;
    expect(Math.abs((n * offDiagonal) / pairs - 1)).toBeLessThan(5 * Math.sqrt(2 / pairs));
    expect(Math.abs(diagonal / 2 - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });

  it('has the same law in every basis: a quadratic form of any unit vector has variance 2/n', () => {
    const n = 10;
    const draws = 5000;
    const random = randomStream(2, 'quadratic forms');
    let sum = 0;
    for (let draw = 0; draw < draws; draw++) {
      const form = gaussianOrthogonal(n, random).reduce((total, entry) => total + entry, 0) / n;
      sum += (form * form) / (2 / n);
    }
    expect(Math.abs(sum / draws - 1)).toBeLessThan(5 * Math.sqrt(2 / draws));
  });

  it('has a spectrum that follows the semicircle of its variance, more evenly than independent draws', async () => {
    const algebra = await linearAlgebra();
    for (const variance of [1, 0.3]) {
      const n = 500;
      const matrix = gaussianOrthogonal(n, randomStream(3, `variance ${variance}`), { variance });
      const values = await algebra.symmetricEigenvalues(matrix, n);
      expect(kolmogorovSmirnov(values, semicircle({ variance }))).toBeLessThan(rigidBound(n));
    }
  });

  it('refuses a size that is no positive integer and a variance that is not positive', () => {
    expect(() => gaussianOrthogonal(0, randomStream(1))).toThrow(
      'size of a random matrix must be an integer of at least 1, found 0',
    );
    expect(() => gaussianOrthogonal(2, randomStream(1), { variance: -1 })).toThrow(
      'must be positive and finite, found -1',
    );
  });
});
