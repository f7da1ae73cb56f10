import { type Dataset, type DenseNetwork, denseObjective, type Weights } from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { gradientDescent } from './gradient-descent.js';
import type { Descent } from './smooth-function.js';

export interface DescendToLossOptions {
  readonly linearAlgebra: LinearAlgebra;
  /** Default 10,000. */
  readonly maxIterations?: number;
}

/**
 * Gradient descent on the loss until it is at or below `target`: the first half of the search for critical points of
 * Pennington & Bahri 2017, sec. 6.4. `end` is `value` where the target was reached.
 *
 * @throws RangeError when data or weights do not fit the network
 */
export function descendToLoss(
  network: DenseNetwork,
  data: Dataset,
  start: Weights,
  target: number,
  { linearAlgebra, maxIterations = 10_000 }: DescendToLossOptions,
): Descent {
  const objective = denseObjective(network, data, linearAlgebra);
  return gradientDescent((weights, gradient) => objective.gradient(weights, gradient), start, {
    stopAt: target,
    maxIterations,
  });
}
