import { linearAlgebra } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { hermitianEigenvalues } from '../../src/index.js';

describe('hermitianEigenvalues', () => {
  it('finds the eigenvalues 3 +- sqrt(1 + |b|^2) of [2, b; conj b, 4], each once, in ascending order', async () => {
    const re = Float64Array.of(2, 3, 3, 4);
    const im = Float64Array.of(0, 2, -2, 0);
    const values = await hermitianEigenvalues({ re, im }, 2, await linearAlgebra());
    expect(values).toHaveLength(2);
    expect(values[0]).toBeCloseTo(3 - Math.sqrt(14), 13);
    expect(values[1]).toBeCloseTo(3 + Math.sqrt(14), 13);
  });

  it('finds 2 cos(2 pi (k + phase)/n) on a ring whose links carry a phase, whichever way it turns', async () => {
    // i -> i + 1 with exp(i t): a plane wave of momentum 2 pi k/n has the eigenvalue 2 cos(2 pi k/n + t).
    const n = 7;
    const algebra = await linearAlgebra();
    for (const t of [0.3, -0.3]) {
      const [re, im] = [new Float64Array(n * n), new Float64Array(n * n)];
      for (let i = 0; i < n; i++) {
        const next = (i + 1) % n;
        re[i * n + next] = re[next * n + i] = Math.cos(t);
        im[i * n + next] = Math.sin(t);
        im[next * n + i] = -Math.sin(t);
      }
      const values = await hermitianEigenvalues({ re, im }, n, algebra);
      const expected = Array.from({ length: n }, (_, k) => 2 * Math.cos((2 * Math.PI * k) / n + t)).sort(
        (a, b) => a - b,
      );
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i], 13);
    }
  });

  it('refuses a size and parts that do not fit', async () => {
    const algebra = await linearAlgebra();
    const part = new Float64Array(4);
    await expect(hermitianEigenvalues({ re: part, im: new Float64Array(3) }, 2, algebra)).rejects.toThrow(
      'Hermitian matrix of size 2 has parts of 4, found 4 and 3',
    );
    await expect(hermitianEigenvalues({ re: part, im: part }, 0, algebra)).rejects.toThrow(RangeError);
  });
});
