import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { experimentPackage } from '../../src/find-experiments.js';
import type { RunEvent } from '../../src/run-events.js';
import { followRun } from '../../src/slurm/follow.js';
import { cancelRun } from '../../src/slurm/resume.js';
import { NoSlurm } from '../../src/slurm/scheduler.js';
import { mergeSlurmSettings } from '../../src/slurm/slurm-settings.js';
import { places, type Submission, writeOutcome } from '../../src/slurm/submission.js';
import { submitRun } from '../../src/slurm/submit.js';
import { Project } from '../project.js';
import { QueueInMemory } from './queue-in-memory.js';

/** A submission of the chained toy, of which the first unit is done and the second has failed. */
async function halfDone(project: Project, scheduler: QueueInMemory): Promise<Submission> {
  const found = experimentPackage(join(project.root, 'experiments/chained-toy'));
  const settings = mergeSlurmSettings({});
  const run = await submitRun(found, { profile: 'smoke', seed: 1, root: project.root, settings, scheduler });
  if (run.type === 'done') throw new Error('nothing was submitted');
  const { submission } = run;
  const [terms, power] = submission.units.map(({ key }) => key);
  tell(submission, '0', { type: 'started', key: terms }, { type: 'finished', key: terms, seconds: 1 });
  tell(submission, '1', { type: 'started', key: power }, { type: 'failed', key: power, reason: 'no luck' });
  return submission;
}

function tell({ directory }: Submission, array: string, ...events: object[]): void {
  const time = new Date().toISOString();
  const lines = events.map((event) => `${JSON.stringify({ time, node: 'n0', ...event })}\n`).join('');
  writeFileSync(join(directory, places.events(array, 0)), lines, { flag: 'a' });
}

test('whoever comes back is told the failures again, the rest as it happens, and what the last job wrote', async () => {
  const project = new Project(['chained-toy']);
  const queue = new QueueInMemory();
  const submission = await halfDone(project, queue);
  const events: RunEvent[] = [];
  const notes: string[] = [];
  let asked = 0;
  queue.queued = async () => {
    // Slurm is asked when the files have been looked at: what follows happens meanwhile.
    if (asked++ === 0) {
      const key = submission.units[2].key;
      tell(submission, '1', { type: 'started', key }, { type: 'finished', key, seconds: 3 });
      await writeOutcome(submission.directory, {
        status: 'failed',
        message: '1 unit failed',
        failures: [{ ...submission.units[1], reason: 'no luck', log: '/log' }],
        directory: '',
        files: 0,
        finished: '',
      });
    }
    throw new NoSlurm('squeue reached no controller');
  };
  const run = await followRun(submission, {
    scheduler: queue,
    announced: true,
    onEvent: (event) => events.push(event),
    onNote: (line) => notes.push(line),
  });
  const told = events.map((event) => [event.type, ...('unit' in event ? [event.unit] : [])]);
  expect(told).toEqual([
    ['unitFailed', 'powers power=1'],
    ['unitStarted', 'powers power=2'],
    ['unitFinished', 'powers power=2'],
    ['failed'],
  ]);
  // The first unit counts, though it is not told again.
  expect(events.find(({ type }) => type === 'unitFinished')).toMatchObject({ done: 2, of: 4 });
  expect(run).toMatchObject({ status: 'failed', message: '1 unit failed', failures: [{ log: '/log' }] });
  expect(notes).toEqual(['squeue reached no controller. The jobs go on; asking again until it answers.']);
  project.remove();
});

test('following ends with a cancelled submission, and on request without touching the jobs', async () => {
  const project = new Project(['chained-toy']);
  const queue = new QueueInMemory();
  const submission = await halfDone(project, queue);
  const controller = new AbortController();
  const stopped = followRun(submission, {
    scheduler: queue,
    signal: controller.signal,
    onEvent: ({ type }) => type === 'planned' && controller.abort(new Error('enough')),
  });
  await expect(stopped).rejects.toThrow('enough');
  expect(queue.jobs).toHaveLength(3);

  await cancelRun(submission, queue);
  const run = await followRun(submission, { scheduler: queue, onEvent: () => {} });
  expect(run).toMatchObject({ status: 'cancelled', message: 'It was cancelled.' });
  project.remove();
});
