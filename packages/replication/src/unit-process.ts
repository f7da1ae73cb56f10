import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import { CannotWrite } from './cannot-write.js';
import type { TaskEvent, UnitTask } from './executor.js';
import { heartbeat } from './lease.js';
import { runTask } from './run-task.js';
import { leaseOn } from './unit-scratch.js';

/** The child process that computes one unit. Its parent sets the numbers of threads before anything here loads. */
const parent = Number(process.argv[2]);
const watchdog = new Worker(new URL('./watchdog.js', import.meta.url), { workerData: { parent, heartbeat } });
watchdog.unref();

// Ctrl-C and a closed terminal reach every process in front of it. The parent decides what becomes of its units.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

/** At most four reports a second: a training loop may call `progress` every step. */
const reportInterval = 250;

process.once('message', (task: UnitTask) => {
  watchdog.postMessage(leaseOn(task.store, task.key));
  let reported = Number.NEGATIVE_INFINITY;
  const progress = (fraction: number, doing: string) => {
    if (performance.now() - reported < reportInterval) return;
    reported = performance.now();
    send({ type: 'progress', key: task.key, fraction, doing });
  };
  process.once('beforeExit', () => leave({ type: 'failed', key: task.key, reason: neverSettled }));
  runTask(task, progress).then(
    (seconds) => leave({ type: 'finished', key: task.key, seconds }),
    (error) => {
      const diskRefuses = error instanceof CannotWrite ? { diskRefuses: true } : {};
      leave({ type: 'failed', key: task.key, reason: reasonOf(error), ...diskRefuses });
    },
  );
});

/** Node ends a process that has nothing left to do, whatever is still awaited in it. */
const neverSettled =
  'Its promise never settled: it awaits something that cannot come any more, since nothing is left to do in its process.';

/**
 * An error of a class of its own says all by itself, as one of the file system does. Of others, such as a TypeError,
 * where in a unit's code they come from is worth knowing.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return `It threw what is no Error: ${inspect(error)}`;
  const expected = !javascriptErrors.includes(error.constructor.name) || 'syscall' in error;
  return expected && !process.env.HESSIAN_RMT_DEBUG ? error.message : (error.stack ?? error.message);
}

const javascriptErrors = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError'];

function send(event: TaskEvent, then: () => void = () => {}): void {
  // A parent that is gone takes no message; the watchdog sees to the rest.
  process.send?.(event, undefined, undefined, then);
}

/** Worker threads that a unit left running must not keep the process alive. */
function leave(event: TaskEvent): void {
  send(event, () => process.exit(0));
}
