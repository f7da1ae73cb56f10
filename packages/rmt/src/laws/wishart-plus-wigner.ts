import { freeCompoundPoisson } from './free-compound-poisson.js';
import { type HessianLaw, requireHessianParameters } from './hessian-law.js';

export interface WishartPlusWignerParameters {
  /** phi: parameters over effective examples. */
  readonly ratio: number;
  /** epsilon: the semicircle has variance 2 epsilon. 0 gives the Marchenko-Pastur law. */
  readonly energy: number;
}

/**
 * The Wishart + Wigner model of the Hessian (Pennington & Bahri 2017, sec. 4): Marchenko-Pastur of scale 1, plus, freely,
 * a semicircle of variance 2 eps. R(z) = 1/(1 - phi z) + 2 eps z.
 *
 * With v = sqrt(1 + 8 phi): eps_c = 4 (1 - phi)^3 (1 + v)/(3 + v)^3, which is their (1 - 20 phi - 8 phi^2 + v^3)/16 without
 * the cancellation near phi = 1, where it tends to (2/27)(1 - phi)^3; alpha_0 = 2 (3 - v)/(3 pi sqrt(v) (1 + v)).
 *
 * @throws RangeError if the ratio is not positive or the energy negative
 */
export function wishartPlusWigner({ ratio, energy }: WishartPlusWignerParameters): HessianLaw {
  requireHessianParameters('Wishart + Wigner', ratio, energy, 1);
  const law = freeCompoundPoisson({
    name: `Wishart + Wigner, ratio ${ratio}, energy ${energy}`,
    variance: 2 * energy,
    jumps: [{ size: ratio, rate: 1 / ratio }],
  });
  const v = Math.sqrt(1 + 8 * ratio);
  return {
    ...law,
    criticalEnergy: ratio < 1 ? (4 * (1 - ratio) ** 3 * (1 + v)) / (3 + v) ** 3 : 0,
    indexPrefactor: ratio < 1 ? (2 * (3 - v)) / (3 * Math.PI * Math.sqrt(v) * (1 + v)) : null,
  };
}
