import { describe, expect, test } from 'vitest';
import type { LinearAlgebra } from '../../src/index.js';
import { describeBoth, library, portable } from './implementations.js';
import {
  hilbert,
  identity,
  largestDifference,
  largestMagnitude,
  matrixOf,
  random,
  randomSymmetric,
  secondDifference,
  secondDifferenceEigenvalues,
  times,
  transposed,
} from './matrices.js';

/** Backward stable algorithms err by a small multiple of n eps times the norm. */
const eigenvalueBound = (n: number, norm: number) => 1e-13 * Math.max(n, 10) * norm;

async function expectEigenpairs(algebra: LinearAlgebra, a: Float64Array, n: number): Promise<void> {
  const kept = a.slice();
  const { values, vectors } = await algebra.symmetricEigen(a, n);
  expect(largestDifference(a, kept)).toBe(0);
  const norm = Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
  // A V^T = V^T diag(values), the eigenvectors being the rows of V
  const av = times(a, transposed(vectors, n, n), n, n, n);
  const scaled = matrixOf(n, n, (i, j) => vectors[j * n + i] * values[j]);
  expect(largestDifference(av, scaled)).toBeLessThanOrEqual(eigenvalueBound(n, norm));
  expect(largestDifference(times(vectors, transposed(vectors, n, n), n, n, n), identity(n))).toBeLessThan(
    1e-14 * (n + 10),
  );
  expect(Array.from(values)).toEqual(Array.from(values).sort((x, y) => x - y));
}

