import { setImmediate } from 'node:timers/promises';
import { type ShardAnswer, type ShardOrder, ShardSums, type SharedPoint, type SumsDescription } from './shard-sums.js';
import type { ShardedProblem } from './sharded-problem.js';

/** Those who compute shards. */
export interface Crew {
  readonly description: SumsDescription;
  /** How many shards are computed side by side. */
  readonly size: number;
  /**
   * Computes a shard as soon as somebody is free; orders are begun in the order in which they come. An order that is not
   * begun when the signal is aborted is rejected.
   */
  compute(order: ShardOrder, signal: AbortSignal): Promise<ShardAnswer>;
  /** Rejects orders that are not done. */
  close(): Promise<void>;
}

/** The calling thread itself: between two shards others get their turn on it. */
export async function callingThread(problem: ShardedProblem, point: SharedPoint): Promise<Crew> {
  const sums = await ShardSums.open(problem, point);
  let closed = false;
  return {
    description: sums.description,
    size: 1,
    async compute(order, signal) {
      await setImmediate();
      signal.throwIfAborted();
      if (closed) throw closedError();
      return sums.compute(order);
    },
    async close() {
      if (!closed) sums.dispose();
      closed = true;
    },
  };
}

/** What orders of a closed crew are rejected with. */
export function closedError(): Error {
  return new Error('shardedProducts: this pool of workers is closed');
}
