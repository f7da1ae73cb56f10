import { type RandomStream, randomStream } from '../../src/index.js';

export const random: RandomStream = randomStream(20_061).stream('linear algebra tests');

/** Row-major n x n from a formula. */
export function matrixOf(rows: number, columns: number, element: (i: number, j: number) => number): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, p) => element(Math.floor(p / columns), p % columns));
}

/** Eigenvalues 2 - 2 cos(k pi / (n + 1)), k = 1 .. n. */
export const secondDifference = (n: number) => matrixOf(n, n, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0));
export const secondDifferenceEigenvalues = (n: number) =>
  Float64Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)));

export const hilbert = (m: number, n: number) => matrixOf(m, n, (i, j) => 1 / (i + j + 1));

export function randomSymmetric(n: number, stream: RandomStream): Float64Array {
  const normals = stream.normals(n * n);
  return matrixOf(n, n, (i, j) => normals[Math.max(i, j) * n + Math.min(i, j)]);
}

/** Plain product of row-major matrices, m x k and k x n. */
export function times(a: ArrayLike<number>, b: ArrayLike<number>, m: number, k: number, n: number): Float64Array {
  return matrixOf(m, n, (i, j) => {
    let sum = 0;
    for (let l = 0; l < k; l++) sum += a[i * k + l] * b[l * n + j];
    return sum;
  });
}

export const transposed = (a: ArrayLike<number>, m: number, n: number) => matrixOf(n, m, (i, j) => a[j * n + i]);

export const identity = (n: number) => matrixOf(n, n, (i, j) => (i === j ? 1 : 0));

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`arrays of ${a.length} and ${b.length} elements cannot be compared`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

export const largestMagnitude = (a: ArrayLike<number>) => largestDifference(a, new Float64Array(a.length));
