import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { portable } from '../linear-algebra/implementations.js';
import { largestDifference, largestMagnitude, random, randomSymmetric } from '../linear-algebra/matrices.js';

// Worker threads run the built package only; `npm run build` before the tests makes it.
const built = new URL('../../dist/index.js', import.meta.url);
const isBuilt = existsSync(built);
const load = (): Promise<typeof import('../../src/index.js')> => import(built.href);

describe.skipIf(!isBuilt)('the portable implementation on worker threads (skipped where it is not built)', () => {
  // Large enough to leave the calling thread.
  const n = 300;

  test.each([1, 2])(
    '%i threads find the eigenvalues and eigenvectors that the calling thread finds',
    async (threads) => {
      const algebra = (await load()).portableLinearAlgebra({ threads });
      const a = randomSymmetric(n, random.stream('crew'));
      const expected = await portable.symmetricEigen(a, n);
      const norm = largestMagnitude(expected.values);
      const { values, vectors } = await algebra.symmetricEigen(a, n);
      expect(largestDifference(values, expected.values)).toBeLessThan(1e-14 * n * norm);
      const inner = values.map((_, i) =>
        Math.abs(vectors.subarray(i * n, (i + 1) * n).reduce((sum, x, j) => sum + x * expected.vectors[i * n + j], 0)),
      );
      // A vector turns by the error of the matrix over the distance to the next eigenvalue.
      const gap = values.slice(1).reduce((least, x, i) => Math.min(least, x - values[i]), Number.POSITIVE_INFINITY);
      expect(Math.max(...inner.map((x) => Math.abs(x - 1)))).toBeLessThan((1e-14 * n * norm) / gap);
      expect(largestDifference(await algebra.symmetricEigenvalues(a, n), values)).toBeLessThan(1e-14 * n * norm);
    },
  );

  test('eigenvalues in two stages have the same bytes on any number of threads', async () => {
    const a = randomSymmetric(n, random.stream('crew'));
    const results = await Promise.all(
      [1, 2].map(async (threads) =>
        (await load()).portableLinearAlgebra({ threads }).symmetricEigenvalues(a, n, { method: 'two-stage' }),
      ),
    );
    expect(largestDifference(results[0], results[1])).toBe(0);
    const expected = await portable.symmetricEigenvalues(a, n);
    expect(largestDifference(results[0], expected)).toBeLessThan(1e-14 * n * largestMagnitude(expected));
  });

  test('products have the bytes of the calling thread, on any number of threads', async () => {
    const algebra = (await load()).portableLinearAlgebra({ threads: 2 });
    const [a, b, c] = ['a', 'b', 'c'].map((name) => random.stream(name).normals(n * n));
    const gemm = { m: n, n, k: n, alpha: 0.5, a, lda: n, b, ldb: n, beta: 2, ldc: n, transposeB: true };
    const [here, there] = [c.slice(), c.slice()];
    portable.gemm({ ...gemm, c: here });
    await algebra.gemmAsync({ ...gemm, c: there });
    expect(largestDifference(here, there)).toBe(0);
    const syrk = { triangle: 'lower', n, k: n, a, lda: n, beta: 1, ldc: n } as const;
    portable.syrk({ ...syrk, c: here });
    await algebra.syrkAsync({ ...syrk, c: there });
    expect(largestDifference(here, there)).toBe(0);
  });

  test('calls that are made at once all come back, failures among them', async () => {
    const algebra = (await load()).portableLinearAlgebra({ threads: 2 });
    const size = 400;
    const a = randomSymmetric(size, random.stream('at once'));
    const [values, failure, again] = await Promise.all([
      algebra.symmetricEigenvalues(a, size),
      algebra.cholesky(a, size).catch((error: Error) => error.message),
      algebra.symmetricEigenvalues(a, size),
    ]);
    expect(largestDifference(values, again)).toBe(0);
    expect(failure).toMatch(/not positive definite/);
  });

  test('the calling thread stays alive meanwhile, and the threads do not keep the process', () => {
    const script = `
      import { portableLinearAlgebra } from ${JSON.stringify(built.href)};
      const n = 400;
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      await portableLinearAlgebra().symmetricEigenvalues(new Float64Array(n * n).fill(1), n);
      clearInterval(timer);
      console.log(turns > 0);
    `;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
    expect(output).toBe('true\n');
  });
});
