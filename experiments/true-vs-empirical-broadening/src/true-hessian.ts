import { exactHessian } from '@hessian-rmt/curvature';
import type { DenseNetwork, Weights } from '@hessian-rmt/models';
import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import type { Generator } from './generator.js';
import { difference, inBasis, meanDiagonal } from './symmetric.js';

/** The true Hessian as well as fresh samples tell it, and how the Hessian of a single sample varies about it. */
export interface TrueHessian {
  readonly parameters: number;
  readonly matrix: Float64Array;
  /** Ascending. */
  readonly values: Float64Array;
  /** Eigenvectors as rows, in the order of the values. */
  readonly vectors: Float64Array;
  /** Variance of the elements of a single sample's Hessian, mean over all P^2 elements: sigma^2 of Theorem 1. */
  readonly variance: number;
  /** The same, element by element, in the basis of the eigenvectors: P x P. */
  readonly profile: Float64Array;
  /** Mean of the diagonal. */
  readonly centre: number;
}

export interface TrueHessianOptions {
  readonly network: DenseNetwork;
  readonly weights: Weights;
  readonly source: Generator;
  /** Fresh samples for the mean. */
  readonly samples: number;
  /** Groups of fresh samples that give the variances, each of `groupSize`. */
  readonly groups: number;
  readonly linearAlgebra: LinearAlgebra;
  readonly random: RandomStream;
}

/**
 * N Var of the mean over N samples is the variance of one. A few samples at a time spare most of the heavy tails that single
 * ones have: the norms of a few hundred of these tell sigma^2 to a quarter only.
 */
const groupSize = 16;

/** Its own error is that of an empirical Hessian of as many samples: q sigma^2/lambda in an outlier. */
export async function trueHessian(options: TrueHessianOptions): Promise<TrueHessian> {
  const { network, weights, source, samples, groups, linearAlgebra, random } = options;
  const hessianOf = async (count: number, name: string) =>
    (await exactHessian(network, weights, source.draw(count, random.stream(name)), { linearAlgebra })).data;
  const matrix = await hessianOf(samples, 'true Hessian');
  const parameters = weights.length;
  const { values, vectors } = await linearAlgebra.symmetricEigen(matrix, parameters);
  const profile = new Float64Array(parameters * parameters);
  for (let group = 0; group < groups; group++) {
    const deviation = difference(await hessianOf(groupSize, `group-${group}`), matrix);
    const rotated = inBasis(vectors, deviation, parameters, linearAlgebra);
    for (let i = 0; i < profile.length; i++) profile[i] += (groupSize * rotated[i] ** 2) / groups;
  }
  const variance = profile.reduce((sum, x) => sum + x, 0) / profile.length;
  return { parameters, matrix, values, vectors, variance, profile, centre: meanDiagonal(matrix, parameters) };
}

/** Mean variance of the elements of one row of the profile: of those that couple one eigenvector to all. */
export const rowVariance = (profile: Float64Array, n: number, row: number): number =>
  profile.subarray(row * n, (row + 1) * n).reduce((sum, x) => sum + x, 0) / n;
