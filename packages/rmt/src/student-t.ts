import { bracketedNewton } from './bracketed-newton.js';

/**
 * The t that a Student variable of this many degrees of freedom stays below in size with probability p, from 0 to under 1:
 * the half-width of a confidence interval, in standard errors estimated on so many degrees of freedom.
 *
 * @param degrees  positive integer
 */
export function studentHalfWidth(degrees: number, p: number): number {
  // In the angle of t = sqrt(degrees) tan(angle) the density is the cosine to the power degrees - 1.
  const odd = degrees % 2 === 1;
  let norm = odd ? 2 / Math.PI : 1;
  for (let k = odd ? 2 : 3; k < degrees; k += 2) norm *= k / (k - 1);
  const angle = bracketedNewton(
    (x) => ({ value: share(degrees, x) - p, slope: norm * Math.cos(x) ** (degrees - 1) }),
    (p * Math.PI) / 2 / Math.sqrt(degrees),
    [0, Math.PI / 2],
  );
  return Math.sqrt(degrees) * Math.tan(angle);
}

/** P(|t| < sqrt(degrees) tan(angle)), a finite sum (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4). */
function share(degrees: number, angle: number): number {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const odd = degrees % 2 === 1;
  let sum = 0;
  for (let k = odd ? 3 : 2, term = odd ? cosine : 1; k <= degrees; k += 2) {
    sum += term;
    term *= ((k - 1) / k) * cosine * cosine;
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}
