import { freeCumulants, momentsOfFreeCumulants } from '../transforms/free-cumulants.js';

/** E X^k of a law whose free cumulants are combined of those of others, all centred first so that little cancels. */
export function centredMoment(
  k: number,
  laws: readonly { readonly mean: number; moment(k: number): number }[],
  combine: (cumulants: readonly Float64Array[]) => Float64Array,
): number {
  const cumulants = laws.map(({ mean, moment }) => {
    const raw = Float64Array.from({ length: k }, (_, i) => moment(i + 1));
    const centred = freeCumulants(shiftedMoments(raw, -mean));
    // Shifting a law changes its first free cumulant and no other.
    if (k > 0) centred[0] = mean;
    return centred;
  });
  const combined = combine(cumulants);
  const mean = combined[0] ?? 0;
  if (k > 0) combined[0] = 0;
  return k === 0 ? 1 : shiftedMoments(momentsOfFreeCumulants(combined), mean)[k - 1];
}

/** Moments 1 .. k of X + c from those of X. */
function shiftedMoments(moments: Float64Array, c: number): Float64Array {
  return moments.map((_, index) => {
    const k = index + 1;
    let sum = c ** k;
    let binomial = 1;
    for (let j = 1; j <= k; j++) {
      binomial *= (k - j + 1) / j;
      sum += binomial * moments[j - 1] * c ** (k - j);
    }
    return sum;
  });
}
