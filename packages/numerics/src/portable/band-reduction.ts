import { type Multiplication, multiply, type Strided } from './multiply.js';
import { makeReflector, reflectRows } from './reflector.js';
import { alone, type Member } from './team.js';

/** Shared by the members of a team. */
export interface BandWorkspace {
  /** Three blocks of rows, one upon the other: the reflectors U, the update W, and U again. */
  readonly stack: Float64Array;
  /** Two blocks: the reflectors as one, V, and its product with the matrix. */
  readonly products: Float64Array;
}

export const bandWorkspace = (n: number, bandwidth: number, allocate: (length: number) => Float64Array) => ({
  stack: allocate(3 * bandwidth * n),
  products: allocate(2 * bandwidth * n),
});

/** Columns of A that a member multiplies at a time. Our choice. */
const columnBlock = 256;

/**
 * First half of a two-stage reduction to tridiagonal form (Bischof, Lang and Sun 2000, doi 10.1145/365723.365735): an
 * orthogonal similarity that leaves the symmetric matrix with `bandwidth` diagonals below the main one. Unlike the
 * reduction in one stage it consists of matrix products, which do not wait for memory. Reads the lower triangle of the
 * row-major matrix and writes the band there; the rest of the triangle is of no meaning afterwards. Elements should be
 * near 1 in magnitude (scaleToOne).
 *
 * A panel of rows at a time, from the last upwards: reflectors Q = H(1) ... H(w) zero what of the panel lies left of the
 * band, then the leading block becomes Q^T A Q = A - U^T W - W^T U.
 */
export function reduceToBand(
  matrix: Float64Array,
  n: number,
  bandwidth: number,
  workspace: BandWorkspace,
  team: Member = alone,
): void {
  for (let end = n; end > bandwidth + 1; end -= bandwidth) {
    const size = end - bandwidth;
    const count = end - Math.max(size, bandwidth + 1);
    const rows = (first: number, data: Float64Array) => data.subarray(first * count * size, (first + 1) * count * size);
    const [u, w, uAgain] = [0, 1, 2].map((i) => rows(i, workspace.stack));
    const [v, y] = [0, 1].map((i) => rows(i, workspace.products));
    if (team.part === 0) {
      const scales = reflectPanel(matrix, n, end, bandwidth, count, u);
      uAgain.set(u);
      blockReflector(u, scales, size, v);
    }
    team.meet();

    // With Q^T = I - U^T V and Y = V A the update is W = Y - 1/2 (V Y^T)^T U.
    const shape = { m: count, alpha: 1, ldc: size };
    const ownBlocks = (visit: (from: number, to: number) => void) => {
      for (let from = columnBlock * team.part; from < size; from += columnBlock * team.parts) {
        visit(from, Math.min(from + columnBlock, size));
      }
    };
    ownBlocks((from, to) => multiplySymmetric(v, matrix, n, y, { count, size, from, to }));
    team.meet();
    const inner = new Float64Array(count * count);
    multiply({
      ...{ ...shape, n: count, k: size, beta: 0, c: inner, ldc: count },
      ...{ a: byRows(v, size), b: byColumns(y, size) },
    });
    ownBlocks((from, to) => {
      for (let p = from; p < count * size; p += size) w.set(y.subarray(p, p + to - from), p);
      multiply({
        ...{ ...shape, n: to - from, k: count, alpha: -0.5, beta: 1, c: w.subarray(from) },
        ...{ a: byColumns(inner, count), b: byRows(u.subarray(from), size) },
      });
    });
    team.meet();
    const update: Multiplication = {
      // A - [U; W]^T [W; U]
      ...{ m: size, n: size, k: 2 * count, alpha: -1, beta: 1, c: matrix, ldc: n, triangle: 'lower' },
      a: byColumns(workspace.stack, size),
      b: byRows(workspace.stack.subarray(count * size), size),
    };
    multiply(update, team.part, team.parts);
    team.meet();
  }
}

const byRows = (data: Float64Array, stride: number): Strided => ({ data, rowStride: stride, columnStride: 1 });
const byColumns = (data: Float64Array, stride: number): Strided => ({ data, rowStride: 1, columnStride: stride });

/**
 * Reflects the `bandwidth` rows before `end` so that row i is zero left of column i - bandwidth, the last row first. The
 * reflectors become the rows of `u`. Returns their scales.
 */
function reflectPanel(a: Float64Array, n: number, end: number, bandwidth: number, count: number, u: Float64Array) {
  const size = end - bandwidth;
  const scales = new Float64Array(count);
  u.fill(0);
  for (let j = 0; j < count; j++) {
    const i = end - 1 - j;
    const pivot = i - bandwidth;
    const row = u.subarray(j * size, (j + 1) * size);
    row.set(a.subarray(i * n, i * n + pivot + 1));
    const { scale, end: corner } = makeReflector(row, 0, pivot + 1, pivot);
    scales[j] = scale;
    a[i * n + pivot] = corner;
    reflectRows(a, size * n, n, i - size, { data: row, offset: 0, size: pivot + 1, scale });
  }
  return scales;
}

/** The V of H(w) ... H(1) = I - U^T V, row by row: v_j = scale_j (u_j - sum over i < j of (u_j u_i) v_i). */
function blockReflector(u: Float64Array, scales: Float64Array, size: number, v: Float64Array): void {
  v.set(u);
  for (let j = 0; j < scales.length; j++) {
    const row = j * size;
    for (let before = 0; before < row; before += size) {
      let inner = 0;
      for (let p = 0; p < size; p++) inner += u[row + p] * u[before + p];
      for (let p = 0; p < size; p++) v[row + p] -= inner * v[before + p];
    }
    for (let p = row; p < row + size; p++) v[p] *= scales[j];
  }
}

/** Columns from .. to - 1 of the product of `rows` and the symmetric leading block, of which the lower triangle is read. */
function multiplySymmetric(
  rows: Float64Array,
  matrix: Float64Array,
  n: number,
  product: Float64Array,
  { count, size, from, to }: { count: number; size: number; from: number; to: number },
): void {
  const width = to - from;
  const diagonal = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      diagonal[i * width + j] = matrix[(from + i) * n + from + j];
      diagonal[j * width + i] = diagonal[i * width + j];
    }
  }
  const shape = { m: count, n: width, alpha: 1, c: product.subarray(from), ldc: size };
  const columns = (first: number) => byRows(rows.subarray(first), size);
  multiply({ ...shape, k: width, beta: 0, a: columns(from), b: byRows(diagonal, width) });
  multiply({ ...shape, k: from, beta: 1, a: columns(0), b: byColumns(matrix.subarray(from * n), n) });
  multiply({ ...shape, k: size - to, beta: 1, a: columns(to), b: byRows(matrix.subarray(to * n + from), n) });
}
