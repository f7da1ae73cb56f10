import type { Crew } from './crew.js';
import type { ShardAnswer, ShardOrder } from './shard-sums.js';

export interface PassOptions {
  /** Fraction done, 0 to 1; called after every shard. */
  readonly progress?: (fraction: number) => void;
  /** Stops when the shards under way are done, by throwing the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Shards that may be ordered before the first of them is finished: one under way and one ready for each worker. */
export function shardsAhead({ size }: Pick<Crew, 'size'>): number {
  return 2 * size;
}

/**
 * Has all shards computed, by whom and in whatever order, and finishes them in THEIR order, which is what makes sums
 * independent of the number of workers. Shard i is ordered after shard i - shardsAhead(crew) is finished: memory for
 * results can go round.
 */
export async function forEachShard(
  crew: Crew,
  shards: number,
  order: (shard: number) => ShardOrder,
  finish: (answer: ShardAnswer, shard: number) => void,
  { progress, signal }: PassOptions = {},
): Promise<void> {
  const ahead = shardsAhead(crew);
  const underWay: Promise<ShardAnswer>[] = [];
  const given = new AbortController();
  try {
    for (let next = 0; next < shards + ahead; next++) {
      const first = next - ahead;
      if (first >= 0 && first < shards) {
        finish(await underWay[first % ahead], first);
        progress?.((first + 1) / shards);
      }
      signal?.throwIfAborted();
      if (next < shards) {
        const answer = crew.compute(order(next), given.signal);
        answer.catch(() => {}); // it is awaited later; until then a failure is nobody's
        underWay[next % ahead] = answer;
      }
    }
  } finally {
    given.abort(new Error('given up'));
    await Promise.allSettled(underWay); // or the next pass would change weights under those that still compute
  }
}
