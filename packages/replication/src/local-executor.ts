import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Executor, TaskEvent, UnitTask } from './executor.js';
import { memoryLeft } from './memory.js';

export interface LocalExecutorOptions {
  /** Default: what Node reports as available to this process. */
  readonly cores?: number;
  /** Bytes that the units of a run share. Default: what machine and container have left when the run starts. */
  readonly memory?: number;
}

/** Every name under which BLAS libraries and OpenMP look for a number of threads, at load. */
const threadVariables = [
  'OPENBLAS_NUM_THREADS',
  'OMP_NUM_THREADS',
  'MKL_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
  'BLIS_NUM_THREADS',
] as const;

/** A child that has sent its result and does not leave is ended after this many milliseconds. */
const patience = 3000;

/**
 * Units in child processes of this machine, each in a fresh one with its own number of BLAS threads: that number holds
 * for a whole process, and nothing that a unit leaves behind can change the next one's bytes.
 *
 * The threads of the units that run at one time do not exceed the cores, nor their memory (as their kinds tell it) what
 * there is; a unit that wants more runs alone, and may find for itself that it does not fit. Units that are expected to
 * take longest start first, so that none of them is left over at the end; those of which nothing is known are taken for
 * the longest. A unit that others need is as urgent as all that waits for it.
 */
export function localExecutor({ cores = availableParallelism(), memory }: LocalExecutorOptions = {}): Executor {
  return {
    cores,
    run: (tasks, onEvent, signal) => new LocalRun(cores, memory ?? memoryLeft(), tasks, onEvent).run(signal),
  };
}

class LocalRun {
  private readonly pending: UnitTask[];
  private readonly running = new Map<ChildProcess, UnitTask>();
  private readonly failed = new Set<string>();
  private stopped = false;
  private diskRefuses = false;

  constructor(
    private readonly cores: number,
    private readonly memory: number,
    tasks: readonly UnitTask[],
    private readonly onEvent: (event: TaskEvent) => void,
  ) {
    const urgency = urgencyOf(tasks);
    const of = ({ key }: UnitTask) => urgency.get(key)!;
    this.pending = [...tasks].sort((a, b) => (of(a) === of(b) ? 0 : of(b) - of(a)));
  }

  async run(signal?: AbortSignal): Promise<void> {
    const stop = () => {
      this.stopped = true;
      for (const child of this.running.keys()) child.kill('SIGKILL');
    };
    signal?.throwIfAborted();
    signal?.addEventListener('abort', stop);
    try {
      await new Promise<void>((resolve, reject) => this.advance(resolve, reject));
    } finally {
      signal?.removeEventListener('abort', stop);
      stop();
    }
    signal?.throwIfAborted();
  }

  /** Starts what fits; called again whenever a child has left. */
  private advance(done: () => void, fail: (error: unknown) => void): void {
    try {
      while (!this.stopped) {
        this.giveUpOnLost();
        if (this.diskRefuses) this.giveUpOnAll();
        const next = this.pending.findIndex((task) => !this.waits(task) && this.fits(task));
        if (next < 0) break;
        const [task] = this.pending.splice(next, 1);
        this.start(task, () => this.advance(done, fail));
      }
      if (this.running.size === 0) done();
    } catch (error) {
      fail(error);
    }
  }

  /** Whether a unit that this one needs is still to be computed. */
  private waits({ needs = [] }: UnitTask): boolean {
    const unfinished = [...this.pending, ...this.running.values()];
    return needs.some(({ key }) => unfinished.some((task) => task.key === key));
  }

  /** Units that need one which failed, and those that need these. */
  private giveUpOnLost(): void {
    const lost = () => this.pending.findIndex(({ needs = [] }) => needs.some(({ key }) => this.failed.has(key)));
    for (let i = lost(); i >= 0; i = lost()) {
      const [{ key }] = this.pending.splice(i, 1);
      this.failed.add(key);
      this.tell({ type: 'failed', key, reason: 'A unit that it needs failed.' });
    }
  }

