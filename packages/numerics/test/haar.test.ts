import { beforeAll, describe, expect, it } from 'vitest';
import { linearAlgebra } from '../src/choose.js';
import { haarOrthogonal } from '../src/haar.js';
import type { LinearAlgebra } from '../src/linear-algebra.js';
import { randomStream } from '../src/random.js';

let algebra: LinearAlgebra;
beforeAll(async () => {
  algebra = await linearAlgebra();
});

const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

describe('haarOrthogonal', () => {
  it('gives orthogonal matrices', async () => {
    for (const n of [1, 2, 7, 40]) {
      const q = await haarOrthogonal(n, randomStream(1, `haar ${n}`), algebra);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          let product = 0;
          for (let k = 0; k < n; k++) product += q[i * n + k] * q[j * n + k];
          expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(1e-13);
        }
      }
    }
  });

  it('gives entries with the moments of the Haar measure', async () => {
    // A row is uniform on the sphere: E q^2 = 1/n, E q^4 = 3/(n (n+2)), E q^8 = 105/(n (n+2)(n+4)(n+6)).
    const n = 4;
    const draws = 20_000;
    const random = randomStream(2, 'haar');
    const matrices: Float64Array[] = [];
    for (let i = 0; i < draws; i++) matrices.push(await haarOrthogonal(n, random, algebra));
    const [m2, m4, m8] = [1 / n, 3 / (n * (n + 2)), 105 / (n * (n + 2) * (n + 4) * (n + 6))];
    const near = (of: (q: Float64Array) => number, expected: number, variance: number, what: string) =>
      expect(Math.abs(mean(matrices.map(of)) - expected), what).toBeLessThan(5 * Math.sqrt(variance / draws));
    for (let entry = 0; entry < n * n; entry++) {
      near((q) => q[entry], 0, m2, `mean of entry ${entry}`);
      near((q) => q[entry] ** 2, m2, m4 - m2 ** 2, `square of entry ${entry}`);
      near((q) => q[entry] ** 4, m4, m8 - m4 ** 2, `fourth power of entry ${entry}`);
    }
    // Without the sign correction a Householder QR gives traces of one sign; the Haar trace has mean 0, variance 1.
    near((q) => q[0] + q[5] + q[10] + q[15], 0, 1, 'trace');
    near((q) => (q[0] + q[5] + q[10] + q[15]) ** 2, 1, 2, 'trace squared');
    // Entries of one column and of different rows and columns: E q11^2 q21^2 = 1/(n(n+2)), E q11^2 q22^2 = (n+1)/((n-1)n(n+2)).
    near((q) => q[0] ** 2 * q[4] ** 2, 1 / (n * (n + 2)), m8, 'two entries of one column');
    near((q) => q[0] ** 2 * q[5] ** 2, (n + 1) / ((n - 1) * n * (n + 2)), m8, 'two entries on the diagonal');
  });

  it('gives rotations and reflections equally often', async () => {
    const random = randomStream(3, 'haar');
    let rotations = 0;
    for (let i = 0; i < 4000; i++) {
      const q = await haarOrthogonal(2, random, algebra);
      if (q[0] * q[3] - q[1] * q[2] > 0) rotations++;
    }
    expect(Math.abs(rotations / 4000 - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / 4000));
  });

  it('refuses sizes that are no positive integers', async () => {
    await expect(haarOrthogonal(0, randomStream(1), algebra)).rejects.toThrow('positive integer size; found 0');
    await expect(haarOrthogonal(1.5, randomStream(1), algebra)).rejects.toThrow(RangeError);
  });
});
