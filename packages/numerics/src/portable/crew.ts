import { Worker } from 'node:worker_threads';
import { runTask, type TaskInput, type TaskName, type TaskResult } from './tasks.js';
import { alone } from './team.js';

/** To a worker: one share of a task. */
export interface Order {
  readonly id: number;
  readonly task: TaskName;
  readonly input: unknown;
  readonly part: number;
  readonly parts: number;
  /** Where the members of the team meet. */
  readonly place: Int32Array;
}

/** From a worker. */
export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Threads that run tasks. */
export interface Crew {
  readonly threads: number;
  /** Runs a task on all threads, or on `parts` of them; the results in their order. */
  run<Name extends TaskName>(task: Name, input: TaskInput<Name>, parts?: number): Promise<TaskResult<Name>[]>;
}

/** The calling thread itself: for what takes less time than a message. */
export const onThisThread: Crew = {
  threads: 1,
  run: async (task, input) => [runTask(task, input, alone) as TaskResult<typeof task>],
};

/**
 * Operations below which a task stays on the calling thread: about 10 ms of work. Starting threads takes 50 ms once,
 * a message to them 0.1 ms.
 */
const worthAThread = 2e7;

const crews = new Map<number, Crew>();

/**
 * Who runs a task of so many floating-point operations: this thread if it is short, else worker threads. There is one
 * crew in this process for each number of threads; they start with its first task.
 */
export function crewFor(operations: number, threads: number): Crew {
  // Node cannot start a thread from a TypeScript source, which is what the tests of the packages run.
  if (operations < worthAThread || import.meta.url.endsWith('.ts')) return onThisThread;
  const crew = crews.get(threads) ?? workerCrew(threads);
  crews.set(threads, crew);
  return crew;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

function workerCrew(threads: number): Crew {
  let workers: Worker[] = [];
  const pending = new Map<number, Pending>();
  let nextId = 0;

  const hire = () => {
    workers = Array.from({ length: threads }, () => {
      // Without the flags of this process: some, such as --input-type, would keep a worker from starting.
      const worker = new Worker(new URL('./worker.js', import.meta.url), { execArgv: [] });
      worker.on('message', settle);
      worker.on('error', dismiss);
      worker.unref();
      return worker;
    });
  };

  const settle = ({ id, result, error }: Answer) => {
    const order = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) for (const worker of workers) worker.unref();
    if (error === undefined) order?.resolve(result);
    else order?.reject(error);
  };

  /** A thread that failed never comes where the others wait for it: all go, and the next task hires new ones. */
  const dismiss = (error: unknown) => {
    for (const worker of workers) void worker.terminate();
    workers = [];
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  };

  return {
    threads,
    async run(task, input, parts = threads) {
      if (workers.length === 0) hire();
      const place = new Int32Array(new SharedArrayBuffer(8));
      for (const worker of workers) worker.ref();
      const shares = workers.slice(0, parts).map(
        (worker, part) =>
          new Promise((resolve, reject) => {
            const id = nextId++;
            pending.set(id, { resolve, reject });
            worker.postMessage({ id, task, input, part, parts, place } satisfies Order);
          }),
      );
      try {
        return (await Promise.all(shares)) as TaskResult<typeof task>[];
      } catch (error) {
        if (parts > 1) dismiss(error);
        throw error;
      }
    },
  };
}

/** Zeros in memory that threads share. */
export function sharedArray(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}
