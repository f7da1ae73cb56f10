import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { experimentPackage } from '../../src/find-experiments.js';
import { planRun } from '../../src/run-plan.js';
import { cancelRun, resumeRun } from '../../src/slurm/resume.js';
import { NoSlurm, SlurmRefused } from '../../src/slurm/scheduler.js';
import { mergeSlurmSettings } from '../../src/slurm/slurm-settings.js';
import { statusText, submissionStatus } from '../../src/slurm/status.js';
import { places, readSubmission, type Submission, writeOutcome } from '../../src/slurm/submission.js';
import { SubmissionAlive, submitRun } from '../../src/slurm/submit.js';
import { JobsLeft, submitWave } from '../../src/slurm/wave.js';
import { Project } from '../project.js';
import { QueueInMemory } from './queue-in-memory.js';

const settings = mergeSlurmSettings({ packetMinutes: 0.001 });
let project: Project;
let found: ReturnType<typeof experimentPackage>;

beforeEach(() => {
  project = new Project(['chained-toy']);
  found = experimentPackage(join(project.root, 'experiments/chained-toy'));
  return () => project.remove();
});

/** The run of the chained toy at smoke: one unit, and three that need it. */
async function submit(scheduler: QueueInMemory, options: { seed?: number; force?: boolean } = {}): Promise<Submission> {
  const run = await submitRun(found, {
    profile: 'smoke',
    seed: 1,
    root: project.root,
    settings,
    scheduler,
    ...options,
  });
  if (run.type === 'done') throw new Error('nothing was submitted');
  return run.submission;
}

/** Tells the events of a task, as the task does. */
function tell({ directory }: Submission, array: string, task: number, ...lines: string[]): void {
  writeFileSync(join(directory, places.events(array, task)), lines.map((line) => `${line}\n`).join(''), { flag: 'a' });
}

const event = (type: string, key: string, rest = {}) =>
  JSON.stringify({ time: new Date().toISOString(), node: 'n0', type, key, ...rest });

