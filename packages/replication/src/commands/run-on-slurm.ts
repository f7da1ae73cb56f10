import { isDeepStrictEqual } from 'node:util';
import type { RunEvent } from '../run-events.js';
import type { SlurmSettings } from '../slurm/slurm-settings.js';
import type { Submission } from '../slurm/submission.js';
import type { SubmittedRun } from '../slurm/submit.js';
import { printAside, printableMessage } from '../terminal.js';
import { type FailedRun, nameOfRun, type RunOutcomes, tellClaims } from './run-outcomes.js';

/** What a run tells while it is submitted, and what stops that. */
export interface Watch {
  readonly onEvent: (event: RunEvent) => void;
  readonly onNote: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A run that is to be submitted, or submitted again. */
export interface RunToSubmit {
  readonly experiment: string;
  /** What its jobs are to ask for. */
  readonly settings: SlurmSettings;
  submit(watch: Watch): Promise<SubmittedRun>;
}

/** Milliseconds after Ctrl-C for taking jobs out of the queue: a busy controller takes many seconds (our choice). */
const patienceOfSubmission = 20_000;

/**
 * Submit runs, one after the other, then follow them until their results are written, unless they are to go on alone.
 *
 * Ctrl-C while they are followed leaves the jobs in the queue.
 */
export async function runOnSlurm(
  runs: readonly RunToSubmit[],
  { detach, say }: { readonly detach: boolean; readonly say: (line: string) => void },
): Promise<RunOutcomes> {
  const [{ consoleReporter }, { interruptible }, { followRun }] = await Promise.all([
    import('../console-reporter.js'),
    import('../interruptible.js'),
    import('../slurm/follow.js'),
  ]);
  const outcomes: object[] = [];
  const failed: FailedRun[] = [];
  const fail = (experiment: string, message: string) => {
    // The reason of an only run is that of the command.
    if (runs.length > 1) printAside(`hessian-rmt: ${experiment}: ${printableMessage(message)}`);
    failed.push({ experiment, message });
  };
  const submitted: { submission: Submission; onEvent: Watch['onEvent']; announced: boolean }[] = [];
  await interruptible(
    async (signal) => {
      for (const [i, { experiment, settings, submit }] of runs.entries()) {
        const report = consoleReporter({ print: say, turn: { number: i + 1, of: runs.length } });
        let announced = false;
        const onEvent = (event: RunEvent) => {
          announced ||= event.type === 'planned';
          report(event);
        };
        try {
          const run = await submit({ onEvent, onNote: say, signal });
          if (run.type === 'done') {
            const { plan, status, because, directory } = run.outcome;
            const parts = plan.whole ? null : plan.parts.map(({ part }) => part.id);
            const about = { ...plan, experiment, parts };
            const claims = await tellClaims(directory, nameOfRun(about), say);
            outcomes.push({ ...recordOf(about), status, because, directory, claims });
          } else {
            say(submittedText(run.type, run.submission));
            if (run.type === 'attached' && !isDeepStrictEqual(run.submission.settings, settings)) {
              say(`They keep the settings they were submitted with; after ${cancelLine(run.submission)} others count.`);
            }
            submitted.push({ submission: run.submission, onEvent, announced });
          }
        } catch (error) {
          if (signal.aborted || runs.length === 1) throw error;
          fail(experiment, (error as Error).message);
        }
      }
    },
    'What was being submitted was taken out of the queue; what was submitted before goes on.',
    patienceOfSubmission,
  );
  if (submitted.length === 0) return { outcomes, failed };

  const submissions = submitted.map(({ submission }) => submission);
  if (detach) {
    say(goingOn(submissions));
    const records = submissions.map((submission) => ({ ...recordOfSubmission(submission), status: 'submitted' }));
    return { outcomes: [...outcomes, ...records], failed };
  }
  await interruptible(async (signal) => {
    for (const { submission, onEvent, announced } of submitted) {
      const run = await followRun(submission, { onEvent, onNote: say, signal, announced });
      const { status, message, failures, directory } = run;
      const record = { ...recordOfSubmission(submission), status };
      if (message === null) {
        const claims = await tellClaims(directory, nameOfRun(submission), say);
        outcomes.push({ ...record, directory, claims });
      } else {
        outcomes.push({ ...record, message, failures });
        const again = `npx hessian-rmt resume ${nameOfRun(submission)} submits what is missing.`;
        fail(submission.experiment, status === 'failed' ? `${message}\n${again}` : message);
      }
    }
  }, goingOn(submissions));
  return { outcomes, failed };
}

function submittedText(type: 'submitted' | 'attached', { arrays, last, directory, experiment }: Submission): string {
  const tasks = arrays.reduce((sum, { packets }) => sum + packets, 0);
  const many = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;
  const how = type === 'attached' ? 'In the queue already' : 'Submitted';
  return (
    `${how}: ${many(tasks, 'task')} of ${experiment} in ${many(arrays.length, 'job array')}, and job ${last}, which writes ` +
    `the results. Scripts and logs: ${directory}`
  );
}

/** What to do with jobs that nobody follows. */
function goingOn(submissions: readonly Submission[]): string {
  const experiments = [...new Set(submissions.map(({ experiment }) => experiment))];
  const name = submissions.length === 1 ? nameOfRun(submissions[0]) : experiments.join(' ');
  return [
    'The jobs go on.',
    `  npx hessian-rmt status ${name}    where they stand`,
    `  npx hessian-rmt resume ${name}    follow them`,
    `  npx hessian-rmt cancel ${name}    take them out of the queue`,
  ].join('\n');
}

const cancelLine = (submission: Submission) => `npx hessian-rmt cancel ${nameOfRun(submission)}`;

function recordOf(run: Pick<Submission, 'experiment' | 'profile' | 'folder' | 'seed' | 'parts' | 'changed'>) {
  const { experiment, profile, folder, seed, parts, changed } = run;
  return {
    experiment,
    executor: 'slurm',
    profile,
    folder,
    seed,
    ...(parts === null ? {} : { parts }),
    ...(Object.keys(changed).length > 0 ? { changed } : {}),
  };
}

function recordOfSubmission(submission: Submission) {
  return { ...recordOf(submission), because: submission.because, submission: submission.directory };
}
