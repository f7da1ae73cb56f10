import { makeReflector, reflectRows } from './reflector.js';
import { alone, type Member } from './team.js';

/** Where tridiagonalize puts its results; shared by the members of a team. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** n elements, of which the last is not used. */
  readonly offDiagonal: Float64Array;
  /** n factors of the reflectors H(i) = I - scales[i] u u^T; u stands in row i of the matrix, columns 0 .. i - 1. */
  readonly scales: Float64Array;
  /** Workspace: 2 x parts x n elements. */
  readonly partial: Float64Array;
}

/**
 * Householder reduction A = Q T Q^T of a symmetric matrix, Q = H(n-1) ... H(1), from the last row upwards (Martin,
 * Reinsch and Wilkinson 1968, as tred2). Reads the lower triangle of the row-major matrix and leaves the reflectors
 * there. Elements should be near 1 in magnitude (scaleToOne): what is smaller by 2^-450 is taken for zero.
 *
 * A step needs the rank-two update of the one before it, and a product with the updated matrix: one pass over the rows
 * does both, so that memory is streamed once a step. The members of a team own alternate pairs of rows.
 */
export function tridiagonalize(matrix: Float64Array, n: number, result: Tridiagonal, team: Member = alone): void {
  const { diagonal, offDiagonal, scales, partial } = result;
  // Each member has its own copy of the update that the matrix still lacks, A - v w^T - w v^T, and of the next u.
  let v = new Float64Array(n);
  let w = new Float64Array(n);
  let u = new Float64Array(n);
  let product = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    const row = matrix.subarray(i * n, i * n + i + 1);
    for (let j = 0; j <= i; j++) u[j] = row[j] - v[i] * w[j] - w[i] * v[j];
    const corner = u[i];
    const { scale, end } = i === 0 ? { scale: 0, end: 0 } : makeReflector(u, 0, i, i - 1);

    // Two buffers in turn: another member may still be adding up the one of the step before.
    const buffer = (i % 2) * team.parts * n;
    const own = partial.subarray(buffer + team.part * n, buffer + team.part * n + i);
    own.fill(0);
    updateAndMultiply(matrix, n, i, { v, w, u, product: own }, team);
    team.meet();

    if (team.part === 0) {
      diagonal[i] = corner;
      scales[i] = scale;
      if (i > 0) offDiagonal[i - 1] = end;
      row.set(u.subarray(0, i));
    }
    product.fill(0, 0, i);
    for (let part = 0; part < team.parts; part++) {
      const from = buffer + part * n;
      for (let j = 0; j < i; j++) product[j] += partial[from + j];
    }
    // With y = A u the update is w = scale y - scale^2 / 2 (u y) u.
    let inner = 0;
    for (let j = 0; j < i; j++) inner += product[j] * u[j];
    const along = 0.5 * scale * scale * inner;
    for (let j = 0; j < i; j++) product[j] = scale * product[j] - along * u[j];
    [v, w, u, product] = [u, product, v, w];
  }
}

interface Step {
  readonly v: Float64Array;
  readonly w: Float64Array;
  readonly u: Float64Array;
  readonly product: Float64Array;
}

/** A := A - v w^T - w v^T on this member's rows of the leading block, and its share of product := A u. */
function updateAndMultiply(a: Float64Array, n: number, size: number, step: Step, team: Member): void {
  const { v, w, u, product } = step;
  for (let i = 2 * team.part; i < size; i += 2 * team.parts) {
    const top = i * n;
    if (i + 1 === size) {
      updateRow(a, top, i, step);
      continue;
    }
    const bottom = top + n;
    const [v0, w0, u0, v1, w1, u1] = [v[i], w[i], u[i], v[i + 1], w[i + 1], u[i + 1]];
    let sum0 = 0;
    let sum1 = 0;
    for (let j = 0; j < i; j++) {
      const vj = v[j];
      const wj = w[j];
      const uj = u[j];
      const a0 = a[top + j] - v0 * wj - w0 * vj;
      const a1 = a[bottom + j] - v1 * wj - w1 * vj;
      a[top + j] = a0;
      a[bottom + j] = a1;
      sum0 += a0 * uj;
      sum1 += a1 * uj;
      product[j] += a0 * u0 + a1 * u1;
    }
    const corner = a[top + i] - 2 * v0 * w0;
    const below = a[bottom + i] - v1 * w0 - w1 * v0;
    const end = a[bottom + i + 1] - 2 * v1 * w1;
    a[top + i] = corner;
    a[bottom + i] = below;
    a[bottom + i + 1] = end;
    product[i] += sum0 + corner * u0 + below * u1;
    product[i + 1] += sum1 + below * u0 + end * u1;
  }
}

/** The same for the row that is left over when their number is odd. */
function updateRow(a: Float64Array, top: number, i: number, { v, w, u, product }: Step): void {
  const [v0, w0, u0] = [v[i], w[i], u[i]];
  let sum = 0;
  for (let j = 0; j < i; j++) {
    const a0 = a[top + j] - v0 * w[j] - w0 * v[j];
    a[top + j] = a0;
    sum += a0 * u[j];
    product[j] += a0 * u0;
  }
  const corner = a[top + i] - 2 * v0 * w0;
  a[top + i] = corner;
  product[i] += sum + corner * u0;
}

/**
 * Q^T, row-major, of the reduction A = Q T Q^T, from the reflectors that tridiagonalize left: its row r is
 * e_r H(1) ... H(n-1). The members of a team own alternate blocks of rows.
 */
export function accumulateReflectors(
  matrix: Float64Array,
  n: number,
  scales: Float64Array,
  transform: Float64Array,
  team: Member = alone,
): void {
  const block = 4;
  for (let r = block * team.part; r < n; r += block * team.parts) {
    const rows = Math.min(block, n - r);
    transform.fill(0, r * n, (r + rows) * n);
    for (let i = 0; i < rows; i++) transform[(r + i) * (n + 1)] = 1;
    // H(i) acts on the columns before i, where these rows are zero up to i = r.
    for (let i = r + 1; i < n; i++) {
      reflectRows(transform, r * n, n, rows, { data: matrix, offset: i * n, size: i, scale: scales[i] });
    }
  }
}
