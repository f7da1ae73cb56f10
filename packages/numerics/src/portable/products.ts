import { checkCopy, checkGemm, checkGemv, checkSyrk } from '../check.js';
import type { Gemm, Gemv, LinearAlgebra, RealArray, Syrk } from '../linear-algebra.js';
import { copyMatrix } from './copy.js';
import { type Crew, onThisThread } from './crew.js';
import { type Multiplication, multiply, type Strided } from './multiply.js';

type Products = Pick<LinearAlgebra, 'gemm' | 'gemmAsync' | 'syrk' | 'syrkAsync' | 'gemv' | 'copyAsync'>;

/** @param crewFor the threads for so many floating-point operations */
export function portableProducts(crewFor: (operations: number) => Crew): Products {
  async function multiplyAside(product: Multiplication): Promise<void> {
    const crew = crewFor(2 * product.m * product.n * product.k);
    if (crew === onThisThread) return multiply(product);
    const { a, b, c } = product;
    const result = inSharedMemory(c);
    const data = inSharedMemory(a.data);
    const input = {
      ...product,
      a: { ...a, data },
      b: { ...b, data: b.data === a.data ? data : inSharedMemory(b.data) },
      c: result,
    };
    await crew.run('multiply', input);
    if (result !== c) copyBack(result, product);
  }

  return {
    gemm: (product) => multiply(gemmAsMultiplication(product)),
    gemmAsync: async (product) => multiplyAside(gemmAsMultiplication(product)),
    syrk: (product) => multiply(syrkAsMultiplication(product)),
    syrkAsync: async (product) => multiplyAside(syrkAsMultiplication(product)),
    gemv,
    copyAsync: async (copy) => {
      checkCopy(copy);
      copyMatrix(copy);
    },
  };
}

const strided = (data: RealArray, stride: number, transpose: boolean | undefined): Strided =>
  transpose ? { data, rowStride: 1, columnStride: stride } : { data, rowStride: stride, columnStride: 1 };

function gemmAsMultiplication(product: Gemm<RealArray>): Multiplication {
  checkGemm(product);
  const { m, n, k, alpha = 1, beta = 0, c, ldc } = product;
  const a = strided(product.a, product.lda, product.transposeA);
  const b = strided(product.b, product.ldb, product.transposeB);
  return { m, n, k, alpha, a, b, beta, c, ldc };
}

function syrkAsMultiplication(product: Syrk<RealArray>): Multiplication {
  checkSyrk(product);
  const { n, k, alpha = 1, beta = 0, c, ldc, triangle } = product;
  const a = strided(product.a, product.lda, product.transpose);
  const b = strided(product.a, product.lda, !product.transpose);
  return { m: n, n, k, alpha, a, b, beta, c, ldc, triangle };
}

function gemv(product: Gemv<RealArray>): void {
  checkGemv(product);
  const { transpose, m, n, alpha = 1, a, lda, x, beta = 0, y } = product;
  const length = transpose ? n : m;
  // Rows are read as they lie in memory: one by one for A x, added up for A^T x. Sums are float64.
  const sums = new Float64Array(length);
  if (alpha !== 0) {
    for (let i = 0; i < m; i++) {
      const row = i * lda;
      if (transpose) {
        const xi = x[i];
        for (let j = 0; j < n; j++) sums[j] += a[row + j] * xi;
      } else {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += a[row + j] * x[j];
        sums[i] = sum;
      }
    }
  }
  for (let i = 0; i < length; i++) y[i] = alpha * sums[i] + (beta === 0 ? 0 : beta * y[i]);
}

/** The array itself if threads can share it, else a copy. */
function inSharedMemory<T extends RealArray>(array: T): T {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const memory = new SharedArrayBuffer(array.byteLength);
  const copy = array instanceof Float64Array ? new Float64Array(memory) : new Float32Array(memory);
  copy.set(array);
  return copy as RealArray as T;
}

/** Only what the product wrote: the rest of C may have changed meanwhile. */
function copyBack(result: RealArray, { c, ldc, m, n, triangle }: Multiplication): void {
  for (let i = 0; i < m; i++) {
    const from = i * ldc + (triangle === 'upper' ? i : 0);
    const to = i * ldc + (triangle === 'lower' ? i + 1 : n);
    c.set(result.subarray(from, to), from);
  }
}
