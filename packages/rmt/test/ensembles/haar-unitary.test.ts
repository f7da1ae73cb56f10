import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { type ComplexMatrix, haarUnitary, kolmogorovSmirnov } from '../../src/index.js';
import { independentBound } from '../oracles.js';
import { expectMean, repeat } from '../sampling.js';

/** A B^*, or A B with `plain`. */
function product(a: ComplexMatrix, b: ComplexMatrix, n: number, plain = false): ComplexMatrix {
  const [re, im] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) {
        const at = plain ? k * n + j : j * n + k;
        const [x, y, u, v] = [a.re[i * n + k], a.im[i * n + k], b.re[at], plain ? b.im[at] : -b.im[at]];
        re[i * n + j] += x * u - y * v;
        im[i * n + j] += x * v + y * u;
      }
    }
  }
  return { re, im };
}

const squaredTrace = ({ re, im }: ComplexMatrix, n: number) => {
  let [x, y] = [0, 0];
  for (let i = 0; i < n; i++) {
    x += re[i * n + i];
    y += im[i * n + i];
  }
  return x * x + y * y;
};

describe('haarUnitary', () => {
  it('is unitary', async () => {
    const n = 20;
    const u = await haarUnitary(n, randomStream(1, 'unitary'), await linearAlgebra());
    const { re, im } = product(u, u, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        expect(re[i * n + j]).toBeCloseTo(i === j ? 1 : 0, 13);
        expect(im[i * n + j]).toBeCloseTo(0, 13);
      }
    }
  });

  it('has the traces, phases and moduli of the Haar measure, which a Q of unfixed phases has not', async () => {
    const n = 3;
    const algebra = await linearAlgebra();
    const random = randomStream(2, 'haar');
    const draws = await repeat(1500, () => haarUnitary(n, random, algebra));
    // E |tr U^k|^2 = k for k up to n (Diaconis & Shahshahani 1994).
    const traces = draws.map((u) => squaredTrace(u, n));
    const tracesOfSquares = draws.map((u) => squaredTrace(product(u, u, n, true), n));
    expectMean(traces, 1, 'trace of U');
    expectMean(tracesOfSquares, 2, 'trace of U^2');
    // An element is one of a uniform unit vector: its squared modulus is beta(1, n - 1).
    const uniform = { cumulative: (x: number) => (x + Math.PI) / (2 * Math.PI), atoms: [] };
    const beta = { cumulative: (x: number) => 1 - (1 - x) ** (n - 1), atoms: [] };
    for (const element of [0, 5, 8]) {
      const phases = Float64Array.from(draws, ({ re, im }) => Math.atan2(im[element], re[element])).sort();
      const moduli = Float64Array.from(draws, ({ re, im }) => re[element] ** 2 + im[element] ** 2).sort();
      expect(kolmogorovSmirnov(phases, uniform)).toBeLessThan(independentBound(draws.length));
      expect(kolmogorovSmirnov(moduli, beta)).toBeLessThan(independentBound(draws.length));
    }
  });

  it('refuses a size that is no positive integer', async () => {
    await expect(haarUnitary(0, randomStream(1), await linearAlgebra())).rejects.toThrow(
      'size of a random unitary matrix must be an integer of at least 1, found 0',
    );
  });
});
