import { parentPort } from 'node:worker_threads';
import { type ShardAnswer, type ShardOrder, ShardSums, type SharedPoint, type SumsDescription } from './shard-sums.js';
import type { ShardedProblem } from './sharded-problem.js';

/** To a worker when it starts. */
export interface Instruction {
  readonly problem: ShardedProblem;
  readonly point: SharedPoint;
}

/** From a worker: once how it computes, then an answer an order; or what went wrong. */
export type Message =
  | { readonly kind: 'ready'; readonly description: SumsDescription }
  | { readonly kind: 'answer'; readonly answer: ShardAnswer }
  | { readonly kind: 'failure'; readonly error: unknown };

/** Opens the engine on this worker thread and answers the orders that come. */
export async function serve({ problem, point }: Instruction): Promise<void> {
  const send = (message: Message) => parentPort!.postMessage(message);
  try {
    const sums = await ShardSums.open(problem, point);
    parentPort!.on('message', (order: ShardOrder) => {
      try {
        send({ kind: 'answer', answer: sums.compute(order) });
      } catch (error) {
        send({ kind: 'failure', error });
      }
    });
    send({ kind: 'ready', description: sums.description });
  } catch (error) {
    send({ kind: 'failure', error });
  }
}
