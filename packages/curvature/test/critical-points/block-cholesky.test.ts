import { type LinearAlgebra, linearAlgebra, portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { beforeAll, describe, expect, it } from 'vitest';
import { BlockCholesky } from '../../src/critical-points/block-cholesky.js';

let native: LinearAlgebra;
beforeAll(async () => {
  native = await linearAlgebra({ threads: 1 });
});

/** X X^T / n of a square normal X, and a little of the identity: condition numbers of some thousands. */
function definite(n: number): Float64Array {
  const x = randomStream(3, 'definite', `${n}`).normals(n * n);
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let k = 0; k < n; k++) sum += x[i * n + k] * x[j * n + k];
    return sum / n + (i === j ? 1e-3 : 0);
  });
}

describe('BlockCholesky', () => {
  it.each([1, 5, 31, 32, 33, 64, 150])("has LAPACK's factor and solves with it, n = %i", async (n) => {
    const a = definite(n);
    const expected = await native.cholesky(a, n);
    const b = randomStream(3, 'right side', `${n}`).normals(n);
    for (const algebra of [native, portableLinearAlgebra({ threads: 1 })]) {
      const cholesky = new BlockCholesky(n, algebra);
      const factor = a.slice();
      expect(cholesky.factor(factor)).toBe(true);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) expect(factor[i * n + j]).toBeCloseTo(expected[i * n + j], 10);
      }
      const x = cholesky.solve(factor, b);
      for (let i = 0; i < n; i++) {
        const image = x.reduce((sum, value, j) => sum + a[i * n + j] * value, 0);
        expect(image).toBeCloseTo(b[i], 9);
      }
    }
  });

  it('says so when a matrix is not positive definite, in its first block or behind it, and when it is not finite', () => {
    const n = 40;
    const cholesky = new BlockCholesky(n, native);
    for (const [at, value] of [
      [3, -1],
      [36, -1],
      [20, Number.NaN],
    ] as const) {
      const a = definite(n);
      a[at * n + at] = value;
      expect(cholesky.factor(a)).toBe(false);
    }
    expect(cholesky.factor(definite(n))).toBe(true);
  });
});
