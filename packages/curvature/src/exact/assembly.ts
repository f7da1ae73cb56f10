import type { LayerShape } from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { Lanes } from './lanes.js';
import type { Scratch } from './scratch.js';

/** The matrix that is being summed over samples, of which only the upper triangle is written until the end. */
export interface Assembly {
  /** n x n, row-major. */
  readonly matrix: Float64Array;
  readonly n: number;
  readonly linearAlgebra: LinearAlgebra;
  readonly scratch: Scratch;
  readonly lanes: Lanes;
  /** 0 for the first chunk of samples, which overwrites whatever the matrix holds; 1 for those that add to it. */
  readonly beta: 0 | 1;
  /** Whether this is the last chunk: what has its share of it is complete. */
  readonly last: boolean;
  /** Layers whose own block is mirrored piece by piece, as soon as a piece is complete. */
  readonly mirrored: Set<LayerShape>;
  /** To be told how many entries of the upper triangle now have their share of the chunk. */
  finished(entries: number): void;
}

/** A layer, and its inputs for the chunk of samples at hand. */
export interface LayerInputs {
  readonly shape: LayerShape;
  /** a~, samples x columns: with the 1 of the bias. */
  readonly inputs: Float64Array;
}

/** The matrix from this entry on, to be written with leading dimension n. */
export function entriesFrom({ matrix, n }: Assembly, row: number, column: number): Float64Array {
  return matrix.subarray(row * n + column);
}

/** Zeros where the first chunk has nothing to sum, so that what is there is overwritten everywhere. */
export function clear({ matrix, n, beta }: Assembly, row: number, column: number, rows: number, columns: number): void {
  if (beta === 1) return;
  for (let i = row; i < row + rows; i++) matrix.fill(0, i * n + column, i * n + column + columns);
}
