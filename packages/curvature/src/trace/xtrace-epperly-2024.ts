import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { checkedProduct, squareSize } from '../checked-product.js';
import { divide, norm } from '../lanczos/orthonormal-rows.js';
import type { Operator } from '../operator.js';
import { rangeOf } from './range-of.js';
import { checkProducts, dot, type Estimate, meanOf, type TraceOptions } from './trace-estimate.js';

export interface XTraceOptions extends TraceOptions {
  readonly linearAlgebra: LinearAlgebra;
}

/**
 * XTrace (Epperly, Tropp & Webber 2024, doi 10.1137/23M1548323): as Hutch++, but every test vector serves in the sketch of
 * all the others, so that it gets more from the same products.
 *
 * With k = products / 2 test vectors w_i, Y = A W = Q R, and Q_i a basis of the range of Y without its column i,
 *
 *     t_i = tr(Q_i^T A Q_i) + (n - k + 1) u_i^T A u_i / |u_i|^2,   u_i = (I - Q_i Q_i^T) w_i
 *
 * and the value is the mean of the t_i. Test vectors are uniform on the sphere, for which the second term, normalised so,
 * is the best estimate of the trace on the complement. Q_i Q_i^T = Q (I - s_i s_i^T) Q^T with s_i the i-th column of
 * R^(-T), normalised: all t_i come from Q, R and A Q.
 *
 * The standard error is that of the t_i as if they were independent, as the authors propose.
 *
 * @param products  an even number from 4 to twice the size
 * @throws RangeError, InsufficientMemoryError as `lanczos`
 */
export async function xtrace(operator: Operator, options: XTraceOptions): Promise<Estimate> {
  const { products, random, linearAlgebra, progress, signal } = options;
  const size = squareSize('xtrace', operator);
  checkProducts('xtrace', products, 4, 2 * size);
  if (products % 2 !== 0) throw new RangeError(`xtrace: expected an even number of products, found ${products}`);
  const k = products / 2;
  let done = 0;
  const productWith = async (v: Float64Array) => {
    signal?.throwIfAborted();
    const product = await checkedProduct(operator, v, `xtrace: product ${done + 1}`);
    done++;
    progress?.(done / products);
    return product;
  };

  const tests: Float64Array[] = [];
  /** w_i^T A w_i. */
  const quadratic: number[] = [];
  const { rows, factor, full } = await rangeOf('xtrace', size, k, linearAlgebra, async (i) => {
    const w = onSphere(size, random.stream(`vector ${i}`).normals(size));
    const product = await productWith(w);
    tests.push(w);
    quadratic.push(dot(w, product));
    return product;
  });
  const inside = new Float64Array(rows.count * rows.count);
  for (let j = 0; j < rows.count; j++) {
    const q = rows.row(j).slice();
    inside.set(rows.coefficients(await productWith(q)), j * rows.count);
  }
  const onRange = Array.from({ length: rows.count }, (_, j) => inside[j * rows.count + j]).reduce((a, b) => a + b, 0);
  // Fewer directions than tests: they are the whole range of A, and the trace on it is the trace.
  if (!full) return { value: onRange, standardError: 0, products: done };

  const samples = tests.map((w, i) => {
    const s = leftOutDirection(factor, k, i);
    const overlap = rows.coefficients(w);
    const along = dot(s, overlap);
    const x = overlap.map((value, j) => value - along * s[j]);
    const product = Float64Array.from({ length: k }, (_, j) => factor[j * k + i]);
    const energy = quadratic[i] - 2 * dot(x, product) + form(inside, k, x);
    const squaredNorm = dot(w, w) - dot(x, x);
    return onRange - form(inside, k, s) + ((size - k + 1) * energy) / squaredNorm;
  });
  return { ...meanOf(samples), products };
}

/** Scaled to norm sqrt(n). */
function onSphere(size: number, v: Float64Array): Float64Array {
  divide(v, norm(v) / Math.sqrt(size));
  return v;
}

/** The unit vector orthogonal to all columns of the upper triangular R but number i: R^T s = e_i, normalised. */
function leftOutDirection(factor: Float64Array, k: number, i: number): Float64Array {
  const s = new Float64Array(k);
  for (let row = i; row < k; row++) {
    let sum = row === i ? 1 : 0;
    for (let j = i; j < row; j++) sum -= factor[j * k + row] * s[j];
    s[row] = sum / factor[row * k + row];
  }
  divide(s, norm(s));
  return s;
}

/** x^T B x */
function form(matrix: Float64Array, k: number, x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) sum += x[i] * matrix[i * k + j] * x[j];
  }
  return sum;
}
