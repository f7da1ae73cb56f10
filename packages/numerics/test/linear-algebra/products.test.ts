import { describe, expect, test } from 'vitest';
import type { LinearAlgebra, RealArray } from '../../src/index.js';
import { describeBoth, library, portable } from './implementations.js';
import { largestDifference, largestMagnitude, random } from './matrices.js';

type Real = Float64ArrayConstructor | Float32ArrayConstructor;

const precisions = [
  { name: 'float64', Real: Float64Array, epsilon: 2 ** -53 },
  { name: 'float32', Real: Float32Array, epsilon: 2 ** -24 },
] as const;

// Each size once below and once above the blocks of the portable product (4, 96, 256, 512), and 0 and 1.
const sizes = [
  { m: 1, n: 1, k: 1 },
  { m: 5, n: 3, k: 7 },
  { m: 4, n: 1, k: 9 },
  { m: 1, n: 6, k: 2 },
  { m: 99, n: 50, k: 259 },
  { m: 3, n: 1030, k: 2 },
  { m: 3, n: 4, k: 0 },
  { m: 0, n: 4, k: 3 },
  { m: 4, n: 0, k: 3 },
];

const transposes = [
  { transposeA: false, transposeB: false },
  { transposeA: true, transposeB: false },
  { transposeA: false, transposeB: true },
  { transposeA: true, transposeB: true },
];

const padding = 3;
const offset = 5;

/** A random matrix stored with padded rows, not at the beginning of its buffer. */
function padded(rows: number, columns: number, Real: Real, name: string) {
  const stride = Math.max(1, columns) + padding;
  const data = Real.from(random.stream(name).normals(offset + rows * stride + 1)).subarray(offset) as RealArray;
  return { data, stride };
}

/** The contract, word for word. */
function naiveGemm(p: Parameters<LinearAlgebra['gemm']>[0]): Float64Array {
  const result = Float64Array.from(p.c);
  for (let i = 0; i < p.m; i++) {
    for (let j = 0; j < p.n; j++) {
      let sum = 0;
      for (let l = 0; l < p.k; l++) {
        sum += p.a[p.transposeA ? l * p.lda + i : i * p.lda + l] * p.b[p.transposeB ? j * p.ldb + l : l * p.ldb + j];
      }
      const beta = p.beta ?? 0;
      result[i * p.ldc + j] = (p.alpha ?? 1) * sum + (beta === 0 ? 0 : beta * p.c[i * p.ldc + j]);
    }
  }
  return result;
}

/** Rounding of a sum of k products of normals: k eps times their magnitude, which is below 5 here. */
const roundingBound = (k: number, epsilon: number) => 50 * (k + 2) * epsilon;

