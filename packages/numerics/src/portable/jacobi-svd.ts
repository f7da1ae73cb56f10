import { orthogonalColumns, reflectColumns, transpose, upperFactor } from './factorizations.js';
import { multiply, type Strided } from './multiply.js';
import { implicitQL } from './tridiagonal-eigen.js';
import { accumulateReflectors, tridiagonalize } from './tridiagonalize.js';

/** Convergence is quadratic after two or three; twelve have not been seen. */
const mostSweeps = 60;

/**
 * Thin SVD by one-sided Jacobi rotations of the triangular factor of a pivoted QR (Drmac and Veselic 2008, doi
 * 10.1137/050639193): slower than bidiagonalisation, but short and at least as accurate.
 *
 * Elements should be near 1 in magnitude (scaleToOne).
 *
 * @throws Error if it does not converge
 */
export function svd(a: Float64Array, m: number, n: number) {
  if (m >= n) {
    const { left, singularValues, right } = svdOfColumns(transpose(a, m, n), n, m);
    return { u: transpose(left, n, m), singularValues, vt: right };
  }
  // A^T = U S V^T has the rows of A as its columns.
  const { left, singularValues, right } = svdOfColumns(a.slice(0, m * n), m, n);
  return { u: transpose(right, m, m), singularValues, vt: left };
}

/** SVD of the m x n matrix whose columns are the rows of `columns`, n <= m; singular vectors are rows. */
function svdOfColumns(columns: Float64Array, n: number, m: number) {
  // A P = Q R, and J R = S W^T with the rotations J: so A = (Q J^T) S (P W)^T.
  const reflected = reflectColumns(columns, n, m, true);
  const triangle = upperFactor(reflected, n, m);
  const rotations = eigenvectorsOfGram(triangle, n);
  const rows = new Float64Array(n * n);
  multiply({ ...square(n), a: byRows(rotations, n), b: byRows(triangle, n), c: rows });
  const norms = orthogonalizeRows(rows, rotations, n);

  const descending = Uint32Array.from(norms, (_, i) => i).sort((i, j) => norms[j] - norms[i]);
  const singularValues = Float64Array.from(descending, (i) => norms[i]);
  const directions = new Float64Array(n * n);
  const turned = new Float64Array(n * n);
  descending.forEach((from, i) => {
    turned.set(rotations.subarray(from * n, (from + 1) * n), i * n);
    if (norms[from] > 0) for (let j = 0; j < n; j++) directions[i * n + j] = rows[from * n + j] / norms[from];
  });
  completeRows(directions, singularValues.filter((value) => value > 0).length, n);

  const right = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) right[i * n + reflected.order[j]] = directions[i * n + j];
  const left = new Float64Array(n * m);
  const q = orthogonalColumns(reflected, m, 0, n);
  multiply({ ...square(n), n: m, a: byRows(turned, n), b: byRows(q, m), c: left, ldc: m });
  return { left, singularValues, right };
}

const square = (n: number) => ({ m: n, n, k: n, alpha: 1, beta: 0, ldc: n });
const byRows = (data: Float64Array, columns: number): Strided => ({ data, rowStride: columns, columnStride: 1 });

/** Rows that make those of `triangle` orthogonal but for rounding: it leaves two or three sweeps instead of ten. */
function eigenvectorsOfGram(triangle: Float64Array, n: number): Float64Array {
  const gram = new Float64Array(n * n);
  const transposed = { data: triangle, rowStride: 1, columnStride: n };
  multiply({ ...square(n), a: byRows(triangle, n), b: transposed, c: gram, triangle: 'lower' });
  const memory = () => new Float64Array(n);
  const reduced = { diagonal: memory(), offDiagonal: memory(), scales: memory(), partial: new Float64Array(2 * n) };
  tridiagonalize(gram, n, reduced);
  const rows = new Float64Array(n * n);
  accumulateReflectors(gram, n, reduced.scales, rows);
  implicitQL(reduced.diagonal, reduced.offDiagonal.subarray(0, n - 1), { data: rows, stride: n, from: 0, to: n });
  return rows;
}

/** Rotates pairs of rows until all are orthogonal, the same in `rotations`. Returns their lengths. */
function orthogonalizeRows(rows: Float64Array, rotations: Float64Array, n: number): Float64Array {
  const tolerance = Number.EPSILON * Math.sqrt(n);
  const squares = new Float64Array(n);
  for (let i = 0; i < n; i++) squares[i] = dot(rows, i * n, i * n, n);
  for (let sweep = 0, rotated = true; rotated; sweep++) {
    if (sweep === mostSweeps) throw new Error(`the Jacobi iteration did not converge on a matrix of ${n} columns`);
    rotated = false;
    for (let i = 0; i < n - 1; i++) {
      for (let j = i + 1; j < n; j++) {
        const inner = dot(rows, i * n, j * n, n);
        if (!(Math.abs(inner) > tolerance * Math.sqrt(squares[i]) * Math.sqrt(squares[j]) + 2 ** -1000)) continue;
        rotated = true;
        const half = (squares[j] - squares[i]) / (2 * inner);
        const root = Math.sqrt(1 + half * half);
        const tangent = 1 / (half + (half < 0 ? -root : root));
        const cosine = 1 / Math.sqrt(1 + tangent * tangent);
        rotate(rows, i * n, j * n, n, cosine, tangent * cosine);
        rotate(rotations, i * n, j * n, n, cosine, tangent * cosine);
        squares[i] = dot(rows, i * n, i * n, n);
        squares[j] = dot(rows, j * n, j * n, n);
      }
    }
  }
  return squares.map(Math.sqrt);
}

function dot(x: Float64Array, p: number, q: number, size: number): number {
  let even = 0;
  let odd = 0;
  let j = 0;
  for (; j + 1 < size; j += 2) {
    even += x[p + j] * x[q + j];
    odd += x[p + j + 1] * x[q + j + 1];
  }
  return j < size ? even + odd + x[p + j] * x[q + j] : even + odd;
}

function rotate(x: Float64Array, p: number, q: number, size: number, cosine: number, sine: number): void {
  for (let j = 0; j < size; j++) {
    const a = x[p + j];
    const b = x[q + j];
    x[p + j] = cosine * a - sine * b;
    x[q + j] = sine * a + cosine * b;
  }
}

/** The first `known` rows are orthonormal: fills the others so that all n are. */
function completeRows(rows: Float64Array, known: number, n: number): void {
  if (known === n) return;
  const reflected = reflectColumns(rows.slice(0, known * n), known, n, false);
  rows.set(orthogonalColumns(reflected, n, known, n), known * n);
}
