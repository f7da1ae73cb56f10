interface Moments {
  moment(k: number): number;
}

/**
 * E X^k of the free multiplicative convolution, by power series: with psi(x) = sum of m_n x^n of a law and
 * k(x) = psi/(x (1 + psi)), psi_ab(x) = psi_b(w(x)), where w = x k_a(x k_b(w)) gains one order with every iteration.
 * Unlike the S-transform this takes laws of mean zero.
 */
export function productMoment(k: number, a: Moments, b: Moments): number {
  if (k === 0) return 1;
  const [psiA, psiB] = [momentSeries(k, a), momentSeries(k, b)];
  const [kA, kB] = [booleanSeries(psiA), booleanSeries(psiB)];
  let w = new Float64Array(k + 1);
  for (let order = 1; order <= k; order++) w = timesX(composed(kA, timesX(composed(kB, w))));
  return composed(psiB, w)[k];
}

const momentSeries = (k: number, law: Moments) =>
  Float64Array.from({ length: k + 1 }, (_, n) => (n === 0 ? 0 : law.moment(n)));

/** psi/(x (1 + psi)), the series of Boolean cumulants; its last coefficient is not used. */
function booleanSeries(psi: Float64Array): Float64Array {
  const eta = new Float64Array(psi.length);
  for (let n = 1; n < psi.length; n++) {
    eta[n] = psi[n];
    for (let j = 1; j < n; j++) eta[n] -= eta[j] * psi[n - j];
  }
  const series = new Float64Array(psi.length);
  series.set(eta.subarray(1));
  return series;
}

function timesX(series: Float64Array): Float64Array<ArrayBuffer> {
  const shifted = new Float64Array(series.length);
  shifted.set(series.subarray(0, series.length - 1), 1);
  return shifted;
}

/** outer(inner(x)) by Horner's rule; inner has no constant term. */
function composed(outer: Float64Array, inner: Float64Array): Float64Array {
  let sum = new Float64Array(outer.length);
  for (let n = outer.length - 1; n >= 0; n--) {
    sum = sum.map((_, i) => {
      let coefficient = i === 0 ? outer[n] : 0;
      for (let j = 1; j <= i; j++) coefficient += inner[j] * sum[i - j];
      return coefficient;
    });
  }
  return sum;
}