describeBoth('products', (algebra) => {
  describe.each(precisions)('$name', ({ Real, epsilon }) => {
    function product(size: (typeof sizes)[number], flags: (typeof transposes)[number], alpha?: number, beta?: number) {
      const { m, n, k } = size;
      const a = flags.transposeA ? padded(k, m, Real, 'a') : padded(m, k, Real, 'a');
      const b = flags.transposeB ? padded(n, k, Real, 'b') : padded(k, n, Real, 'b');
      const c = padded(m, n, Real, 'c');
      return {
        ...flags,
        ...size,
        a: a.data,
        lda: a.stride,
        b: b.data,
        ldb: b.stride,
        c: c.data,
        ldc: c.stride,
        ...(alpha !== undefined && { alpha }),
        ...(beta !== undefined && { beta }),
      };
    }

    describe.each(transposes)('A transposed $transposeA, B transposed $transposeB', (flags) => {
      test.each(sizes)('gemm of $m x $k by $k x $n equals the triple loop and leaves the padding alone', (size) => {
        for (const [alpha, beta] of [
          [undefined, undefined],
          [-1.5, 0.5],
          [2, 1],
          [0, 3],
        ]) {
          const p = product(size, flags, alpha, beta);
          const expected = naiveGemm(p);
          algebra.gemm(p);
          expect(largestDifference(p.c, expected)).toBeLessThan(roundingBound(size.k, epsilon));
        }
      });

      test('gemmAsync gives the bytes of gemm', async () => {
        const p = product({ m: 99, n: 50, k: 259 }, flags, -1.5, 0.5);
        const q = { ...p, c: p.c.slice() };
        algebra.gemm(p);
        await algebra.gemmAsync(q);
        expect(largestDifference(q.c, p.c)).toBe(0);
      });
    });

    test('beta = 0 overwrites whatever C, or y, holds', () => {
      const p = product({ m: 6, n: 5, k: 4 }, transposes[0]);
      const expected = naiveGemm({ ...p, c: p.c.slice().fill(0) });
      p.c.fill(Number.NaN);
      algebra.gemm(p);
      for (let i = 0; i < p.m; i++) {
        const row = [i * p.ldc, i * p.ldc + p.n] as const;
        expect(largestDifference(p.c.slice(...row), expected.slice(...row))).toBeLessThan(roundingBound(4, epsilon));
      }
      const c = new Real(9).fill(Number.NaN) as RealArray;
      const one = new Real(9).fill(1) as RealArray;
      algebra.syrk({ triangle: 'lower', n: 3, k: 3, a: one, lda: 3, c, ldc: 3 });
      expect(Array.from(c)).toEqual([3, Number.NaN, Number.NaN, 3, 3, Number.NaN, 3, 3, 3]);
      const y = new Real(3).fill(Number.NaN) as RealArray;
      algebra.gemv({ m: 3, n: 3, a: one, lda: 3, x: one, y });
      expect(Array.from(y)).toEqual([3, 3, 3]);
    });

    test.each(['upper', 'lower'] as const)(
      'syrk fills the %s triangle like gemm and not the other',
      async (triangle) => {
        for (const transpose of [false, true]) {
          for (const { n, k } of [
            { n: 1, k: 4 },
            { n: 7, k: 0 },
            { n: 6, k: 300 },
            { n: 203, k: 5 },
          ]) {
            const a = transpose ? padded(k, n, Real, 'a') : padded(n, k, Real, 'a');
            const c = padded(n, n, Real, 'c');
            const given = { triangle, transpose, n, k, alpha: -0.5, a: a.data, lda: a.stride, beta: 2, ldc: c.stride };
            const full = naiveGemm({
              ...{ transposeA: transpose, transposeB: !transpose, m: n, n, k, alpha: -0.5, beta: 2 },
              ...{ a: a.data, lda: a.stride, b: a.data, ldb: a.stride, c: c.data, ldc: c.stride },
            });
            const expected = Float64Array.from(c.data);
            for (let i = 0; i < n; i++) {
              for (let j = 0; j < n; j++) {
                const inside = triangle === 'lower' ? j <= i : j >= i;
                if (inside) expected[i * c.stride + j] = full[i * c.stride + j];
              }
            }
            const sync = c.data.slice();
            algebra.syrk({ ...given, c: sync });
            expect(largestDifference(sync, expected)).toBeLessThan(roundingBound(k, epsilon));
            await algebra.syrkAsync({ ...given, c: c.data });
            expect(largestDifference(c.data, sync)).toBe(0);
          }
        }
      },
    );

    test('gemv is gemm with one column', () => {
      for (const transpose of [false, true]) {
        for (const { m, n } of [
          { m: 1, n: 1 },
          { m: 9, n: 4 },
          { m: 3, n: 300 },
          { m: 4, n: 0 },
          { m: 0, n: 4 },
        ]) {
          const a = padded(m, n, Real, 'a');
          const [inner, outer] = transpose ? [m, n] : [n, m];
          const x = padded(1, inner, Real, 'x').data;
          for (const [alpha, beta] of [
            [1, 0],
            [-1.5, 0.5],
            [2, 1],
          ] as const) {
            const y = padded(1, outer, Real, 'y').data;
            const expected = naiveGemm({
              ...{ transposeA: transpose, m: outer, n: 1, k: inner, alpha, beta },
              ...{ a: a.data, lda: a.stride, b: x, ldb: 1, c: y, ldc: 1 },
            });
            algebra.gemv({ transpose, m, n, alpha, a: a.data, lda: a.stride, x, beta, y });
            expect(largestDifference(y, expected)).toBeLessThan(roundingBound(inner, epsilon));
          }
        }
      }
    });
  });

  // Each size once below and once above the blocks of the portable copy (8, 128), and 0 and 1.
  describe.each(precisions)('$name', ({ Real }) => {
    test.each([
      [1, 1],
      [7, 3],
      [8, 129],
      [140, 131],
      [0, 3],
      [3, 0],
    ])(
      'copyAsync copies and transposes %d x %d elements, NaN and -0 too, and leaves the padding alone',
      async (m, n) => {
        for (const transpose of [false, true]) {
          const a = transpose ? padded(n, m, Real, 'a') : padded(m, n, Real, 'a');
          a.data[0] = -0;
          a.data[1] = Number.NaN;
          const b = padded(m, n, Real, 'b');
          const expected = b.data.slice();
          for (let i = 0; i < m; i++) {
            for (let j = 0; j < n; j++) {
              expected[i * b.stride + j] = a.data[transpose ? j * a.stride + i : i * a.stride + j];
            }
          }
          await algebra.copyAsync({ transpose, m, n, a: a.data, lda: a.stride, b: b.data, ldb: b.stride });
          expect(b.data).toEqual(expected);
        }
      },
    );
  });

  test('a thousand calls at once all come back, each with its own part of a buffer', async () => {
    const calls = 1000;
    const ones = new Float64Array(4).fill(1);
    const results = new Float64Array(4 * calls);
    await Promise.all(
      Array.from({ length: calls }, (_, i) => {
        const c = results.subarray(4 * i, 4 * (i + 1));
        return algebra.gemmAsync({ m: 2, n: 2, k: 2, alpha: i, a: ones, lda: 2, b: ones, ldb: 2, c, ldc: 2 });
      }),
    );
    expect(results.every((x, p) => x === 2 * Math.floor(p / 4))).toBe(true);
  });

  test('memory that threads share is taken like any other', async () => {
    const shared = (values: number[]) => {
      const array = new Float64Array(new SharedArrayBuffer(8 * values.length));
      array.set(values);
      return array;
    };
    const a = shared([1, 2, 3, 4]);
    const c = shared([0, 0, 0, 0]);
    await algebra.gemmAsync({ m: 2, n: 2, k: 2, a, lda: 2, b: a, ldb: 2, c, ldc: 2 });
    expect(Array.from(c)).toEqual([7, 10, 15, 22]);
  });

  test('a buffer that is too short is a RangeError that names it', async () => {
    const full = new Float64Array(6);
    const short = new Float64Array(5);
    const p = { m: 2, n: 3, k: 2, a: full, lda: 2, b: full, ldb: 3, c: full, ldc: 3 };
    expect(() => algebra.gemm({ ...p, c: short })).toThrow(new RangeError('c has 5 elements, 6 are needed'));
    expect(() => algebra.gemm({ ...p, b: short })).toThrow(/^b has 5 elements/);
    expect(() => algebra.gemm({ ...p, a: full.subarray(3) })).toThrow(/^a has 3 elements/);
    expect(() => algebra.gemm({ ...p, ldc: 2 })).toThrow(/^ldc must be at least the 3 columns/);
    expect(() => algebra.gemm({ ...p, m: -1 })).toThrow(RangeError);
    expect(() => algebra.gemm({ ...p, k: 1.5 })).toThrow(RangeError);
    expect(() => algebra.gemm({ ...p, m: 2 ** 31 })).toThrow(RangeError);
    await expect(algebra.gemmAsync({ ...p, c: short })).rejects.toThrow(RangeError);
    const s = { triangle: 'lower', n: 2, k: 3, a: full, lda: 3, c: new Float64Array(4), ldc: 2 } as const;
    expect(() => algebra.syrk({ ...s, a: short })).toThrow(RangeError);
    expect(() => algebra.syrk({ ...s, c: new Float64Array(3) })).toThrow(RangeError);
    await expect(algebra.syrkAsync({ ...s, a: short })).rejects.toThrow(RangeError);
    const v = { m: 2, n: 3, a: full, lda: 3, x: new Float64Array(3), y: new Float64Array(2) };
    expect(() => algebra.gemv({ ...v, x: new Float64Array(2) })).toThrow(RangeError);
    expect(() => algebra.gemv({ ...v, transpose: true })).toThrow(/^x has 3 elements|^y has 2 elements/);
    const t = { transpose: true, m: 3, n: 2, a: full, lda: 3, b: new Float64Array(6), ldb: 2 };
    await expect(algebra.copyAsync({ ...t, a: short })).rejects.toThrow(/^a has 5 elements, 6 are needed/);
    await expect(algebra.copyAsync({ ...t, b: short })).rejects.toThrow(/^b has 5 elements, 6 are needed/);
    await expect(algebra.copyAsync({ ...t, lda: 2 })).rejects.toThrow(/^lda must be at least the 3 columns/);
    await expect(algebra.copyAsync({ ...t, ldb: 1 })).rejects.toThrow(/^ldb must be at least the 2 columns/);
  });

  test('arrays of two precisions in one product are a TypeError', () => {
    const a = new Float64Array(1);
    const c = new Float32Array(1) as RealArray;
    expect(() => algebra.gemm<RealArray>({ m: 1, n: 1, k: 1, a, lda: 1, b: a, ldb: 1, c, ldc: 1 })).toThrow(TypeError);
  });
});

test.skipIf(!library)('both implementations agree on a random product (skipped without a library)', () => {
  const n = 300;
  const [a, b] = ['a', 'b'].map((name) => random.stream(name).normals(n * n));
  const [c, d] = [portable, library!].map((algebra) => {
    const c = new Float64Array(n * n);
    algebra.gemm({ m: n, n, k: n, a, lda: n, b, ldb: n, c, ldc: n });
    return c;
  });
  expect(largestDifference(c, d)).toBeLessThan(1e-12 * largestMagnitude(d));
});
