import { checkedProduct, squareSize } from '../checked-product.js';
import { type RandomVectorLaw, randomVector } from '../lanczos/start-vector.js';
import type { Operator } from '../operator.js';
import { checkProducts, dot, type Estimate, meanOf, type TraceOptions } from './trace-estimate.js';

export interface HutchinsonOptions extends TraceOptions {
  /** Default `rademacher`, of the smaller variance (Hutchinson 1990). */
  readonly law?: RandomVectorLaw;
}

/**
 * The trace as the mean of v^T A v over random vectors v (Hutchinson 1990, doi 10.1080/03610919008812866).
 *
 * The variance of a sample is 2 (|A|_F^2 - sum of a_ii^2) for Rademacher, 2 |A|_F^2 for normal elements.
 *
 * @throws RangeError for fewer than 2 products, and as `lanczos` for what is wrong with the operator
 */
export async function hutchinson(operator: Operator, options: HutchinsonOptions): Promise<Estimate> {
  return meanOverVectors('hutchinson', operator, options, dot);
}

/**
 * The squared Frobenius norm |A|_F^2 = tr A^2, the sum of all squared eigenvalues, as the mean of |A v|^2: the trace of
 * A^2 for one product a sample. The variance of a Rademacher sample is 2 (|A^2|_F^2 - sum of (A^2)_ii^2).
 *
 * @throws as `hutchinson`
 */
export async function squaredFrobeniusNorm(operator: Operator, options: HutchinsonOptions): Promise<Estimate> {
  return meanOverVectors('squaredFrobeniusNorm', operator, options, (_, product) => dot(product, product));
}

async function meanOverVectors(
  who: string,
  operator: Operator,
  { products, random, law = 'rademacher', progress, signal }: HutchinsonOptions,
  sampleOf: (v: Float64Array, product: Float64Array) => number,
): Promise<Estimate> {
  const size = squareSize(who, operator);
  checkProducts(who, products, 2);
  const samples: number[] = [];
  for (let i = 0; i < products; i++) {
    signal?.throwIfAborted();
    const v = randomVector(law, size, random.stream(`vector ${i}`));
    samples.push(sampleOf(v, await checkedProduct(operator, v, `${who}: product ${i + 1}`)));
    progress?.((i + 1) / products);
  }
  return { ...meanOf(samples), products };
}
