import type { LinearAlgebra } from '@hessian-rmt/numerics';

/** The span of some vectors. */
export interface RowSpan {
  readonly rank: number;
  /** rank x width, orthonormal rows. */
  readonly basis: Float64Array;
  /** Singular values on either side of the cut: 0 where there is none. */
  readonly smallestKept: number;
  readonly largestDropped: number;
}

/**
 * An orthonormal basis of the span of the rows of a count x width matrix.
 *
 * A singular value counts as zero up to max(count, width) epsilon times the largest, the usual bound for its rounding
 * error (Golub & Van Loan 2013, sec. 5.4.1); what is larger is kept.
 *
 * @param scale  what the largest singular value is taken to be at least: the size of rows that differences were formed of
 */
export async function rowSpan(
  linearAlgebra: LinearAlgebra,
  rows: Float64Array,
  count: number,
  width: number,
  scale = 0,
): Promise<RowSpan> {
  if (count === 0) return { rank: 0, basis: new Float64Array(0), smallestKept: 0, largestDropped: 0 };
  const { vt, singularValues } =
    count > width
      ? await linearAlgebra.svd((await linearAlgebra.qr(rows, count, width)).r, width, width)
      : await linearAlgebra.svd(rows, count, width);
  const zero = Math.max(count, width) * Number.EPSILON * Math.max(singularValues[0], scale);
  const cut = singularValues.findIndex((value) => !(value > zero));
  const rank = cut < 0 ? singularValues.length : cut;
  return {
    rank,
    basis: vt.slice(0, rank * width),
    smallestKept: rank > 0 ? singularValues[rank - 1] : 0,
    largestDropped: rank < singularValues.length ? singularValues[rank] : 0,
  };
}
