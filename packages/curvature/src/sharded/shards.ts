import { type DenseNetwork, forwardFlops, layerShapes, type Network } from '@hessian-rmt/models';

/** Consecutive samples that are computed in one piece by one worker. */
export interface Shard {
  readonly from: number;
  readonly to: number;
}

/** Operations of a Hessian-vector product below which an order costs more than it is worth: some 10 ms. */
const fewestOperations = 1e8;
/** Operations after which a sign of life is due, and a shard that has to be done again is no loss: about a second. */
const mostOperations = 1e10;
/** Shards that there should be if they are of such a size: enough to keep the workers of one machine even. */
const pieces = 32;
/** Samples below which matrix products get slow. */
const fewestSamples = 16;

/**
 * Samples a shard, by the work that they make; it does not depend on who will do it, so that sums over shards have the
 * same bytes on any number of workers. Whole mini-batches of `granule` samples.
 */
export function shardSize(network: Network, count: number, granule: number): number {
  const forwards = 8; // in a Hessian-vector product
  const operations = forwards * (network.kind === 'dense' ? denseFlops(network) : forwardFlops(network));
  const even = Math.max(count / pieces, fewestOperations / operations);
  const size = Math.min(even, mostOperations / operations);
  const unit = granule === 1 ? fewestSamples : granule;
  return Math.ceil(size / unit) * unit;
}

/** All samples, in order, in shards of `size`; the last may be smaller. */
export function shardsOf(count: number, size: number): Shard[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    from: i * size,
    to: Math.min((i + 1) * size, count),
  }));
}

function denseFlops(network: DenseNetwork): number {
  return layerShapes(network).reduce((sum, { rows, columns }) => sum + 2 * rows * columns, 0);
}
