import { workerData } from 'node:worker_threads';

/**
 * A worker thread that ends its process when the process that started it is gone. The main thread of a unit may be
 * inside a long computation and would see nothing of it for minutes; and only SIGKILL ends a process whose threads are
 * inside LAPACK.
 */
const { parent } = workerData as { parent: number };
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 250);
