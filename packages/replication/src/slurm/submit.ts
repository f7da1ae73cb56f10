import type { ExperimentPackage } from '../find-experiments.js';
import type { ReproduceOptions, RunOutcome } from '../reproduce.js';
import type { Scheduler } from './scheduler.js';
import type { SlurmSettings } from './slurm-settings.js';
import type { Submission } from './submission.js';

export interface SubmitRunOptions extends Omit<ReproduceOptions, 'executor'> {
  readonly settings: SlurmSettings;
  /** Default: Slurm's commands. */
  readonly scheduler?: Scheduler;
  /** Told of what takes time, in a line: a full queue, another driver. */
  readonly onNote?: (line: string) => void;
}

export type SubmittedRun =
  /** Results and units stand: nothing was submitted. */
  | { readonly type: 'done'; readonly outcome: RunOutcome }
  /** Jobs are in the queue. `attached`: they were submitted before, for this very run. */
  | { readonly type: 'submitted' | 'attached'; readonly submission: Submission };

/**
 * Plan a run and submit what is missing. Tells `planned` (and `hit`) to onEvent.
 *
 * @throws SubmissionAlive when another run into the same folder has jobs in the queue
 * @throws NoSlurm, SlurmRefused; the signal's reason when stopped. Nothing is in the queue then.
 */
export async function submitRun(_found: ExperimentPackage, _options: SubmitRunOptions): Promise<SubmittedRun> {
  throw new Error('not yet');
}
