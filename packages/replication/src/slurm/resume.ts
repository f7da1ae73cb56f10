import { join } from 'node:path';
import { writing } from '../cannot-write.js';
import { experimentPackage } from '../find-experiments.js';
import { type Scheduler, slurmScheduler } from './scheduler.js';
import type { SlurmSettings } from './slurm-settings.js';
import { cancelledAt, jobName, markCancelled, readOutcome, type Submission } from './submission.js';
import { type SubmitRunOptions, type SubmittedRun, submitRun, tellPlanned } from './submit.js';

/**
 * Takes the jobs of a submission out of the queue; finished units stay in the store.
 *
 * @returns how many tasks were in the queue
 * @throws CannotWrite when it cannot be noted on the disk; the jobs are out of the queue then too
 */
export async function cancelRun(submission: Submission, scheduler: Scheduler = slurmScheduler()): Promise<number> {
  const { directory } = submission;
  if ((await readOutcome(directory)) !== undefined) return 0;
  // First, so that a driver that is still submitting submits no more. A disk that takes nothing keeps no job in the queue.
  const kept = 'Its jobs were taken out of the queue all the same.';
  const [marked] = await Promise.allSettled([
    writing('That the run was cancelled', directory, kept, () => markCancelled(directory)),
  ]);
  const queued = await scheduler.queued(jobName(submission));
  await scheduler.cancel([...new Set(queued.map(({ job }) => job))]);
  if (marked.status === 'rejected') throw marked.reason;
  return queued.length;
}

export interface ResumeOptions extends Pick<SubmitRunOptions, 'scheduler' | 'onEvent' | 'onNote' | 'signal'> {
  /** Default: those it was submitted with. */
  readonly settings?: SlurmSettings;
}

/**
 * Goes on with a submission: attaches to its jobs while they are alive, else submits what is missing, units that failed
 * included. Nothing is submitted when the results stand.
 *
 * @throws as `submitRun`
 */
export async function resumeRun(submission: Submission, options: ResumeOptions): Promise<SubmittedRun> {
  const { scheduler = slurmScheduler(), settings = submission.settings, ...rest } = options;
  if (await isAlive(submission, scheduler)) {
    tellPlanned(submission, rest.onEvent ?? (() => {}));
    return { type: 'attached', submission };
  }
  const { root, experiment, profile, seed, parts, changed, folder } = submission;
  return submitRun(experimentPackage(join(root, 'experiments', experiment)), {
    ...rest,
    root,
    profile,
    seed,
    changed,
    as: folder,
    ...(parts === null ? {} : { parts }),
    settings,
    scheduler,
  });
}

/** Whether a job is in the queue that will write what becomes of it. */
async function isAlive({ directory, complete, last, id }: Submission, scheduler: Scheduler): Promise<boolean> {
  if (!complete || (await readOutcome(directory)) !== undefined || (await cancelledAt(directory)) !== null)
    return false;
  return (await scheduler.queued(jobName({ id }))).some(({ job }) => job === last);
}
