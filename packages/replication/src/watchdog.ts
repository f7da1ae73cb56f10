import { parentPort, workerData } from 'node:worker_threads';
import { refresh } from './lease.js';

/**
 * A worker thread that ends its process when the process that started it is gone, and that shows other machines that it
 * lives. The main thread of a unit may be inside a long computation and would see to neither for minutes; and only
 * SIGKILL ends a process whose threads are inside LAPACK.
 */
const { parent, heartbeat } = workerData as { readonly parent: number; readonly heartbeat: number };
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, 250);

/** Told the file of the lease on the unit's folder, which is there from when the unit asks for the folder. */
parentPort?.once('message', (lease: string) => setInterval(() => refresh(lease), heartbeat));
