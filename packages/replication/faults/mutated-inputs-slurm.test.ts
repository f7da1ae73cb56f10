import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { experimentPackage } from '../src/find-experiments.js';
import { mergeSlurmSettings, readSlurmSettings } from '../src/slurm/slurm-settings.js';
import { statusText, submissionStatus } from '../src/slurm/status.js';
import { places, readPackets, readSubmission, type Submission, writeOutcome } from '../src/slurm/submission.js';
import { submitRun } from '../src/slurm/submit.js';
import { EventReader } from '../src/slurm/task-events.js';
import { printable } from '../src/terminal.js';
import { Project } from '../test/project.js';
import { QueueInMemory } from '../test/slurm/queue-in-memory.js';
import { temporaryFolder } from '../test/temporary.js';
import { runCampaign } from './campaign.js';
import { complaintAbout, complaintAboutPrinted } from './judged-outcome.js';
import { damagedAnyhow } from './mutations.js';

const inputs = { long: 400, short: 20 };
let project: Project;
let queue: QueueInMemory;
let submission: Submission;
beforeAll(async () => {
  project = new Project(['chained-toy']);
  queue = new QueueInMemory();
  const found = experimentPackage(join(project.root, 'experiments/chained-toy'));
  const settings = mergeSlurmSettings({});
  const run = await submitRun(found, { profile: 'smoke', seed: 1, root: project.root, settings, scheduler: queue });
  if (run.type === 'done') throw new Error('nothing was submitted');
  submission = run.submission;
});
afterAll(() => project.remove());

test('files of a submission: an altered one is told by its name, whoever reads it', async () => {
  const { directory, arrays } = submission;
  await writeOutcome(directory, {
    status: 'failed',
    message: 'one unit failed',
    failures: [{ key: 'a', unit: 'unit a', reason: 'it threw', log: '/logs/0-0.log' }],
    directory: 'results/chained-toy/smoke',
    files: 0,
    finished: '2026-01-01T00:00:00.000Z',
  });
  const files = [places.record, places.outcome, places.packets(arrays[0].id)].map((name) => join(directory, name));
  const contents = files.map((file) => readFileSync(file, 'utf8'));
  await runCampaign({
    kind: 'files of a submission',
    mutations: fc.oneof(
      ...contents.map((content, i) => damagedAnyhow(content).map((one) => ({ ...one, name: `${i}: ${one.name}` }))),
    ),
    inputs,
    names: files,
    async read({ name, bytes }) {
      const which = Number(name[0]);
      writeFileSync(files[which], bytes);
      try {
        await submissionStatus((await readSubmission(directory))!, queue);
        await readPackets(directory, arrays[0].id);
        return bytes.equals(Buffer.from(contents[which])) ? undefined : 'an altered file that is taken for whole';
      } finally {
        writeFileSync(files[which], contents[which]);
      }
    },
  });
});

test('events: a line that no task wrote is passed over, and what is told of the others can be printed', async () => {
  const [{ key, array, packet }] = submission.units;
  const start = { time: '2026-01-01T00:00:00.000Z', node: 'n0', key };
  const lines = [
    { ...start, type: 'started' },
    { ...start, type: 'progress', fraction: 0.5, doing: 'half of it' },
    { ...start, type: 'failed', reason: 'it threw' },
  ].map((event) => JSON.stringify(event));
  const file = join(submission.directory, places.events(array, packet));
  await runCampaign({
    kind: 'events of tasks',
    mutations: fc.oneof(
      ...lines.map((line, i) =>
        damagedAnyhow(line).map(({ name, bytes }) => ({
          name: `line ${i}: ${name}`,
          bytes: Buffer.concat(
            lines.map((other, j) => Buffer.concat([j === i ? bytes : Buffer.from(other), Buffer.of(10)])),
          ),
        })),
      ),
    ),
    inputs,
    names: [file],
    async read({ bytes }) {
      writeFileSync(file, bytes);
      const events = new EventReader(submission.directory).next(array, packet);
      if (events.length < 2) return 'whole lines that are passed over';
      const told = printable(statusText(await submissionStatus(submission, queue)));
      return complaintAboutPrinted(told) ?? complaintAbout(told, ['']);
    },
  });
});

test('slurm.json', async () => {
  const file = join(temporaryFolder(), 'slurm.json');
  const valid = {
    partition: 'main',
    account: 'physics',
    time: '1:30:00',
    memory: '4G',
    cpus: 2,
    gpus: 'a100:1',
    tasksAtOnce: 8,
    sbatch: ['--constraint=haswell'],
    setup: ['module load nodejs'],
    environment: { OPENBLAS_CORETYPE: 'Haswell' },
    packetMinutes: 10,
    node: '/opt/node',
  };
  writeFileSync(file, JSON.stringify(valid));
  expect(await readSlurmSettings(file)).toEqual(valid);
  await runCampaign({
    kind: 'slurm.json',
    mutations: damagedAnyhow(JSON.stringify(valid)),
    inputs,
    names: [file],
    async read({ bytes }) {
      writeFileSync(file, bytes);
      // What is read has the names of settings, and of each the kind of value.
      const kindOf = (value: unknown) => (Array.isArray(value) ? 'list' : typeof value);
      const wrong = Object.entries(await readSlurmSettings(file)).find(([name, value]) => {
        const like = Object.hasOwn(valid, name) ? valid[name as keyof typeof valid] : undefined;
        return kindOf(value) !== kindOf(like);
      });
      return wrong && `${wrong[0]}: ${JSON.stringify(wrong[1])}`;
    },
  });
});
