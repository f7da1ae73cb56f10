import { type Dataset, type DenseNetwork, denseObjective, type Weights } from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';

/** What stands at the point where the curvature is taken. */
export type AtWeights = {
  readonly samples: number;
  /** Mean over the samples. */
  readonly loss: number;
  /** Euclidean norm of the gradient of the mean loss, by all weights. */
  readonly gradientNorm: number;
  /** Share of samples that are classified right; null for regression. */
  readonly accuracy: number | null;
};

export function atWeights(
  network: DenseNetwork,
  weights: Weights,
  data: Dataset,
  linearAlgebra: LinearAlgebra,
): AtWeights {
  const objective = denseObjective(network, data, linearAlgebra);
  const gradient = new Float64Array(weights.length);
  const loss = objective.gradient(weights, gradient);
  return {
    samples: data.count,
    loss,
    gradientNorm: norm(gradient),
    accuracy: data.labels.length > 0 ? objective.accuracy(weights) : null,
  };
}

function norm(vector: Float64Array): number {
  return Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
}
