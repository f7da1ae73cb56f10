import {
  type Dataset,
  type DenseNetwork,
  type DenseObjective,
  denseObjective,
  type Weights,
} from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { barzilaiBorwein } from './barzilai-borwein.js';
import { gradientDescent } from './gradient-descent.js';
import { type Criticality, criticality, halfSquaredGradient } from './gradient-norm.js';
import { lbfgs } from './lbfgs.js';
import { type HessianInto, levenbergMarquardt } from './levenberg-marquardt.js';
import type { Descent, DescentOptions } from './smooth-function.js';

export const criticalPointMethods = ['gradient-descent', 'barzilai-borwein', 'l-bfgs', 'levenberg-marquardt'] as const;
export type CriticalPointMethod = (typeof criticalPointMethods)[number];

export interface CriticalPointOptions {
  readonly linearAlgebra: LinearAlgebra;
  /** gradient-descent is what the paper describes; levenberg-marquardt needs the fewest steps, an exact Hessian each. */
  readonly method: CriticalPointMethod;
  /** A point counts as critical where J_g = 1/2 |grad L|^2 is at or below this. Default 1e-6, the paper's. */
  readonly tolerance?: number;
  /** Default 1,000. */
  readonly maxIterations?: number;
  readonly onIteration?: DescentOptions['onIteration'];
  /** The loss of this network on these data, where a faster form of it is at hand. levenberg-marquardt asks it only at the end. */
  readonly objective?: Pick<DenseObjective, 'parameters' | 'gradient' | 'hessianVectorProduct'>;
  /** The same for the Hessian, which levenberg-marquardt alone asks for. */
  readonly hessian?: HessianInto;
}

export interface CriticalPoint extends Criticality, Pick<Descent, 'iterations' | 'evaluations' | 'end'> {
  readonly weights: Weights;
  /** Whether J_g reached the tolerance. */
  readonly accepted: boolean;
}

/**
 * Looks for a critical point of the mean loss, of any index, by descending J_g = 1/2 |grad L|^2 from the weights given
 * (Pennington & Bahri 2017, sec. 6.4). What is accepted is approximate: `curvatureAlongGradient` tells a point near a
 * critical one from a local minimum of J_g that is none.
 *
 * @throws RangeError when data or weights do not fit the network, or the tolerance is not positive
 */
export async function findCriticalPoint(
  network: DenseNetwork,
  data: Dataset,
  start: Weights,
  options: CriticalPointOptions,
): Promise<CriticalPoint> {
  const { linearAlgebra, method, tolerance = 1e-6, maxIterations = 1000, onIteration, hessian } = options;
  if (!(tolerance > 0)) throw new RangeError(`findCriticalPoint: tolerance must be positive, found ${tolerance}`);
  const { objective = denseObjective(network, data, linearAlgebra) } = options;
  const descent: DescentOptions = { stopAt: tolerance, maxIterations, ...(onIteration && { onIteration }) };
  const search = async (): Promise<Descent> => {
    switch (method) {
      case 'gradient-descent':
        return gradientDescent(halfSquaredGradient(objective), start, descent);
      case 'barzilai-borwein':
        return barzilaiBorwein(halfSquaredGradient(objective), start, descent);
      case 'l-bfgs':
        return lbfgs(halfSquaredGradient(objective), start, descent);
      case 'levenberg-marquardt':
        return levenbergMarquardt(network, data, start, linearAlgebra, { ...descent, ...(hessian && { hessian }) });
    }
  };
  const { point, iterations, evaluations, end } = await search();
  const found = criticality(objective, point);
  return { weights: point, ...found, iterations, evaluations, end, accepted: found.halfSquaredGradient <= tolerance };
}
