import { expect, test } from 'vitest';
import { describeBoth, library, portable } from './implementations.js';
import { largestDifference, largestMagnitude, matrixOf, random, secondDifferenceEigenvalues } from './matrices.js';

describeBoth('tridiagonal eigenproblems', (algebra) => {
  test.each([1, 2, 3, 50, 400])('the second difference of size %i: eigenvalues, and first components', async (n) => {
    const diagonal = new Float64Array(n).fill(2);
    const offDiagonal = new Float64Array(n - 1).fill(-1);
    const exact = secondDifferenceEigenvalues(n);
    expect(largestDifference(await algebra.tridiagonalEigenvalues(diagonal, offDiagonal), exact)).toBeLessThan(1e-13);
    const { values, firstComponents } = await algebra.tridiagonalEigen(diagonal, offDiagonal);
    expect(largestDifference(values, exact)).toBeLessThan(1e-13);
    // eigenvector k is sqrt(2 / (n + 1)) sin(j k pi / (n + 1))
    const components = exact.map((_, k) => Math.sqrt(2 / (n + 1)) * Math.sin(((k + 1) * Math.PI) / (n + 1)));
    expect(largestDifference(firstComponents, components)).toBeLessThan(1e-13);
  });

  test('Golub and Welsch: nodes and weights of Gauss-Legendre quadrature', async () => {
    // Jacobi matrix of the Legendre polynomials: zero diagonal, k / sqrt(4 k^2 - 1) beside it
    const n = 20;
    const offDiagonal = Float64Array.from({ length: n - 1 }, (_, i) => (i + 1) / Math.sqrt(4 * (i + 1) ** 2 - 1));
    const { values, firstComponents } = await algebra.tridiagonalEigen(new Float64Array(n), offDiagonal);
    for (let degree = 0; degree < 2 * n; degree++) {
      const moment = values.reduce((sum, x, i) => sum + 2 * firstComponents[i] ** 2 * x ** degree, 0);
      expect(Math.abs(moment - (degree % 2 === 0 ? 2 / (degree + 1) : 0))).toBeLessThan(1e-14);
    }
  });

  test.each([
    ['blocks that do not touch', [1, 5, 2, 2, -3], [0, 1, 0, 4]],
    ['a zero matrix', [0, 0, 0], [0, 0]],
    ['a graded matrix', [1e-8, 1e-4, 1, 1e4], [1e-7, 1e-3, 10]],
    ['the other way round', [1e4, 1, 1e-4, 1e-8], [10, 1e-3, 1e-7]],
    ['tiny numbers', [1e-300, 2e-300, 3e-300], [1e-300, 1e-301]],
    ['huge numbers', [1e300, 2e300, 3e300], [1e300, 1e299]],
  ])('%s: the eigenvalues of the full matrix', async (_name, d, e) => {
    const n = d.length;
    const full = matrixOf(n, n, (i, j) => (i === j ? d[i] : Math.abs(i - j) === 1 ? e[Math.min(i, j)] : 0));
    const { values: expected, vectors } = await algebra.symmetricEigen(full, n);
    const norm = largestMagnitude(expected);
    const values = await algebra.tridiagonalEigenvalues(Float64Array.from(d), Float64Array.from(e));
    expect(largestDifference(values, expected)).toBeLessThanOrEqual(1e-14 * norm);
    const pairs = await algebra.tridiagonalEigen(Float64Array.from(d), Float64Array.from(e));
    expect(largestDifference(pairs.values, expected)).toBeLessThanOrEqual(1e-14 * norm);
    // Weights of equal eigenvalues can be shared out in any way; the moments they give cannot.
    for (const power of [0, 1, 2]) {
      const moment = (weight: (i: number) => number) =>
        expected.reduce((sum, x, i) => sum + weight(i) ** 2 * (norm === 0 ? 1 : x / norm) ** power, 0);
      const found = moment((i) => pairs.firstComponents[i]);
      expect(Math.abs(found - moment((i) => vectors[i * n]))).toBeLessThan(1e-13);
    }
  });

  test('the input is kept', async () => {
    const [diagonal, offDiagonal] = [Float64Array.of(1, 2, 3), Float64Array.of(4, 5)];
    await algebra.tridiagonalEigenvalues(diagonal, offDiagonal);
    await algebra.tridiagonalEigen(diagonal, offDiagonal);
    expect([...diagonal, ...offDiagonal]).toEqual([1, 2, 3, 4, 5]);
  });

  test('an off-diagonal that is not one shorter is a RangeError, an element that is not finite an Error', async () => {
    for (const solve of [algebra.tridiagonalEigen, algebra.tridiagonalEigenvalues]) {
      await expect(solve(new Float64Array(3), new Float64Array(3))).rejects.toThrow(RangeError);
      await expect(solve(new Float64Array(0), new Float64Array(0))).rejects.toThrow(RangeError);
      await expect(solve(Float64Array.of(1, Number.NaN, 2), Float64Array.of(1, 1))).rejects.toThrow(/NaN/);
      await expect(solve(Float64Array.of(1, 2, 3), Float64Array.of(1, Number.POSITIVE_INFINITY))).rejects.toThrow(
        Error,
      );
    }
  });
});

test.skipIf(!library)('both implementations agree on random matrices (skipped without a library)', async () => {
  const n = 600;
  const diagonal = random.stream('diagonal').normals(n);
  const offDiagonal = random.stream('off-diagonal').normals(n - 1);
  const expected = await library!.tridiagonalEigenvalues(diagonal, offDiagonal);
  const values = await portable.tridiagonalEigenvalues(diagonal, offDiagonal);
  expect(largestDifference(values, expected)).toBeLessThan(1e-12 * largestMagnitude(expected));
});
