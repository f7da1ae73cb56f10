import { expect, test } from 'vitest';
import { describeBoth, library, portable } from './implementations.js';
import {
  hilbert,
  identity,
  largestDifference,
  largestMagnitude,
  matrixOf,
  random,
  secondDifference,
  secondDifferenceEigenvalues,
  times,
  transposed,
} from './matrices.js';

const shapes = [
  [1, 1],
  [2, 2],
  [7, 1],
  [40, 13],
  [64, 64],
  [130, 101],
] as const;

describeBoth('Cholesky', (algebra) => {
  test.each([1, 2, 10, 49, 120])('A = L L^T for the second difference of size %i', async (n) => {
    const a = secondDifference(n);
    const l = await algebra.cholesky(a, n);
    expect(largestDifference(times(l, transposed(l, n, n), n, n, n), a)).toBeLessThan(1e-14);
    for (let i = 0; i < n; i++) {
      expect(l[i * n + i]).toBeCloseTo(Math.sqrt((i + 2) / (i + 1)), 14);
      for (let j = i + 1; j < n; j++) expect(l[i * n + j]).toBe(0);
    }
  });

  test('only the lower triangle is read, and the matrix is kept', async () => {
    const a = Float64Array.of(4, Number.NaN, 2, 5);
    expect(Array.from(await algebra.cholesky(a, 2))).toEqual([2, 0, 1, 2]);
    expect(Array.from(a)).toEqual([4, Number.NaN, 2, 5]);
  });

  test('a matrix that is not positive definite is an error that says which minor is not', async () => {
    const a = identity(60);
    a[55 * 60 + 55] = -1;
    await expect(algebra.cholesky(a, 60)).rejects.toThrow(/not positive definite: its leading minor of order 56/);
    await expect(algebra.cholesky(new Float64Array(4), 2)).rejects.toThrow(/order 1/);
    await expect(algebra.cholesky(Float64Array.of(Number.NaN), 1)).rejects.toThrow(/NaN/);
    await expect(algebra.cholesky(a, 61)).rejects.toThrow(RangeError);
  });
});

describeBoth('QR', (algebra) => {
  test.each(shapes)('%i x %i: Q R = A, Q orthonormal, R upper with a non-negative diagonal', async (m, n) => {
    const a = random.stream('qr').normals(m * n);
    const kept = a.slice();
    const { q, r } = await algebra.qr(a, m, n);
    expect(largestDifference(a, kept)).toBe(0);
    expect(largestDifference(times(q, r, m, n, n), a)).toBeLessThan(1e-14 * (n + 10));
    expect(largestDifference(times(transposed(q, m, n), q, n, m, n), identity(n))).toBeLessThan(1e-15 * (n + 10));
    for (let i = 0; i < n; i++) {
      expect(r[i * n + i]).toBeGreaterThanOrEqual(0);
      for (let j = 0; j < i; j++) expect(r[i * n + j]).toBe(0);
    }
  });

  test('Q is orthonormal whatever the rank', async () => {
    const [m, n] = [30, 12];
    const b = random.stream('qr rank').normals(m * 3);
    for (const a of [new Float64Array(m * n), times(b, random.stream('right').normals(3 * n), m, 3, n)]) {
      const { q, r } = await algebra.qr(a, m, n);
      expect(largestDifference(times(q, r, m, n, n), a)).toBeLessThan(1e-13);
      expect(largestDifference(times(transposed(q, m, n), q, n, m, n), identity(n))).toBeLessThan(1e-14);
    }
  });

  test('fewer rows than columns, or too short a buffer, is a RangeError', async () => {
    await expect(algebra.qr(new Float64Array(6), 2, 3)).rejects.toThrow(/at least as many rows as columns/);
    await expect(algebra.qr(new Float64Array(5), 3, 2)).rejects.toThrow(RangeError);
    await expect(algebra.qr(new Float64Array(0), 0, 0)).rejects.toThrow(RangeError);
  });
});

