import { add, divide, isFiniteComplex, modulus, multiply, scale, shift, subtract } from '../complex.js';
import type { Atom, Complex, Interval } from '../law.js';

/**
 * A law whose Stieltjes transform at z is known once the fixed point w of an analytic map T_z of the upper half plane
 * into itself is found.
 *
 * By the theorem of Denjoy & Wolff such a map, if it is not a rotation, has one attracting fixed point in the closed half
 * plane, and at most one in the open one. So whatever path Newton's method took, a fixed point with Im w > 0 is the right
 * one, also at real z, where it exists exactly where the density is positive (Belinschi & Bercovici 2007).
 */
export interface Subordination {
  readonly name: string;
  /** Holds the law. */
  readonly hull: Interval;
  /** Ascending. */
  readonly atoms: readonly Atom[];
  /** Height above the axis from which the fixed point is easily found. */
  readonly top: number;
  /** Height above x that is as good as none. */
  bottom(x: number): number;
  /** Points, besides atoms, where the law cannot be asked for itself. */
  readonly singular: readonly number[];
  /** How near to an atom or singular point the law can be asked for. */
  clearance(x: number): number;
  /** Where to look for w if z is at the top. */
  start(z: Complex): Complex;
  step(z: Complex, w: Complex): SubordinationStep;
  /** int log(z - x) over the law, given the fixed point. */
  potential(z: Complex, w: Complex): Complex;
  /** E X^k. */
  moment(k: number): number;
  /** A point inside the interval at which to halve it, in the sense of the law's natural scale. */
  middle(interval: Interval): number;
  /** Whether an interval is too narrow to be told from a point. */
  isPoint(interval: Interval): boolean;
  /** Whether an interval is so near to a singular point that, if it has no mass to speak of, its density is not known. */
  isNothing(interval: Interval): boolean;
  /** Size of the numbers in which z is reckoned: no result is better than one for a z changed by a few roundings of it. */
  size(z: Complex): number;
}

export interface SubordinationStep {
  /** T_z(w), and its derivatives in w and in z. */
  readonly image: Complex;
  readonly byW: Complex;
  readonly byZ: Complex;
  /** G(z) if w is the fixed point, as a function of z and w, and its derivatives. */
  readonly g: Complex;
  readonly gByW: Complex;
  readonly gByZ: Complex;
}

export interface FixedPoint {
  readonly z: Complex;
  readonly w: Complex;
  readonly wSlope: Complex;
  readonly g: Complex;
  readonly gSlope: Complex;
}

/** Newton steps are tried whole and in part before the map itself takes over: it never leads away, but may be slow. */
const fractions = [1, 0.5, 0.125];

/**
 * The fixed point of T_z, from a guess. The measure of progress is the hyperbolic distance of w from its image, which
 * the map itself never increases (Schwarz & Pick); a Newton step that does is replaced by one of the map.
 *
 * @returns undefined if this many steps do not suffice
 */
export function fixedPoint(
  { step, size }: Subordination,
  z: Complex,
  guess: Complex,
  mostSteps: number,
): FixedPoint | undefined {
  let w = guess;
  let here = step(z, w);
  let distance = hyperbolic(w, here.image);
  for (let i = 0; i < mostSteps; i++) {
    const residual = subtract(here.image, w);
    const newton = divide(residual, shift(1, scale(-1, here.byW)));
    const allowed = 4 * Number.EPSILON * (modulus(w) + size(z) * (1 + modulus(here.byZ)));
    if (modulus(residual) <= allowed) return fixedPointOf(z, w, here);
    let next = here.image;
    let there: SubordinationStep | undefined;
    for (const fraction of fractions) {
      const candidate = add(w, scale(fraction, newton));
      if (!(candidate.im > 0)) continue;
      const tried = step(z, candidate);
      const candidateDistance = hyperbolic(candidate, tried.image);
      if (candidateDistance < distance) {
        [next, there, distance] = [candidate, tried, candidateDistance];
        break;
      }
      // No better and no further away than rounding carries.
      if (fraction === 1 && modulus(newton) <= 1e3 * allowed) return fixedPointOf(z, w, here);
    }
    w = next;
    if (there === undefined) {
      there = step(z, w);
      distance = hyperbolic(w, there.image);
    }
    here = there;
    if (!(w.im > 0 && isFiniteComplex(w) && distance < Number.POSITIVE_INFINITY)) return undefined;
  }
  return undefined;
}

/** Grows with the distance in the hyperbolic metric of the upper half plane: |a - b|^2/(4 Im a Im b) is its sinh^2(./2). */
function hyperbolic(a: Complex, b: Complex): number {
  return ((a.re - b.re) ** 2 + (a.im - b.im) ** 2) / (a.im * b.im);
}

/** @returns undefined if the map repels there: rounding has taken a fixed point on the real axis for one above it */
function fixedPointOf(z: Complex, w: Complex, step: SubordinationStep): FixedPoint | undefined {
  const { byW, byZ, g, gByW, gByZ } = step;
  if (modulus(byW) > 1 + 1e-6) return undefined;
  const wSlope = divide(byZ, shift(1, scale(-1, byW)));
  return { z, w, wSlope, g, gSlope: add(gByZ, multiply(gByW, wSlope)) };
}

/**
 * The fixed point at any z above the axis, found at the top and followed down.
 *
 * @throws Error if it cannot be found
 */
export function descend(law: Subordination, z: Complex): FixedPoint {
  let height = Math.max(law.top, z.im);
  let ratio = 8;
  const top = { re: z.re, im: height };
  let last = fixedPoint(law, top, law.start(top), 1000);
  while (last !== undefined && height > z.im) {
    const lower = height / ratio < 1.5 * z.im ? z.im : height / ratio;
    const guess = add(last.w, multiply(last.wSlope, { re: 0, im: lower - height }));
    const next = fixedPoint(
      law,
      { re: z.re, im: lower },
      guess.im > 0 ? guess : { re: guess.re, im: (last.w.im * lower) / height },
      ratio > 1.1 ? 25 : 5000,
    );
    if (next !== undefined) {
      last = next;
      height = lower;
      ratio = Math.min(8, ratio * ratio);
    } else if (ratio > 1.1) ratio = Math.sqrt(ratio);
    else last = undefined;
  }
  if (last === undefined) {
    throw new Error(`"${law.name}": no fixed point found at ${z.re} + ${z.im}i; please report this law as a bug`);
  }
  return last;
}
