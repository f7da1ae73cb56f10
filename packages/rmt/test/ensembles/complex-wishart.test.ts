import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { complexWishart, hermitianEigenvalues, kolmogorovSmirnov, marchenkoPastur } from '../../src/index.js';
import { rigidBound } from '../oracles.js';
import { expectMean, repeat } from '../sampling.js';

describe('complexWishart', () => {
  it('is X X^*/N for X = (A + iB)/sqrt(2), rows of A and B drawn in turn and stretched by the roots of the spikes', async () => {
    const [m, n] = [4, 3];
    const spikes = [4, 0.25];
    const parameters = { dimension: m, samples: n, scale: 2, spikes };
    const { re, im } = complexWishart(parameters, randomStream(1, 'small'), await linearAlgebra());
    const drawn = randomStream(1, 'small').normals(2 * m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) {
        let [x, y] = [0, 0];
        for (let k = 0; k < n; k++) {
          const [a, b] = [drawn[2 * n * i + k], drawn[2 * n * i + n + k]];
          const [u, v] = [drawn[2 * n * j + k], drawn[2 * n * j + n + k]];
          x += a * u + b * v;
          y += b * u - a * v;
        }
        const factor = Math.sqrt((spikes[i] ?? 1) * (spikes[j] ?? 1)) / n;
        expect(re[i * m + j]).toBeCloseTo(factor * x, 13);
        expect(im[i * m + j]).toBeCloseTo(factor * y, 13);
        expect(im[i * m + j] + im[j * m + i]).toBe(0);
      }
    }
  });

  it('has elements of mean scale on the diagonal and E |w|^2 = scale^2/N off it', async () => {
    const algebra = await linearAlgebra();
    const random = randomStream(2, 'elements');
    const draws = await repeat(2000, () => complexWishart({ dimension: 2, samples: 5, scale: 3 }, random, algebra));
    expectMean(
      draws.map(({ re }) => re[3]),
      3,
      'diagonal',
    );
    expectMean(
      draws.map(({ re, im }) => re[1] ** 2 + im[1] ** 2),
      9 / 5,
      'off the diagonal',
    );
  });

  it('has a spectrum that follows the Marchenko-Pastur law', async () => {
    const algebra = await linearAlgebra();
    const parameters = { dimension: 150, samples: 300, scale: 0.5 };
    const values = await hermitianEigenvalues(complexWishart(parameters, randomStream(3), algebra), 150, algebra);
    expect(kolmogorovSmirnov(values, marchenkoPastur({ ratio: 0.5, scale: 0.5 }))).toBeLessThan(rigidBound(150));
  });

  it('refuses a number of samples that is no positive integer', async () => {
    const algebra = await linearAlgebra();
    expect(() => complexWishart({ dimension: 2, samples: 2.5 }, randomStream(1), algebra)).toThrow(
      'number of samples of a Wishart matrix must be an integer of at least 1, found 2.5',
    );
  });
});
