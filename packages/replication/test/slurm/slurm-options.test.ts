import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import {
  changesOfSettings,
  executorOf,
  type SlurmArguments,
  slurmSettingsOf,
  takeEnvironment,
  withEnvironment,
} from '../../src/commands/slurm-options.js';
import { experimentPackage } from '../../src/find-experiments.js';
import { mergeSlurmSettings } from '../../src/slurm/slurm-settings.js';
import { submitRun } from '../../src/slurm/submit.js';
import { Project } from '../project.js';
import { temporaryFolder } from '../temporary.js';
import { QueueInMemory } from './queue-in-memory.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

const given = (some: Partial<SlurmArguments> = {}): SlurmArguments => ({
  partition: undefined,
  account: undefined,
  time: undefined,
  memory: undefined,
  cpus: undefined,
  gpus: undefined,
  'tasks-at-once': undefined,
  sbatch: undefined,
  'slurm-config': undefined,
  detach: false,
  ...some,
});

const folderWith = (settings: object) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'slurm.json'), JSON.stringify(settings));
  return folder;
};

it('this machine computes unless an option or the environment says otherwise', () => {
  vi.stubEnv('HESSIAN_RMT_EXECUTOR', undefined);
  expect(executorOf({ ...given(), executor: undefined })).toBe('local');
  expect(executorOf({ ...given({ cpus: 2, detach: true }), executor: 'slurm' })).toBe('slurm');
  vi.stubEnv('HESSIAN_RMT_EXECUTOR', 'slurm');
  expect(executorOf({ ...given(), executor: undefined })).toBe('slurm');
  expect(executorOf({ ...given(), executor: 'local' })).toBe('local');
  vi.stubEnv('HESSIAN_RMT_EXECUTOR', 'pbs');
  expect(() => executorOf({ ...given(), executor: undefined })).toThrow(
    'HESSIAN_RMT_EXECUTOR: expected local or slurm, found "pbs"',
  );
});

it.each([
  ['--tasks-at-once', { 'tasks-at-once': 3 }],
  ['--sbatch', { sbatch: ['--exclusive'] }],
  ['--detach', { detach: true }],
])('%s says nothing to a run on this machine', (option, some) => {
  vi.stubEnv('HESSIAN_RMT_EXECUTOR', undefined);
  expect(() => executorOf({ ...given(some), executor: undefined })).toThrow(
    `${option}: expected --executor slurm with it, found none`,
  );
});

it('options count more than slurm.json, and another file takes its place', async () => {
  vi.stubEnv('SBATCH_PARTITION', '');
  vi.stubEnv('SBATCH_ACCOUNT', '');
  const root = folderWith({ partition: 'main', memory: '4G', sbatch: ['--exclusive'], packetMinutes: 3, setup: ['x'] });
  expect(await slurmSettingsOf(given({ memory: '8G', sbatch: ['constraint=a'], 'tasks-at-once': 7 }), root)).toEqual({
    partition: 'main',
    memory: '8G',
    tasksAtOnce: 7,
    sbatch: ['--exclusive', '--constraint=a'],
    setup: ['x'],
    environment: {},
    packetMinutes: 3,
  });
  vi.stubEnv('SBATCH_PARTITION', 'debug');
  expect((await slurmSettingsOf(given(), root)).partition).toBe('main');
  expect((await slurmSettingsOf(given(), temporaryFolder())).partition).toBe('debug');
  vi.stubEnv('SBATCH_PARTITION', '');
  const other = join(folderWith({ account: 'a' }), 'slurm.json');
  expect(await slurmSettingsOf(given({ 'slurm-config': other }), root)).toEqual({
    ...mergeSlurmSettings({}),
    account: 'a',
  });
  expect(await slurmSettingsOf(given(), temporaryFolder())).toEqual(mergeSlurmSettings({}));
});

it('what options say nothing of stays as it was submitted', async () => {
  const submitted = mergeSlurmSettings({ memory: '4G', packetMinutes: 3, setup: ['x'], environment: { A: '1' } });
  const changes = await changesOfSettings(given({ time: '1-0' }));
  expect(mergeSlurmSettings(submitted, changes)).toEqual({ ...submitted, time: '1-0' });
});