describe('a submission', () => {
  test('begins with its last job, held, and releases it when that job knows the arrays', async () => {
    const queue = new QueueInMemory();
    const { arrays, units, complete } = await submit(queue);
    expect(queue.calls).toEqual([
      'submit 1 last.sh',
      'submit 2 0.sh 0+1',
      'submit 3 1.sh 0+1 after 2',
      'depend 1 2:3',
      'release 1',
    ]);
    expect(complete).toBe(true);
    expect(arrays.map(({ stage }) => stage)).toEqual([0, 1]);
    expect(units.map(({ unit, array }) => [unit, array])).toEqual([
      ['terms', '0'],
      ['powers power=1', '1'],
      ['powers power=2', '1'],
      ['powers power=3', '1'],
    ]);
  });

  test('of the same run is not made twice, and another run into its folder is refused', async () => {
    const queue = new QueueInMemory();
    const first = await submit(queue);
    const again = await submitRun(found, { profile: 'smoke', seed: 1, root: project.root, settings, scheduler: queue });
    expect(again).toMatchObject({ type: 'attached', submission: { id: first.id } });
    await expect(submit(queue, { seed: 2 })).rejects.toThrow(SubmissionAlive);
    await expect(submit(queue, { force: true })).rejects.toThrow(/another run into results\/chained-toy\/smoke/);
    expect(queue.calls.filter((call) => call.startsWith('submit'))).toHaveLength(3);
  });

  test('whose driver was killed after any of its steps leaves the queue when the run is submitted again', async () => {
    for (const killedAt of ['last.sh', '0.sh', '1.sh', 'depend', 'release']) {
      const queue = new QueueInMemory(Number.POSITIVE_INFINITY);
      // What a killed driver leaves: the record as it was when the call was made, and what is in the queue by then.
      let left: { record: string; jobs: QueueInMemory['jobs'] } | undefined;
      const directory = join(project.root, '.hessian-rmt/slurm/chained-toy/smoke');
      const note = (step: string) => {
        if (step !== killedAt || left !== undefined) return;
        left = { record: readFileSync(join(directory, places.record), 'utf8'), jobs: [...queue.jobs] };
      };
      const watched = new Proxy(queue, {
        get(target, name) {
          const method = Reflect.get(target, name);
          if (typeof method !== 'function') return method;
          return async (...args: unknown[]) => {
            const result = await method.apply(target, args);
            note(name === 'submit' ? String(args[0]).split('/').at(-1)! : String(name));
            return result;
          };
        },
      });
      await submit(watched);
      writeFileSync(join(directory, places.record), left!.record);
      queue.jobs.splice(0, queue.jobs.length, ...left!.jobs);
      const before = left!.jobs.map(({ id }) => id);
      expect((await submissionStatus((await readSubmission(directory))!, queue)).state).toBe('broken');

      await submit(queue);
      expect(queue.jobs.map(({ id }) => id)).toHaveLength(3);
      expect(queue.jobs.filter(({ id }) => before.includes(id))).toEqual([]);
      rmSync(join(project.root, '.hessian-rmt'), { recursive: true });
    }
  });

  test('that is refused leaves nothing in the queue, and the one before it in its place', async () => {
    const first = await submit(new QueueInMemory());
    const queue = new QueueInMemory(Number.POSITIVE_INFINITY, (script) => {
      if (script.endsWith('1.sh')) throw new SlurmRefused('sbatch did not take 1.sh: Invalid partition');
    });
    await expect(submit(queue, { seed: 2 })).rejects.toThrow('Invalid partition');
    expect(queue.jobs).toEqual([]);
    expect((await readSubmission(first.directory))?.id).toBe(first.id);
  });

  test('that Slurm does not take back stays on record, so that its jobs are found', async () => {
    const { directory } = await submit(new QueueInMemory());
    const queue = new QueueInMemory();
    queue.release = queue.cancel = () => Promise.reject(new NoSlurm('no controller'));
    await expect(submit(queue, { seed: 2 })).rejects.toThrow(JobsLeft);
    const left = await readSubmission(directory);
    expect(left).toMatchObject({ seed: 2, complete: false });
    expect((await submissionStatus(left!, queue)).state).toBe('broken');
  });

  test('leaves no job of which sbatch told no id', async () => {
    const queue = new QueueInMemory();
    const { submit: take } = queue;
    queue.submit = async (script, options) => {
      await take.call(queue, script, options);
      if (script.endsWith('1.sh')) throw new NoSlurm('sbatch reached no controller; it said: Socket timed out');
      return queue.jobs.at(-1)!.id;
    };
    await expect(submit(queue)).rejects.toThrow('Socket timed out');
    expect(queue.jobs).toEqual([]);
  });

  test('that is cancelled while its last array is being submitted leaves the queue', async () => {
    const queue = new QueueInMemory(Number.POSITIVE_INFINITY, (script) => {
      if (script.endsWith('1.sh')) writeFileSync(join(script, '../..', places.cancelled), '{"cancelled":"now"}');
    });
    await expect(submit(queue)).rejects.toThrow('cancelled');
    expect(queue.jobs).toEqual([]);
  });

  test('is not made for results that stand; anew, it removes their units only when the cluster has taken the run', async () => {
    expect((await project.run('reproduce', 'chained-toy', '--profile', 'smoke')).code).toBe(0);
    const queue = new QueueInMemory();
    const run = await submitRun(found, { profile: 'smoke', seed: 1, root: project.root, settings, scheduler: queue });
    expect(run).toMatchObject({ type: 'done', outcome: { status: 'hit' } });
    expect(queue.calls).toEqual([]);

    const { units } = await planRun(found, 'smoke', 1);
    const folderOf = ({ key }: { key: string }) => join(project.root, '.hessian-rmt/units', key.slice(0, 2), key);
    const refusing = new QueueInMemory(Number.POSITIVE_INFINITY, () => {
      throw new SlurmRefused('no');
    });
    await expect(submit(refusing, { force: true })).rejects.toThrow('no');
    expect(units.map(folderOf).filter(existsSync)).toHaveLength(4);
    await submit(new QueueInMemory(), { force: true });
    expect(units.map(folderOf).filter(existsSync)).toEqual([]);
  });
});

