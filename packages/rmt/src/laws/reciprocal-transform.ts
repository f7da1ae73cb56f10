import type { Complex, Interval } from '../law.js';

/**
 * The rational function z(w) = w + mean + sum of a_k/(w - p_k), a_k > 0, which is R(G) + 1/G at w = 1/G for a law whose
 * R-transform is mean + sum of a_k G/(1 - p_k G). Its inverse w(z) = 1/G(z) is what the law is made of.
 *
 * Poles may be of very different sizes, and parts of the law with them. At a w far below a pole, a_k/(w - p_k) is all but
 * -a_k/p_k, a share of the mean: the two are taken together as (a_k/p_k) w/(w - p_k), so that nothing cancels.
 */
export interface RationalInverse {
  /** The mean less a_k/p_k of all poles but one at zero. */
  readonly drift: number;
  readonly mean: number;
  /** p_k, ascending and different. */
  readonly poles: Float64Array;
  /** a_k. */
  readonly weights: Float64Array;
}

/** z at real w. */
function value({ drift, poles, weights }: RationalInverse, w: number): number {
  let constant = drift;
  let sum = w;
  for (let k = 0; k < poles.length; k++) {
    const pole = poles[k];
    const term = weights[k] / (w - pole);
    if (Math.abs(w) < Math.abs(pole)) sum += term * (w / pole);
    else {
      sum += term;
      if (pole !== 0) constant += weights[k] / pole;
    }
  }
  return sum + constant;
}

/** 1 - z'(w) = sum of a_k/(w - p_k)^2 at real w: convex between neighbouring poles. */
function steepness({ poles, weights }: RationalInverse, w: number): number {
  let sum = 0;
  for (let k = 0; k < poles.length; k++) sum += weights[k] / (w - poles[k]) ** 2;
  return sum;
}

/** A gap of the support: real w from w[0] to w[1] reach it. */
export interface Gap {
  readonly w: Interval;
  readonly x: Interval;
}

/**
 * The gaps of the support between its two outer edges, and those edges.
 *
 * As for sample covariances (Silverstein & Choi 1995, whose argument holds for poles of either sign): the real x
 * outside the support are the images of the real w at which z increases, where the steepness is below 1. Being
 * convex between poles, it is so beyond both outer poles and on one stretch at most between two neighbours. z is
 * stationary at the ends, so edges are exact to rounding.
 */
export function supportOf(inverse: RationalInverse): { readonly outer: Interval; readonly gaps: readonly Gap[] } {
  const { poles, weights } = inverse;
  const reach = Math.sqrt(weights.reduce((sum, a) => sum + a, 0));
  const last = poles[poles.length - 1];
  const above = (w: number) => steepness(inverse, w) > 1;
  const outer: Interval = [
    value(
      inverse,
      boundary((w) => !above(w), poles[0] - 2 * reach, poles[0]),
    ),
    value(inverse, boundary(above, last, last + 2 * reach)),
  ];
  const gaps: Gap[] = [];
  for (let k = 1; k < poles.length; k++) {
    const [p, q] = [poles[k - 1], poles[k]];
    const lowest = boundary((w) => steepnessFalls(inverse, w), p, q);
    // At 1, but for rounding, the stretch shrinks to a point: two edges meet.
    if (!(steepness(inverse, lowest) < 1 - 16 * Number.EPSILON)) continue;
    const w: Interval = [boundary(above, p, lowest), boundary((w) => !above(w), lowest, q)];
    const x: Interval = [value(inverse, w[0]), value(inverse, w[1])];
    if (x[0] < x[1]) gaps.push({ w, x });
  }
  return { outer, gaps };
}

function steepnessFalls({ poles, weights }: RationalInverse, w: number): boolean {
  let slope = 0;
  for (let k = 0; k < poles.length; k++) slope += weights[k] / (w - poles[k]) ** 3;
  return slope > 0;
}

/** Where a condition that holds at `low` ceases to hold before `high`, by bisection to the last bit. */
function boundary(holds: (w: number) => boolean, low: number, high: number): number {
  for (;;) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return middle;
    if (holds(middle)) low = middle;
    else high = middle;
  }
}

/**
 * w(x + i0) in the upper half-plane, for x inside the support.
 *
 * z falls from +infinity to -infinity between neighbouring poles, so all solutions of z(w) = x but two lie there, one
 * each; the other two are the pair that we look for. The real ones give its distance from every pole, by the product of
 * the distances of all solutions, and so its real part: from the distances of two poles, or by the sum of all solutions,
 * whichever cancels least. Newton's method removes the rounding.
 */
export function boundaryValue(inverse: RationalInverse, x: number): Complex {
  const { mean, poles, weights } = inverse;
  const n = poles.length;
  let twiceRe = x - mean + poles[0];
  // Rounding errors are reckoned in units of the last bit of 1.
  let error = Math.abs(x) + Math.abs(mean) + Math.abs(poles[0]);
  const squaredDistances = weights.slice();
  const errors = new Float64Array(n).fill(1);
  for (let k = 1; k < n; k++) {
    const root = rootBetween(inverse, x, poles[k - 1], poles[k]);
    twiceRe += poles[k] - root;
    error += Math.abs(poles[k]);
    for (let j = 0; j < n; j++) {
      squaredDistances[j] *= (poles[j] - poles[k <= j ? k - 1 : k]) / (poles[j] - root);
      errors[j] += Math.abs(root / (poles[j] - root));
    }
  }
  for (let j = 0; j < n; j++) errors[j] *= squaredDistances[j];
  for (let j = 1; j < n; j++) {
    for (let i = 0; i < j; i++) {
      // |w - p|^2 - |w - q|^2 = (q - p)(2 Re w - p - q)
      const apart = poles[j] - poles[i];
      const errorOfPair = (errors[i] + errors[j]) / apart + Math.abs(poles[i]) + Math.abs(poles[j]);
      if (!(errorOfPair < error)) continue;
      error = errorOfPair;
      twiceRe = (squaredDistances[i] - squaredDistances[j]) / apart + poles[i] + poles[j];
    }
  }
  const re = twiceRe / 2;
  let anchor = 0;
  for (let j = 0; j < n; j++) {
    errors[j] += Math.abs(poles[j] - re) * error;
    if (errors[j] < errors[anchor]) anchor = j;
  }
  const im = Math.sqrt(Math.max(0, squaredDistances[anchor] - (poles[anchor] - re) ** 2));
  return im === 0 ? { re, im } : polish(inverse, { re: x, im: 0 }, { re, im });
}