it('a value that cannot be is an error of usage for an option, and names the file for a file', async () => {
  await expect(changesOfSettings(given({ memory: '4 GB' }))).rejects.toMatchObject({
    name: 'UsageError',
    message: '--memory: expected a memory as 4G or 500M, or 0 for all of a node; found "4 GB"',
  });
  await expect(changesOfSettings(given({ sbatch: ['--array=1'] }))).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringMatching(/^--sbatch: .*which the run sets itself$/),
  });
  await expect(changesOfSettings(given({ 'slurm-config': '/no/such.json' }))).rejects.toMatchObject({
    name: 'UsageError',
    message: '--slurm-config: expected a file; /no/such.json is not there',
  });
  const folder = temporaryFolder();
  await expect(changesOfSettings(given({ 'slurm-config': folder }))).rejects.toThrow(
    `${folder}: expected a file that can be read; found EISDIR`,
  );
  const root = folderWith({ memory: '4 GB' });
  await expect(slurmSettingsOf(given(), root)).rejects.toThrow(`${root}/slurm.json: memory: expected a memory`);
});

it('variables that the plan depends on count where it is planned, and are kept for those who resume', async () => {
  vi.stubEnv('OPENBLAS_CORETYPE', undefined);
  vi.stubEnv('HESSIAN_RMT_DATA', '/data');
  const settings = mergeSlurmSettings({ environment: { OPENBLAS_CORETYPE: 'Haswell', NOTE: 'x' } });
  await takeEnvironment(settings);
  expect(process.env.OPENBLAS_CORETYPE).toBe('Haswell');
  expect(process.env.NOTE).toBeUndefined();
  const { environment } = await withEnvironment(settings, '/repository');
  expect(environment).toMatchObject({ OPENBLAS_CORETYPE: 'Haswell', NOTE: 'x', HESSIAN_RMT_DATA: '/data' });
  expect(environment).not.toHaveProperty('HESSIAN_RMT_CACHE');
});

it('a submission whose record is damaged is named, and hides no other', async () => {
  const project = new Project(['toy', 'chained-toy']);
  try {
    await submitRun(experimentPackage(join(project.root, 'experiments/chained-toy')), {
      profile: 'smoke',
      seed: 1,
      root: project.root,
      settings: mergeSlurmSettings({}),
      scheduler: new QueueInMemory(),
    });
    const damaged = join(project.root, '.hessian-rmt/slurm/toy/smoke');
    mkdirSync(damaged, { recursive: true });
    writeFileSync(join(damaged, 'submission.json'), '{');
    const path = { PATH: temporaryFolder() };
    const named = /^hessian-rmt: \S+\/slurm\/toy\/smoke\/submission\.json: [^\n]*\n/;

    const one = await project.runWith(path, 'cancel', 'toy');
    expect(one).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(named) });
    const both = await project.runWith(path, 'status', '--json');
    expect(both).toMatchObject({ code: 1, stderr: expect.stringMatching(named) });
    expect(JSON.parse(both.stdout)).toMatchObject([{ experiment: 'chained-toy', state: 'unknown' }]);
  } finally {
    project.remove();
  }
}, 60_000);

it('the command tells what is wrong in one line before anything is submitted', async () => {
  const project = new Project();
  try {
    const path = { PATH: temporaryFolder() };
    const errorOf = async (...args: string[]) => {
      const { code, stderr } = await project.runWith(path, ...args);
      return `${code} ${stderr}`;
    };
    expect(await errorOf('reproduce', '--memory', '4G')).toMatch(
      /^2 hessian-rmt: --memory: expected --executor slurm with it, found none \(see/,
    );
    expect(await errorOf('reproduce', '--executor', 'slurm', '--cores', '2')).toMatch(
      /^2 hessian-rmt: --cores: expected --cpus in its place/,
    );
    expect(await errorOf('reproduce', '--executor', 'slurm', '--profile', 'smoke')).toMatch(
      /^1 hessian-rmt: expected Slurm's command scontrol, found none in PATH: is this a login node of a cluster\?\n$/,
    );
    expect(await errorOf('status', 'toy')).toMatch(
      /^1 hessian-rmt: nothing of toy was submitted to Slurm here; npx hessian-rmt reproduce --executor slurm submits\n$/,
    );
    expect(await project.runWith(path, 'status')).toMatchObject({
      code: 0,
      stdout: 'Nothing was submitted to Slurm here.\n',
    });
    expect(await project.runWith(path, 'cancel', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
    expect(await project.runWith(path, 'resume', '--json')).toMatchObject({ code: 0, stdout: '[]\n' });
  } finally {
    project.remove();
  }
}, 60_000);
