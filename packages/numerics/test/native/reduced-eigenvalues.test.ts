import { describe, expect, test } from 'vitest';
import type { RealArray } from '../../src/index.js';
import { bindRoutines, type Routine } from '../../src/native/routines.js';
import { nativeEigensolvers } from '../../src/native/symmetric.js';
import { library, portable } from '../linear-algebra/implementations.js';
import {
  hilbert,
  largestDifference,
  largestMagnitude,
  matrixOf,
  random,
  randomSymmetric,
  secondDifference,
  secondDifferenceEigenvalues,
  times,
  transposed,
} from '../linear-algebra/matrices.js';

const methods = ['relatively-robust', 'bisection'] as const;
const epsilonOf = (values: RealArray) => (values instanceof Float64Array ? 2 ** -52 : 2 ** -23);
const eigenvalues = <T extends RealArray>(...args: [T, number, { method: (typeof methods)[number] }]) =>
  library!.symmetricEigenvalues(...args);

/** A random matrix of the rank given: all but `rank` eigenvalues are zero before rounding, the first n - rank of them. */
function singular(n: number, rank: number): Float64Array {
  const b = random.stream(`singular ${n}`).normals(n * rank);
  return times(b, transposed(b, n, rank), n, rank, n);
}

describe.skipIf(!library).each(methods)('eigenvalues by the method %s (skipped without a library)', (method) => {
  test.each([1, 2, 3, 10, 65, 200])('the second difference of size %i has 2 - 2 cos(k pi / (n + 1))', async (n) => {
    for (const matrix of [secondDifference(n), Float32Array.from(secondDifference(n))]) {
      const values = await eigenvalues(matrix, n, { method });
      expect(values.constructor).toBe(matrix.constructor);
      expect(largestDifference(values, secondDifferenceEigenvalues(n))).toBeLessThan(
        2 * epsilonOf(matrix) * 4 * Math.sqrt(n),
      );
    }
  });

  test.each([
    ['a full one', 250, randomSymmetric(250, random.stream('full'))],
    ['one of rank 30', 250, singular(250, 30)],
    ['a graded one', 25, matrixOf(25, 25, (i, j) => 10 ** -(i + j) * (1 + Math.min(i, j)))],
    ['a diagonal one with equal elements', 30, matrixOf(30, 30, (i, j) => (i === j ? i % 3 : 0))],
    ['zero', 5, new Float64Array(25)],
    ['the Hilbert matrix', 30, hilbert(30, 30)],
  ])('agree with those of the drivers and the portable ones to 2 sqrt(n) eps |A|: %s', async (_name, n, exact) => {
    for (const matrix of [exact, Float32Array.from(exact)]) {
      const values = await eigenvalues(matrix, n, { method });
      expect(Array.from(values)).toEqual(Array.from(values).sort((x, y) => x - y));
      // n rounding errors add as a random walk, in each of the two that are compared.
      const bound = 2 * Math.sqrt(n) * epsilonOf(matrix) * largestMagnitude(values);
      for (const other of ['one-stage', 'two-stage'] as const) {
        const expected = await library!.symmetricEigenvalues<RealArray>(matrix, n, { method: other });
        expect(largestDifference(values, expected)).toBeLessThanOrEqual(bound);
      }
      const expected = await portable.symmetricEigenvalues<RealArray>(matrix, n);
      expect(largestDifference(values, expected)).toBeLessThanOrEqual(bound);
    }
  });

  test.each([-290, 290])('the elements may be of the size 1e%i', async (exponent) => {
    const n = 40;
    const a = randomSymmetric(n, random.stream('sizes'));
    const expected = await eigenvalues(a, n, { method });
    const values = await eigenvalues(
      a.map((x) => x * 10 ** exponent),
      n,
      { method },
    );
    const difference = largestDifference(
      values.map((x) => x / 10 ** exponent),
      expected,
    );
    expect(difference).toBeLessThan(2 * Math.sqrt(n) * 2 ** -52 * largestMagnitude(expected));
  });

  test('only the triangle asked for is read, and the matrix is kept', async () => {
    const n = 20;
    const a = randomSymmetric(n, random.stream('triangle'));
    const expected = await eigenvalues(a, n, { method });
    for (const triangle of ['lower', 'upper'] as const) {
      const half = matrixOf(n, n, (i, j) => ((triangle === 'lower' ? j <= i : j >= i) ? a[i * n + j] : Number.NaN));
      const kept = half.slice();
      const values = await library!.symmetricEigenvalues(half, n, { method, triangle });
      expect(largestDifference(values, expected)).toBeLessThan(1e-13);
      expect(half).toEqual(kept);
    }
  });

  test('below the rounding floor it is another algorithm than QL: none of those levels is the same', async () => {
    const [n, rank] = [200, 30];
    const a = singular(n, rank);
    const own = await eigenvalues(a, n, { method });
    const ql = await library!.symmetricEigenvalues(a, n, { method: 'one-stage' });
    expect(own.subarray(0, n - rank).filter((value, i) => value === ql[i])).toHaveLength(0);
  });

  test('eigenvalues that overflow and NaN are errors', async () => {
    await expect(eigenvalues(new Float64Array(9).fill(1.5e308), 3, { method })).rejects.toThrow(
      'the eigenvalues overflow',
    );
    await expect(eigenvalues(Float64Array.of(Number.NaN), 1, { method })).rejects.toThrow('NaN');
  });
});

