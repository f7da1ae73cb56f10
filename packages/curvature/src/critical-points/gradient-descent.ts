import {
  along,
  type Descent,
  type DescentEnd,
  type DescentOptions,
  dot,
  reached,
  type SmoothFunction,
} from './smooth-function.js';

export interface GradientDescentOptions extends DescentOptions {
  /** First step tried, times the gradient. Default 1. */
  readonly firstStep?: number;
}

/** A step must bring at least this part of what the gradient promises (Armijo 1966; the constant is customary). */
const sufficient = 1e-4;
/** After a step that went down the next may be this much longer; a step that did not is halved (our choice). */
const growth = 1.1;
/** A step below this, relative to the first, moves nothing. */
const tiny = 1e-18;

/**
 * Gradient descent with a backtracking step: steepest descent as it stands in the textbooks, whose step follows the
 * function instead of being tuned.
 *
 * @throws RangeError when the value at the start is not finite
 */
export function gradientDescent(f: SmoothFunction, start: Float64Array, options: GradientDescentOptions = {}): Descent {
  const { firstStep = 1, maxIterations = 1000 } = options;
  let point = start.slice();
  let gradient = new Float64Array(start.length);
  let value = f(point, gradient);
  if (!Number.isFinite(value)) throw new RangeError(`gradientDescent: the value at the start is ${value}`);
  let candidate = new Float64Array(start.length);
  let candidateGradient = new Float64Array(start.length);
  let squared = dot(gradient, gradient);
  let step = firstStep;
  let evaluations = 1;
  let iterations = 0;
  let end: DescentEnd | undefined = reached(options, value, Math.sqrt(squared));
  while (!end) {
    if (iterations === maxIterations) {
      end = 'iterations';
      break;
    }
    const next = f(along(point, gradient, -step, candidate), candidateGradient);
    evaluations++;
    // In rounding, what was promised may be nothing: a step that does not go down is none.
    if (!(next < value && next <= value - sufficient * step * squared)) {
      step /= 2;
      if (step < tiny * firstStep) end = 'stalled';
      continue;
    }
    [point, candidate, gradient, candidateGradient] = [candidate, point, candidateGradient, gradient];
    value = next;
    squared = dot(gradient, gradient);
    step *= growth;
    iterations++;
    options.onIteration?.(iterations, value);
    end = reached(options, value, Math.sqrt(squared));
  }
  return { point, value, gradientNorm: Math.sqrt(squared), iterations, evaluations, end };
}
