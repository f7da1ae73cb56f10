import type { LinearAlgebra } from '@hessian-rmt/numerics';

/** Small enough to be quick without a library (a few milliseconds), large enough to be near the full rate: our choice. */
const order = 256;
/** Milliseconds: some tens of products with a library, a handful without. */
const atLeast = 40;

const known = new Map<string, number>();

/**
 * Operations a second in the product of two float64 matrices, on one thread: the best of what fits into 40 ms. Measured
 * once in a process for each library.
 */
export function productRate(algebra: LinearAlgebra): number {
  const { description } = algebra.library;
  const rate = known.get(description) ?? measure(algebra);
  known.set(description, rate);
  return rate;
}

function measure(algebra: LinearAlgebra): number {
  const n = order;
  const a = new Float64Array(n * n).fill(1);
  const product = { m: n, n, k: n, a, lda: n, b: a, ldb: n, c: new Float64Array(n * n), ldc: n };
  let best = Number.POSITIVE_INFINITY;
  let total = 0;
  // The first ones wake the threads, or the compiler; the best of several is what a busy machine spoils least.
  for (let products = 0; products < 3 || total < atLeast; products++) {
    const started = performance.now();
    algebra.gemm(product);
    const milliseconds = performance.now() - started;
    best = Math.min(best, milliseconds);
    total += milliseconds;
  }
  return (2 * n ** 3) / (best / 1000);
}