describe.skipIf(!library)('the tolerance of bisection (skipped without a library)', () => {
  test('bounds the error, and is made use of', async () => {
    const n = 100;
    for (const scale of [1, 1e-200]) {
      const tolerance = 1e-3 * scale;
      const a = secondDifference(n).map((x) => x * scale);
      const values = await library!.symmetricEigenvalues(a, n, { method: 'bisection', tolerance });
      const errors = secondDifferenceEigenvalues(n).map((exact, k) => Math.abs(values[k] - exact * scale));
      expect(Math.max(...errors)).toBeLessThanOrEqual(tolerance);
      expect(errors.filter((error) => error > tolerance / 100).length).toBeGreaterThan(n / 2);
    }
  });

  test("LAPACK's own makes most levels of a null space equal, the smallest keeps all apart", async () => {
    const [n, rank] = [250, 30];
    const distinct = async (options: { tolerance?: number }) => {
      const values = await library!.symmetricEigenvalues(singular(n, rank), n, { method: 'bisection', ...options });
      return new Set(values.subarray(0, n - rank)).size;
    };
    expect(await distinct({})).toBe(n - rank);
    expect(await distinct({ tolerance: 0 })).toBeLessThan((n - rank) / 5);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('of %d is a RangeError', async (tolerance) => {
    await expect(library!.symmetricEigenvalues(hilbert(3, 3), 3, { method: 'bisection', tolerance })).rejects.toThrow(
      new RangeError(`tolerance must be finite and not negative, found ${tolerance}`),
    );
  });

  test('is a RangeError with any other method', async () => {
    await expect(library!.symmetricEigenvalues(hilbert(3, 3), 3, { tolerance: 1e-9 })).rejects.toThrow(
      new RangeError("tolerance is for method 'bisection', found method 'auto'"),
    );
  });
});

test.each(methods)('the portable implementation refuses %s by its name and says what it needs', async (method) => {
  await expect(portable.symmetricEigenvalues(hilbert(3, 3), 3, { method })).rejects.toThrow(
    `method '${method}' needs LAPACK, and this is the portable implementation`,
  );
});

test('a library without the routine is used all the same, and the method names what is missing', async () => {
  const routine: Routine = Object.assign(() => {}, { async: () => {} });
  const bound = bindRoutines(
    {
      func(prototype) {
        if (prototype.includes('dstemr_')) throw new Error('no such symbol');
        return routine;
      },
    },
    'double',
  );
  const { symmetricEigenvalues } = nativeEigensolvers(() => bound, { ...portable.library, kind: 'other' });
  await expect(symmetricEigenvalues(hilbert(3, 3), 3, { method: 'relatively-robust' })).rejects.toThrow(
    "method 'relatively-robust' needs LAPACK's stemr, which the library does not have",
  );
});
