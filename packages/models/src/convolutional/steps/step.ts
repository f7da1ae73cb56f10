import type { LinearAlgebra, RandomStream, RealArray } from '@hessian-rmt/numerics';
import type { Kernels } from '../channel-kernels.js';
import type { Precision } from '../planes.js';
import type { Allocate, DeltaPool, Deltas, Signal } from '../signal.js';

/** What all layers of a network share while passes run. */
export interface Workspace<T extends RealArray> {
  readonly linearAlgebra: LinearAlgebra;
  readonly precision: Precision;
  /** Images at once, at most. */
  readonly capacity: number;
  /** For activations and deltas: where kernels reach them, if there is room. */
  readonly allocate: Allocate<T>;
  readonly pool: DeltaPool<T>;
  /** For what is done number by number, where the engine has SIMD. */
  readonly kernels: Kernels | undefined;
  /** Weights, the vector of a product, and what the backward pass gives: in the layout of the network. */
  readonly weights: T;
  readonly vector: T;
  readonly result: T;
  /** Means and variances: read in evaluation mode, written in training mode. */
  readonly statistics: Float64Array;
  /** Images in the passes that run. */
  images: number;
  /** Whether batch normalisation takes the statistics of the batch. */
  training: boolean;
  /** Where dropout masks come from; without it nothing is dropped. */
  dropout: RandomStream | undefined;
}

/**
 * A layer at work. Passes run over all layers in this order: forward; tangent, where there is a vector; backward, from the
 * last layer to the first. R{.} is the derivative along the vector (Pearlmutter 1994): going back with the tangents of
 * deltas gives Hessian-vector products, with deltas alone J^T times them.
 */
export interface Step<T extends RealArray> {
  readonly input: Signal<T>;
  readonly output: Signal<T>;
  /** Output from input. */
  forward(): void;
  /** R{output} from input and R{input}. */
  tangent(): void;
  /**
   * Writes what belongs to the layer's parameters into `result`: dl/dw, or R{dl/dw} when the deltas have tangents. Returns
   * the deltas of the input in buffers of the pool, or nothing when the input is constant. Those given are only read.
   */
  backward(deltas: Deltas<T>): Deltas<T> | undefined;
}
