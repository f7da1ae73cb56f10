import { add, complex, divide, modulus, multiply, reciprocal, scale, shift, subtract } from '../complex.js';
import { type TransformedLaw, transformed } from '../free/transformed-law.js';
import type { Complex, SpectralLaw } from '../law.js';
import { rOf } from './free-levy-triple.js';

/**
 * Blue's function, the functional inverse of the Stieltjes transform: G(B(g)) = g, B(g) = R(g) + 1/g (Zee 1996).
 *
 * Where R is not known in closed form, by Newton's method along the ray from 0 to g, so on the branch that is 1/g at zero.
 * For real g, B(g) lies above the law or, for g < 0, below it; it exists up to the value of G at the edge.
 *
 * @throws RangeError if g is 0 or not finite, or beyond where the inverse can be followed, or if the law's support is not bounded
 */
export function blueTransform(law: SpectralLaw, g: Complex): Complex {
  requirePoint(`Blue's function of "${law.name}"`, g);
  if (law.freeLevy !== undefined) return add(rOf(law.freeLevy, g), reciprocal(g));
  const local = transformed(law);
  const variance = law.moment(2) - local.mean ** 2;
  return follow(law.name, local, g, 'G', {
    value: ({ g }) => g,
    slope: ({ gSlope }) => gSlope,
    guess: (small) => shift(local.mean, add(reciprocal(small), scale(variance, small))),
  });
}

/**
 * The R-transform, R(g) = B(g) - 1/g = kappa_1 + kappa_2 g + ...: it adds under free addition.
 *
 * @throws RangeError as `blueTransform`
 */
export function rTransform(law: SpectralLaw, g: Complex): Complex {
  if (law.freeLevy !== undefined) {
    requirePoint(`the R-transform of "${law.name}"`, g);
    return rOf(law.freeLevy, g);
  }
  return subtract(blueTransform(law, g), reciprocal(g));
}

/**
 * The S-transform of a law with a mean, S(s) = chi(s) (1 + s)/s, chi the functional inverse of the moment transform: it
 * multiplies under free multiplication.
 *
 * By Newton's method along the ray from 0 to s, as Blue's function. For a law on the positive axis all s between
 * (mass at zero) - 1 and 0 will do.
 *
 * @throws RangeError if s is 0 or not finite, or beyond where the inverse can be followed, or if the mean is 0 or the
 *   support not bounded
 */
export function sTransform(law: SpectralLaw, s: Complex): Complex {
  requirePoint(`the S-transform of "${law.name}"`, s);
  const local = transformed(law);
  const second = law.moment(2);
  if (!(local.mean ** 2 > Number.EPSILON * second)) {
    throw new RangeError(
      `an S-transform needs a law whose mean is not zero, found mean ${local.mean} of "${law.name}"`,
    );
  }
  // In u = 1/z, psi(z) = u G(u) - 1.
  const u = follow(law.name, local, s, 'the moment transform', {
    value: ({ g }, u) => shift(-1, multiply(u, g)),
    slope: ({ g, gSlope }, u) => add(g, multiply(u, gSlope)),
    guess: (small) => shift(second / local.mean, divide(complex(local.mean), small)),
  });
  return divide(shift(1, s), multiply(s, u));
}

type Local = ReturnType<TransformedLaw['at']>;

interface Invertible {
  value(local: Local, u: Complex): Complex;
  slope(local: Local, u: Complex): Complex;
  /** The inverse at a small argument. */
  guess(small: Complex): Complex;
}

/** Solves value(u) = target for u, starting far away, where the target is small. */
function follow(name: string, law: TransformedLaw, target: Complex, what: string, f: Invertible): Complex {
  const [lower, upper] = law.hull;
  const radius = Math.max(upper - lower, Math.abs(lower), Math.abs(upper));
  const isReal = target.im === 0;
  // A real u outside the law: off the axis by so little that the real parts do not notice.
  const at = (u: Complex) => law.at(isReal ? { re: u.re, im: 2 ** -40 * radius } : u);
  const part = (value: Complex): Complex => (isReal ? complex(value.re) : value);
  const allowed = (u: Complex) => (isReal ? u.re < lower || u.re > upper : u.im !== 0);

  const solve = (goal: Complex, guess: Complex): Complex | undefined => {
    let u = guess;
    for (let i = 0; i < 12; i++) {
      if (!allowed(u)) return undefined;
      const local = at(u);
      const step = part(divide(subtract(goal, part(f.value(local, u))), part(f.slope(local, u))));
      if (!(modulus(step) <= (modulus(u) + radius) / 4)) return undefined;
      u = add(u, step);
      if (modulus(step) <= 4 * Number.EPSILON * (modulus(u) + radius)) return allowed(u) ? u : undefined;
      // The last digits of a Newton step are noise: what does not shrink any more has converged.
      if (i > 6 && modulus(step) <= 1e-9 * (modulus(u) + radius)) return allowed(u) ? u : undefined;
    }
    return undefined;
  };

  let share = 1;
  let u = solve(target, f.guess(target));
  for (let small = 0.5; u === undefined && small > 1e-9; small /= 4) {
    share = small;
    u = solve(scale(share, target), f.guess(scale(share, target)));
  }
  let ratio = 1.5;
  while (u !== undefined && share < 1) {
    const next = Math.min(1, share * ratio);
    const goal = scale(next, target);
    const slope = part(f.slope(at(u), u));
    const predicted = add(u, divide(scale(next - share, target), slope));
    const found = solve(goal, predicted);
    if (found !== undefined && isContinuation(u, found, slope, scale(next - share, target))) [u, share] = [found, next];
    else ratio = Math.sqrt(ratio);
    if (ratio < 1 + 1e-9) break;
  }
  if (u === undefined || share < 1) {
    const reached = scale(share, target);
    throw new RangeError(
      `${what} of "${name}" cannot be inverted at ${target.re} + ${target.im}i: ` +
        `the inverse ends near ${reached.re} + ${reached.im}i`,
    );
  }
  return u;
}

/** Whether a solution lies about where the slope sends it: Newton's method may jump to another branch. */
function isContinuation(from: Complex, to: Complex, slope: Complex, rise: Complex): boolean {
  const predicted = modulus(divide(rise, slope));
  return modulus(subtract(to, from)) <= 3 * predicted;
}

function requirePoint(what: string, point: Complex): void {
  const finite = Number.isFinite(point.re) && Number.isFinite(point.im);
  if (!finite || modulus(point) === 0) {
    throw new RangeError(`${what} is taken at finite points but zero, found ${point.re} + ${point.im}i`);
  }
}
