import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { Scratch } from './scratch.js';

/** The matrix that is being summed over samples, of which only the upper triangle is written until the end. */
export interface Assembly {
  /** n x n, row-major. */
  readonly matrix: Float64Array;
  readonly n: number;
  readonly linearAlgebra: LinearAlgebra;
  readonly scratch: Scratch;
  /** To be told how many entries of the upper triangle now have their share of the chunk. */
  finished(entries: number): void;
}

/** The matrix from this entry on, to be written with leading dimension n. */
export function from({ matrix, n }: Assembly, row: number, column: number): Float64Array {
  return matrix.subarray(row * n + column);
}
