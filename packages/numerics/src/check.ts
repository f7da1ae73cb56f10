import type { EigenvalueMethod, Gemm, Gemv, MatrixCopy, RealArray, Syrk } from './linear-algebra.js';

/** LAPACK counts in 32-bit integers. */
export const largestInteger = 2 ** 31 - 1;

/** @throws RangeError unless the value is an integer from `least` to 2^31 - 1 */
export function checkSize(name: string, value: number, least = 1): void {
  if (!Number.isInteger(value) || value < least || value > largestInteger) {
    throw new RangeError(`${name} must be an integer from ${least} to 2^31 - 1, found ${value}`);
  }
}

/** @throws RangeError if the array is shorter than `needed` */
export function checkLength(name: string, array: RealArray, needed: number): void {
  if (array.length < needed) throw new RangeError(`${name} has ${array.length} elements, ${needed} are needed`);
}

/** Number of elements a row-major rows x columns matrix spans: its last row need not be padded. */
function span(rows: number, columns: number, stride: number): number {
  return rows === 0 || columns === 0 ? 0 : (rows - 1) * stride + columns;
}

function checkMatrix(name: string, array: RealArray, rows: number, columns: number, stride: number): void {
  if (!Number.isInteger(stride) || stride < Math.max(1, columns) || stride > largestInteger) {
    throw new RangeError(`ld${name} must be at least the ${columns} columns stored, found ${stride}`);
  }
  checkLength(name, array, span(rows, columns, stride));
}

function checkSameType(...arrays: readonly RealArray[]): void {
  const [first] = arrays;
  const type = first instanceof Float64Array ? Float64Array : Float32Array;
  for (const array of arrays) {
    if (!(array instanceof type)) {
      throw new TypeError(`all arrays must be Float64Array or all Float32Array, found ${array?.constructor?.name}`);
    }
  }
}

export function checkGemm(product: Gemm<RealArray>): void {
  const { m, n, k, a, lda, b, ldb, c, ldc } = product;
  checkSameType(a, b, c);
  checkSize('m', m, 0);
  checkSize('n', n, 0);
  checkSize('k', k, 0);
  if (product.transposeA) checkMatrix('a', a, k, m, lda);
  else checkMatrix('a', a, m, k, lda);
  if (product.transposeB) checkMatrix('b', b, n, k, ldb);
  else checkMatrix('b', b, k, n, ldb);
  checkMatrix('c', c, m, n, ldc);
}

export function checkSyrk(product: Syrk<RealArray>): void {
  const { n, k, a, lda, c, ldc } = product;
  checkSameType(a, c);
  checkSize('n', n, 0);
  checkSize('k', k, 0);
  if (product.triangle !== 'upper' && product.triangle !== 'lower') {
    throw new RangeError(`triangle must be upper or lower, found ${product.triangle}`);
  }
  if (product.transpose) checkMatrix('a', a, k, n, lda);
  else checkMatrix('a', a, n, k, lda);
  checkMatrix('c', c, n, n, ldc);
}

export function checkGemv(product: Gemv<RealArray>): void {
  const { m, n, a, lda, x, y } = product;
  checkSameType(a, x, y);
  checkSize('m', m, 0);
  checkSize('n', n, 0);
  checkMatrix('a', a, m, n, lda);
  checkLength('x', x, product.transpose ? m : n);
  checkLength('y', y, product.transpose ? n : m);
}

export function checkCopy({ transpose, m, n, a, lda, b, ldb }: MatrixCopy<RealArray>): void {
  checkSameType(a, b);
  checkSize('m', m, 0);
  checkSize('n', n, 0);
  if (transpose) checkMatrix('a', a, n, m, lda);
  else checkMatrix('a', a, m, n, lda);
  checkMatrix('b', b, m, n, ldb);
}

const notFinite = 'the matrix holds NaN or an infinity';

/**
 * @throws RangeError unless the matrix holds n x n elements, n >= 1
 * @throws Error if the triangle holds NaN or an infinity: LAPACK's iterations may then return nonsense or never return
 */
export function checkSymmetric(matrix: RealArray, n: number, triangle: 'upper' | 'lower' = 'lower'): void {
  checkSize('n', n);
  checkLength('matrix', matrix, n * n);
  let zero = 0;
  for (let i = 0; i < n; i++) {
    const end = i * n + (triangle === 'lower' ? i + 1 : n);
    for (let p = i * n + (triangle === 'lower' ? 0 : i); p < end; p++) zero += matrix[p] - matrix[p];
  }
  if (zero !== 0) throw new Error(notFinite);
}

/**
 * @throws RangeError unless the matrix holds m x n elements, m and n >= 1
 * @throws Error if it holds NaN or an infinity
 */
export function checkRectangle(matrix: RealArray, m: number, n: number): void {
  checkSize('m', m);
  checkSize('n', n);
  checkLength('matrix', matrix, m * n);
  checkElements(matrix, m * n);
}

/** The same, and @throws RangeError unless m >= n */
export function checkTall(matrix: RealArray, m: number, n: number): void {
  checkRectangle(matrix, m, n);
  if (m < n) throw new RangeError(`a thin QR needs at least as many rows as columns, found m = ${m}, n = ${n}`);
}

/**
 * @throws RangeError unless there are n >= 1 diagonal and n - 1 off-diagonal elements
 * @throws Error if one is NaN or infinite
 */
export function checkTridiagonal(diagonal: Float64Array, offDiagonal: Float64Array): void {
  checkSize('length of the diagonal', diagonal.length);
  if (offDiagonal.length !== diagonal.length - 1) {
    throw new RangeError(
      `the off-diagonal must have ${diagonal.length - 1} elements, one less than the diagonal; found ${offDiagonal.length}`,
    );
  }
  checkElements(diagonal, diagonal.length);
  checkElements(offDiagonal, offDiagonal.length);
}

/** Finite x are those for which x - x is zero. */
function checkElements(values: RealArray, count: number): void {
  let zero = 0;
  for (let i = 0; i < count; i++) zero += values[i] - values[i];
  if (zero !== 0) throw new Error(notFinite);
}

/** @throws RangeError unless 0 <= from < to <= n, integers */
export function checkRange(n: number, from: number, to: number): void {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || from >= to || to > n) {
    throw new RangeError(`eigenpairs must be 0 <= from < to <= ${n}, found from = ${from}, to = ${to}`);
  }
}

/** @throws RangeError unless the tolerance of bisection, if there is one, is finite, not negative, and asked for with it */
export function checkTolerance(method: EigenvalueMethod, tolerance: number | undefined): void {
  if (tolerance === undefined) return;
  if (method !== 'bisection') throw new RangeError(`tolerance is for method 'bisection', found method '${method}'`);
  if (!(tolerance >= 0 && tolerance < Infinity)) {
    throw new RangeError(`tolerance must be finite and not negative, found ${tolerance}`);
  }
}

/** @throws Error if a result of finite numbers is not finite: it overflowed */
export function checkResult(name: string, results: RealArray): void {
  let zero = 0;
  for (let i = 0; i < results.length; i++) zero += results[i] - results[i];
  if (zero !== 0) throw new Error(`the ${name} overflow: the elements of the matrix are too large`);
}

/** What a Cholesky factorization says of a matrix that has none. */
export function notPositiveDefinite(order: number): string {
  return `the matrix is not positive definite: its leading minor of order ${order} is not`;
}
