/**
 * Free cumulants kappa_1 .. kappa_n of moments m_1 .. m_n: the coefficients of R(g) = kappa_1 + kappa_2 g + ..., which
 * add when laws are added freely.
 *
 * From m_n = sum over s of kappa_s [x^(n - s)] M(x)^s, M(x) = 1 + m_1 x + m_2 x^2 + ... (Nica & Speicher 2006,
 * Prop. 11.4). O(n^3).
 *
 * @param moments  m_1 first, without m_0 = 1
 */
export function freeCumulants(moments: ArrayLike<number>): Float64Array {
  const cumulants = new Float64Array(moments.length);
  const known = new Float64Array(moments.length + 1);
  known[0] = 1;
  for (let n = 1; n <= moments.length; n++) {
    cumulants[n - 1] = moments[n - 1] - sumOverPartitions(cumulants, known, n);
    known[n] = moments[n - 1];
  }
  return cumulants;
}

/** The inverse of `freeCumulants`: moments m_1 .. m_n of free cumulants kappa_1 .. kappa_n. */
export function momentsOfFreeCumulants(cumulants: ArrayLike<number>): Float64Array {
  const moments = new Float64Array(cumulants.length + 1);
  moments[0] = 1;
  for (let n = 1; n <= cumulants.length; n++) {
    moments[n] = cumulants[n - 1] + sumOverPartitions(cumulants, moments, n);
  }
  return moments.slice(1);
}

/** The sum over s = 1 .. n - 1 of kappa_s [x^(n - s)] M^s: what kappa_n does not enter. */
function sumOverPartitions(cumulants: ArrayLike<number>, moments: Float64Array, n: number): number {
  let power: Float64Array = new Float64Array(n);
  power[0] = 1;
  let sum = 0;
  for (let s = 1; s < n; s++) {
    const last = power;
    power = last.map((_, i) => {
      let coefficient = 0;
      for (let j = 0; j <= i; j++) coefficient += last[j] * moments[i - j];
      return coefficient;
    });
    sum += cumulants[s - 1] * power[n - s];
  }
  return sum;
}
