import type { Scheduler } from './scheduler.js';
import type { SlurmSettings } from './slurm-settings.js';
import type { Submission, UnitFailure } from './submission.js';
import type { SubmitRunOptions, SubmittedRun } from './submit.js';

export interface SubmissionStatus {
  /**
   * `queued`: no task has started. `drawing`: all units have ended, and the last job merges, draws and judges. `broken`: no
   * outcome, and no job that would write one. `unknown`: Slurm does not answer.
   */
  readonly state: 'queued' | 'running' | 'drawing' | 'done' | 'failed' | 'cancelled' | 'broken' | 'unknown';
  /** For people, where there is more to say: why it failed or broke, what Slurm said. */
  readonly message: string | null;
  readonly experiment: string;
  readonly folder: string;
  readonly submission: string;
  readonly submitted: string;
  readonly units: {
    readonly done: number;
    readonly running: number;
    readonly waiting: number;
    readonly failed: number;
    readonly of: number;
  };
  /** What is in the queue, by state and Slurm's reason; null when Slurm does not answer. */
  readonly queue:
    | readonly {
        readonly state: string;
        readonly reason: string;
        readonly tasks: number;
      }[]
    | null;
  readonly running: readonly {
    readonly unit: string;
    readonly fraction: number | null;
    readonly doing: string | null;
    readonly node: string | null;
  }[];
  readonly failures: readonly UnitFailure[];
  /** Of the job that merges, draws and judges. */
  readonly lastJob: { readonly job: string | null; readonly log: string };
  /** The results, once they are written. */
  readonly directory: string | null;
}

export async function submissionStatus(_submission: Submission, _scheduler?: Scheduler): Promise<SubmissionStatus> {
  throw new Error('not yet');
}

/** For people. */
export function statusText(_status: SubmissionStatus): string {
  throw new Error('not yet');
}

/** Takes the jobs of a submission out of the queue; finished units stay. @returns how many tasks were in it */
export async function cancelRun(_submission: Submission, _scheduler?: Scheduler): Promise<number> {
  throw new Error('not yet');
}

export interface ResumeOptions extends Pick<SubmitRunOptions, 'scheduler' | 'onEvent' | 'onNote' | 'signal'> {
  /** Default: those it was submitted with. */
  readonly settings?: SlurmSettings;
}

/** Attaches to jobs that are alive, else submits what is missing, failed units included. */
export async function resumeRun(_submission: Submission, _options: ResumeOptions): Promise<SubmittedRun> {
  throw new Error('not yet');
}
