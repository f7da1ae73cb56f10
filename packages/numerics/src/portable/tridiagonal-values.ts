import { scaleToOne, unscale } from './scale.js';

/** LAPACK's limit. Two sweeps an eigenvalue are usual. */
export const sweepsPerEigenvalue = 30;

/**
 * Eigenvalues, ascending, of a symmetric tridiagonal matrix, by the QL iteration without square roots of Pal, Walker
 * and Kahan (Parlett, The Symmetric Eigenvalue Problem, sec. 8.15).
 *
 * @throws Error if it does not converge
 */
export function tridiagonalValues(diagonal: Float64Array, offDiagonal: Float64Array): Float64Array {
  const n = diagonal.length;
  const d = diagonal.slice();
  const squares = offDiagonal.slice();
  const factor = scaleToOne(d, squares);
  for (let i = 0; i < n - 1; i++) squares[i] *= squares[i];

  let sweeps = sweepsPerEigenvalue * n;
  for (let first = 0; first < n; first++) {
    const last = endOfBlock(d, squares, first, n - 1);
    // The iteration finds eigenvalues at the top: in a graded block these had better be the small ones.
    if (Math.abs(d[last]) < Math.abs(d[first])) reverse(d, squares, first, last);
    for (let top = first; top <= last; top++) {
      for (let bottom = last; bottom > top; ) {
        bottom = endOfBlock(d, squares, top, last);
        if (bottom === top) break;
        if (sweeps-- === 0) throw new Error(`the QL iteration did not converge on a tridiagonal matrix of size ${n}`);
        sweep(d, squares, top, bottom);
      }
    }
    first = last;
  }
  return unscale('eigenvalues', d, factor).sort();
}

/** The matrix falls apart after row i when its off-diagonal element is beyond the precision of the diagonal. */
function endOfBlock(d: Float64Array, squares: Float64Array, from: number, last: number): number {
  let i = from;
  while (i < last && squares[i] > 2 ** -106 * Math.abs(d[i] * d[i + 1]) + 2 ** -1000) i++;
  return i;
}

/** One step with Wilkinson's shift on the block top .. bottom. */
function sweep(d: Float64Array, squares: Float64Array, top: number, bottom: number): void {
  const shift = wilkinsonShift(d[top], d[top + 1], Math.sqrt(squares[top]));
  let c = 1;
  let s = 0;
  let gamma = d[bottom] - shift;
  let p = gamma * gamma;
  for (let i = bottom - 1; i >= top; i--) {
    const square = squares[i];
    const r = p + square;
    if (i < bottom - 1) squares[i + 1] = s * r;
    const cBefore = c;
    const gammaBefore = gamma;
    c = p / r;
    s = square / r;
    gamma = c * (d[i] - shift) - s * gammaBefore;
    d[i + 1] = gammaBefore + (d[i] - gamma);
    p = c === 0 ? cBefore * square : (gamma * gamma) / c;
  }
  squares[top] = s * p;
  d[top] = shift + gamma;
}

/** The eigenvalue of [a b; b c] that is closer to a. */
export function wilkinsonShift(a: number, c: number, b: number): number {
  const half = (c - a) / (2 * b);
  const root = Math.sqrt(half * half + 1);
  return a - b / (half + (half < 0 ? -root : root));
}

function reverse(d: Float64Array, squares: Float64Array, first: number, last: number): void {
  d.subarray(first, last + 1).reverse();
  squares.subarray(first, last).reverse();
}
