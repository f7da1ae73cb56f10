import { wolfeStep } from './line-search.js';
import {
  type Descent,
  type DescentEnd,
  type DescentOptions,
  dot,
  norm,
  reached,
  type SmoothFunction,
} from './smooth-function.js';

export interface LbfgsOptions extends DescentOptions {
  /** Steps remembered. Default 20. */
  readonly memory?: number;
}

/** A step and the change of gradient over it. */
interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly inverse: number;
}

/**
 * Limited-memory BFGS with a strong Wolfe line search (Liu & Nocedal 1989; Nocedal & Wright 2006, Algorithm 7.5).
 *
 * @throws RangeError when the value at the start is not finite
 */
export function lbfgs(f: SmoothFunction, start: Float64Array, options: LbfgsOptions = {}): Descent {
  const { maxIterations = 1000, memory = 20 } = options;
  const point = start.slice();
  const gradient = new Float64Array(start.length);
  let value = f(point, gradient);
  if (!Number.isFinite(value)) throw new RangeError(`lbfgs: the value at the start is ${value}`);
  let evaluations = 1;
  let iterations = 0;
  let pairs: Pair[] = [];
  let end: DescentEnd | undefined = reached(options, value, norm(gradient));
  while (!end) {
    if (iterations === maxIterations) {
      end = 'iterations';
      break;
    }
    const direction = descentDirection(gradient, pairs);
    const before = point.slice();
    const gradientBefore = gradient.slice();
    // Without memory the length of the gradient says nothing: the first step is short.
    const firstStep = pairs.length > 0 ? 1 : Math.min(1, 1 / norm(gradient));
    const { trial, evaluations: spent } = wolfeStep(f, point, gradient, value, direction, firstStep);
    evaluations += spent;
    if (!trial) {
      if (pairs.length === 0) end = 'stalled';
      pairs = [];
      continue;
    }
    value = trial.value;
    iterations++;
    const pair = pairOf(point, before, gradient, gradientBefore);
    if (pair) pairs = [...pairs.slice(-(memory - 1)), pair];
    options.onIteration?.(iterations, value);
    end = reached(options, value, norm(gradient));
  }
  return { point, value, gradientNorm: norm(gradient), iterations, evaluations, end };
}

/** undefined where the curvature along the step is lost in rounding. */
function pairOf(point: Float64Array, before: Float64Array, gradient: Float64Array, gradientBefore: Float64Array) {
  const step = difference(point, before);
  const change = difference(gradient, gradientBefore);
  const product = dot(step, change);
  return product > Number.EPSILON * dot(change, change) ? { step, change, inverse: 1 / product } : undefined;
}

/** Minus the inverse Hessian that the pairs suggest, times the gradient (two-loop recursion). */
function descentDirection(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = new Float64Array(gradient.length);
  for (let i = 0; i < direction.length; i++) direction[i] = -gradient[i];
  const shares = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    shares[k] = pairs[k].inverse * dot(pairs[k].step, direction);
    addScaled(direction, pairs[k].change, -shares[k]);
  }
  if (pairs.length > 0) {
    const { change, inverse } = pairs[pairs.length - 1];
    const scale = 1 / (inverse * dot(change, change));
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  pairs.forEach(({ step, change, inverse }, k) => {
    addScaled(direction, step, shares[k] - inverse * dot(change, direction));
  });
  return direction;
}

/** Loops rather than `map`: at a few hundred entries its calls cost as much as the loss. */
function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i] - b[i];
  return result;
}

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * vector[i];
}
