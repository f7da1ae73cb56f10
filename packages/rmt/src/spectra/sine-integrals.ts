import { divide } from '../complex.js';
import type { Complex } from '../law.js';

export interface SineIntegrals {
  /** Si(x) = int over (0, x) of sin(t)/t. */
  readonly sine: number;
  /** pi/2 - Si(x), to its own last digits. */
  readonly sineBeyond: number;
  /** Cin(x) = log(x) + gamma - Ci(x) = int over (0, x) of (1 - cos t)/t. */
  readonly cosine: number;
}

const euler = 0.5772156649015329;

/** The sine and cosine integrals of x, not negative: power series up to 4, beyond it E1(i x) (Abramowitz & Stegun 1964, 5.2). */
export function sineIntegrals(x: number): SineIntegrals {
  if (x <= 4) {
    const square = x * x;
    let [sine, cosine] = [0, 0];
    // x^k/k!, k = 1, 3, 5, ..., with alternating signs.
    let term = x;
    for (let k = 1; Math.abs(term) > 1e-18 * x; k += 2) {
      sine += term / k;
      cosine += (term * x) / ((k + 1) * (k + 1));
      term *= -square / ((k + 1) * (k + 2));
    }
    return { sine, sineBeyond: Math.PI / 2 - sine, cosine };
  }
  // E1(i x) = -Ci(x) - i (pi/2 - Si(x)) = (cos x - i sin x) times the fraction.
  const { re, im } = exponentialFraction({ re: 0, im: x });
  const [cos, sin] = [Math.cos(x), Math.sin(x)];
  const sineBeyond = sin * re - cos * im;
  const ci = -(cos * re + sin * im);
  return { sine: Math.PI / 2 - sineBeyond, sineBeyond, cosine: Math.log(x) + euler - ci };
}

/** exp(z) E1(z) = 1/(z + 1 - 1/(z + 3 - 4/(z + 5 - ...))), by Lentz's method (in Thompson & Barnett 1986). */
function exponentialFraction(z: Complex): Complex {
  let b: Complex = { re: z.re + 1, im: z.im };
  let d = divide({ re: 1, im: 0 }, b);
  let c: Complex | undefined;
  let fraction = d;
  for (let n = 1; n < 1000; n++) {
    const a = -n * n;
    b = { re: b.re + 2, im: b.im };
    d = divide({ re: 1, im: 0 }, { re: b.re + a * d.re, im: b.im + a * d.im });
    const ratio: Complex = c === undefined ? { re: 0, im: 0 } : divide({ re: a, im: 0 }, c);
    c = { re: b.re + ratio.re, im: b.im + ratio.im };
    const change = { re: c.re * d.re - c.im * d.im, im: c.re * d.im + c.im * d.re };
    fraction = {
      re: fraction.re * change.re - fraction.im * change.im,
      im: fraction.re * change.im + fraction.im * change.re,
    };
    if (Math.abs(change.re - 1) + Math.abs(change.im) <= Number.EPSILON) break;
  }
  return fraction;
}
