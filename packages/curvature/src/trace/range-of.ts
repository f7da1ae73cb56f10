import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { divide, norm, OrthonormalRows } from '../lanczos/orthonormal-rows.js';

/** Y = Q R by columns, Q's as rows here. */
export interface Range {
  readonly rows: OrthonormalRows;
  /** Row-major k x k upper factor R; if the range is smaller than k, only `rows.count` rows are of use. */
  readonly factor: Float64Array;
  /** The vectors are independent, up to size x epsilon of the largest diagonal element of R. */
  readonly full: boolean;
}

/** Orthonormal basis of the span of k vectors, which come one by one; dependent ones add nothing to it. */
export async function rangeOf(
  who: string,
  size: number,
  k: number,
  linearAlgebra: LinearAlgebra,
  vector: (i: number) => Promise<Float64Array>,
): Promise<Range> {
  const rows = new OrthonormalRows(who, size, k, linearAlgebra);
  const factor = new Float64Array(k * k);
  let largest = 0;
  for (let i = 0; i < k; i++) {
    const y = await vector(i);
    const coefficients = rows.removeFrom(y);
    coefficients.forEach((value, row) => {
      factor[row * k + i] = value;
    });
    const leftOver = norm(y);
    largest = Math.max(largest, leftOver);
    if (leftOver <= size * Number.EPSILON * largest) continue;
    factor[rows.count * k + i] = leftOver;
    divide(y, leftOver);
    rows.append(y);
  }
  return { rows, factor, full: rows.count === k };
}
