import type { DenseObjective, Weights } from '@hessian-rmt/models';
import { dot, norm, type SmoothFunction } from './smooth-function.js';

/** What of an objective is asked for here. */
type Derivatives = Pick<DenseObjective, 'parameters' | 'gradient' | 'hessianVectorProduct'>;

/**
 * J_g = 1/2 |grad L|^2, which is small at every critical point of the loss L, saddle points too (Pennington & Bahri 2017,
 * sec. 6.4; whether the paper means it with the 1/2 is lost in our text). Its gradient is H grad L: one Hessian-vector
 * product. Local minima of J_g that are no critical points of L are where grad L lies in the null space of H.
 */
export function halfSquaredGradient(objective: Derivatives): SmoothFunction {
  const slope = new Float64Array(objective.parameters);
  return (weights, gradient) => {
    objective.gradient(weights, slope);
    gradient.set(objective.hessianVectorProduct(weights, slope));
    return dot(slope, slope) / 2;
  };
}

/** How critical a point is. */
export interface Criticality {
  readonly loss: number;
  readonly gradientNorm: number;
  /** J_g = 1/2 |grad L|^2. */
  readonly halfSquaredGradient: number;
  /**
   * |H g| / |g| with g = grad L: the curvature that the gradient sees. Where it is tiny against the largest eigenvalue,
   * g lies along weak directions and J_g has stopped falling far from any critical point. 0 where g = 0.
   */
  readonly curvatureAlongGradient: number;
}

export function criticality(objective: Derivatives, weights: Weights): Criticality {
  const gradient = new Float64Array(objective.parameters);
  const loss = objective.gradient(weights, gradient);
  const gradientNorm = norm(gradient);
  const image = objective.hessianVectorProduct(weights, gradient);
  return {
    loss,
    gradientNorm,
    halfSquaredGradient: gradientNorm ** 2 / 2,
    curvatureAlongGradient: gradientNorm > 0 ? norm(image) / gradientNorm : 0,
  };
}
