import { Worker } from 'node:worker_threads';
import { type Crew, closedError } from './crew.js';
import type { Instruction, Message } from './serve.js';
import type { ShardAnswer, ShardOrder, SumsDescription } from './shard-sums.js';

interface Job {
  readonly order: ShardOrder;
  readonly signal: AbortSignal;
  resolve(answer: ShardAnswer): void;
  reject(error: unknown): void;
  /** Whether a worker was lost over it. */
  again: boolean;
}

interface Member {
  readonly worker: Worker;
  ready: boolean;
  job?: Job;
}

/**
 * Worker threads that compute shards, one each at a time. A worker that dies or whose engine fails is replaced, as what
 * it would go on with is not to be trusted (a wasm heap that was once full stays so), and its shard is done once more.
 *
 * @param script  module of the thread: speaks as `serve` does
 * @throws what a worker says when it cannot open its engine
 */
export async function workerCrew(size: number, script: URL, instruction: Instruction): Promise<Crew> {
  const crew = new WorkerCrew(size, script, instruction);
  try {
    const [description] = await Promise.all(Array.from({ length: size }, () => crew.hire()));
    return Object.assign(crew, { description });
  } catch (error) {
    await crew.close();
    throw error;
  }
}

class WorkerCrew implements Omit<Crew, 'description'> {
  private readonly members = new Set<Member>();
  private readonly waiting: Job[] = [];
  private closed = false;
  /** What kept the last worker from being replaced. */
  private reason: unknown;

  constructor(
    readonly size: number,
    private readonly script: URL,
    private readonly instruction: Instruction,
  ) {}

  compute(order: ShardOrder, signal: AbortSignal): Promise<ShardAnswer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ order, signal, resolve, reject, again: false });
      this.assign();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.members].map(({ worker }) => worker.terminate()));
    this.rejectWaiting(closedError());
  }

  /** Starts a worker. @throws what keeps it from starting */
  hire(): Promise<SumsDescription> {
    return new Promise((resolve, reject) => {
      // Without the flags of this process: some, such as --input-type, would keep a worker from starting.
      const worker = new Worker(this.script, { workerData: this.instruction, execArgv: [] });
      const member: Member = { worker, ready: false };
      this.members.add(member);
      let reason: unknown;
      worker.on('message', (message: Message) => {
        if (message.kind === 'ready') {
          member.ready = true;
          worker.unref();
          resolve(message.description);
          this.assign();
        } else if (message.kind === 'answer') this.finish(member, message.answer);
        else {
          reason = message.error;
          void worker.terminate();
        }
      });
      worker.on('error', (error) => {
        reason = error;
      });
      worker.on('exit', (code) => {
        reason ??= new Error(`a worker thread ended with code ${code}`);
        this.members.delete(member);
        if (member.ready) this.replace(member, reason);
        else reject(reason);
      });
    });
  }

  private assign(): void {
    if (this.members.size === 0) this.rejectWaiting(this.closed ? closedError() : noneLeft(this.reason));
    for (const member of this.members) {
      if (!member.ready || member.job) continue;
      const job = this.nextJob();
      if (!job) return;
      member.job = job;
      member.worker.ref();
      member.worker.postMessage(job.order);
    }
  }

  private nextJob(): Job | undefined {
    for (let job = this.waiting.shift(); job; job = this.waiting.shift()) {
      if (!job.signal.aborted) return job;
      job.reject(job.signal.reason);
    }
    return undefined;
  }

  private finish(member: Member, answer: ShardAnswer): void {
    const { job } = member;
    delete member.job;
    member.worker.unref(); // idle workers do not keep the process
    job?.resolve(answer);
    this.assign();
  }

  private replace({ job }: Member, reason: unknown): void {
    if (this.closed) {
      job?.reject(closedError());
      return;
    }
    if (job?.again) job.reject(failedTwice(job.order, reason));
    else if (job) {
      job.again = true;
      this.waiting.unshift(job);
    }
    this.hire().catch((error) => {
      this.reason = error;
      this.assign();
    });
    this.assign(); // others may have nothing to do
  }

  private rejectWaiting(error: Error): void {
    for (const job of this.waiting.splice(0)) job.reject(error);
  }
}

function noneLeft(cause: unknown): Error {
  return new Error(`no worker is left, and none can be started: ${messageOf(cause)}`, { cause });
}

function failedTwice({ task, from, to }: ShardOrder, cause: unknown): Error {
  return new Error(`${task} of the samples ${from} .. ${to - 1} failed on two workers: ${messageOf(cause)}`, { cause });
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
