import type { RunEvent } from '../run-events.js';
import type { Scheduler } from './scheduler.js';
import type { Submission, UnitFailure } from './submission.js';

export interface FollowOptions {
  readonly onEvent: (event: RunEvent) => void;
  /** Default: Slurm's commands. */
  readonly scheduler?: Scheduler;
  /** Stops following; the jobs go on. */
  readonly signal?: AbortSignal;
  /** Told of what happens to the queue, in a line. */
  readonly onNote?: (line: string) => void;
  /** Whether `planned` was told already, as `submitRun` does. Default false. */
  readonly announced?: boolean;
}

export interface FollowedRun {
  /** `lost`: the last job is no longer in the queue and has left no outcome. */
  readonly status: 'hit' | 'restored' | 'written' | 'failed' | 'cancelled' | 'lost';
  /** Why it is not written, for people; null where it is. */
  readonly message: string | null;
  readonly failures: readonly UnitFailure[];
  /** The results, as far as there are any. */
  readonly directory: string;
}

/** Tell what happens to a submission until its last job has written its outcome. @throws the signal's reason */
export async function followRun(_submission: Submission, _options: FollowOptions): Promise<FollowedRun> {
  throw new Error('not yet');
}
