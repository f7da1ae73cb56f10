import type { Weights } from './network.js';

/** Second-order matrices of a loss: H; G = J^T (d2 loss / d outputs2) J, which is the Fisher matrix under the model's own
 * labels; and the empirical Fisher matrix, the mean of g g^T over the samples' gradients g. */
export const curvatureKinds = ['hessian', 'gauss-newton', 'empirical-fisher'] as const;
export type CurvatureKind = (typeof curvatureKinds)[number];

/**
 * What a network, a data set and a way to compute give: SUMS over ranges of samples, in float64. Whoever splits the work
 * over workers adds them up; `objectiveOf` makes means of them. Methods share buffers: one per thread.
 */
export interface SampleSums {
  readonly parameters: number;
  /** Outputs of the network a sample. */
  readonly outputs: number;
  /** Number of samples. */
  readonly count: number;
  /** Ranges start at multiples of this and end at one or at `count`: the mini-batch of batch normalisation, else 1. */
  readonly granule: number;
  /** What computes: library or backend, and precision, as it stands in manifests. */
  readonly identity: string;
  /** Loss summed over the samples, and how many of them have their largest output at their class (NaN for regression). */
  loss(weights: Weights, from: number, to: number): { readonly loss: number; readonly correct: number };
  /** sum := sum + gradient of the summed loss; returns the summed loss. */
  addGradient(weights: Weights, from: number, to: number, sum: Float64Array): number;
  /** sum := sum + (matrix of the summed loss) vector. */
  addProduct(
    kind: CurvatureKind,
    weights: Weights,
    vector: Float64Array,
    from: number,
    to: number,
    sum: Float64Array,
  ): void;
  /** Outputs of the samples, (to - from) x outputs, in a fresh array. */
  outputsOf(weights: Weights, from: number, to: number): Float64Array;
  /** Frees what is held on a backend. */
  dispose(): void;
}
