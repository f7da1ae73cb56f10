import type { RealArray } from '@hessian-rmt/numerics';
import type { ParameterBlock } from '../network.js';
import type { Workspace } from './step.js';

/** A layer's tensor of parameters in each of the workspace's vectors, as views. */
export interface OwnParameters<T extends RealArray> {
  readonly weights: T;
  readonly vector: T;
  readonly result: T;
}

export function ownParameters<T extends RealArray>(
  { weights, vector, result }: Workspace<T>,
  { offset, size }: ParameterBlock,
): OwnParameters<T> {
  const view = (all: T) => all.subarray(offset, offset + size) as T;
  return { weights: view(weights), vector: view(vector), result: view(result) };
}
