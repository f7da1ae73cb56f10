import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Multiplication, multiply } from '../../src/portable/multiply.js';
import { depthBlock, type TileKernel } from '../../src/portable/tile-kernel.js';
import { javascriptKernel } from '../../src/portable/tile-kernel-javascript.js';
import { simdKernel } from '../../src/portable/tile-kernel-simd.js';
import { largestDifference, random, times, transposed } from '../linear-algebra/matrices.js';

const plain = javascriptKernel();
// Node has had fixed-width SIMD since version 16.4: these tests must not be skipped anywhere.
const vector = simdKernel() as TileKernel;
const kernels = [plain, vector];

const rowMajor = (data: Float64Array, columns: number) => ({ data, rowStride: columns, columnStride: 1 });
const byColumns = (data: Float64Array, rows: number) => ({ data, rowStride: 1, columnStride: rows });

describe('the two kernels of the portable product', () => {
  test('WebAssembly SIMD is there', () => {
    expect(vector.name).toBe('WebAssembly SIMD');
  });

  test.each([1, 2, 3, 17, depthBlock])('give the same bytes for %i steps, wherever the strips begin', (steps) => {
    const places = [
      [0, 0],
      [4 * steps, 8 * steps],
      [vector.panelA.length - 4 * steps, vector.panelB.length - 4 * steps],
    ];
    for (const [p, q] of places) {
      const a = random.stream('strip a').normals(4 * steps);
      const b = random.stream('strip b').normals(4 * steps);
      for (const kernel of kernels) {
        kernel.panelA.set(a, p);
        kernel.panelB.set(b, q);
        kernel.sums.fill(Number.NaN);
        kernel.multiplyTile(p, q, steps);
      }
      expect(Array.from(vector.sums)).toEqual(Array.from(plain.sums));
      expect(largestDifference(vector.sums, times(transposed(a, steps, 4), b, 4, steps, 4))).toBeLessThan(1e-12);
    }
  });

  test('give the same sums of zeros with signs, subnormal and huge numbers, infinities and NaN', () => {
    const values = [0, -0, 5e-324, -1e-310, 1e308, -1e308, Number.POSITIVE_INFINITY, Number.NaN, 1];
    for (const x of values) {
      for (const y of values) {
        for (const kernel of kernels) {
          kernel.panelA.set([x, 1, -1, 0.5]);
          kernel.panelB.set([y, 1, 1e300, -0]);
          kernel.multiplyTile(0, 0, 1);
        }
        expect(Array.from(vector.sums)).toEqual(Array.from(plain.sums));
        expect(vector.sums[0]).toBe(0 + x * y);
      }
    }
  });

  test('give products the same bytes at sizes that fill no block, in any orientation, whole and in triangles', () => {
    for (const [m, n, k] of [
      [1, 1, 1],
      [97, 61, 259],
      [5, 1027, 3],
      [130, 130, 31],
    ]) {
      const [a, b, c] = [m * k, k * n, m * n].map((size, i) => random.stream(`operand ${i}`).normals(size));
      for (const orientedA of [rowMajor(a, k), byColumns(a, m)]) {
        for (const orientedB of [rowMajor(b, n), byColumns(b, k)]) {
          for (const triangle of [undefined, 'upper', 'lower'] as const) {
            if (triangle && m !== n) continue;
            const results = kernels.map((kernel) => {
              const result = c.slice();
              const product = {
                m,
                n,
                k,
                alpha: -1.5,
                a: orientedA,
                b: orientedB,
                beta: 0.5,
                c: result,
                ldc: n,
                triangle,
              };
              multiply(product, 0, 1, kernel);
              return result;
            });
            expect(largestDifference(results[0], results[1])).toBe(0);
          }
        }
      }
    }
  });

  test.each(kernels)(
    '$name: NaN and 0 times infinity reach their row or column of the product, and nothing else',
    (kernel) => {
      const [m, n, k] = [7, 9, 270];
      const product = (change: (a: Float64Array, b: Float64Array) => void) => {
        const [a, b, c] = [m * k, k * n, m * n].map((size) => new Float64Array(size).fill(1));
        change(a, b);
        const whole: Multiplication = { m, n, k, alpha: 1, a: rowMajor(a, k), b: rowMajor(b, n), beta: 0, c, ldc: n };
        multiply(whole, 0, 1, kernel);
        return c;
      };
      const expected = (isAffected: (i: number, j: number) => boolean) =>
        Array.from({ length: m * n }, (_, p) => (isAffected(Math.floor(p / n), p % n) ? Number.NaN : k));
      expect(Array.from(product((a) => a.fill(Number.NaN, 6 * k, 6 * k + 1)))).toEqual(expected((i) => i === 6));
      expect(Array.from(product((_, b) => b.fill(Number.NaN, 269 * n + 8)))).toEqual(expected((_, j) => j === 8));
      const mixed = product((a, b) => {
        a.fill(0, 0, 1);
        b.fill(Number.POSITIVE_INFINITY, 3, 4);
      });
      expect(mixed[3]).toBeNaN();
      expect(mixed[n + 3]).toBe(Number.POSITIVE_INFINITY);
      expect(mixed[4]).toBe(k - 1);
    },
  );
});

describe('without WebAssembly SIMD', () => {
  afterEach(() => vi.unstubAllGlobals());

  test('there is no vector kernel: WebAssembly is missing, knows no SIMD, or gets no memory', () => {
    vi.stubGlobal('WebAssembly', undefined);
    expect(simdKernel()).toBeUndefined();
    vi.stubGlobal('WebAssembly', { validate: () => false });
    expect(simdKernel()).toBeUndefined();
    const refused = function refused() {
      throw new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance');
    };
    vi.stubGlobal('WebAssembly', { validate: () => true, Module: class {}, Instance: refused });
    expect(simdKernel()).toBeUndefined();
  });

  test('products are those of the plain kernel', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    vi.resetModules();
    const { multiply: withoutSimd } = await import('../../src/portable/multiply.js');
    const n = 50;
    const a = random.stream('without').normals(n * n);
    const [here, there] = [new Float64Array(n * n), new Float64Array(n * n)];
    const product = { m: n, n, k: n, alpha: 1, a: rowMajor(a, n), b: byColumns(a, n), beta: 0, ldc: n };
    multiply({ ...product, c: here }, 0, 1, vector);
    withoutSimd({ ...product, c: there });
    expect(largestDifference(here, there)).toBe(0);
  });
});
