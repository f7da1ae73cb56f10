import { scaleToOne, unscale } from './scale.js';
import { sweepsPerEigenvalue, wilkinsonShift } from './tridiagonal-values.js';

/** n rows, of which the columns number `from` .. `to` - 1 are rotated: row i begins at data[i * stride]. */
export interface Rows {
  readonly data: Float64Array;
  readonly stride: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Eigenvalues, in no order, of a symmetric tridiagonal matrix T by the implicit QL iteration with Wilkinson's shift
 * (Dubrulle, Martin, Wilkinson 1968). The rows Z become S^T Z, where T = S diag(values) S^T: from the identity come the
 * eigenvectors, one a row; from the first column of the identity come the first components of the eigenvectors, at a
 * cost of O(n^2) (Golub and Welsch 1969).
 *
 * Columns do not mix, so threads can share them out, each repeating the iteration.
 *
 * @throws Error if it does not converge
 */
export function implicitQL(diagonal: Float64Array, offDiagonal: Float64Array, rows: Rows): Float64Array {
  const n = diagonal.length;
  const d = diagonal.slice();
  const e = new Float64Array(n);
  e.set(offDiagonal);
  const factor = scaleToOne(d, e);
  const cosines = new Float64Array(n);
  const sines = new Float64Array(n);

  let sweeps = sweepsPerEigenvalue * n;
  for (let top = 0; top < n; top++) {
    for (let bottom = endOfBlock(d, e, top); bottom > top; bottom = endOfBlock(d, e, top)) {
      if (sweeps-- === 0) throw new Error(`the QL iteration did not converge on a tridiagonal matrix of size ${n}`);
      const end = sweep(d, e, top, bottom, cosines, sines);
      rotateRows(rows, end, bottom, cosines, sines);
    }
  }
  return unscale('eigenvalues', d, factor);
}

function endOfBlock(d: Float64Array, e: Float64Array, from: number): number {
  let i = from;
  while (i < d.length - 1 && Math.abs(e[i]) > 2 ** -53 * (Math.abs(d[i]) + Math.abs(d[i + 1])) + 2 ** -1000) i++;
  return i;
}

/**
 * One sweep from the bottom of the block to its top: plane rotation number i acts on rows i and i + 1. Returns the last
 * rotation, which is `top` unless the bulge vanished on the way.
 */
function sweep(
  d: Float64Array,
  e: Float64Array,
  top: number,
  bottom: number,
  cosines: Float64Array,
  sines: Float64Array,
): number {
  let g = d[bottom] - wilkinsonShift(d[top], d[top + 1], e[top]);
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = bottom - 1; i >= top; i--) {
    const f = s * e[i];
    const b = c * e[i];
    const r = length(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] -= p;
      e[bottom] = 0;
      return i + 1;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    const t = (d[i] - g) * s + 2 * c * b;
    p = s * t;
    d[i + 1] = g + p;
    g = c * t - b;
    cosines[i] = c;
    sines[i] = s;
  }
  d[top] -= p;
  e[top] = g;
  e[bottom] = 0;
  return top;
}

/** Math.hypot is slow; its care is needed only where squares vanish. */
function length(f: number, g: number): number {
  const square = f * f + g * g;
  return square > 2 ** -900 ? Math.sqrt(square) : Math.hypot(f, g);
}

/** Rotations bottom - 1, ..., top in this order, two at a time: the row between them is read and written once. */
function rotateRows(rows: Rows, top: number, bottom: number, cosines: Float64Array, sines: Float64Array): void {
  const { data, stride, from, to } = rows;
  let i = bottom - 1;
  for (; i > top; i -= 2) {
    const upper = (i - 1) * stride;
    const middle = upper + stride;
    const lower = middle + stride;
    const [c1, s1, c2, s2] = [cosines[i], sines[i], cosines[i - 1], sines[i - 1]];
    for (let j = from; j < to; j++) {
      const a = data[upper + j];
      const b = data[middle + j];
      const c = data[lower + j];
      const turned = c1 * b - s1 * c;
      data[lower + j] = s1 * b + c1 * c;
      data[middle + j] = s2 * a + c2 * turned;
      data[upper + j] = c2 * a - s2 * turned;
    }
  }
  if (i === top) {
    const upper = i * stride;
    const lower = upper + stride;
    const [c1, s1] = [cosines[i], sines[i]];
    for (let j = from; j < to; j++) {
      const b = data[upper + j];
      const c = data[lower + j];
      data[lower + j] = s1 * b + c1 * c;
      data[upper + j] = c1 * b - s1 * c;
    }
  }
}

/** The order that sorts the values. */
export function ascendingOrder(values: Float64Array): Uint32Array {
  return Uint32Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
}

/** Eigenvalues, ascending, with the first component of each normalised eigenvector, taken non-negative. */
export function tridiagonalFirstComponents(diagonal: Float64Array, offDiagonal: Float64Array) {
  const first = new Float64Array(diagonal.length);
  first[0] = 1;
  const values = implicitQL(diagonal, offDiagonal, { data: first, stride: 1, from: 0, to: 1 });
  const order = ascendingOrder(values);
  return {
    values: Float64Array.from(order, (i) => values[i]),
    firstComponents: Float64Array.from(order, (i) => Math.abs(first[i])),
  };
}
