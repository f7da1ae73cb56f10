import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  gaussianOrthogonal,
  gaussianUnitary,
  hermitianEigenvalues,
  kolmogorovSmirnov,
  semicircle,
} from '../../src/index.js';
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

  it('adds the spikes to the first elements of the diagonal and draws the same matrix', () => {
    const plain = gaussianOrthogonal(3, randomStream(1, 'spikes'));
    const spiked = gaussianOrthogonal(3, randomStream(1, 'spikes'), { spikes: [5, -2] });
    const difference = Array.from(spiked, (x, i) => x - plain[i]);
    for (const [i, expected] of [5, 0, 0, 0, -2, 0, 0, 0, 0].entries()) expect(difference[i]).toBeCloseTo(expected, 14);
  });

  it('refuses spikes that are not finite or more than there is room for', () => {
    expect(() => gaussianOrthogonal(1, randomStream(1), { spikes: [1, 2] })).toThrow('size 1 has room for as many');
    expect(() => gaussianUnitary(1, randomStream(1), { spikes: [Number.NaN] })).toThrow('must be finite, found NaN');
  });
});

describe('gaussianUnitary', () => {
  it('is Hermitian, with E |h|^2 = variance/n on and off the diagonal, half of it in each part', () => {
    const [n, variance] = [300, 3];
    const { re, im } = gaussianUnitary(n, randomStream(1, 'unitary'), { variance });
    const squares = { re: 0, im: 0, diagonal: 0 };
    for (let i = 0; i < n; i++) {
      squares.diagonal += re[i * n + i] ** 2;
      expect(im[i * n + i]).toBe(0);
      for (let j = 0; j < i; j++) {
        squares.re += re[i * n + j] ** 2;
        squares.im += im[i * n + j] ** 2;
        if (re[i * n + j] !== re[j * n + i] || im[i * n + j] !== -im[j * n + i]) expect.fail('not Hermitian');
      }
    }
    // A mean of k squares of normals of variance v has standard deviation v sqrt(2/k).
    const pairs = (n * (n - 1)) / 2;
    expect(Math.abs((2 * n * squares.re) / variance / pairs - 1)).toBeLessThan(5 * Math.sqrt(2 / pairs));
    expect(Math.abs((2 * n * squares.im) / variance / pairs - 1)).toBeLessThan(5 * Math.sqrt(2 / pairs));
    expect(Math.abs(squares.diagonal / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  });

  it('has a spectrum that follows the semicircle of its variance', async () => {
    const n = 250;
    const matrix = gaussianUnitary(n, randomStream(2, 'unitary'), { variance: 0.5 });
    const values = await hermitianEigenvalues(matrix, n, await linearAlgebra());
    expect(kolmogorovSmirnov(values, semicircle({ variance: 0.5 }))).toBeLessThan(rigidBound(n));
  });
});
