import type { Weights } from './network.js';
import type { CurvatureKind, SampleSums } from './sample-sums.js';

/**
 * The mean loss of a network over a whole data set as a function of its weights, with first and second derivatives.
 *
 * Every method throws RangeError when a vector does not have `parameters` elements. Methods share buffers: an objective
 * belongs to one thread. Sums run over the samples in order, in pieces of fixed size, so the same library gives the same
 * bytes.
 */
export interface Objective {
  readonly parameters: number;
  loss(weights: Weights): number;
  /** Writes the gradient and returns the loss. */
  gradient(weights: Weights, gradient: Float64Array): number;
  /** Share of samples whose largest output is that of their class (the first of equal ones). NaN for regression. */
  accuracy(weights: Weights): number;
  /** Outputs of the network (logits), count x outputs, in a fresh array. */
  outputs(weights: Weights): Float64Array;
  /** H v in a fresh vector (Pearlmutter 1994). */
  hessianVectorProduct(weights: Weights, vector: Float64Array): Float64Array;
  /** G v in a fresh vector: G = mean of J^T (d2 loss / d outputs2) J. */
  gaussNewtonVectorProduct(weights: Weights, vector: Float64Array): Float64Array;
  /** F v in a fresh vector: F = mean of g g^T over the samples' gradients g. */
  empiricalFisherVectorProduct(weights: Weights, vector: Float64Array): Float64Array;
}

/** Means over all samples from sums over them, in one thread. */
export function objectiveOf(sums: SampleSums): Objective {
  const { parameters, count } = sums;
  const check = (name: string, vector: Float64Array) => {
    if (vector.length !== parameters) {
      throw new RangeError(`${name}: expected ${parameters} parameters, found ${vector.length}`);
    }
  };
  const divide = (vector: Float64Array) => {
    for (let i = 0; i < vector.length; i++) vector[i] /= count;
    return vector;
  };
  const product = (kind: CurvatureKind) => (weights: Weights, vector: Float64Array) => {
    check('weights', weights);
    check('vector', vector);
    const sum = new Float64Array(parameters);
    sums.addProduct(kind, weights, vector, 0, count, sum);
    return divide(sum);
  };
  return {
    parameters,
    loss(weights) {
      check('weights', weights);
      return sums.loss(weights, 0, count).loss / count;
    },
    gradient(weights, gradient) {
      check('weights', weights);
      check('gradient', gradient);
      const loss = sums.addGradient(weights, 0, count, gradient.fill(0));
      divide(gradient);
      return loss / count;
    },
    accuracy(weights) {
      check('weights', weights);
      return sums.loss(weights, 0, count).correct / count;
    },
    outputs(weights) {
      check('weights', weights);
      return sums.outputsOf(weights, 0, count);
    },
    hessianVectorProduct: product('hessian'),
    gaussNewtonVectorProduct: product('gauss-newton'),
    empiricalFisherVectorProduct: product('empirical-fisher'),
  };
}
