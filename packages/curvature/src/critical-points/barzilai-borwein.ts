import {
  along,
  type Descent,
  type DescentEnd,
  type DescentOptions,
  dot,
  reached,
  type SmoothFunction,
} from './smooth-function.js';

/** The largest of so many last values must go down, not each (Grippo, Lampariello & Lucidi 1986; Raydan's choice). */
const remembered = 10;
const sufficient = 1e-4;

/**
 * Gradient descent whose step is the inverse of the curvature met on the last one, s^T s / s^T y (Barzilai & Borwein
 * 1988), with Raydan's safeguard (1997): along minus the gradient like gradient descent, and far faster where curvatures
 * differ by orders of magnitude. Values may rise for a few steps.
 *
 * @throws RangeError when the value at the start is not finite
 */
export function barzilaiBorwein(f: SmoothFunction, start: Float64Array, options: DescentOptions = {}): Descent {
  const { maxIterations = 1000 } = options;
  let point = start.slice();
  let gradient = new Float64Array(start.length);
  let value = f(point, gradient);
  if (!Number.isFinite(value)) throw new RangeError(`barzilaiBorwein: the value at the start is ${value}`);
  let next = new Float64Array(start.length);
  let nextGradient = new Float64Array(start.length);
  let squared = dot(gradient, gradient);
  let evaluations = 1;
  let iterations = 0;
  let step = Math.min(1, 1 / Math.sqrt(squared));
  const recent: number[] = [value];
  let end: DescentEnd | undefined = reached(options, value, Math.sqrt(squared));
  while (!end) {
    if (iterations === maxIterations) {
      end = 'iterations';
      break;
    }
    const ceiling = Math.max(...recent);
    let nextValue = Number.NaN;
    for (let halvings = 0; halvings < 60; halvings++) {
      nextValue = f(along(point, gradient, -step, next), nextGradient);
      evaluations++;
      if (nextValue < ceiling && nextValue <= ceiling - sufficient * step * squared) break;
      nextValue = Number.NaN;
      step /= 2;
    }
    if (Number.isNaN(nextValue)) {
      end = 'stalled';
      break;
    }
    // s = -step g, so s^T s = step^2 g^T g and s^T y = -step (g^T g' - g^T g).
    const change = squared - dot(gradient, nextGradient);
    const met = change > 0 ? (step * squared) / change : 2 * step;
    [point, next, gradient, nextGradient] = [next, point, nextGradient, gradient];
    value = nextValue;
    squared = dot(gradient, gradient);
    step = Math.min(met, 1e10);
    recent.push(value);
    if (recent.length > remembered) recent.shift();
    iterations++;
    options.onIteration?.(iterations, value);
    end = reached(options, value, Math.sqrt(squared));
  }
  return { point, value, gradientNorm: Math.sqrt(squared), iterations, evaluations, end };
}