/** The only solution of z(w) = x between two neighbouring poles: Newton's method for (w - p)(q - w)(z - x), bracketed. */
function rootBetween(inverse: RationalInverse, x: number, p: number, q: number): number {
  let low = p;
  let high = q;
  let w = p + (q - p) / 2;
  for (let iteration = 0; iteration < 100; iteration++) {
    const excess = value(inverse, w) - x;
    if (excess === 0) return w;
    if (excess > 0) low = w;
    else high = w;
    const room = (w - p) * (q - w);
    const newton = w - (room * excess) / (room * (1 - steepness(inverse, w)) + (p + q - 2 * w) * excess);
    const next = newton > low && newton < high ? newton : low + (high - low) / 2;
    const done = Math.abs(next - w) <= 2 * Number.EPSILON * Math.abs(w) || next === low || next === high;
    w = next;
    if (done) break;
  }
  return w;
}

/** Newton's method from a good start, as long as each step is less than half of the last. */
function polish(inverse: RationalInverse, z: Complex, start: Complex): Complex {
  let w = start;
  let lastStep = Infinity;
  for (let iteration = 0; iteration < 8; iteration++) {
    const { step, size } = newtonStep(inverse, z, w);
    if (!(size < lastStep / 2) || w.im - step.im <= 0) break;
    w = { re: w.re - step.re, im: w.im - step.im };
    lastStep = size;
  }
  return w;
}

/** (z(w) - z)/z'(w), its size, and z(w) - z. */
function newtonStep({ drift, poles, weights }: RationalInverse, z: Complex, w: Complex) {
  let constant = drift - z.re;
  let re = w.re;
  let im = w.im - z.im;
  let slopeRe = 1;
  let slopeIm = 0;
  const size = Math.abs(w.re) + w.im;
  for (let k = 0; k < poles.length; k++) {
    const pole = poles[k];
    const distance = w.re - pole;
    const squared = distance * distance + w.im * w.im;
    const [reciprocalRe, reciprocalIm] = [distance / squared, -w.im / squared];
    if (size < Math.abs(pole)) {
      const share = weights[k] / pole;
      re += share * (reciprocalRe * w.re - reciprocalIm * w.im);
      im += share * (reciprocalRe * w.im + reciprocalIm * w.re);
    } else {
      re += weights[k] * reciprocalRe;
      im += weights[k] * reciprocalIm;
      if (pole !== 0) constant += weights[k] / pole;
    }
    slopeRe -= weights[k] * (reciprocalRe * reciprocalRe - reciprocalIm * reciprocalIm);
    slopeIm -= weights[k] * 2 * reciprocalRe * reciprocalIm;
  }
  re += constant;
  const squared = slopeRe * slopeRe + slopeIm * slopeIm;
  const step: Complex = { re: (re * slopeRe + im * slopeIm) / squared, im: (im * slopeRe - re * slopeIm) / squared };
  return { step, size: Math.hypot(step.re, step.im), residual: { re, im } };
}

/**
 * w(z) for z in the upper half-plane: the only solution of z(w) = z there.
 *
 * (Im z = Im w (1 - sum of a_k/|w - p_k|^2), so that each solution there subordinates the law's parts as it must, and
 * subordination is unique: Biane 1998.) Newton's method; where a step leaves the half-plane or does not shrink the
 * residual, a step of w -> z - mean - sum of a_k/(w - p_k), a map of the half-plane into itself whose iterates
 * converge to its only fixed point (Denjoy-Wolff).
 */
export function interiorValue(inverse: RationalInverse, z: Complex): Complex {
  const reach = Math.sqrt(inverse.weights.reduce((sum, a) => sum + a, 0));
  let w: Complex = { re: z.re - inverse.mean, im: z.im + reach };
  let current = newtonStep(inverse, z, w);
  for (let iteration = 0; iteration < 10_000; iteration++) {
    const tiny = current.size <= 4 * Number.EPSILON * Math.hypot(w.re, w.im);
    const { step, residual } = current;
    const newton = { re: w.re - step.re, im: w.im - step.im };
    if (tiny) return newton.im > 0 ? newton : w;
    const attempt = newtonStep(inverse, z, newton);
    const better = Math.hypot(attempt.residual.re, attempt.residual.im) < Math.hypot(residual.re, residual.im) / 2;
    if (newton.im > 0 && better) {
      w = newton;
      current = attempt;
      continue;
    }
    // Newton's steps have become rounding.
    if (current.size <= 1e-14 * Math.hypot(w.re, w.im)) return w;
    w = { re: w.re - residual.re, im: w.im - residual.im };
    current = newtonStep(inverse, z, w);
  }
  return w;
}
