import type { RandomStream } from '@hessian-rmt/numerics';

/** An estimate with what is needed to judge it. */
export interface Estimate {
  readonly value: number;
  /** Estimated standard deviation of the value. */
  readonly standardError: number;
  /** Products of the operator with a vector that it took. */
  readonly products: number;
}

export interface TraceOptions {
  /** Products to spend. */
  readonly products: number;
  readonly random: RandomStream;
  /** Fraction done, 0 to 1. */
  readonly progress?: (fraction: number) => void;
  /** Stops between two products by throwing the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Mean of independent samples, with the standard error of it. */
export function meanOf(samples: readonly number[]): { readonly value: number; readonly standardError: number } {
  const n = samples.length;
  const value = samples.reduce((sum, sample) => sum + sample, 0) / n;
  const squares = samples.reduce((sum, sample) => sum + (sample - value) ** 2, 0);
  return { value, standardError: Math.sqrt(squares / (n - 1) / n) };
}

/** @throws RangeError unless the number of products is an integer from `least` to `most`, a multiple of the size */
export function checkProducts(who: string, products: number, least: number, most = Infinity): void {
  if (Number.isInteger(products) && products >= least && products <= most) return;
  if (most < least) throw new RangeError(`${who}: expected an operator of size 2 or more, found size 1`);
  const upTo = most === Infinity ? '' : ` to ${most}`;
  throw new RangeError(`${who}: expected ${least}${upTo} products, found ${products}`);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
