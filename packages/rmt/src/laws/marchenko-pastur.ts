import { requireInteger, requirePositive } from '../checks.js';
import { add, complex, divide, modulus, multiply, scale as scaled, shift, squareRoot, subtract } from '../complex.js';
import { edgeAngle } from '../edge-angle.js';
import type { Atom, FreeLevyTriple, Interval, SpectralLaw } from '../law.js';
import { quantile, sampleByInversion } from '../quantile.js';
import { derivativeFromTriple, potentialFromTriple } from '../transforms/free-levy-triple.js';

export interface MarchenkoPasturParameters {
  /** phi = dimension / samples of the matrix X X^T / samples; in a network, parameters over effective examples. */
  readonly ratio: number;
  /** Variance of the entries of X, and mean of the law. Default 1. */
  readonly scale?: number;
}

/**
 * The Marchenko-Pastur law: the spectrum of X X^T / n for an m x n matrix X of independent entries of mean zero and
 * variance `scale`, m / n = `ratio`.
 *
 * With phi the ratio and s the scale, in the convention of Pennington & Bahri 2017, sec. 3.1: density
 * sqrt((x - a)(b - x))/(2 pi phi s x) between a = s (1 - sqrt(phi))^2 and b = s (1 + sqrt(phi))^2, and for phi > 1 an
 * atom of mass 1 - 1/phi at zero; R(g) = s/(1 - s phi g), a free Poisson law. The closed form of the cumulative is
 * right to about 1e-15/sqrt(phi).
 *
 * @throws RangeError if the ratio or the scale is not positive
 */
export function marchenkoPastur({ ratio, scale = 1 }: MarchenkoPasturParameters): SpectralLaw {
  requirePositive('the ratio phi of a Marchenko-Pastur law', ratio);
  requirePositive('the scale of a Marchenko-Pastur law', scale);
  const root = Math.sqrt(ratio);
  const interval: Interval = [scale * (1 - root) ** 2, scale * (1 + root) ** 2];
  const [lower, upper] = interval;
  const atoms: readonly Atom[] = ratio > 1 ? [{ at: 0, mass: 1 - 1 / ratio }] : [];

  const freeLevy: FreeLevyTriple = { drift: 0, variance: 0, jumps: [{ size: scale * ratio, rate: 1 / ratio }] };

  const law: SpectralLaw = {
    name: `Marchenko-Pastur, ratio ${ratio}, scale ${scale}`,
    support: [interval],
    atoms,
    density: (x) =>
      x > lower && x < upper ? Math.sqrt((x - lower) * (upper - x)) / (2 * Math.PI * ratio * scale * x) : 0,
    cumulative(x) {
      if (x < lower) return x >= 0 && ratio > 1 ? 1 - 1 / ratio : 0;
      // x = s |1 - r exp(it)|^2 with r = sqrt(phi) turns the mass from the lower edge to x into
      // (2/pi) int_0^t sin^2(u)/(1 + r^2 - 2 r cos(u)) du, plus the atom: below, by elementary integration.
      const t = edgeAngle(x, interval);
      const argument = Math.atan2(root * Math.sin(t), 1 - root * Math.cos(t));
      return Math.min(1, (t + Math.sin(t) / root - ((1 - ratio) / ratio) * argument) / Math.PI);
    },
    quantile: (p) => quantile(law, p),
    /** Narayana polynomials: E X^k = s^k sum_j binomial(k, j) binomial(k - 1, j) phi^j/(j + 1), j = 0 .. k - 1. */
    moment(k) {
      requireInteger('the order of a moment', k, 0);
      if (k === 0) return 1;
      let term = 1;
      let sum = 1;
      for (let j = 1; j < k; j++) {
        term *= ((k - j + 1) * (k - j) * ratio) / (j * (j + 1));
        sum += term;
      }
      return sum * scale ** k;
    },
    sample: (n, random) => sampleByInversion(law, n, random),
    /** The root of s phi z G^2 - (z + s phi - s) G + 1 = 0 that vanishes at infinity, in the form that does not cancel. */
    stieltjesTransform(z) {
      const root = multiply(squareRoot(shift(-lower, z)), squareRoot(shift(-upper, z)));
      const linear = shift(scale * (ratio - 1), z);
      const [sum, difference] = [add(linear, root), subtract(linear, root)];
      return modulus(sum) >= modulus(difference)
        ? divide(complex(2), sum)
        : divide(difference, scaled(2 * scale * ratio, z));
    },
    stieltjesDerivative: (z) => derivativeFromTriple(freeLevy, law.stieltjesTransform(z)),
    logarithmicPotential: (z) => potentialFromTriple(freeLevy, z, law.stieltjesTransform(z)),
    freeLevy,
  };
  return law;
}
