import { parentPort } from 'node:worker_threads';
import type { Answer, Order } from './crew.js';
import { runTask } from './tasks.js';
import { member } from './team.js';

// A thread of a crew: does what it is told, one order after the other.
parentPort?.on('message', ({ id, task, input, part, parts, place }: Order) => {
  let answer: Answer;
  try {
    answer = { id, result: runTask(task, input, member(part, parts, place)) };
  } catch (error) {
    answer = { id, error };
  }
  parentPort?.postMessage(answer);
});
