import { makeReflector, reflectRows } from './reflector.js';

/**
 * Second half of the two-stage reduction: a symmetric band matrix to tridiagonal form (Lang 1993, doi
 * 10.1137/0914078). Reads the diagonal and `bandwidth` diagonals below it of a row-major n x n matrix.
 *
 * A reflector clears the first column below its subdiagonal; that fills a block beyond the band, whose first column the
 * next reflector clears, `bandwidth` further down, and so on to the end of the matrix. The rest of each block stays: the
 * reflectors of the next column find it in their way. About 6 bandwidth n^2 operations, in the cache.
 */
export function tridiagonalizeBand(matrix: Float64Array, n: number, bandwidth: number) {
  const band = new Band(matrix, n, bandwidth);
  for (let column = 0; column < n - 2; column++) {
    let pivot = column;
    for (let first = column + 1; first < n - 1; first += bandwidth) {
      band.clear(pivot, first, Math.min(first + bandwidth, n));
      pivot = first;
    }
  }
  return {
    diagonal: Float64Array.from({ length: n }, (_, i) => band.data[band.at(i, i)]),
    offDiagonal: Float64Array.from({ length: n - 1 }, (_, i) => band.data[band.at(i + 1, i)]),
  };
}

/** The lower half of a band matrix with room for the blocks beyond it. */
class Band {
  /** Rows of 2 bandwidth elements, the last on the diagonal: a row-major matrix whose rows overlap in no element. */
  readonly data: Float64Array;
  private readonly stride: number;
  private readonly origin: number;
  private readonly u: Float64Array;
  private readonly product: Float64Array;

  constructor(
    matrix: Float64Array,
    private readonly n: number,
    private readonly bandwidth: number,
  ) {
    this.stride = 2 * bandwidth - 1;
    this.origin = this.stride;
    this.data = new Float64Array(2 * bandwidth * n);
    this.u = new Float64Array(bandwidth);
    this.product = new Float64Array(bandwidth);
    for (let i = 0; i < n; i++) {
      for (let j = Math.max(0, i - bandwidth); j <= i; j++) this.data[this.at(i, j)] = matrix[i * n + j];
    }
  }

  /** Place of element (i, j), i - 2 bandwidth < j <= i. */
  at(i: number, j: number): number {
    return this.origin + i * this.stride + j;
  }

  /** Reflects rows and columns first .. end - 1 so that of column `pivot` of these rows the first element alone is left. */
  clear(pivot: number, first: number, end: number): void {
    const { data, stride, u, n } = this;
    const size = end - first;
    for (let i = 0; i < size; i++) u[i] = data[this.at(first + i, pivot)];
    const { scale, end: corner } = makeReflector(u, 0, size, 0);
    if (scale === 0) return;
    for (let i = 0; i < size; i++) data[this.at(first + i, pivot)] = i === 0 ? corner : 0;
    this.reflectFromLeft(pivot + 1, first, size, scale);
    this.reflectFromBothSides(first, size, scale);
    const below = Math.min(end + this.bandwidth, n) - end;
    reflectRows(data, this.at(end, first), stride, below, { data: u, offset: 0, size, scale });
  }

  /** Columns from .. first - 1 of the rows from `first` on: A := A - scale u (u^T A), four rows at a time. */
  private reflectFromLeft(from: number, first: number, size: number, scale: number): void {
    const { data, stride, u, product } = this;
    const width = first - from;
    const start = this.at(first, from);
    product.fill(0, 0, width);
    let i = 0;
    for (let row = start; i + 4 <= size; i += 4, row += 4 * stride) {
      const [u0, u1, u2, u3] = [u[i], u[i + 1], u[i + 2], u[i + 3]];
      for (let p = row, j = 0; j < width; p++, j++) {
        product[j] += u0 * data[p] + u1 * data[p + stride] + u2 * data[p + 2 * stride] + u3 * data[p + 3 * stride];
      }
    }
    for (; i < size; i++) {
      const row = start + i * stride;
      for (let j = 0; j < width; j++) product[j] += u[i] * data[row + j];
    }
    for (let j = 0; j < width; j++) product[j] *= scale;
    i = 0;
    for (let row = start; i + 4 <= size; i += 4, row += 4 * stride) {
      const [u0, u1, u2, u3] = [u[i], u[i + 1], u[i + 2], u[i + 3]];
      for (let p = row, j = 0; j < width; p++, j++) {
        const factor = product[j];
        data[p] -= u0 * factor;
        data[p + stride] -= u1 * factor;
        data[p + 2 * stride] -= u2 * factor;
        data[p + 3 * stride] -= u3 * factor;
      }
    }
    for (; i < size; i++) {
      const row = start + i * stride;
      for (let j = 0; j < width; j++) data[row + j] -= u[i] * product[j];
    }
  }

  /** The diagonal block from `first` on: A := A - u w^T - w u^T, with y = A u and w = scale y - scale^2 / 2 (u y) u. */
  private reflectFromBothSides(first: number, size: number, scale: number): void {
    const { data, stride, u, product } = this;
    const start = this.at(first, first);
    product.fill(0, 0, size);
    for (let i = 0; i < size; i++) {
      const row = start + i * stride;
      let sum = data[row + i] * u[i];
      for (let j = 0; j < i; j++) {
        sum += data[row + j] * u[j];
        product[j] += data[row + j] * u[i];
      }
      product[i] += sum;
    }
    let inner = 0;
    for (let i = 0; i < size; i++) inner += product[i] * u[i];
    const along = 0.5 * scale * scale * inner;
    for (let i = 0; i < size; i++) product[i] = scale * product[i] - along * u[i];
    for (let i = 0; i < size; i++) {
      const row = start + i * stride;
      for (let j = 0; j <= i; j++) data[row + j] -= u[i] * product[j] + product[i] * u[j];
    }
  }
}
