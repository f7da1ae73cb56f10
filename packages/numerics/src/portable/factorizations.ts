import { notPositiveDefinite } from '../check.js';
import { multiply } from './multiply.js';
import { makeReflector, reflectRows } from './reflector.js';

/** Our choice: a panel of this many columns, and the products of the rest by `multiply`. */
const panelWidth = 48;

/**
 * Overwrites the lower triangle of a row-major symmetric matrix by its Cholesky factor, block column by block column,
 * and the upper triangle by zero.
 *
 * @throws Error if it is not positive definite
 */
export function cholesky(a: Float64Array, n: number): void {
  for (let start = 0; start < n; start += panelWidth) {
    const end = Math.min(start + panelWidth, n);
    for (let i = start; i < n; i++) {
      for (let j = start; j < Math.min(end, i + 1); j++) {
        let rest = a[i * n + j];
        for (let l = start; l < j; l++) rest -= a[i * n + l] * a[j * n + l];
        if (j < i) a[i * n + j] = rest / a[j * n + j];
        else if (rest > 0) a[i * n + i] = Math.sqrt(rest);
        else throw new Error(notPositiveDefinite(i + 1));
      }
    }
    const panel = a.subarray(end * n + start);
    const rest = n - end;
    if (rest === 0) break;
    multiply({
      m: rest,
      n: rest,
      k: end - start,
      alpha: -1,
      a: { data: panel, rowStride: n, columnStride: 1 },
      b: { data: panel, rowStride: 1, columnStride: n },
      beta: 1,
      c: a.subarray(end * n + end),
      ldc: n,
      triangle: 'lower',
    });
  }
  for (let i = 0; i < n; i++) a.fill(0, i * n + i + 1, (i + 1) * n);
}

/** A row-major rows x columns matrix transposed into another array, or a new one. */
export function transpose(a: Float64Array, rows: number, columns: number, to = new Float64Array(rows * columns)) {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = a[i * columns + j];
  return to;
}

/**
 * Householder QR of the m x n matrix whose COLUMNS are the n rows of `columns` (row-major n x m), n <= m. Afterwards
 * row j holds column j of R in its first places up to `diagonal`, and from place j on the reflector u.
 */
export interface ReflectedColumns {
  readonly columns: Float64Array;
  /** Diagonal of R. */
  readonly diagonal: Float64Array;
  readonly scales: Float64Array;
  /** Place j of the factorization is column order[j] of the matrix. */
  readonly order: Uint32Array;
}

/** @param pivoting take the longest remaining column first, so that the rows of R descend */
export function reflectColumns(columns: Float64Array, n: number, m: number, pivoting: boolean): ReflectedColumns {
  const diagonal = new Float64Array(n);
  const scales = new Float64Array(n);
  const order = Uint32Array.from({ length: n }, (_, j) => j);
  for (let j = 0; j < n; j++) {
    if (pivoting) swapColumns(columns, m, order, j, longestColumn(columns, n, m, j));
    const { scale, end } = makeReflector(columns, j * m + j, (j + 1) * m, j * m + j);
    diagonal[j] = end;
    scales[j] = scale;
    const reflector = { data: columns, offset: j * m + j, size: m - j, scale };
    reflectRows(columns, (j + 1) * m + j, m, n - j - 1, reflector);
  }
  return { columns, diagonal, scales, order };
}

function longestColumn(columns: Float64Array, n: number, m: number, from: number): number {
  let longest = from;
  let largest = -1;
  for (let j = from; j < n; j++) {
    let squares = 0;
    for (let p = j * m + from; p < (j + 1) * m; p++) squares += columns[p] * columns[p];
    if (squares > largest) [longest, largest] = [j, squares];
  }
  return longest;
}

function swapColumns(columns: Float64Array, m: number, order: Uint32Array, i: number, j: number): void {
  if (i === j) return;
  const row = columns.slice(i * m, (i + 1) * m);
  columns.copyWithin(i * m, j * m, (j + 1) * m);
  columns.set(row, j * m);
  [order[i], order[j]] = [order[j], order[i]];
}

/** Columns first .. last - 1 of the orthogonal factor, one a ROW: e_c reflected by all, the last reflector first. */
export function orthogonalColumns(
  { columns, scales }: ReflectedColumns,
  m: number,
  first: number,
  last: number,
): Float64Array {
  const result = new Float64Array((last - first) * m);
  for (let c = first; c < last; c++) result[(c - first) * m + c] = 1;
  for (let j = scales.length - 1; j >= 0; j--) {
    // Reflector j leaves the unit vectors before j alone.
    const from = Math.max(j, first);
    const reflector = { data: columns, offset: j * m + j, size: m - j, scale: scales[j] };
    reflectRows(result, (from - first) * m + j, m, last - from, reflector);
  }
  return result;
}

/** The upper triangular factor, row-major n x n. */
export function upperFactor({ columns, diagonal }: ReflectedColumns, n: number, m: number): Float64Array {
  const r = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < j; i++) r[i * n + j] = columns[j * m + i];
    r[j * n + j] = diagonal[j];
  }
  return r;
}

/** Thin QR of a row-major m x n matrix, m >= n, with a non-negative diagonal of R. */
export function qr(a: Float64Array, m: number, n: number) {
  const reflected = reflectColumns(transpose(a, m, n), n, m, false);
  const r = upperFactor(reflected, n, m);
  const columnsOfQ = orthogonalColumns(reflected, m, 0, n);
  for (let j = 0; j < n; j++) {
    if (r[j * n + j] >= 0) continue;
    for (let l = j; l < n; l++) r[j * n + l] = -r[j * n + l];
    for (let p = j * m; p < (j + 1) * m; p++) columnsOfQ[p] = -columnsOfQ[p];
  }
  return { q: transpose(columnsOfQ, n, m), r };
}