describe('a full queue', () => {
  /** An array of ten tasks, and one of a later stage. */
  async function wide(): Promise<Submission> {
    const submission = await submit(new QueueInMemory());
    const [first, second] = submission.arrays;
    const arrays = [
      { ...first, packets: 10, jobs: [] },
      { ...second, packets: 3, jobs: [] },
    ];
    return { ...submission, arrays, last: null, complete: false, waves: 0 };
  }

  test('takes as much of an array as there is room for, and the rest in later waves', async () => {
    const queue = new QueueInMemory(8);
    let submission = await submitWave(await wide(), queue);
    const taken = () => submission.arrays.map(({ jobs }) => jobs.map(({ first, count }) => [first, count]));
    expect(taken()).toEqual([
      [
        [0, 5],
        [5, 2],
      ],
      [],
    ]);
    expect(queue.calls.slice(-2)).toEqual(['depend 1 2:3', 'release 1']);

    queue.leave('1', '2', '3');
    queue.room = 5;
    submission = await submitWave(submission, queue);
    expect(taken()).toEqual([
      [
        [0, 5],
        [5, 2],
        [7, 3],
      ],
      [[0, 1]],
    ]);
    expect(queue.calls).toContain('submit 6 1.sh 0+1 after 5');
    expect(queue.calls.slice(-2)).toEqual(['depend 4 5:6', 'release 4']);
    queue.leave('4', '5', '6');
    queue.room = 100;
    submission = await submitWave(submission, queue);
    expect(taken()[1]).toEqual([
      [0, 1],
      [1, 2],
    ]);
    // What a stage waits for has ended in the wave before.
    expect(queue.jobs.at(-1)?.waitsFor).toEqual([]);
    expect(submission.waves).toBe(3);
  });

  test('whose last job was preempted while it submitted the next wave knows what it had submitted', async () => {
    const queue = new QueueInMemory(8);
    const first = await submitWave(await wide(), queue);
    queue.leave('2', '3');
    queue.room = 2;
    const killed = await submitWave(first, queue, { ownJob: '1' });
    // As it stood before the wave had its end: the next last job is held, and one array is not on record.
    queue.room = 100;
    await queue.submit('0.sh', { tasks: { first: 8, count: 1 } });
    const again = await submitWave({ ...killed, complete: false }, queue, { ownJob: '1' });
    expect(queue.jobs.map(({ id }) => id)).toEqual(['1', '5', '7', '8', '9']);
    expect(queue.jobs.find(({ id }) => id === again.last)?.waitsFor).toEqual(['5', '8', '9']);
    expect(again.arrays[0].jobs.map(({ job }) => job)).toEqual(['2', '3', '5', '8']);
    expect(queue.jobs.at(-1)?.waitsFor).toEqual(['5', '8']);
  });

  test('that takes not even one task is tried again until it does', async () => {
    const queue = new QueueInMemory(1);
    const notes: string[] = [];
    const wave = submitWave(await wide(), queue, {
      patience: { first: 5, most: 10 },
      onNote(line) {
        notes.push(line);
        queue.room = 100;
      },
    });
    await expect(wave).resolves.toMatchObject({ complete: true });
    expect(notes).toEqual([expect.stringContaining('The queue is full (QOSMaxSubmitJobPerUserLimit)')]);
  });

  test('that is waited for is left on request, with what was submitted', async () => {
    const queue = new QueueInMemory(1);
    const controller = new AbortController();
    const submission = await wide();
    const onNote = () => controller.abort(new Error('enough'));
    await expect(submitWave(submission, queue, { signal: controller.signal, onNote })).rejects.toThrow('enough');
    expect(queue.jobs).toEqual([]);
  });
});

