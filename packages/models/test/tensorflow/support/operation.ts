import type { Tensor, Tensor1D, TensorFlow } from '../../../src/tensorflow/types.js';

/** One tfjs operation as a function of a vector, and the same in plain float64. */
export interface Operation {
  /** The tfjs kernel whose gradient is under test. */
  readonly kernel: string;
  readonly label?: string;
  /** Exact in float32 and away from kinks. */
  readonly x: readonly number[];
  readonly tensor: (tf: TensorFlow, x: Tensor1D) => Tensor;
  readonly plain: (x: readonly number[]) => readonly number[];
  /** Backends without a kernel that even the first derivative needs. */
  readonly missingOn?: readonly string[];
}

export const signs = [-1.75, -0.5, 0.25, 1.5];
export const positive = [0.25, 0.75, 1.5, 2.75];
export const small = [-0.75, -0.25, 0.125, 0.5];

export const six = [-1.75, 0.5, 2.25, 1.5, -0.625, 0.875];
export const eight = [...six, -1.125, 2.5];
export const nine = [...eight, 0.75];

/** The same function of each element. */
export function elementwise(
  kernel: string,
  x: readonly number[],
  tensor: (tf: TensorFlow, x: Tensor1D) => Tensor,
  plain: (x: number) => number,
): Operation {
  return { kernel, x, tensor, plain: (xs) => xs.map((xi) => plain(xi)) };
}
