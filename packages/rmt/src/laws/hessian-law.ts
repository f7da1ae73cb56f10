import { requirePositive } from '../checks.js';
import type { FreeCompoundPoisson } from './free-compound-poisson.js';

/** A model of the Hessian at a critical point of a given energy. */
export interface HessianLaw extends FreeCompoundPoisson {
  /** Below this energy there is no mass below zero; 0 for ratios of 1 and more. */
  readonly criticalEnergy: number;
  /**
   * alpha_0 in: index ~ alpha_0 ((energy - critical)/critical)^(3/2) just above the critical energy; null for ratios of 1
   * and more, which have no critical energy to be near to.
   */
  readonly indexPrefactor: number | null;
}

export function requireHessianParameters(law: string, ratio: number, energy: number, scale: number): void {
  requirePositive(`the ratio phi of the ${law} law`, ratio);
  requirePositive(`the scale sigma of the ${law} law`, scale);
  if (!(energy >= 0 && energy < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`the energy epsilon of the ${law} law must be finite and not negative, found ${energy}`);
  }
}
