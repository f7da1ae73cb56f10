import type { RealArray } from '../linear-algebra.js';

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

// Sizes of the blocks: a panel of A (rowBlock x depthBlock) stays in the second-level cache, a tile's strip of B (4 x
// depthBlock) in the first. Our choice: half or twice of each measured alike, within 3 %.
const depthBlock = 256;
const rowBlock = 96;
const columnBlock = 1024;
/** Side of the tile of C that is kept in registers: 16 sums. */
const tile = 4;

/**
 * Blocked product after Goto and van de Geijn 2008 (doi 10.1145/1356052.1356053): blocks of A and B are packed into
 * the order in which the innermost loop reads them. About 4 GF a thread.
 *
 * Does the row blocks number `part`, `part` + `parts`, ...: together all parts do the whole. Sums are in float64
 * whatever the arrays are.
 */
export function multiply(product: Multiplication, part = 0, parts = 1): void {
  const { m, n, k, alpha, beta } = product;
  for (let i = part * rowBlock; i < m; i += parts * rowBlock) {
    scaleRows(product, i, Math.min(i + rowBlock, m), beta);
  }
  if (alpha === 0) return;
  const depth = Math.min(k, depthBlock);
  packedA = reuse(packedA, roundUp(Math.min(m, rowBlock)) * depth);
  packedB = reuse(packedB, roundUp(Math.min(n, columnBlock)) * depth);
  for (let j = 0; j < n; j += columnBlock) {
    const columns = Math.min(columnBlock, n - j);
    for (let l = 0; l < k; l += depthBlock) {
      const inner = Math.min(depthBlock, k - l);
      packColumns(product.b, l, inner, j, columns);
      for (let i = part * rowBlock; i < m; i += parts * rowBlock) {
        const rows = Math.min(rowBlock, m - i);
        if (outside(product.triangle, i, rows, j, columns)) continue;
        packRows(product.a, i, rows, l, inner, packedA);
        multiplyBlock(product, i, rows, j, columns, inner);
      }
    }
  }
}

// Kept from call to call: memory that is new costs more than a small product.
let packedA = new Float64Array(0);
let packedB = new Float64Array(0);
const sums = new Float64Array(tile * tile);

const reuse = (memory: Float64Array<ArrayBuffer>, size: number) =>
  memory.length >= size ? memory : new Float64Array(size);

const roundUp = (size: number): number => Math.ceil(size / tile) * tile;

/** True if no element of the block belongs to the triangle. */
function outside(triangle: Multiplication['triangle'], i: number, rows: number, j: number, columns: number): boolean {
  if (triangle === 'lower') return j > i + rows - 1;
  if (triangle === 'upper') return j + columns - 1 < i;
  return false;
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
  for (let strip = 0; strip < rows; strip += tile) {
    for (let r = 0; r < tile; r++) {
      let to = strip * inner + r;
      if (strip + r >= rows) {
        for (let p = 0; p < inner; p++, to += tile) packed[to] = 0;
        continue;
      }
      let from = (i + strip + r) * rowStride + l * columnStride;
      for (let p = 0; p < inner; p++, to += tile, from += columnStride) packed[to] = data[from];
    }
  }
}

function packColumns(b: Strided, l: number, inner: number, j: number, columns: number): void {
  const { data, rowStride, columnStride } = b;
  packRows({ data, rowStride: columnStride, columnStride: rowStride }, j, columns, l, inner, packedB);
}

function multiplyBlock(
  product: Multiplication,
  i: number,
  rows: number,
  j: number,
  columns: number,
  inner: number,
): void {
  const { alpha, c, ldc, triangle } = product;
  for (let column = 0; column < columns; column += tile) {
    const width = Math.min(tile, columns - column);
    for (let row = 0; row < rows; row += tile) {
      const height = Math.min(tile, rows - row);
      if (outside(triangle, i + row, height, j + column, width)) continue;
      multiplyTile(packedA, row * inner, packedB, column * inner, inner);
      for (let r = 0; r < height; r++) {
        const [first, end] = columnsOf(product, i + row + r);
        const base = (i + row + r) * ldc;
        const from = Math.max(j + column, first);
        const to = Math.min(j + column + width, end);
        for (let q = from; q < to; q++) c[base + q] += alpha * sums[r * tile + q - j - column];
      }
    }
  }
}

// biome-ignore format: a matrix of sums
/** The 4 x 4 sums over `inner` columns of a strip of A and rows of a strip of B. */
function multiplyTile(a: Float64Array, p: number, b: Float64Array, q: number, inner: number): void {
  let c00 = 0, c01 = 0, c02 = 0, c03 = 0;
  let c10 = 0, c11 = 0, c12 = 0, c13 = 0;
  let c20 = 0, c21 = 0, c22 = 0, c23 = 0;
  let c30 = 0, c31 = 0, c32 = 0, c33 = 0;
  for (const end = p + tile * inner; p < end; p += tile, q += tile) {
    const b0 = b[q], b1 = b[q + 1], b2 = b[q + 2], b3 = b[q + 3];
    const a0 = a[p];
    c00 += a0 * b0; c01 += a0 * b1; c02 += a0 * b2; c03 += a0 * b3;
    const a1 = a[p + 1];
    c10 += a1 * b0; c11 += a1 * b1; c12 += a1 * b2; c13 += a1 * b3;
    const a2 = a[p + 2];
    c20 += a2 * b0; c21 += a2 * b1; c22 += a2 * b2; c23 += a2 * b3;
    const a3 = a[p + 3];
    c30 += a3 * b0; c31 += a3 * b1; c32 += a3 * b2; c33 += a3 * b3;
  }
  sums[0] = c00; sums[1] = c01; sums[2] = c02; sums[3] = c03;
  sums[4] = c10; sums[5] = c11; sums[6] = c12; sums[7] = c13;
  sums[8] = c20; sums[9] = c21; sums[10] = c22; sums[11] = c23;
  sums[12] = c30; sums[13] = c31; sums[14] = c32; sums[15] = c33;
}
