import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { longestJob, NoSlurm, QueueFull, queuedTask, SlurmRefused, slurmScheduler } from '../../src/slurm/scheduler.js';
import { startLine, whyEnded } from '../../src/slurm/task-end.js';
import { EventReader, EventWriter } from '../../src/slurm/task-events.js';
import { temporaryFolder } from '../temporary.js';

/** Commands of Slurm's names that say what a test wants, and write down what they were told. */
describe('the scheduler', () => {
  const before = { ...process.env };
  let folder: string;
  const stub = (command: string, script: string) => {
    const file = join(folder, command);
    writeFileSync(file, `#!/bin/bash\nprintf '%s\\n' "$*" >> "${folder}/told"\n${script}\n`);
    chmodSync(file, 0o755);
  };
  const told = () => readFileSync(join(folder, 'told'), 'utf8').trim().split('\n');

  beforeEach(() => {
    folder = temporaryFolder();
    process.env.PATH = `${folder}:/usr/bin:/bin`;
  });
  afterEach(() => {
    process.env = { ...before };
  });

  test('submits with the words of sbatch, and takes the id from its answer', async () => {
    stub('sbatch', 'echo "12;cluster"');
    const options = { hold: true, after: ['3', '4'], tasks: { first: 5, count: 2, atOnce: 7 } };
    expect(await slurmScheduler().submit('/x/0.sh', options)).toBe('12');
    expect(told()).toEqual(['--parsable --hold --dependency=afterany:3:4 --array=5-6%7 /x/0.sh']);
  });

  test('does not wait with sbatch at a full queue', async () => {
    stub(
      'sbatch',
      'echo "sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying" >&2; exec sleep 100',
    );
    await expect(slurmScheduler().submit('/x/0.sh')).rejects.toThrow(QueueFull);
    stub('sbatch', 'echo "sbatch: error: QOSMaxSubmitJobPerUserLimit" >&2; exit 1');
    await expect(slurmScheduler().submit('/x/0.sh')).rejects.toThrow(QueueFull);
    stub('sbatch', 'echo "sbatch: error: AssocMaxSubmitJobLimit" >&2; exit 1');
    await expect(slurmScheduler().submit('/x/0.sh')).rejects.toThrow(QueueFull);
  });

  test('does not wait for room where a job asks for what it never gets', async () => {
    const policy =
      "Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)";
    const answer = (limit: string) => stub('sbatch', `printf 'sbatch: error: %s\\n' ${limit} "${policy}" >&2; exit 1`);
    answer('AssocGrpSubmitJobsLimit');
    await expect(slurmScheduler().submit('/x/0.sh')).rejects.toThrow(QueueFull);
    answer('QOSMaxWallDurationPerJobLimit');
    await expect(slurmScheduler().submit('/x/0.sh')).rejects.toThrow(SlurmRefused);
  });

  test('tells a refusal from a controller that does not answer and from commands that are not there', async () => {
    stub('sbatch', 'echo "sbatch: error: Batch job submission failed: Invalid partition name specified" >&2; exit 1');
    await expect(slurmScheduler().submit('/x/0.sh')).rejects.toThrow(
      new SlurmRefused('sbatch did not take /x/0.sh: Batch job submission failed: Invalid partition name specified'),
    );
    stub('squeue', 'echo "slurm_load_jobs error: Unable to contact slurm controller (connect failure)" >&2; exit 1');
    await expect(slurmScheduler().queued('x')).rejects.toThrow(NoSlurm);
    process.env.PATH = temporaryFolder();
    await expect(slurmScheduler().limits()).rejects.toThrow(/^expected Slurm's command scontrol, found none in PATH/);
  });

  test('does not wait for a configuration that is not there', async () => {
    stub('squeue', 'exec sleep 100');
    stub('sbatch', 'exec sleep 100');
    const missing = join(folder, 'slurm.conf');
    process.env.SLURM_CONF = missing;
    const error = new NoSlurm(`SLURM_CONF: expected Slurm's configuration; ${missing} is not there`);
    await expect(slurmScheduler().queued('x')).rejects.toThrow(error);
    await expect(slurmScheduler().submit('/x/0.sh')).rejects.toThrow(error);
  });

  test('hands on neither the job that it runs in nor variables that overrule the script', async () => {
    stub('sbatch', `env > "${folder}/env"; echo 1`);
    const configuration = join(folder, 'slurm.conf');
    writeFileSync(configuration, '');
    Object.assign(process.env, {
      SLURM_JOB_ID: '7',
      SLURM_RESTART_COUNT: '1',
      SBATCH_ARRAY_INX: '0-99',
      SLURM_CONF: configuration,
    });
    await slurmScheduler().submit('/x/0.sh');
    const names = readFileSync(join(folder, 'env'), 'utf8').split('\n');
    expect(names.filter((line) => /^(SLURM|SBATCH)/.test(line))).toEqual([`SLURM_CONF=${configuration}`]);
  });

  test('jobs that are gone are no error when they are to be cancelled', async () => {
    stub('scancel', 'echo "scancel: error: Kill job error on job id 5: Invalid job id specified" >&2; exit 1');
    await expect(slurmScheduler().cancel(['5'])).resolves.toBeUndefined();
    stub('scancel', 'echo "scancel: error: Access/permission denied" >&2; exit 1');
    await expect(slurmScheduler().cancel(['5'])).rejects.toThrow('Access/permission denied');
  });

  test('a cluster without arrays has arrays of one task', async () => {
    stub('scontrol', 'echo "MaxArraySize            = 0"');
    expect(await slurmScheduler().limits()).toEqual({ maxArraySize: 1 });
    stub('scontrol', 'echo "MaxArraySize            = 1001"');
    expect(await slurmScheduler().limits()).toEqual({ maxArraySize: 1001 });
    stub('scontrol', 'echo "MaxArraySize = 1001"; echo "SchedulerParameters = defer,max_array_tasks=50,bf_interval=1"');
    expect(await slurmScheduler().limits()).toEqual({ maxArraySize: 50 });
  });
});

test('a job may be as long as the partitions let it that are named, else the default one', () => {
  const text = [
    'PartitionName=main Default=YES DefaultTime=01:00:00 MaxTime=2-00:00:00 State=UP',
    'PartitionName=debug AllowGroups=ALL Default=NO DefaultTime=NONE MaxTime=00:30:00 State=UP',
    'PartitionName=long Default=NO DefaultTime=NONE MaxTime=UNLIMITED State=UP',
  ].join('\n');
  expect(longestJob(text, undefined)).toBe(2 * 86_400);
  expect(longestJob(text, 'debug')).toBe(1800);
  expect(longestJob(text, 'long')).toBeUndefined();
  expect(longestJob(text, 'main,debug')).toBe(1800);
  expect(longestJob(text, 'other')).toBeUndefined();
});

test('a line of the queue is a task, a job, or what has ended and is in no queue', () => {
  expect(queuedTask('12_3|RUNNING|n0|None')).toEqual({
    job: '12',
    task: 3,
    state: 'RUNNING',
    reason: 'None',
    node: 'n0',
  });
  expect(queuedTask('9|PENDING||Dependency')).toEqual({
    job: '9',
    task: null,
    state: 'PENDING',
    reason: 'Dependency',
    node: null,
  });
  expect(queuedTask('12_3|TIMEOUT|n0|TimeLimit')).toBeUndefined();
  expect(queuedTask('')).toBeUndefined();
});

describe('events of a task', () => {
  const events = (directory: string) => join(directory, 'events', '0-2.jsonl');

  test('are read once each, and none is lost with a line that a killed start of the task left torn', () => {
    const directory = temporaryFolder();
    const reader = new EventReader(directory);
    expect(reader.next('0', 2)).toEqual([]);
    new EventWriter(events(directory), 'n0').write({ type: 'started', key: 'a' });
    expect(reader.next('0', 2)).toMatchObject([{ type: 'started', key: 'a', node: 'n0' }]);
    writeFileSync(events(directory), '{"time":"2026-01-01","ty', { flag: 'a' });
    expect(reader.next('0', 2)).toEqual([]);
    new EventWriter(events(directory), 'n1').write({ type: 'finished', key: 'a', seconds: 2 });
    expect(reader.next('0', 2)).toMatchObject([{ type: 'finished', key: 'a', node: 'n1', seconds: 2 }]);
    expect(reader.next('0', 2)).toEqual([]);
  });

  test('tell progress at most every ten seconds, and ends always', () => {
    const directory = temporaryFolder();
    const writer = new EventWriter(events(directory), 'n0');
    for (let i = 0; i < 5; i++) writer.write({ type: 'progress', key: 'a', fraction: i / 5, doing: 'x' });
    writer.write({ type: 'failed', key: 'a', reason: 'y' });
    const types = new EventReader(directory).next('0', 2).map(({ type }) => type);
    expect(types).toEqual(['progress', 'failed']);
  });
});

test('why a job has ended is what Slurm wrote into its log, else the last that it printed', async () => {
  const folder = temporaryFolder();
  const log = join(folder, 'log');
  const reasonOf = (text: string) => {
    writeFileSync(log, text);
    return whyEnded(log);
  };
  expect(await whyEnded(log)).toMatch(/without a result and without a log/);
  const cancelled = 'slurmstepd: error: *** JOB 5 ON n0 CANCELLED AT 2026-01-01T00:00:00';
  expect(await reasonOf(`x\n${cancelled} ***\n`)).toMatch(/cancelled/);
  expect(await reasonOf(`x\n${cancelled} DUE TO TIME LIMIT ***\n`)).toMatch(/time limit/);
  expect(await reasonOf(`x\n${cancelled} DUE TO NODE FAILURE, SEE SLURMCTLD LOG FOR DETAILS ***\n`)).toMatch(
    /node failed/,
  );
  expect(await reasonOf(`x\n${cancelled} DUE TO PREEMPTION ***\n`)).toMatch(/preempted/);
  expect(await reasonOf('slurmstepd: error: Detected 1 oom_kill event in StepId=5.batch.\n')).toMatch(/memory/);
  const again = `${startLine('0-1', 'n1')}\nstarted  0123456789abcdef naps, repetition 0\n`;
  expect(await reasonOf(`${cancelled} DUE TO PREEMPTION ***\n${again}`)).toMatch(/without a word: it was killed/);
  expect(await reasonOf('one\ntwo\nthree\nfour\n')).toBe(
    'Its job ended without a result. It printed last:\ntwo\nthree\nfour',
  );
});
