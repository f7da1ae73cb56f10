import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { plural } from '../measurement.js';
import { QueueFull, type Scheduler, type SubmitOptions } from './scheduler.js';
import {
  cancelledAt,
  jobName,
  places,
  type Submission,
  type SubmittedArray,
  type SubmittedJob,
  writeSubmission,
} from './submission.js';

export interface WaveOptions {
  /** Called once the last job is in the queue, before any array is. */
  readonly onAccepted?: () => Promise<void>;
  readonly onNote?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** The job that this process runs in, when it is one of the submission: no other wave may take it out of the queue. */
  readonly ownJob?: string;
  /** Milliseconds until a full queue is tried again: at first, doubled each time, and at most. Default: 5 s and 1 min (our choice). */
  readonly patience?: { readonly first: number; readonly most: number };
}

/** A wave came to nothing, and some of its jobs may still be in the queue: Slurm did not take them out of it. */
export class JobsLeft extends Error {
  override readonly name = 'JobsLeft';

  constructor(submission: Submission, cause: Error) {
    super(`${cause.message}. What was submitted may still be in the queue, under the name ${jobName(submission)}.`, {
      cause,
    });
  }
}

/**
 * Submit what of a submission is not submitted yet: first the last job, held; then the arrays in their order, as far as the
 * queue takes them; then the last job learns what it waits for and is released. When the queue is full, the last job of
 * this wave submits the next one.
 *
 * The record is written after every step, and all jobs have one name: whoever is killed in the middle leaves nothing that
 * cannot be found.
 *
 * @throws the scheduler's errors, and the signal's reason, with nothing of the submission left in the queue but `ownJob`;
 *   JobsLeft when that could not be done
 */
export async function submitWave(
  submission: Submission,
  scheduler: Scheduler,
  options: WaveOptions = {},
): Promise<Submission> {
  const wave = new Wave(submission, scheduler, options);
  try {
    return await wave.submit();
  } catch (error) {
    await wave.takeBack().catch(() => {
      throw new JobsLeft(submission, error as Error);
    });
    throw error;
  }
}

/** Number of tasks of an array that are still to be submitted. */
export function unsubmitted({ packets, jobs }: SubmittedArray): number {
  return packets - jobs.reduce((sum, { count }) => sum + count, 0);
}

class Wave {
  /** The arrays of this wave, by stage. */
  private readonly stages = new Map<number, string[]>();
  private last: string | undefined;
  private isFull = false;

  constructor(
    private current: Submission,
    private readonly scheduler: Scheduler,
    private readonly options: WaveOptions,
  ) {}

  async submit(): Promise<Submission> {
    await this.takeUp();
    this.last = await this.patiently(places.lastScript, { hold: true });
    await this.save({ last: this.last, complete: false, waves: this.current.waves + 1 });
    await this.options.onAccepted?.();
    for (const { id } of this.current.arrays) {
      if (this.isFull) break;
      await this.submitArray(id);
    }
    const left = this.current.arrays.reduce((sum, array) => sum + unsubmitted(array), 0);
    if (left > 0) {
      this.options.onNote?.(
        `The queue is full: ${plural(left, 'task')} will be submitted when those in it have ended.`,
      );
    }
    await this.checkWanted();
    const inQueue = await this.othersInQueue();
    await this.scheduler.depend(
      this.last,
      this.jobs().filter((job) => inQueue.has(job)),
    );
    await this.scheduler.release(this.last);
    await this.save({ complete: true });
    return this.current;
  }

  /** By their name: of a job that was taken while sbatch got no answer nobody was told the id. */
  async takeBack(): Promise<void> {
    await this.scheduler.cancel([...(await this.othersInQueue())]);
  }

  /**
   * A last job that was preempted while it submitted this wave begins it again: arrays in the record are waited for, and what
   * is in none leaves the queue.
   */
  private async takeUp(): Promise<void> {
    if (this.current.waves === 0) return;
    const inQueue = await this.othersInQueue();
    for (const { stage, jobs } of this.current.arrays) {
      for (const { job } of jobs) if (inQueue.has(job)) this.note(stage, job);
    }
    await this.scheduler.cancel([...inQueue].filter((job) => !this.jobs().includes(job)));
  }

  private async othersInQueue(): Promise<ReadonlySet<string>> {
    const queued = await this.scheduler.queued(jobName(this.current));
    return new Set(queued.map(({ job }) => job).filter((job) => job !== this.options.ownJob));
  }

  /** All of an array that the queue takes: a piece that it refuses is halved, down to a single task. */
  private async submitArray(id: string): Promise<void> {
    const array = () => this.current.arrays.find((one) => one.id === id)!;
    let size = unsubmitted(array());
    while (unsubmitted(array()) > 0) {
      const first = array().packets - unsubmitted(array());
      const count = Math.min(size, unsubmitted(array()));
      const job = await this.submitPiece(array(), first, count);
      if (job !== undefined) {
        this.note(array().stage, job);
        await this.record(id, { job, first, count, submitted: new Date().toISOString() });
      } else if (count > 1) {
        size = Math.ceil(count / 2);
      } else {
        this.isFull = true;
        return;
      }
    }
  }

  /** @returns undefined when the queue does not take it, unless it would be the first of the wave: that is waited for */
  private async submitPiece({ id, stage }: SubmittedArray, first: number, count: number): Promise<string | undefined> {
    const { tasksAtOnce } = this.current.settings;
    const options: SubmitOptions = {
      after: this.stages.get(stage - 1) ?? [],
      tasks: { first, count, ...(tasksAtOnce === undefined ? {} : { atOnce: tasksAtOnce }) },
    };
    if (count === 1 && this.jobs().length === 0) return this.patiently(places.script(id), options);
    await this.checkWanted();
    try {
      return await this.scheduler.submit(join(this.current.directory, places.script(id)), options);
    } catch (error) {
      if (error instanceof QueueFull) return undefined;
      throw error;
    }
  }

  /** Tries until the queue takes it. */
  private async patiently(script: string, options: SubmitOptions): Promise<string> {
    const { signal, onNote = () => {}, patience = { first: 5000, most: 60_000 } } = this.options;
    for (let tries = 0; ; tries++) {
      await this.checkWanted();
      try {
        return await this.scheduler.submit(join(this.current.directory, script), options);
      } catch (error) {
        if (!(error instanceof QueueFull)) throw error;
        if (tries === 0) onNote(`The queue is full (${error.message}): trying again until it takes a job.`);
        const interval = Math.min(patience.most, patience.first * 2 ** tries);
        await sleep(interval, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
      }
    }
  }

  private async checkWanted(): Promise<void> {
    this.options.signal?.throwIfAborted();
    if ((await cancelledAt(this.current.directory)) !== null) throw new Error('cancelled while it was being submitted');
  }

  private note(stage: number, job: string): void {
    this.stages.set(stage, [...(this.stages.get(stage) ?? []), job]);
  }

  private jobs(): readonly string[] {
    return [...this.stages.values()].flat();
  }

  private record(id: string, job: SubmittedJob): Promise<void> {
    const arrays = this.current.arrays.map((array) =>
      array.id === id ? { ...array, jobs: [...array.jobs, job] } : array,
    );
    return this.save({ arrays });
  }

  private async save(changes: Partial<Submission>): Promise<void> {
    this.current = { ...this.current, ...changes };
    await writeSubmission(this.current);
  }
}
