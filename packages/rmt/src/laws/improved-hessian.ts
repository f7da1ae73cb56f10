import { freeCompoundPoisson } from './free-compound-poisson.js';
import { type HessianLaw, requireHessianParameters } from './hessian-law.js';
import { productWishartJumps } from './product-wishart.js';

export interface ImprovedHessianParameters {
  /** phi = 2 n / m: the parameters of the network over its effective examples. */
  readonly ratio: number;
  /** epsilon: the loss over n; the residuals have variance 2 epsilon. 0 gives the Marchenko-Pastur law. */
  readonly energy: number;
  /** sigma: mean eigenvalue of the Gauss-Newton part. Default 1. */
  readonly scale?: number;
}

/**
 * The improved model of the Hessian of a one-hidden-layer ReLU network (Pennington & Bahri 2017, sec. 6.3):
 * Marchenko-Pastur of scale sigma, plus, freely, the product Wishart law.
 * R(z) = sigma/(1 - sigma phi z) + eps phi z/(2 - eps phi^2 z^2).
 *
 * With u = sqrt(1 + 16 phi - 8 phi^2): eps_c = 16 sigma^2 (1 - phi)^3 (1 + u)/(phi (3 + u)^3), which tends to
 * (8/27) sigma^2 (1 - phi)^3 at phi = 1; alpha_0 = 2 (1 - phi)(u - 1 + phi)/(27 pi phi sqrt(u)) for every sigma. An atom of
 * 1 - 2/phi at zero for phi > 2: both parts have rank 1/phi.
 *
 * @throws RangeError if the ratio or the scale is not positive or the energy negative
 */
export function improvedHessian({ ratio, energy, scale = 1 }: ImprovedHessianParameters): HessianLaw {
  requireHessianParameters('improved Hessian', ratio, energy, scale);
  const law = freeCompoundPoisson({
    name: `improved Hessian, ratio ${ratio}, energy ${energy}, scale ${scale}`,
    jumps: [{ size: scale * ratio, rate: 1 / ratio }, ...(energy > 0 ? productWishartJumps(ratio, energy) : [])],
  });
  const u = Math.sqrt(1 + 16 * ratio - 8 * ratio * ratio);
  return {
    ...law,
    criticalEnergy: ratio < 1 ? (16 * scale * scale * (1 - ratio) ** 3 * (1 + u)) / (ratio * (3 + u) ** 3) : 0,
    indexPrefactor: ratio < 1 ? (2 * (1 - ratio) * (u - 1 + ratio)) / (27 * Math.PI * ratio * Math.sqrt(u)) : null,
  };
}
