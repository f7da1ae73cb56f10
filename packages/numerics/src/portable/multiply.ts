import type { RealArray } from '../linear-algebra.js';
import { columnBlock, depthBlock, rowBlock, type TileKernel, tile } from './tile-kernel.js';
import { javascriptKernel } from './tile-kernel-javascript.js';
import { simdKernel } from './tile-kernel-simd.js';

/** A matrix with any strides: element (i, j) is data[i * rowStride + j * columnStride]. A transpose swaps the strides. */
export interface Strided {
  readonly data: RealArray;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** C := alpha A B + beta C, C row-major; with `triangle` only that triangle of C is read and written. */
export interface Multiplication {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly alpha: number;
  readonly a: Strided;
  readonly b: Strided;
  readonly beta: number;
  readonly c: RealArray;
  readonly ldc: number;
  readonly triangle?: 'upper' | 'lower' | undefined;
}

/**
 * Blocked product after Goto and van de Geijn 2008 (doi 10.1145/1356052.1356053): blocks of A and B are packed into
 * the order in which the innermost loop reads them.
 *
 * Does the row blocks number `part`, `part` + `parts`, ...: together all parts do the whole. Sums are in float64
 * whatever the arrays are.
 */
export function multiply(product: Multiplication, part = 0, parts = 1, kernel = bestKernel()): void {
  const { m, n, k, alpha, beta } = product;
  for (let i = part * rowBlock; i < m; i += parts * rowBlock) {
    scaleRows(product, i, Math.min(i + rowBlock, m), beta);
  }
  if (alpha === 0) return;
  for (let j = 0; j < n; j += columnBlock) {
    const columns = Math.min(columnBlock, n - j);
    for (let l = 0; l < k; l += depthBlock) {
      const inner = Math.min(depthBlock, k - l);
      packRows(transposed(product.b), j, columns, l, inner, kernel.panelB);
      for (let i = part * rowBlock; i < m; i += parts * rowBlock) {
        const rows = Math.min(rowBlock, m - i);
        if (isOutside(product.triangle, i, rows, j, columns)) continue;
        packRows(product.a, i, rows, l, inner, kernel.panelA);
        multiplyBlock(product, i, rows, j, columns, inner, kernel);
      }
    }
  }
}

let kernelOfThread: TileKernel | undefined;

/** The fastest kernel this engine offers, kept from call to call, with its panels. Both give the same bytes: every sum is rounded in the same order. */
export function bestKernel(): TileKernel {
  kernelOfThread ??= simdKernel() ?? javascriptKernel();
  return kernelOfThread;
}

/** True if no element of the block belongs to the triangle. */
function isOutside(triangle: Multiplication['triangle'], i: number, rows: number, j: number, columns: number): boolean {
  if (triangle === 'lower') return j > i + rows - 1;
  if (triangle === 'upper') return j + columns - 1 < i;
  return false;
}

/** True if all elements of the block belong to the triangle. */
function isInside(triangle: Multiplication['triangle'], i: number, rows: number, j: number, columns: number): boolean {
  if (triangle === 'lower') return j + columns - 1 <= i;
  if (triangle === 'upper') return j >= i + rows - 1;
  return true;
}

/** First column, and the column after the last, of row i within the triangle. */
function columnsOf({ triangle, n }: Multiplication, i: number): readonly [number, number] {
  if (triangle === 'lower') return [0, i + 1];
  if (triangle === 'upper') return [i, n];
  return [0, n];
}

function scaleRows(product: Multiplication, from: number, to: number, beta: number): void {
  if (beta === 1) return;
  const { c, ldc } = product;
  for (let i = from; i < to; i++) {
    const [first, end] = columnsOf(product, i);
    if (beta === 0) c.fill(0, i * ldc + first, i * ldc + end);
    else for (let p = i * ldc + first; p < i * ldc + end; p++) c[p] *= beta;
  }
}

/** Strips of 4 rows; within a strip the 4 elements of each column lie together. Rows that are not there are zero. */
function packRows(a: Strided, i: number, rows: number, l: number, inner: number, packed: Float64Array): void {
  const { data, rowStride, columnStride } = a;
  let row0 = i * rowStride + l * columnStride;
  let to = 0;
  let strip = 0;
  for (; strip + tile <= rows; strip += tile, row0 += tile * rowStride) {
    const row1 = row0 + rowStride;
    const row2 = row1 + rowStride;
    const row3 = row2 + rowStride;
    for (let p = 0; p < inner * columnStride; p += columnStride, to += tile) {
      packed[to] = data[row0 + p];
      packed[to + 1] = data[row1 + p];
      packed[to + 2] = data[row2 + p];
      packed[to + 3] = data[row3 + p];
    }
  }
  if (strip === rows) return;
  packed.fill(0, to, to + tile * inner);
  for (let r = 0; r < rows - strip; r++) {
    for (let p = 0; p < inner; p++) packed[to + tile * p + r] = data[row0 + r * rowStride + p * columnStride];
  }
}

const transposed = ({ data, rowStride, columnStride }: Strided): Strided => ({
  data,
  rowStride: columnStride,
  columnStride: rowStride,
});

function multiplyBlock(
  product: Multiplication,
  i: number,
  rows: number,
  j: number,
  columns: number,
  inner: number,
  kernel: TileKernel,
): void {
  for (let row = 0; row < rows; row += tile) {
    const height = Math.min(tile, rows - row);
    for (let column = 0; column < columns; column += tile) {
      const width = Math.min(tile, columns - column);
      if (isOutside(product.triangle, i + row, height, j + column, width)) continue;
      kernel.multiplyTile(row * inner, column * inner, inner);
      addTile(product, i + row, height, j + column, width, kernel.sums);
    }
  }
}

/** Adds alpha times the sums to the part of C that begins at (i, j), as far as it belongs to the triangle. */
function addTile(
  product: Multiplication,
  i: number,
  height: number,
  j: number,
  width: number,
  sums: Float64Array,
): void {
  const { alpha, c, ldc, triangle } = product;
  let to = i * ldc + j;
  if (width === tile && isInside(triangle, i, height, j, width)) {
    for (let from = 0; from < height * tile; from += tile, to += ldc) {
      c[to] += alpha * sums[from];
      c[to + 1] += alpha * sums[from + 1];
      c[to + 2] += alpha * sums[from + 2];
      c[to + 3] += alpha * sums[from + 3];
    }
    return;
  }
  for (let r = 0; r < height; r++, to += ldc) {
    for (let q = 0; q < width; q++) {
      if (isInside(triangle, i + r, 1, j + q, 1)) c[to + q] += alpha * sums[r * tile + q];
    }
  }
}
