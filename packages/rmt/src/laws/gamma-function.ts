/** Stirling's series serves beyond: its first term left out is then below 1e-17. */
const far = 12;

/** log Gamma(a), a positive: by the recurrence from Gamma(1) or Gamma(1/2) for multiples of 1/2, else by Stirling's series. */
export function logGamma(a: number): number {
  if (!Number.isInteger(2 * a)) return stirling(a);
  const start = Number.isInteger(a) ? 1 : 0.5;
  let product = 1;
  let sum = start === 1 ? 0 : Math.log(Math.PI) / 2;
  for (let factor = start; factor < a; factor++) {
    product *= factor;
    if (product > 1e290) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}

/** Abramowitz & Stegun 1964, 6.1.41, after the recurrence. */
function stirling(a: number): number {
  let product = 1;
  for (; a < far; a++) product *= a;
  const x = 1 / (a * a);
  const terms = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
  const series = terms.reduceRight((sum, term) => sum * x + term, 0) / a;
  return (a - 0.5) * Math.log(a) - a + Math.log(2 * Math.PI) / 2 + series - Math.log(product);
}

/** psi(a), the derivative of log Gamma, a positive: Abramowitz & Stegun 1964, 6.3.18, after the recurrence. */
export function digamma(a: number): number {
  let sum = 0;
  for (; a < far; a++) sum -= 1 / a;
  const x = 1 / (a * a);
  const terms = [-1 / 12, 1 / 120, -1 / 252, 1 / 240, -1 / 132, 691 / 32760, -1 / 12];
  return sum + Math.log(a) - 0.5 / a + x * terms.reduceRight((series, term) => series * x + term, 0);
}
