// A worker thread that speaks as serve.ts does and computes nothing: what it answers and what befalls it, the orders say.
import { parentPort, workerData } from 'node:worker_threads';

const { problem } = workerData;
const description = { parameters: 2, outputs: 1, count: 10, granule: 1, identity: 'counting' };

// Of those who come, the first so many find their engine.
const late = Atomics.add(problem.hired, 0, 1) >= problem.engines;
if (problem.refuse && late) parentPort.postMessage({ kind: 'failure', error: new RangeError(problem.refuse) });
else parentPort.postMessage({ kind: 'ready', description });

parentPort.on('message', ({ from, to, task }) => {
  // Counts the orders for these samples, whoever gets them.
  const time = Atomics.add(problem.orders, from, 1) + 1;
  const fate = problem.fates[from];
  if (fate && time <= fate.times) {
    if (fate.how === 'exit') process.exit(7);
    if (fate.how === 'late') return setTimeout(() => process.exit(7), problem.delays[from]);
    if (fate.how === 'throw') throw new Error('lost its mind');
    if (fate.how === 'fail')
      return parentPort.postMessage({ kind: 'failure', error: new Error(`heap full at ${task}`) });
  }
  setTimeout(
    () => parentPort.postMessage({ kind: 'answer', answer: { loss: from, correct: to } }),
    problem.delays[from],
  );
});
