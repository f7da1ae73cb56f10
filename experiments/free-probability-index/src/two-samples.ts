import type { RandomStream } from '@hessian-rmt/numerics';
import { kolmogorovSmirnovBetween } from '@hessian-rmt/rmt';

export interface TwoSampleTest {
  /** Kolmogorov-Smirnov distance. */
  readonly distance: number;
  /** Share of random divisions of the pooled values that lie at least as far apart. */
  readonly pValue: number;
}

/**
 * Whether two independent samples have one distribution: two-sample Kolmogorov-Smirnov distance, its p-value by
 * permutation (Efron & Tibshirani 1993, ch. 15), which holds for any sizes and for values with ties, as an index has them.
 *
 * @throws RangeError when a sample is empty
 */
export function twoSampleTest(
  one: readonly number[],
  other: readonly number[],
  random: RandomStream,
  draws = 1000,
): TwoSampleTest {
  if (one.length === 0 || other.length === 0) {
    throw new RangeError(`two-sample test: expected values in both samples, found ${one.length} and ${other.length}`);
  }
  const pooled = [...one, ...other];
  const apart = (order: ArrayLike<number>) => {
    const values = Float64Array.from(order, (i) => pooled[i]);
    return kolmogorovSmirnovBetween(values.subarray(0, one.length).sort(), values.subarray(one.length).sort());
  };
  const distance = apart(pooled.map((_, i) => i));
  let asFar = 1;
  // Equal distances differ in rounding.
  for (let i = 0; i < draws; i++) if (apart(random.permutation(pooled.length)) >= distance - 1e-12) asFar++;
  return { distance, pValue: asFar / (draws + 1) };
}
