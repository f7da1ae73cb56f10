/** A differentiable function of many variables: writes the gradient at the point and returns the value. */
export type SmoothFunction = (point: Float64Array, gradient: Float64Array) => number;

export interface DescentOptions {
  /** Stops as soon as the value is at or below this. Default: never. */
  readonly stopAt?: number;
  /** Stops where the gradient's norm is at or below this. Default 0. */
  readonly gradientTolerance?: number;
  /** Default 1,000. */
  readonly maxIterations?: number;
  /** Told the number of iterations done and the value, after each. */
  readonly onIteration?: (iteration: number, value: number) => void;
}

/** Why a descent ended: at the value asked for, at a flat point, out of iterations, or with no step that goes down. */
export type DescentEnd = 'value' | 'gradient' | 'iterations' | 'stalled';

/** Where a descent ended. */
export interface Descent {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradientNorm: number;
  readonly iterations: number;
  /** Values and gradients computed: the cost, whatever the method. */
  readonly evaluations: number;
  readonly end: DescentEnd;
}

/** In four sums: one alone waits for each addition before the next. */
export function dot(a: Float64Array, b: Float64Array): number {
  const whole = a.length - (a.length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (let i = whole; i < a.length; i++) s0 += a[i] * b[i];
  return s0 + s1 + (s2 + s3);
}

export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

/** result := point + step * direction. */
export function along(point: Float64Array, direction: Float64Array, step: number, result: Float64Array): Float64Array {
  for (let i = 0; i < point.length; i++) result[i] = point[i] + step * direction[i];
  return result;
}

/** The reason to stop where the value and the gradient's norm are these, if there is one. */
export function reached(
  { stopAt = Number.NEGATIVE_INFINITY, gradientTolerance = 0 }: DescentOptions,
  value: number,
  gradientNorm: number,
): 'value' | 'gradient' | undefined {
  if (value <= stopAt) return 'value';
  return gradientNorm <= gradientTolerance ? 'gradient' : undefined;
}
