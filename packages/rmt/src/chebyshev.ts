/**
 * Chebyshev series on [-1, 1]: sum of c_k T_k(t), as arrays of coefficients (Trefethen 2013, Approximation Theory and
 * Approximation Practice). Affine maps to other intervals are the caller's.
 */

/** The n zeros of T_n, ascending: the ends are not among them. */
export function chebyshevPoints(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, j) => Math.sin((Math.PI * (2 * j + 1 - n)) / (2 * n)));
}

/** The coefficients of the polynomial that has these values at the `chebyshevPoints`, by the discrete cosine sum. */
export function chebyshevCoefficients(values: Float64Array): Float64Array {
  const n = values.length;
  const cosines = cosinesOf(n);
  const coefficients = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let sum = 0;
    // Point j stands at the angle pi - pi (2 j + 1)/(2 n): T_k of it is (-1)^k cos(k pi (2 j + 1)/(2 n)).
    for (let j = 0; j < n; j++) sum += values[j] * cosines[(k * (2 * j + 1)) % (4 * n)];
    coefficients[k] = ((k === 0 ? 1 : 2) * (k % 2 === 0 ? sum : -sum)) / n;
  }
  return coefficients;
}

const cosineTables = new Map<number, Float64Array>();

/** cos(pi i/(2 n)) for i up to 4 n, one period. */
function cosinesOf(n: number): Float64Array {
  let table = cosineTables.get(n);
  if (table === undefined) {
    table = Float64Array.from({ length: 4 * n }, (_, i) => Math.cos((Math.PI * i) / (2 * n)));
    cosineTables.set(n, table);
  }
  return table;
}

/** The series at t, by Clenshaw's recurrence. */
export function chebyshevValue(coefficients: Float64Array, t: number): number {
  let next = 0;
  let afterNext = 0;
  for (let k = coefficients.length - 1; k > 0; k--) {
    const current = coefficients[k] + 2 * t * next - afterNext;
    afterNext = next;
    next = current;
  }
  return coefficients[0] + t * next - afterNext;
}

/** The antiderivative that is 0 at -1. */
export function chebyshevAntiderivative(coefficients: Float64Array): Float64Array {
  const n = coefficients.length;
  const integral = new Float64Array(n + 1);
  let atStart = 0;
  for (let k = 1; k <= n; k++) {
    const lower = (k === 1 ? 2 : 1) * coefficients[k - 1];
    const upper = k + 1 < n ? coefficients[k + 1] : 0;
    integral[k] = (lower - upper) / (2 * k);
    atStart += k % 2 === 0 ? integral[k] : -integral[k];
  }
  integral[0] = -atStart;
  return integral;
}

/** The derivative. */
export function chebyshevDerivative(coefficients: Float64Array): Float64Array {
  const n = coefficients.length;
  const derivative = new Float64Array(Math.max(1, n - 1));
  for (let k = n - 2; k >= 0; k--) {
    const next = k + 2 < n - 1 ? derivative[k + 2] : 0;
    derivative[k] = next + 2 * (k + 1) * coefficients[k + 1];
  }
  derivative[0] /= 2;
  return derivative;
}