describe('status', () => {
  test('sorts units by what their tasks told, by the store and by the queue', async () => {
    const queue = new QueueInMemory();
    const submission = await submit(queue);
    const states = async () => {
      const { state, units } = await submissionStatus(submission, queue);
      return { state, ...units };
    };
    expect(await states()).toEqual({ state: 'queued', done: 0, running: 0, waiting: 4, failed: 0, of: 4 });
    const keys = submission.units.map(({ key }) => key);
    tell(submission, '0', 0, event('started', keys[0]), event('finished', keys[0], { seconds: 1 }));
    queue.leave('2');
    // The first unit of the second array failed, the second is under way, and its line is cut short.
    tell(submission, '1', 0, event('started', keys[1]), event('failed', keys[1], { reason: 'no luck' }), '{"time":"20');
    expect(await states()).toEqual({ state: 'running', done: 1, running: 0, waiting: 3, failed: 0, of: 4 });
    queue.leave('3');
    mkdirSync(join(submission.directory, 'logs'), { recursive: true });
    writeFileSync(
      join(submission.directory, places.log('1', 0)),
      'slurmstepd: error: *** JOB 3 ON n0 CANCELLED AT 2026-01-01 DUE TO TIME LIMIT ***\n',
    );
    const status = await submissionStatus(submission, queue);
    expect(status.state).toBe('drawing');
    expect(status.failures.map(({ unit, reason }) => [unit, reason])).toEqual([
      ['powers power=1', 'no luck'],
      ['powers power=2', 'It has no result: its job reached its time limit.'],
      ['powers power=3', 'It has no result: its job reached its time limit.'],
    ]);
    queue.leave('1');
    expect(await states()).toMatchObject({ state: 'broken', failed: 3 });
    await writeOutcome(submission.directory, {
      status: 'failed',
      message: '3 units failed',
      failures: status.failures,
      directory: '',
      files: 0,
      finished: '',
    });
    expect(statusText(await submissionStatus(submission, queue))).toContain('FAILED powers power=1: no luck');
  });

  test('of a cancelled submission says so, and resuming it submits what is missing', async () => {
    const queue = new QueueInMemory();
    const submission = await submit(queue);
    expect(await cancelRun(submission, queue)).toBe(3);
    expect(queue.jobs).toEqual([]);
    expect(await submissionStatus(submission, queue)).toMatchObject({ state: 'cancelled', units: { failed: 0 } });
    const run = await resumeRun(submission, { scheduler: queue });
    expect(run).toMatchObject({ type: 'submitted' });
    expect(await resumeRun((await readSubmission(submission.directory))!, { scheduler: queue })).toMatchObject({
      type: 'attached',
    });
    expect(queue.jobs).toHaveLength(3);
  });

  test('a disk that takes nothing keeps no job of a cancelled run in the queue', async () => {
    const queue = new QueueInMemory();
    const submission = await submit(queue);
    mkdirSync(join(submission.directory, 'cancelled.json'));
    await expect(cancelRun(submission, queue)).rejects.toThrow(
      `That the run was cancelled cannot be written to ${submission.directory}: `,
    );
    expect(queue.jobs).toEqual([]);
  });

  test('of a cancelled submission whose jobs Slurm did not take out says so', async () => {
    const queue = new QueueInMemory();
    const submission = await submit(queue);
    queue.cancel = () => Promise.reject(new NoSlurm('scancel reached no controller'));
    await expect(cancelRun(submission, queue)).rejects.toThrow('scancel reached no controller');
    expect(await submissionStatus(submission, queue)).toMatchObject({
      state: 'cancelled',
      message: 'Not all of its jobs have left the queue: if they stay, cancel it again.',
    });
  });

  test('says what Slurm says when it does not answer', async () => {
    const queue = new QueueInMemory();
    const submission = await submit(queue);
    queue.queued = () => Promise.reject(new NoSlurm('squeue reached no controller'));
    expect(await submissionStatus(submission, queue)).toMatchObject({
      state: 'unknown',
      message: 'squeue reached no controller',
      queue: null,
    });
  });
});
