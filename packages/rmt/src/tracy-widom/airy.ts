/** From the right end, where the asymptotic series is exact to rounding and Ai below 1e-19, to the left in steps. */
const right = 16;
const left = -12;
const step = 0.25;
/** Terms of a Taylor series in half a step: the first left out is below 1e-17. */
const terms = 18;

let table: Float64Array | undefined;

/**
 * The Airy function Ai(x) for x >= -12, 0 beyond 16, absolutely exact to some 1e-16.
 *
 * Taylor series on a grid, made once: Ai'' = x Ai gives each from value and slope, and each gives the next to the left,
 * in which direction Ai grows or oscillates, and errors with it, no faster.
 */
export function airy(x: number): number {
  if (x >= right) return 0;
  table ??= taylorTable();
  const i = Math.round((right - x) / step);
  const t = x - (right - i * step);
  let sum = 0;
  for (let k = (i + 1) * terms - 1; k >= i * terms; k--) sum = sum * t + table[k];
  return sum;
}

function taylorTable(): Float64Array {
  const count = Math.round((right - left) / step) + 1;
  const series = new Float64Array(count * terms);
  let [value, slope] = asymptotic(right);
  for (let i = 0; i < count; i++) {
    const x = right - i * step;
    const c = series.subarray(i * terms, (i + 1) * terms);
    c[0] = value;
    c[1] = slope;
    c[2] = (x * value) / 2;
    for (let k = 3; k < terms; k++) c[k] = (x * c[k - 2] + c[k - 3]) / (k * (k - 1));
    value = 0;
    slope = 0;
    for (let k = terms - 1; k >= 0; k--) value = c[k] - step * value;
    for (let k = terms - 1; k > 0; k--) slope = k * c[k] - step * slope;
  }
  return series;
}

/** Ai and Ai' for large x (Abramowitz & Stegun 1964, 10.4.59 and 10.4.61). */
function asymptotic(x: number): [value: number, slope: number] {
  const zeta = (2 / 3) * x ** 1.5;
  let u = 1;
  let value = 1;
  let slope = 1;
  for (let k = 1; k <= 20; k++) {
    u *= -((6 * k - 5) * (6 * k - 3) * (6 * k - 1)) / (216 * k * (2 * k - 1) * zeta);
    value += u;
    slope += ((6 * k + 1) / (1 - 6 * k)) * u;
  }
  const front = Math.exp(-zeta) / (2 * Math.sqrt(Math.PI));
  return [(front * value) / x ** 0.25, -front * slope * x ** 0.25];
}
