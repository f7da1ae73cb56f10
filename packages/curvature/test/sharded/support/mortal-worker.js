// The worker thread of shardedProducts as it was built, but mortal: it ends in the middle of a pass, once.
import { parentPort, workerData } from 'node:worker_threads';

const { death, built } = workerData.problem;
// Registered before the listener that computes, so it hears of every order first.
parentPort.on('message', ({ from }) => {
  if (from === death.from && Atomics.add(death.times, 0, 1) === 0) process.exit(9);
});
const { serve } = await import(built);
await serve(workerData);