describeBoth('symmetric eigenproblems', (algebra) => {
  test.each([1, 2, 3, 10, 65, 200])('the second difference of size %i has 2 - 2 cos(k pi / (n + 1))', async (n) => {
    for (const method of ['auto', 'one-stage', 'two-stage'] as const) {
      const values = await algebra.symmetricEigenvalues(secondDifference(n), n, { method });
      expect(largestDifference(values, secondDifferenceEigenvalues(n))).toBeLessThan(eigenvalueBound(n, 4));
    }
  });

  test('the pairs of W21+ at its top agree to 15 digits (Wilkinson 1965)', async () => {
    const n = 21;
    const a = matrixOf(n, n, (i, j) => (i === j ? Math.abs(i - 10) : Math.abs(i - j) === 1 ? 1 : 0));
    const values = await algebra.symmetricEigenvalues(a, n);
    expect(Math.abs(values[20] - 10.746194182903393)).toBeLessThan(1e-13);
    expect(Math.abs(values[19] - 10.746194182903322)).toBeLessThan(1e-13);
    expect(Math.abs(values[0] - -1.125441522119985)).toBeLessThan(1e-13);
    await expectEigenpairs(algebra, a, n);
  });

  test('the eigenvalues of the Hilbert matrix have its trace and its Frobenius norm, and are not below zero', async () => {
    const n = 30;
    const a = hilbert(n, n);
    const values = await algebra.symmetricEigenvalues(a, n);
    const trace = Array.from({ length: n }, (_, i) => a[i * n + i]).reduce((x, y) => x + y);
    const squares = a.reduce((sum, x) => sum + x * x, 0);
    expect(Math.abs(values.reduce((x, y) => x + y) - trace)).toBeLessThan(1e-14 * n);
    expect(Math.abs(values.reduce((sum, x) => sum + x * x, 0) - squares)).toBeLessThan(1e-14 * n);
    expect(values[0]).toBeGreaterThan(-1e-15);
    await expectEigenpairs(algebra, a, n);
  });

  test('the Hilbert matrix of order 4 has the eigenvalues of its characteristic polynomial', async () => {
    // det(H - x) for n = 4, from exact minors: x^4 - 176/105 x^3 + 3341/12600 x^2 - 41/23625 x + 1/6048000
    const values = await algebra.symmetricEigenvalues(hilbert(4, 4), 4);
    const p = (x: number) => (((x - 176 / 105) * x + 3341 / 12600) * x - 41 / 23625) * x + 1 / 6048000;
    const slope = (x: number) => ((4 * x - (3 * 176) / 105) * x + (2 * 3341) / 12600) * x - 41 / 23625;
    for (const value of values) expect(Math.abs(p(value) / slope(value))).toBeLessThan(1e-15);
  });

  test.each([
    ['a 1 x 1 matrix', 1, () => -3],
    ['the zero matrix', 5, () => 0],
    ['a matrix of ones, of rank one', 40, () => 1],
    ['a diagonal matrix with equal elements', 30, (i: number, j: number) => (i === j ? i % 3 : 0)],
    ['a matrix of tiny numbers', 12, (i: number, j: number) => 1e-290 * Math.cos(i + j)],
    ['a matrix of huge numbers', 12, (i: number, j: number) => 1e290 * Math.cos(i + j)],
    ['a graded matrix', 25, (i: number, j: number) => 10 ** -(i + j) * (1 + Math.min(i, j))],
  ] as const)('eigenpairs of %s', async (_name, n, element) => {
    const a = matrixOf(n, n, element);
    await expectEigenpairs(algebra, a, n);
    const { values } = await algebra.symmetricEigen(a, n);
    const alone = await algebra.symmetricEigenvalues(a, n);
    expect(largestDifference(alone, values)).toBeLessThanOrEqual(eigenvalueBound(n, largestMagnitude(values)));
  });

  test.each([2, 33, 150])('eigenpairs of a random matrix of size %i', async (n) => {
    await expectEigenpairs(algebra, randomSymmetric(n, random.stream('pairs')), n);
  });

  test('a matrix of rank 5 has all other eigenvalues at rounding', async () => {
    const n = 80;
    const b = random.stream('rank').normals(n * 5);
    const a = times(b, transposed(b, n, 5), n, 5, n);
    const values = await algebra.symmetricEigenvalues(a, n);
    expect(largestMagnitude(values.subarray(0, n - 5))).toBeLessThan(eigenvalueBound(n, values[n - 1]) / 10);
    expect(values[n - 5]).toBeGreaterThan(1);
  });

  test('only the triangle asked for is read', async () => {
    const n = 20;
    const a = randomSymmetric(n, random.stream('triangle'));
    const expected = await algebra.symmetricEigenvalues(a, n);
    for (const triangle of ['lower', 'upper'] as const) {
      const half = matrixOf(n, n, (i, j) => ((triangle === 'lower' ? j <= i : j >= i) ? a[i * n + j] : Number.NaN));
      const values = await algebra.symmetricEigenvalues(half, n, { triangle });
      expect(largestDifference(values, expected)).toBeLessThan(1e-13);
    }
  });

  test('the matrix is kept unless it may be overwritten', async () => {
    const n = 10;
    const a = randomSymmetric(n, random.stream('kept'));
    const kept = a.slice();
    const expected = await algebra.symmetricEigenvalues(a, n);
    expect(largestDifference(a, kept)).toBe(0);
    expect(largestDifference(await algebra.symmetricEigenvalues(a, n, { overwrite: true }), expected)).toBe(0);
  });

  test('a matrix that begins inside its buffer, with more behind it', async () => {
    const n = 12;
    const buffer = random.stream('view').normals(n * n + 10);
    buffer.set(secondDifference(n), 3);
    const values = await algebra.symmetricEigenvalues(buffer.subarray(3), n);
    expect(largestDifference(values, secondDifferenceEigenvalues(n))).toBeLessThan(1e-14);
    expect((await algebra.symmetricEigenvalues(buffer.subarray(3), n, { overwrite: true }))[0]).toBeCloseTo(
      values[0],
      14,
    );
  });

  test('float32 matrices give float32 eigenpairs to their precision', async () => {
    const n = 50;
    const a = Float32Array.from(secondDifference(n));
    const exact = secondDifferenceEigenvalues(n);
    for (const method of ['one-stage', 'two-stage'] as const) {
      const values = await algebra.symmetricEigenvalues(a, n, { method });
      expect(values).toBeInstanceOf(Float32Array);
      expect(largestDifference(values, exact)).toBeLessThan(1e-5);
    }
    const { values, vectors } = await algebra.symmetricEigen(a, n);
    expect(vectors).toBeInstanceOf(Float32Array);
    expect(largestDifference(values, exact)).toBeLessThan(1e-5);
    const av = times(a, transposed(vectors, n, n), n, n, n);
    expect(
      largestDifference(
        av,
        matrixOf(n, n, (i, j) => vectors[j * n + i] * values[j]),
      ),
    ).toBeLessThan(1e-5);
  });

  test('a range of eigenpairs is that part of all of them', async () => {
    const n = 60;
    const a = randomSymmetric(n, random.stream('range'));
    const all = await algebra.symmetricEigen(a, n);
    for (const [from, to] of [
      [0, 1],
      [57, 60],
      [20, 41],
      [0, 60],
    ] as const) {
      const { values, vectors } = await algebra.symmetricEigenRange(a, n, from, to);
      expect(values).toHaveLength(to - from);
      expect(vectors).toHaveLength((to - from) * n);
      expect(largestDifference(values, all.values.subarray(from, to))).toBeLessThan(1e-13);
      for (let i = from; i < to; i++) {
        const one = vectors.subarray((i - from) * n, (i - from + 1) * n);
        const other = all.vectors.subarray(i * n, (i + 1) * n);
        expect(Math.abs(Math.abs(one.reduce((sum, x, p) => sum + x * other[p], 0)) - 1)).toBeLessThan(1e-12);
      }
    }
  });

  test('a range out of a cluster is orthonormal', async () => {
    const n = 30;
    const { values, vectors } = await algebra.symmetricEigenRange(identity(n), n, 5, 15);
    expect(Array.from(values)).toEqual(new Array(10).fill(1));
    expect(largestDifference(times(vectors, transposed(vectors, 10, n), 10, n, 10), identity(10))).toBeLessThan(1e-14);
  });

  test('bad sizes and ranges are RangeErrors', async () => {
    const a = identity(3);
    await expect(algebra.symmetricEigenvalues(a, 4)).rejects.toThrow(
      new RangeError('matrix has 9 elements, 16 are needed'),
    );
    for (const n of [0, -1, 1.5, Number.NaN]) {
      await expect(algebra.symmetricEigenvalues(a, n)).rejects.toThrow(RangeError);
      await expect(algebra.symmetricEigen(a, n)).rejects.toThrow(RangeError);
    }
    for (const [from, to] of [
      [-1, 2],
      [2, 2],
      [0, 4],
      [0.5, 2],
    ] as const) {
      await expect(algebra.symmetricEigenRange(a, 3, from, to)).rejects.toThrow(RangeError);
    }
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('a matrix that holds %d is an error, not a result', async (bad) => {
    const n = 20;
    const a = identity(n);
    a[7 * n + 3] = bad;
    const message = 'the matrix holds NaN or an infinity';
    await expect(algebra.symmetricEigenvalues(a, n)).rejects.toThrow(message);
    await expect(algebra.symmetricEigen(a, n)).rejects.toThrow(message);
    await expect(algebra.symmetricEigenRange(a, n, 0, 2)).rejects.toThrow(message);
    await expect(algebra.symmetricEigenvalues(a, n, { triangle: 'upper' })).resolves.toHaveLength(n);
  });
});

describeBoth('eigenvalues that overflow', (algebra) => {
  test('are an error', async () => {
    const a = new Float64Array(9).fill(1.5e308);
    await expect(algebra.symmetricEigenvalues(a, 3)).rejects.toThrow('the eigenvalues overflow');
    await expect(algebra.symmetricEigen(a, 3)).rejects.toThrow('the eigenvalues overflow');
  });
});

describe.skipIf(!library)('both implementations (skipped without a library)', () => {
  test('agree on the eigenvalues of a random matrix, whichever method is taken', async () => {
    const n = 250;
    const a = randomSymmetric(n, random.stream('both'));
    const expected = await portable.symmetricEigenvalues(a, n);
    for (const method of ['one-stage', 'two-stage'] as const) {
      const values = await library!.symmetricEigenvalues(a, n, { method });
      expect(largestDifference(values, expected)).toBeLessThan(1e-12 * largestMagnitude(expected));
    }
  });

  test('the library leaves the calling thread alive meanwhile', async () => {
    const n = 600;
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await library!.symmetricEigenvalues(randomSymmetric(n, random.stream('alive')), n);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });
});
