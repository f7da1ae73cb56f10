import type { Complex } from './law.js';

// Complex arithmetic on plain { re, im }: the dozen operations that transforms need.

export const complex = (re: number, im = 0): Complex => ({ re, im });
export const add = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
export const subtract = (a: Complex, b: Complex): Complex => ({ re: a.re - b.re, im: a.im - b.im });
export const multiply = (a: Complex, b: Complex): Complex => ({
  re: a.re * b.re - a.im * b.im,
  im: a.re * b.im + a.im * b.re,
});
export const scale = (factor: number, a: Complex): Complex => ({ re: factor * a.re, im: factor * a.im });
export const shift = (offset: number, a: Complex): Complex => ({ re: offset + a.re, im: a.im });
export const conjugate = (a: Complex): Complex => ({ re: a.re, im: -a.im });
export const modulus = (a: Complex): number => Math.hypot(a.re, a.im);
/** In (-pi, pi]. */
export const argument = (a: Complex): number => Math.atan2(a.im, a.re);
export const isFiniteComplex = (a: Complex): boolean => Number.isFinite(a.re) && Number.isFinite(a.im);

/** Smith's division: it does not overflow on the way. */
export function divide(a: Complex, b: Complex): Complex {
  if (Math.abs(b.re) >= Math.abs(b.im)) {
    const ratio = b.im / b.re;
    const divisor = b.re + b.im * ratio;
    return { re: (a.re + a.im * ratio) / divisor, im: (a.im - a.re * ratio) / divisor };
  }
  const ratio = b.re / b.im;
  const divisor = b.re * ratio + b.im;
  return { re: (a.re * ratio + a.im) / divisor, im: (a.im * ratio - a.re) / divisor };
}

export const reciprocal = (a: Complex): Complex => divide({ re: 1, im: 0 }, a);

/** Principal branch: imaginary part in (-pi, pi]. */
export const logarithm = (a: Complex): Complex => ({ re: Math.log(modulus(a)), im: argument(a) });

/** Principal branch: real part not negative. */
export function squareRoot(a: Complex): Complex {
  const size = modulus(a);
  if (size === 0) return { re: 0, im: 0 };
  // The part that does not cancel first, the other from 2 re im = Im a.
  const larger = Math.sqrt((size + Math.abs(a.re)) / 2);
  const smaller = Math.abs(a.im) / (2 * larger);
  const [re, im] = a.re >= 0 ? [larger, smaller] : [smaller, larger];
  return { re, im: a.im < 0 ? -im : im };
}
