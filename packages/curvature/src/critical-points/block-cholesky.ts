import type { LinearAlgebra } from '@hessian-rmt/numerics';

/** Rows of a block (our choice: what is left to plain loops is then a small part from 64 rows on). */
const block = 32;

/**
 * Cholesky factorization of a small matrix where it lies, A = L L^T, and solutions of A x = b.
 *
 * A search factors 1e4 to 1e5 matrices of 32 to 1,000 rows. LAPACK's dpotrf as `LinearAlgebra` has it takes a copy and a
 * thread for each, which up to 500 rows cost more than the arithmetic. Here blocks of the diagonal are factored and
 * inverted in plain loops, and the rest are matrix products.
 */
export class BlockCholesky {
  /** Inverses of the factors of the blocks of the diagonal, lower triangular, one after another. */
  private readonly inverses: Float64Array;
  private readonly panel: Float64Array;

  constructor(
    private readonly n: number,
    private readonly linearAlgebra: LinearAlgebra,
  ) {
    this.inverses = new Float64Array(Math.ceil(n / block) * block * block);
    this.panel = new Float64Array(n * block);
  }

  /**
   * Overwrites the lower triangle of the n x n matrix with L.
   *
   * @returns whether the matrix is positive definite, to rounding; if not, what is left of it is of no use
   */
  factor(a: Float64Array): boolean {
    const { n, panel, linearAlgebra } = this;
    for (let k = 0; k < n; k += block) {
      const width = Math.min(block, n - k);
      const inverse = this.inverseAt(k);
      if (!factorAndInvert(a, k * n + k, n, width, inverse)) return false;
      const below = n - k - width;
      if (below === 0) break;
      const start = (k + width) * n + k;
      // L_below = A_below L_kk^-T
      // biome-ignore format: one product
      linearAlgebra.gemm({
        transposeB: true, m: below, n: width, k: width,
        a: a.subarray(start), lda: n, b: inverse, ldb: block, c: panel, ldc: width,
      });
      for (let i = 0; i < below; i++) {
        for (let j = 0; j < width; j++) a[start + i * n + j] = panel[i * width + j];
      }
      // biome-ignore format: one product
      linearAlgebra.syrk({
        triangle: 'lower', n: below, k: width, alpha: -1, a: panel, lda: width, beta: 1, c: a.subarray(start + width), ldc: n,
      });
    }
    return true;
  }

  /** x with L L^T x = b. */
  solve(lower: Float64Array, b: Float64Array): Float64Array {
    const { n, linearAlgebra } = this;
    const x = b.slice();
    const starts = Array.from({ length: Math.ceil(n / block) }, (_, i) => i * block);
    for (const k of starts) {
      const width = Math.min(block, n - k);
      const rows = x.subarray(k, k + width);
      // biome-ignore format: one product
      if (k > 0) linearAlgebra.gemv({ m: width, n: k, alpha: -1, a: lower.subarray(k * n), lda: n, x, beta: 1, y: rows });
      timesTriangle(this.inverseAt(k), rows);
    }
    for (const k of starts.reverse()) {
      const width = Math.min(block, n - k);
      const rows = x.subarray(k, k + width);
      timesTransposedTriangle(this.inverseAt(k), rows);
      // biome-ignore format: one product
      if (k > 0) linearAlgebra.gemv({ transpose: true, m: width, n: k, alpha: -1, a: lower.subarray(k * n), lda: n, x: rows, beta: 1, y: x });
    }
    return x;
  }

  private inverseAt(k: number): Float64Array {
    return this.inverses.subarray(k * block, k * block + block * block);
  }
}

/** Factors the diagonal block that starts at `start`, and writes the inverse of its factor, zeros above the diagonal. */
function factorAndInvert(
  a: Float64Array,
  start: number,
  stride: number,
  width: number,
  inverse: Float64Array,
): boolean {
  for (let i = 0; i < width; i++) {
    const row = start + i * stride;
    for (let j = 0; j <= i; j++) {
      const other = start + j * stride;
      let sum = a[row + j];
      for (let l = 0; l < j; l++) sum -= a[row + l] * a[other + l];
      if (j < i) a[row + j] = sum / a[other + j];
      else if (sum > 0 && sum < Number.POSITIVE_INFINITY) a[row + i] = Math.sqrt(sum);
      else return false;
    }
  }
  inverse.fill(0);
  for (let i = 0; i < width; i++) {
    const row = start + i * stride;
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let l = j; l < i; l++) sum -= a[row + l] * inverse[l * block + j];
      inverse[i * block + j] = sum / a[row + i];
    }
    inverse[i * block + i] = 1 / a[row + i];
  }
  return true;
}

/** x := T x */
function timesTriangle(triangle: Float64Array, x: Float64Array): void {
  for (let i = x.length - 1; i >= 0; i--) {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += triangle[i * block + j] * x[j];
    x[i] = sum;
  }
}

/** x := T^T x */
function timesTransposedTriangle(triangle: Float64Array, x: Float64Array): void {
  for (let j = 0; j < x.length; j++) {
    let sum = 0;
    for (let i = j; i < x.length; i++) sum += triangle[i * block + j] * x[i];
    x[j] = sum;
  }
}