describeBoth('SVD', (algebra) => {
  async function expectSvd(a: Float64Array, m: number, n: number) {
    const kept = a.slice();
    const { u, singularValues, vt } = await algebra.svd(a, m, n);
    expect(largestDifference(a, kept)).toBe(0);
    const r = Math.min(m, n);
    expect([u.length, singularValues.length, vt.length]).toEqual([m * r, r, r * n]);
    const scaled = u.map((x, p) => x * singularValues[p % r]);
    const bound = 1e-14 * (r + 10) * singularValues[0];
    expect(largestDifference(times(scaled, vt, m, r, n), a)).toBeLessThanOrEqual(bound);
    expect(largestDifference(times(transposed(u, m, r), u, r, m, r), identity(r))).toBeLessThan(1e-14 * (r + 10));
    expect(largestDifference(times(vt, transposed(vt, r, n), r, n, r), identity(r))).toBeLessThan(1e-14 * (r + 10));
    expect(singularValues.every((x, i) => x >= 0 && (i === 0 || x <= singularValues[i - 1]))).toBe(true);
    return singularValues;
  }

  test.each(shapes)('%i x %i and its transpose', async (m, n) => {
    const a = random.stream('svd').normals(m * n);
    const values = await expectSvd(a, m, n);
    const again = await expectSvd(transposed(a, m, n), n, m);
    expect(largestDifference(values, again)).toBeLessThan(1e-14 * (n + 10) * values[0]);
  });

  test('singular values of the bidiagonal difference are 2 sin((2k - 1) pi / (4n + 2))', async () => {
    const n = 50;
    const values = await expectSvd(
      matrixOf(n, n, (i, j) => (i === j ? 1 : j === i + 1 ? -1 : 0)),
      n,
      n,
    );
    const exact = values.map((_, i) => 2 * Math.sin(((2 * (n - i) - 1) * Math.PI) / (4 * n + 2)));
    expect(largestDifference(values, exact)).toBeLessThan(1e-14);
  });

  test('singular values of a symmetric matrix are the magnitudes of its eigenvalues', async () => {
    const n = 40;
    const values = await expectSvd(
      secondDifference(n).map((x, p) => x - (p % (n + 1) === 0 ? 2 : 0)),
      n,
      n,
    );
    const exact = secondDifferenceEigenvalues(n)
      .map((x) => Math.abs(x - 2))
      .sort()
      .reverse();
    expect(largestDifference(values, exact)).toBeLessThan(1e-14);
  });

  test.each([
    ['zeros', 6, 4, () => 0],
    ['ones, of rank one', 20, 30, () => 1],
    ['huge numbers', 5, 5, (i: number, j: number) => 1e300 * Math.cos(i * j)],
    ['tiny numbers', 5, 5, (i: number, j: number) => 1e-300 * Math.cos(i * j)],
    ['rows graded over 60 orders', 20, 15, (i: number, j: number) => 10 ** (-3 * i) * Math.cos(1 + i * j * j)],
  ] as const)('%s', async (_name, m, n, element) => {
    await expectSvd(matrixOf(m, n, element), m, n);
  });

  test('the Hilbert matrix, singular to rounding, and a matrix of rank 10', async () => {
    const values = await expectSvd(hilbert(40, 30), 40, 30);
    expect(values[29]).toBeLessThan(1e-15);
    const b = random.stream('svd rank').normals(60 * 10);
    const low = await expectSvd(times(b, transposed(b, 60, 10), 60, 10, 60), 60, 60);
    expect(low[10] / low[0]).toBeLessThan(1e-14);
    expect(low[9] / low[0]).toBeGreaterThan(1e-3);
  });

  test('bad sizes are RangeErrors, elements that are not finite Errors', async () => {
    await expect(algebra.svd(new Float64Array(5), 2, 3)).rejects.toThrow(RangeError);
    await expect(algebra.svd(new Float64Array(5), 0, 3)).rejects.toThrow(RangeError);
    await expect(algebra.svd(new Float64Array(6).fill(Number.NaN), 2, 3)).rejects.toThrow(Error);
    await expect(algebra.qr(new Float64Array(6).fill(Number.NaN), 3, 2)).rejects.toThrow(Error);
  });
});

test.skipIf(!library)('both implementations agree on random matrices (skipped without a library)', async () => {
  const [m, n] = [150, 90];
  const a = random.stream('factorizations').normals(m * n);
  const gram = times(transposed(a, m, n), a, n, m, n);
  const [p, l] = await Promise.all(
    [portable, library!].map(async (algebra) => ({
      cholesky: await algebra.cholesky(gram, n),
      ...(await algebra.qr(a, m, n)),
      singularValues: (await algebra.svd(a, m, n)).singularValues,
    })),
  );
  for (const name of ['cholesky', 'q', 'r', 'singularValues'] as const) {
    expect(largestDifference(p[name], l[name])).toBeLessThan(1e-12 * largestMagnitude(l[name]));
  }
});
