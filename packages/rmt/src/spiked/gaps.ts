import { bracketedNewton } from '../bracketed-newton.js';
import type { Interval, SpectralLaw } from '../law.js';

/** An open interval free of spectrum, between two pieces of it or beyond the last. */
export interface Gap {
  readonly lower: number;
  readonly upper: number;
  /** G just inside each end; infinite beside an atom or a hard edge, zero at infinity. G falls from `atLower` to `atUpper`. */
  readonly atLower: number;
  readonly atUpper: number;
}

/** The gaps of a law's spectrum, ascending: the half line below it, those between its pieces, the half line above. */
export function gapsOf(law: SpectralLaw): readonly Gap[] {
  const pieces = piecesOf(law);
  const width = pieces[pieces.length - 1][1] - pieces[0][0];
  const ends = [Number.NEGATIVE_INFINITY, ...pieces.flat(), Number.POSITIVE_INFINITY];
  const gaps: Gap[] = [];
  for (let i = 0; i < ends.length; i += 2) {
    const [lower, upper] = [ends[i], ends[i + 1]];
    const length = Math.min(upper - lower, width);
    gaps.push({ lower, upper, atLower: limitAt(law, lower, 1, length), atUpper: limitAt(law, upper, -1, length) });
  }
  return gaps;
}

/** Intervals and atoms, ascending, those that touch made one. */
function piecesOf(law: SpectralLaw): readonly Interval[] {
  const all = [...law.support, ...law.atoms.map(({ at }): Interval => [at, at])].sort(([a], [b]) => a - b);
  const pieces: Interval[] = [];
  for (const [lower, upper] of all) {
    const last = pieces[pieces.length - 1];
    if (last !== undefined && lower <= last[1]) pieces[pieces.length - 1] = [last[0], Math.max(last[1], upper)];
    else pieces.push([lower, upper]);
  }
  return pieces;
}

/** The limit of G towards the end of a gap of this length: from above at its lower end (side 1), from below at its upper. */
function limitAt(law: SpectralLaw, end: number, side: 1 | -1, length: number): number {
  if (!Number.isFinite(end)) return 0;
  const infinite = side * Number.POSITIVE_INFINITY;
  if (law.atoms.some(({ at }) => at === end)) return infinite;
  const distance = 1e-12 * length;
  const near = outside(law, end + side * distance, distance).value;
  const nearer = outside(law, end + (side * distance) / 4, distance / 4).value;
  // At a soft edge G = a - b sqrt(distance) + ...; at a hard one it grows like a power p, here by a factor of 4^p.
  return Math.abs(nearer) > 1.1 * Math.abs(near) ? infinite : 2 * nearer - near;
}

/** G and its derivative at a real point of a gap. */
export function outsideSpectrum(law: SpectralLaw, x: number, { lower, upper }: Gap): { value: number; slope: number } {
  return outside(law, x, Math.min(x - lower, upper - x));
}

/**
 * G and G' on the real axis at this distance from the spectrum, from above the axis, as the contract has Im z != 0: with
 * a height h, Re G(x + ih) = G(x) + O((h/distance)^2), and so Im G(x + ih)/h = G'(x).
 */
function outside(law: SpectralLaw, x: number, distance: number): { value: number; slope: number } {
  const value = law.stieltjesTransform({ re: x, im: 1e-8 * distance }).re;
  if (law.stieltjesDerivative) return { value, slope: law.stieltjesDerivative({ re: x, im: 1e-8 * distance }).re };
  const height = 1e-5 * distance;
  return { value, slope: law.stieltjesTransform({ re: x, im: height }).im / height };
}

/** Where G(x) = 1/spike inside a gap that has such a point. */
export function insideGap(gap: Gap, law: SpectralLaw, spike: number): number {
  let { lower, upper } = gap;
  // The norm of the perturbation bounds how far beyond the spectrum an outlier can be.
  if (upper === Number.POSITIVE_INFINITY) upper = lower + spike;
  if (lower === Number.NEGATIVE_INFINITY) lower = upper + spike;
  const at = (x: number) => {
    const { value, slope } = outsideSpectrum(law, x, gap);
    return { value: 1 / spike - value, slope: -slope };
  };
  return bracketedNewton(at, (lower + upper) / 2, [lower, upper]);
}
