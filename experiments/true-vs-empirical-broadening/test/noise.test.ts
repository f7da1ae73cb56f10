import { type LinearAlgebra, linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { gaussianOrthogonal } from '@hessian-rmt/rmt';
import { beforeAll, describe, expect, it } from 'vitest';
import { broadened } from '../src/broadened.js';
import { powerFit } from '../src/power-fit.js';
import { studentWigner } from '../src/spiked-noise.js';
import { surrogates } from '../src/surrogates.js';
import { dispersionAbout, inBasis, meanDiagonal } from '../src/symmetric.js';
import type { TrueHessian } from '../src/true-hessian.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra({ threads: 1 });
});

describe('broadened', () => {
  it('is Equation 8: lambda + q sigma^2/lambda beyond the threshold, else the edge of its end', () => {
    expect(broadened(3, 4, 'largest')).toBeCloseTo(3 + 4 / 3, 14);
    expect(broadened(1.9, 4, 'largest')).toBe(4);
    expect(broadened(-5, 4, 'smallest')).toBeCloseTo(-5 - 4 / 5, 14);
    expect(broadened(-1.9, 4, 'smallest')).toBe(-4);
    // An eigenvalue of the other sign is no outlier of this end.
    expect(broadened(5, 4, 'smallest')).toBe(-4);
    expect(broadened(-5, 4, 'largest')).toBe(4);
  });
});

describe('powerFit', () => {
  it('returns the power that deviations follow exactly', () => {
    const x = [2, 4, 8, 16];
    const { exponent, prefactor } = powerFit(
      x,
      x.map((size) => [1, -2, 0.5].map((d) => d * size ** -0.7)),
    );
    expect(exponent).toBeCloseTo(-0.7, 12);
    expect(prefactor).toBeCloseTo(Math.sqrt((1 + 4 + 0.25) / 3), 12);
  });

  it('has a standard error that normal deviations keep to', () => {
    const random = randomStream(1, 'coverage');
    const x = [10, 20, 40, 80];
    const scores = Array.from({ length: 200 }, () => {
      const fit = powerFit(
        x,
        x.map((size) => [...random.normals(100, 1 / Math.sqrt(size))]),
      );
      return (fit.exponent + 0.5) / fit.standardError;
    });
    const square = scores.reduce((sum, z) => sum + z * z, 0) / scores.length;
    // Five standard errors of the mean square of 200 normal scores.
    expect(Math.abs(square - 1)).toBeLessThan(5 * Math.sqrt(2 / 200));
  });

  it('refuses deviations that are too few', () => {
    expect(() =>
      powerFit(
        [1, 2],
        [
          [1, 2],
          [1, 2],
        ],
      ),
    ).toThrow(/three or more sizes/);
    expect(() => powerFit([1, 2, 3], [[1, 2], [1, 2], [1]])).toThrow(/2,2,1 at 3/);
  });
});

describe('studentWigner', () => {
  it('is symmetric, with elements of the variance given and heavy tails', () => {
    const n = 300;
    const matrix = studentWigner(n, 2, randomStream(1, 'student'));
    const elements: number[] = [];
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        expect(matrix[i * n + j]).toBe(matrix[j * n + i]);
        elements.push(matrix[i * n + j] * Math.sqrt(n / 2));
      }
    }
    const square = elements.reduce((sum, x) => sum + x * x, 0) / elements.length;
    // Student's law of five degrees has kurtosis 9: the variance of a square is 8.
    expect(Math.abs(square - 1)).toBeLessThan(5 * Math.sqrt(8 / elements.length));
    // A normal element in 45,150 beyond 5.5 deviations has probability 0.002.
    expect(Math.max(...elements.map(Math.abs))).toBeGreaterThan(5.5);
  });
});

describe('Surrogates', () => {
  it('of uniform variances are all one: each has the outlier of Theorem 1', async () => {
    const n = 400;
    const samples = 200;
    const variance = 0.5;
    const q = n / samples;
    const values = new Float64Array(n);
    values[n - 1] = 3;
    const truth = { parameters: n, values, variance, profile: new Float64Array(n * n).fill(variance) } as TrueHessian;
    const random = randomStream(1, 'surrogates');
    const noise = gaussianOrthogonal(n, random.stream('noise'), { variance: q * variance });
    const spectrum = await algebra.symmetricEigenvalues(noise, n);
    const found = await surrogates(truth, samples, spectrum, algebra, random);
    const expected = broadened(3, q * variance, 'largest');
    for (const [name, { values: all, firstOrder }] of Object.entries(found)) {
      // The outlier's standard deviation is sqrt(2 (1 - 1/9)/n) = 0.067.
      expect(Math.abs(all[n - 1] - expected), name).toBeLessThan(5 * 0.067);
      // Most of that is the first order, which leaves a correction of second order in the noise.
      expect(Math.abs(all[n - 1] - firstOrder[1] - expected), name).toBeLessThan(0.1);
      expect(all.length).toBe(n);
    }
  });

  it('rotated keeps the spectrum of the noise: traces of powers of the sum without a true part', async () => {
    const n = 30;
    const truth = { parameters: n, values: new Float64Array(n), variance: 1, profile: new Float64Array(n * n) };
    const noise = randomStream(2, 'noise').normals(n).sort();
    const { rotated, profile } = await surrogates(truth as TrueHessian, 10, noise, algebra, randomStream(3, 'turn'));
    rotated.values.forEach((value, i) => {
      expect(value).toBeCloseTo(noise[i], 12);
    });
    expect(profile.values.every((value) => value === 0)).toBe(true);
  });
});

describe('Symmetric matrices', () => {
  const n = 5;
  const draw = (name: string) => {
    const matrix = randomStream(4, name).normals(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) matrix[i * n + j] = matrix[j * n + i];
    return matrix;
  };

  it('in a basis are V A V^T, element by element', () => {
    const [a, v] = [draw('a'), randomStream(4, 'v').normals(n * n)];
    const rotated = inBasis(v, a, n, algebra);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) for (let l = 0; l < n; l++) sum += v[i * n + k] * a[k * n + l] * v[j * n + l];
        expect(rotated[i * n + j]).toBeCloseTo(sum, 12);
      }
    }
  });

  it('have the dispersion of their eigenvalues about a centre', async () => {
    const a = draw('a');
    const values = await algebra.symmetricEigenvalues(a, n);
    const sum = values.reduce((total, value) => total + (value - 0.3) ** 2, 0);
    expect(dispersionAbout(0.3, a, n)).toBeCloseTo(sum, 12);
    expect(meanDiagonal(a, n)).toBeCloseTo(values.reduce((total, value) => total + value, 0) / n, 12);
  });
});