  /** What would be computed in vain. */
  private giveUpOnAll(): void {
    for (const { key } of this.pending.splice(0)) {
      this.tell({ type: 'failed', key, reason: 'It was not begun, since the disk takes no more results.' });
    }
  }

  private fits(task: UnitTask): boolean {
    if (this.running.size === 0) return true;
    return this.threadsOf(task) <= this.freeCores() && (task.memory ?? 0) <= this.freeMemory();
  }

  private freeMemory(): number {
    return [...this.running.values()].reduce((free, { memory = 0 }) => free - memory, this.memory);
  }

  private threadsOf({ ingredients }: UnitTask): number {
    return Math.min(ingredients.threads, this.cores);
  }

  private freeCores(): number {
    return [...this.running.values()].reduce((free, task) => free - this.threadsOf(task), this.cores);
  }

  private start(task: UnitTask, then: () => void): void {
    const { key, ingredients } = task;
    const threads = Object.fromEntries(threadVariables.map((name) => [name, `${ingredients.threads}`]));
    const child = fork(new URL('./unit-process.js', import.meta.url), [`${process.pid}`], {
      env: { ...process.env, ...threads },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.running.set(child, task);

    let printed = '';
    const keep = (text: Buffer) => {
      printed = (printed + text).slice(-2000);
    };
    child.stdout!.on('data', keep);
    child.stderr!.on('data', keep);

    let last: Extract<TaskEvent, { readonly type: 'finished' | 'failed' }> | undefined;
    child.on('message', (event) => {
      if (!isEventOf(task, event)) return;
      if (event.type === 'progress') return this.tell(event);
      last = event;
      setTimeout(() => child.kill('SIGKILL'), patience).unref();
    });
    let problem: Error | undefined;
    child.on('error', (error) => {
      problem = error;
      // A child that could not be started never closes its pipes.
      if (child.pid === undefined) child.emit('close', null, null);
    });
    child.once('close', (code, signal) => {
      this.running.delete(child);
      const end = last ?? {
        type: 'failed' as const,
        key,
        reason: problem?.message ?? lostChild(code, signal, printed),
      };
      if (end.type === 'failed') {
        this.failed.add(key);
        this.diskRefuses ||= end.diskRefuses ?? false;
      }
      this.tell(end);
      then();
    });
    this.tell({ type: 'started', key });
    child.send(task);
  }

  private tell(event: TaskEvent): void {
    if (!this.stopped) this.onEvent(event);
  }
}

/** A unit may send messages of its own, which are nobody's business. */
function isEventOf({ key }: UnitTask, message: unknown): message is Exclude<TaskEvent, { readonly type: 'started' }> {
  const event = message as Partial<TaskEvent> | null;
  return ['progress', 'finished', 'failed'].includes(event?.type ?? '') && event?.key === key;
}

/** Seconds until all is done that hangs on a task, if nothing waits for a core. */
function urgencyOf(tasks: readonly UnitTask[]): ReadonlyMap<string, number> {
  const urgency = new Map<string, number>();
  const dependents = new Map<string, UnitTask[]>();
  for (const task of tasks) {
    for (const { key } of task.needs ?? []) dependents.set(key, [...(dependents.get(key) ?? []), task]);
  }
  const of = ({ key, expectedSeconds = Number.POSITIVE_INFINITY }: UnitTask): number => {
    const known = urgency.get(key);
    if (known !== undefined) return known;
    const seconds = expectedSeconds + Math.max(0, ...(dependents.get(key) ?? []).map(of));
    urgency.set(key, seconds);
    return seconds;
  };
  for (const task of tasks) of(task);
  return urgency;
}

function lostChild(code: number | null, signal: NodeJS.Signals | null, printed: string): string {
  if (/heap out of memory/.test(printed)) return 'Its process ran out of JavaScript heap (--max-old-space-size).';
  const ended =
    signal === null
      ? `Its process ended with code ${code} and no result`
      : `Its process was killed by ${signal}${signal === 'SIGKILL' ? ' (the system does this when memory runs out)' : ''}`;
  return printed.trim() === '' ? `${ended}.` : `${ended}. It printed last:\n${printed.trim()}`;
}
