import { type QueuedTask, QueueFull, type Scheduler, type SubmitOptions } from '../../src/slurm/scheduler.js';

/** A job or array as it was submitted. */
export interface JobInMemory extends SubmitOptions {
  readonly id: string;
  readonly script: string;
  isHeld: boolean;
  waitsFor: readonly string[];
}

/** Takes jobs and runs none: what a driver asks of Slurm, for tests of what it asks. */
export class QueueInMemory implements Scheduler {
  readonly jobs: JobInMemory[] = [];
  /** In the order in which they came: `submit 1 last.sh`, `depend 1 2:3`, ... */
  readonly calls: string[] = [];
  private next = 1;

  /** @param room  tasks that are taken; those of arrays count each, as a cluster counts them */
  constructor(
    public room = Number.POSITIVE_INFINITY,
    private readonly onSubmit: (script: string) => void = () => {},
  ) {}

  limits() {
    return Promise.resolve({ maxArraySize: 1001 });
  }

  async submit(script: string, options: SubmitOptions = {}): Promise<string> {
    this.onSubmit(script);
    const size = options.tasks?.count ?? 1;
    const name = script.split('/').at(-1);
    if (size > this.room) {
      this.calls.push(`refuse ${name} ${size}`);
      throw new QueueFull('QOSMaxSubmitJobPerUserLimit');
    }
    this.room -= size;
    const id = `${this.next++}`;
    this.jobs.push({ id, script, ...options, isHeld: options.hold ?? false, waitsFor: options.after ?? [] });
    const tasks = options.tasks ? ` ${options.tasks.first}+${size}` : '';
    this.calls.push(`submit ${id} ${name}${tasks}${options.after?.length ? ` after ${options.after.join(':')}` : ''}`);
    return id;
  }

  async depend(job: string, after: readonly string[]): Promise<void> {
    this.calls.push(`depend ${job} ${after.join(':')}`);
    this.job(job).waitsFor = after;
  }

  async release(job: string): Promise<void> {
    this.calls.push(`release ${job}`);
    this.job(job).isHeld = false;
  }

  async queued(): Promise<readonly QueuedTask[]> {
    return this.jobs.flatMap(({ id, tasks }) =>
      Array.from({ length: tasks?.count ?? 1 }, (_, i) => ({
        job: id,
        task: tasks ? tasks.first + i : null,
        state: 'PENDING',
        reason: 'Resources',
        node: null,
      })),
    );
  }

  async cancel(jobs: readonly string[]): Promise<void> {
    this.calls.push(`cancel ${jobs.join(' ')}`);
    this.leave(...jobs);
  }

  /** These have ended. */
  leave(...jobs: readonly string[]): void {
    for (const id of jobs) {
      const at = this.jobs.findIndex((job) => job.id === id);
      if (at >= 0) this.jobs.splice(at, 1);
    }
  }

  private job(id: string): JobInMemory {
    return this.jobs.find((job) => job.id === id)!;
  }
}
