import { join } from 'node:path';
import { consoleReporter } from '../console-reporter.js';
import type { Executor } from '../executor.js';
import type { Json } from '../experiment.js';
import { experimentPackage } from '../find-experiments.js';
import { plural } from '../measurement.js';
import { tellResultsPage } from '../page/tell-page.js';
import { cacheDirectory, type RunOutcome, runPlanned, UnitsFailed, type WorkBefore } from '../reproduce.js';
import { takeLock } from '../run-lock.js';
import { planRun, type RunPlan } from '../run-plan.js';
import { UnitStore } from '../unit-store.js';
import { slurmScheduler } from './scheduler.js';
import {
  cancelledAt,
  readOutcome,
  readSubmission,
  type Submission,
  submissionLock,
  type UnitFailure,
  type WrittenOutcome,
  writeOutcome,
} from './submission.js';
import { failureOf, UnitCourses } from './unit-courses.js';
import { JobsLeft, submitWave, unsubmitted } from './wave.js';

/** Units of which a message names no more. Our choice. */
const mostNamed = 5;

/**
 * The last job of a submission: merges, draws and judges what its tasks have computed, and writes what became of the run.
 *
 *     node finish-process.js FOLDER
 *
 * Of a submission that the queue did not take as a whole it submits the next wave instead. Ends with 1 when the run failed.
 */
const [directory] = process.argv.slice(2);
const ownJob = process.env.SLURM_JOB_ID;
const submission = await readSubmission(directory);
if (submission === undefined) throw new Error(`${directory} holds no submission`);

if ((await cancelledAt(directory)) !== null) {
  console.log('Cancelled.');
} else if ((await readOutcome(directory)) !== undefined) {
  console.log('Done before.');
} else if (submission.complete && ownJob !== undefined && ownJob !== submission.last) {
  // It was started again after it had submitted the next wave.
  console.log(`Job ${submission.last} has taken its place.`);
} else if (submission.arrays.some((array) => unsubmitted(array) > 0)) {
  await submitNextWave(submission);
} else {
  await end(await outcomeOf(submission));
}

async function end(outcome: WrittenOutcome): Promise<void> {
  await writeOutcome(directory, outcome);
  if (outcome.message !== null) console.error(`hessian-rmt: ${outcome.message}`);
  process.exitCode = outcome.status === 'failed' ? 1 : 0;
}

async function submitNextWave(submitted: Submission): Promise<void> {
  const { root, experiment, folder, id } = submitted;
  const lock = await takeLock(submissionLock(root, experiment, folder), { purpose: `next jobs of ${experiment}` });
  try {
    // Whoever held the lock may have changed it.
    const current = await readSubmission(directory);
    if (current?.id !== id) return console.log('Another submission has taken its place.');
    await submitWave(current, slurmScheduler(), { onNote: console.log, ...(ownJob === undefined ? {} : { ownJob }) });
    console.log('Submitted what the queue had not taken before.');
  } catch (error) {
    // Jobs that are left are taken out of the queue by whoever resumes a run without an outcome.
    if (error instanceof JobsLeft || (await cancelledAt(directory)) !== null) throw error;
    const why = `The tasks that the queue had not taken before could not be submitted: ${(error as Error).message}`;
    await end(outcomeAs(submitted, 'failed', { message: why }));
  } finally {
    lock.release();
  }
}

async function outcomeOf(submitted: Submission): Promise<WrittenOutcome> {
  const failures: UnitFailure[] = [];
  try {
    let files = 0;
    const report = consoleReporter();
    const { status } = await finish(submitted, failures, (event) => {
      if (event.type === 'finished') files = event.files;
      report(event);
    });
    // As the command does after a run here.
    await tellResultsPage(submitted.root, console.log).catch((error: Error) => console.error(error.message));
    return outcomeAs(submitted, status, { files });
  } catch (error) {
    if (process.env.HESSIAN_RMT_DEBUG) console.error(error);
    return outcomeAs(submitted, 'failed', { message: (error as Error).message, failures });
  }
}

function outcomeAs(
  { root, experiment, folder }: Submission,
  status: WrittenOutcome['status'],
  { message = null, failures = [], files = 0 }: Partial<WrittenOutcome>,
): WrittenOutcome {
  const finished = new Date().toISOString();
  return { status, message, failures, directory: join(root, 'results', experiment, folder), files, finished };
}

async function finish(
  submitted: Submission,
  failures: UnitFailure[],
  onEvent: Parameters<typeof runPlanned>[1]['onEvent'] & object,
): Promise<RunOutcome> {
  const { root, experiment, profile, seed, parts, changed, folder, runKey } = submitted;
  const found = experimentPackage(join(root, 'experiments', experiment));
  const plan = await planRun(found, profile, seed, parts ?? undefined, { changed, folder });
  if (plan.runKey !== runKey) throw new Error(whyOutdated(plan, submitted));
  const courses = new UnitCourses(submitted);
  courses.read();
  const store = new UnitStore(cacheDirectory(root));
  const before: WorkBefore = {
    started: new Date(submitted.submitted),
    computed: submitted.units.filter(({ key }) => store.has(key)).map(({ key }) => key),
    because: submitted.because,
    executor: executorRecord(submitted, courses.nodes()),
  };
  /** All that was to be computed was: what is missing is missing for good. */
  const executor: Executor = {
    cores: submitted.planned.cores,
    async run(tasks, tell) {
      for (const { key } of tasks) {
        const { label } = plan.units.find((unit) => unit.key === key)!;
        const failure = await failureOf(submitted, courses, { key, unit: label });
        failures.push(failure);
        tell({ type: 'failed', key, reason: failure.reason });
      }
    },
  };
  try {
    return await runPlanned(plan, { root, executor, onEvent }, before);
  } catch (error) {
    if (!(error instanceof UnitsFailed)) throw error;
    throw new Error(messageOf(failures));
  }
}

function messageOf(failures: readonly UnitFailure[]): string {
  const lines = failures.map(({ unit, reason, log }) => `  ${unit}\n    ${reason.split('\n')[0]}\n    log: ${log}`);
  const more = lines.length - mostNamed;
  const named = more > 1 ? [...lines.slice(0, mostNamed), `  and ${more} more`] : lines;
  return `${plural(failures.length, 'unit')} failed; the results were not written. Finished units are kept.\n${named.join('\n')}`;
}

function whyOutdated({ library, sources }: RunPlan, { planned }: Submission): string {
  const again = 'hessian-rmt resume plans it again, and computes what that changes.';
  if (library.description !== planned.library.description) {
    return `The run was planned for ${planned.library.description}, but its last job found ${library.description}. Choose nodes of one kind (--sbatch=--constraint=...), or set OPENBLAS_CORETYPE for all of them; then ${again}`;
  }
  const build = sources.hash.slice(0, 8);
  return `The code was built anew while the jobs were waiting (now ${build}), so this is no longer the run that was planned. ${again}`;
}

/** For `run.json`: who computed the units, and that its times are those of the whole submission. */
function executorRecord({ arrays, settings }: Submission, nodes: readonly string[]): Json {
  return {
    name: 'slurm',
    times: 'from submission to end, waiting in the queue included',
    tasks: arrays.reduce((sum, { packets }) => sum + packets, 0),
    cpusPerTask: Math.max(0, ...arrays.map(({ cpus }) => cpus)),
    nodes: [...nodes],
    ...(settings.partition === undefined ? {} : { partition: settings.partition }),
  };
}
