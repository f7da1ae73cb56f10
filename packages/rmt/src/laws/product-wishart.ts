import { requirePositive } from '../checks.js';
import type { FreeLevyTriple } from '../law.js';
import { type FreeCompoundPoisson, freeCompoundPoisson } from './free-compound-poisson.js';

export interface ProductWishartParameters {
  /** phi = 2 n / m: the parameters of the network over its effective examples. */
  readonly ratio: number;
  /** epsilon: the loss over n; the residuals have variance 2 epsilon. */
  readonly energy: number;
}

/**
 * The product Wishart law of Pennington & Bahri 2017, sec. 6.1: the spectrum of H1, the residuals' part of the Hessian
 * of a one-hidden-layer ReLU network on m normal examples of n features, with n hidden units and n outputs.
 *
 * R(z) = eps phi z/(2 - eps phi^2 z^2): the free difference of two Marchenko-Pastur laws of ratio 2 phi and scale
 * sqrt(eps/8). Symmetric, with an atom of 1 - 1/phi at zero for phi > 1, then in two intervals.
 *
 * The matrix: [0, C; C^T, 0] with C = A B^T/m, A and B n x m/2 of independent normals, variances 1 and 2 eps: the
 * inputs for which a unit is on, half of them, and their residuals. H1 has one such block for each hidden unit.
 *
 * @throws RangeError if the ratio or the energy is not positive
 */
export function productWishart({ ratio, energy }: ProductWishartParameters): FreeCompoundPoisson {
  requirePositive('the ratio phi of a product Wishart law', ratio);
  requirePositive('the energy epsilon of a product Wishart law', energy);
  return freeCompoundPoisson({
    name: `product Wishart, ratio ${ratio}, energy ${energy}`,
    jumps: productWishartJumps(ratio, energy),
  });
}

/** eps phi z/(2 - eps phi^2 z^2) = (k/(1 - k z) - k/(1 + k z))/(2 phi), k = phi sqrt(eps/2). */
export function productWishartJumps(ratio: number, energy: number): FreeLevyTriple['jumps'] {
  const size = ratio * Math.sqrt(energy / 2);
  const rate = 1 / (2 * ratio);
  return [
    { size, rate },
    { size: -size, rate },
  ];
}
