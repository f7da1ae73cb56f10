import { type Kernel, meanCovariance } from './kernels.js';

/** T points of P coordinates each, and as many symmetric P x P matrices (row-major) that weight the gradients there. */
export interface WeightedGradients {
  readonly points: readonly Float64Array[];
  readonly matrices: readonly Float64Array[];
}

/**
 * (1/P) Tr Cov of (1/T) sum A_i g_i for gradients of the covariance (16): k' 1 - k'' (w_i - w_j)(w_i - w_j)^T between
 * points i and j. Exact, from the double sum of Tr(A_j A_i Cov(g_i, g_j)).
 */
export function weightedVariance({ first, second }: Kernel, { points, matrices }: WeightedGradients): number {
  const [count, size] = [points.length, points[0].length];
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      const step = points[i].map((x, c) => x - points[j][c]);
      const s = -square(step) / 2;
      // Tr(A_j A_i): both are symmetric. x^T A_j A_i x is the product of A_j x and A_i x.
      const trace = matrices[j].reduce((total, a, e) => total + a * matrices[i][e], 0);
      const [left, right] = [times(matrices[j], step), times(matrices[i], step)];
      const along = left.reduce((total, x, c) => total + x * right[c], 0);
      sum += first(s) * trace - second(s) * along;
    }
  }
  return sum / count ** 2 / size;
}

/** What the bound needs of the points: P, and the distance of every pair. */
export interface Spread {
  readonly parameters: number;
  /** T. */
  readonly count: number;
  /** d_ij, i < j. */
  readonly distances: readonly number[];
}

/**
 * The right side of equation 19, for a norm a of the matrices A_i: the trace norm as printed, or the operator norm,
 * which is what the proof's step Tr(A^2 C) <= a^2 Tr C needs.
 */
export function printedBound(kernel: Kernel, { parameters, count, distances }: Spread, norm: number): number {
  const cross = distances.reduce((sum, distance) => sum + meanCovariance(kernel, distance, parameters), 0);
  return norm ** 2 * (kernel.first(0) / count + (2 * cross) / count ** 2);
}

/**
 * A bound that always holds, for the operator norm: |Tr(A_j A_i C)| <= a^2 times the sum of the singular values of C,
 * which has k' across the line between the points, P - 1 times, and k' - k'' d^2 along it. It is equation 19 wherever
 * the latter is not negative, for exp(s) up to the distance 1.
 */
export function safeBound(kernel: Kernel, { parameters, count, distances }: Spread, norm: number): number {
  const cross = distances.reduce((sum, distance) => {
    const s = -(distance ** 2) / 2;
    const across = Math.abs(kernel.first(s));
    const along = Math.abs(kernel.first(s) - kernel.second(s) * distance ** 2);
    return sum + ((parameters - 1) * across + along) / parameters;
  }, 0);
  return norm ** 2 * (kernel.first(0) / count + (2 * cross) / count ** 2);
}

export function spreadOf(points: readonly Float64Array[]): Spread {
  const distances = points.flatMap((one, i) =>
    points.slice(i + 1).map((other) => Math.sqrt(square(one.map((x, c) => x - other[c])))),
  );
  return { parameters: points[0].length, count: points.length, distances };
}

const square = (x: Float64Array) => x.reduce((sum, value) => sum + value * value, 0);

/** A x for a row-major matrix. */
export function times(matrix: Float64Array, x: Float64Array): Float64Array {
  const n = x.length;
  return x.map((_, i) => x.reduce((sum, value, j) => sum + matrix[i * n + j] * value, 0));
}
