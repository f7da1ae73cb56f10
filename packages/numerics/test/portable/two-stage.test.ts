import { describe, expect, test } from 'vitest';
import { bandWorkspace, reduceToBand } from '../../src/portable/band-reduction.js';
import { tridiagonalizeBand } from '../../src/portable/band-tridiagonalize.js';
import { portable } from '../linear-algebra/implementations.js';
import {
  identity,
  largestDifference,
  largestMagnitude,
  matrixOf,
  random,
  randomSymmetric,
  secondDifferenceEigenvalues,
  times,
  transposed,
} from '../linear-algebra/matrices.js';

/** The matrix of the band, both triangles, and nothing else. */
const fullBand = (a: Float64Array, n: number, bandwidth: number) =>
  matrixOf(n, n, (i, j) => (Math.abs(i - j) <= bandwidth ? a[Math.max(i, j) * n + Math.min(i, j)] : 0));

function band(matrix: Float64Array, n: number, bandwidth: number): Float64Array {
  const a = matrix.slice();
  reduceToBand(
    a,
    n,
    bandwidth,
    bandWorkspace(n, bandwidth, (length) => new Float64Array(length)),
  );
  return fullBand(a, n, bandwidth);
}

/** Sums of the first four powers of the eigenvalues: what a similarity keeps. */
function traces(a: Float64Array, n: number): number[] {
  const square = times(a, a, n, n, n);
  const traceOfProduct = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, p) => sum + value * y[p], 0);
  return [
    traceOfProduct(a, identity(n)),
    traceOfProduct(a, a),
    traceOfProduct(square, a),
    traceOfProduct(square, square),
  ];
}

describe('the reduction to a band', () => {
  test.each([
    [3, 1],
    [10, 1],
    [10, 3],
    [11, 5],
    [64, 7],
    [100, 32],
  ])('size %i, %i diagonals: traces of the first four powers stay', (n, bandwidth) => {
    const a = randomSymmetric(n, random.stream('band'));
    const before = traces(a, n);
    const after = traces(band(a, n, bandwidth), n);
    const scale = traces(a.map(Math.abs), n);
    for (const [i, trace] of before.entries()) expect(Math.abs(after[i] - trace)).toBeLessThan(1e-13 * scale[i]);
  });

  test('only the lower triangle is read', () => {
    const [n, bandwidth] = [40, 6];
    const a = randomSymmetric(n, random.stream('lower'));
    const lower = matrixOf(n, n, (i, j) => (j <= i ? a[i * n + j] : Number.NaN));
    expect(largestDifference(band(lower, n, bandwidth), band(a, n, bandwidth))).toBe(0);
  });

  test('a band that is narrow enough stays as it is', () => {
    const n = 30;
    const a = fullBand(randomSymmetric(n, random.stream('narrow')), n, 4);
    expect(largestDifference(band(a, n, 4), a)).toBe(0);
  });
});

describe('the band made tridiagonal', () => {
  test.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 5],
    [20, 1],
    [20, 2],
    [37, 5],
    [60, 32],
  ])('size %i, %i diagonals: traces of the first four powers stay', (n, bandwidth) => {
    const a = fullBand(randomSymmetric(n, random.stream('chase')), n, bandwidth);
    const { diagonal, offDiagonal } = tridiagonalizeBand(a, n, bandwidth);
    const tridiagonal = matrixOf(n, n, (i, j) =>
      i === j ? diagonal[i] : Math.abs(i - j) === 1 ? offDiagonal[Math.min(i, j)] : 0,
    );
    const after = traces(tridiagonal, n);
    const scale = traces(a.map(Math.abs), n);
    for (const [i, trace] of traces(a, n).entries()) expect(Math.abs(after[i] - trace)).toBeLessThan(1e-13 * scale[i]);
  });
});

describe('eigenvalues in two stages', () => {
  const twoStage = (a: Float64Array, n: number, triangle: 'upper' | 'lower' = 'lower') =>
    portable.symmetricEigenvalues(a, n, { method: 'two-stage', triangle });

  test.each([1, 2, 3, 32, 33, 34, 35, 65, 66, 150, 300])('are those of one stage at size %i', async (n) => {
    const a = randomSymmetric(n, random.stream('two stages'));
    const expected = await portable.symmetricEigenvalues(a, n, { method: 'one-stage' });
    const bound = 1e-14 * n * largestMagnitude(expected);
    expect(largestDifference(await twoStage(a, n), expected)).toBeLessThanOrEqual(bound);
    expect(largestDifference(await twoStage(a, n, 'upper'), expected)).toBeLessThanOrEqual(bound);
  });

  test('have their closed form: Q diag(2 - 2 cos(k pi / (n + 1))) Q^T for an orthogonal Q', async () => {
    const n = 120;
    const exact = secondDifferenceEigenvalues(n);
    const { q } = await portable.qr(random.stream('rotation').normals(n * n), n, n);
    const scaled = q.map((x, p) => x * exact[p % n]);
    const a = times(scaled, transposed(q, n, n), n, n, n);
    expect(largestDifference(await twoStage(a, n), exact)).toBeLessThan(1e-14 * n);
  });

  test.each([
    ['zeros', () => 0],
    ['the identity', (i: number, j: number) => Number(i === j)],
    ['ones, of rank one', () => 1],
    ['two blocks', (i: number, j: number) => Number(i < 40 === j < 40)],
    ['huge numbers', (i: number, j: number) => 1e300 * Math.cos(i + j)],
    ['tiny numbers', (i: number, j: number) => 1e-300 * Math.cos(i + j)],
    ['rows graded over 20 orders', (i: number, j: number) => 10 ** (-0.1 * (i + j))],
  ])('%s', async (_name, element) => {
    const n = 100;
    const a = matrixOf(n, n, element);
    const expected = await portable.symmetricEigenvalues(a, n, { method: 'one-stage' });
    const bound = 1e-14 * n * largestMagnitude(expected);
    expect(largestDifference(await twoStage(a, n), expected)).toBeLessThanOrEqual(bound);
  });
});
