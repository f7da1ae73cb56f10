import { logGamma } from './gamma-function.js';

/**
 * The regularised incomplete gamma function P(a, x), share of the gamma law of shape a below x, for positive multiples
 * a of 1/2: its power series below the mean, the continued fraction of 1 - P beyond (Abramowitz & Stegun 1964, 6.5.29,
 * 6.5.31).
 */
export function incompleteGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  if (x < a + 1) {
    const front = Math.exp(a * Math.log(x) - x - logGamma(a));
    let term = 1 / a;
    let sum = term;
    for (let n = 1; term > Number.EPSILON * sum; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return front * sum;
  }
  return 1 - Math.exp(a * Math.log(x) - x - logGamma(a)) * complementFraction(a, x);
}

/** 1 - P(a, x) = x^a exp(-x)/Gamma(a) times this, for x beyond about a + 1. */
export function complementFraction(a: number, x: number): number {
  // 1/(x + 1 - a - 1 (1 - a)/(x + 3 - a - 2 (2 - a)/(x + 5 - a - ...))), by Lentz's method (in Thompson & Barnett 1986).
  let b = x + 1 - a;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < 10_000; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (b + numerator * d);
    c = b + numerator / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) <= Number.EPSILON) break;
  }
  return fraction;
}
