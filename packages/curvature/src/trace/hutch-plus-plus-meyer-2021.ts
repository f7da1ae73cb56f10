import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { checkedProduct, squareSize } from '../checked-product.js';
import { type RandomVectorLaw, randomVector } from '../lanczos/start-vector.js';
import type { Operator } from '../operator.js';
import { rangeOf } from './range-of.js';
import { checkProducts, dot, type Estimate, meanOf, type TraceOptions } from './trace-estimate.js';

export interface HutchPlusPlusOptions extends TraceOptions {
  readonly linearAlgebra: LinearAlgebra;
  /** Default `rademacher` (Meyer et al. 2021, Algorithm 1: sub-Gaussian, such as +1 and -1). */
  readonly law?: RandomVectorLaw;
}

/**
 * Hutch++ (Meyer, Musco, Musco & Woodruff 2021, Algorithm 1, doi 10.1137/1.9781611976496.16): the trace on the range Q of
 * A S exactly, that on its complement by Hutchinson, each with a third of the products. For spectra with outliers its
 * error falls as 1 / products, Hutchinson's as 1 / sqrt(products).
 *
 * Given Q the value is unbiased and only the complement's part varies, so that part's standard error is that of the
 * whole; it is 0 up to rounding where Q holds all of A's range.
 *
 * @param products  6 or more; what is left over after division by three goes to Hutchinson
 * @throws RangeError, InsufficientMemoryError as `lanczos`
 */
export async function hutchPlusPlus(operator: Operator, options: HutchPlusPlusOptions): Promise<Estimate> {
  const { products, random, law = 'rademacher', linearAlgebra, progress, signal } = options;
  const who = 'hutchPlusPlus';
  const size = squareSize(who, operator);
  const sketched = Math.floor(products / 3);
  checkProducts(who, products, 6, 3 * size);
  let done = 0;
  const productWith = async (v: Float64Array) => {
    signal?.throwIfAborted();
    const product = await checkedProduct(operator, v, `${who}: product ${done + 1}`);
    done++;
    progress?.(done / products);
    return product;
  };

  const sketch = random.stream('sketch');
  const { rows } = await rangeOf(who, size, sketched, linearAlgebra, (i) =>
    productWith(randomVector(law, size, sketch.stream(`vector ${i}`))),
  );
  let onRange = 0;
  for (let i = 0; i < rows.count; i++) {
    const q = rows.row(i).slice();
    onRange += dot(q, await productWith(q));
  }
  const samples: number[] = [];
  const test = random.stream('test');
  for (let i = 0; done < products; i++) {
    const g = randomVector(law, size, test.stream(`vector ${i}`));
    rows.removeFrom(g);
    samples.push(dot(g, await productWith(g)));
  }
  const complement = meanOf(samples);
  return { value: onRange + complement.value, standardError: complement.standardError, products };
}
