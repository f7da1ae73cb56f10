import type { Dataset, DenseNetwork, Weights } from '../../src/index.js';

/** The outputs of one sample, as the definition has them: z_l = W_l a_{l-1} + b_l, unit by unit. */
export function naiveOutputs({ widths, activation, bias }: DenseNetwork, weights: Weights, inputs: ArrayLike<number>) {
  let a = Array.from(inputs);
  let next = 0;
  for (let l = 1; l < widths.length; l++) {
    const z: number[] = [];
    for (let i = 0; i < widths[l]; i++) {
      let sum = 0;
      for (let j = 0; j < widths[l - 1]; j++) sum += weights[next++] * a[j];
      if (bias) sum += weights[next++];
      z.push(sum);
    }
    const f = { identity: (x: number) => x, relu: (x: number) => Math.max(x, 0), tanh: Math.tanh }[activation];
    a = l + 1 < widths.length ? z.map(f) : z;
  }
  return a;
}

export function naiveSoftmax(z: readonly number[]): number[] {
  const sum = z.reduce((total, value) => total + Math.exp(value), 0);
  return z.map((value) => Math.exp(value) / sum);
}

/** Mean of -log softmax(z)[label], or of 1/2 |z - y|^2. */
export function naiveLoss(network: DenseNetwork, weights: Weights, data: Dataset): number {
  let total = 0;
  for (let n = 0; n < data.count; n++) {
    const z = naiveOutputs(network, weights, data.inputs.subarray(n * data.dimension, (n + 1) * data.dimension));
    if (network.loss === 'softmax-cross-entropy') total -= Math.log(naiveSoftmax(z)[data.labels[n]]);
    else for (let i = 0; i < z.length; i++) total += (z[i] - data.targets![n * z.length + i]) ** 2 / 2;
  }
  return total / data.count;
}

/** Derivative of f at 0 by central differences of fourth order: error about h^4, and epsilon / h of rounding. */
export function derivative(f: (step: number) => number, h = 1e-3): number {
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

/** a + factor b. */
export function plus(a: Float64Array, factor: number, b: Float64Array): Float64Array {
  return a.map((value, i) => value + factor * b[i]);
}

/** Largest difference, relative to the largest entry of b. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    // NaN must not pass for small.
    if (!(Math.abs(a[i] - b[i]) <= difference)) difference = Math.abs(a[i] - b[i]);
    size = Math.max(size, Math.abs(b[i]));
  }
  return difference / size;
}
