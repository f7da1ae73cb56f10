import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { RunOutlook } from '../../src/estimation/estimate-run.js';
import { Project } from '../project.js';

const project = new Project(['toy', 'chained-toy']);
afterAll(() => project.remove());

/** Every file and folder with its content and time of writing. */
function everythingIn(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(({ parentPath }) => !parentPath.includes('node_modules'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const content = entry.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
      return `${path} ${statSync(path).mtimeMs} ${content}`;
    })
    .sort();
}

const estimate = async (...args: string[]): Promise<readonly RunOutlook[]> => {
  const { stdout, stderr, code } = await project.run('reproduce', ...args, '--estimate', '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
};

const diskUsage = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);

test('an estimate writes nothing where there is nothing', async () => {
  const before = everythingIn(project.root);
  const { stdout } = await project.run('reproduce', '--profile', 'quick', '--estimate');
  expect(stdout).toContain('toy at quick, seed 1: 6 units, 0 in the store, 6 to compute.');
  expect(stdout).toContain('All 2: ');
  expect(stdout).toContain('Nothing was computed or written.');
  expect(everythingIn(project.root)).toEqual(before);

  expect((await project.run('reproduce', 'toy', '--profile', 'quick')).code).toBe(0);
});

test('what was computed is known by equal units, with the bytes that they have on the disk, and nothing of it is touched', async () => {
  const before = everythingIn(project.root);
  const onDisk = diskUsage(join(project.root, '.hessian-rmt', 'units'));
  const [stored] = await estimate('toy', '--profile', 'quick');
  expect(stored.units).toEqual({ all: 6, inStore: 6, toCompute: 0 });
  expect(stored.storage.inStore).toBe(onDisk);
  expect(stored.coreSeconds).toBe(0);
  expect(stored.results).toEqual({ folder: 'quick', bytes: diskUsage(join(project.root, 'results', 'toy', 'quick')) });

  const [anew] = await estimate('toy', '--profile', 'quick', '--force', '--cores', '3');
  expect(anew.units.toCompute).toBe(6);
  expect(anew.cores).toBe(3);
  expect(anew.known).toMatchObject({ equal: 6 });
  expect(anew.storage).toMatchObject({ inStore: 0, toCome: onDisk, known: { equal: 6 } });

  expect(everythingIn(project.root)).toEqual(before);

  const run = JSON.parse(readFileSync(join(project.root, 'results', 'toy', 'quick', 'run.json'), 'utf8'));
  expect(run.kinds.squares).toMatchObject({ units: 6, bytes: onDisk });
});

test('where nothing was measured, time is told by the kind and storage is taken from stored results', async () => {
  const fresh = new Project(['toy']);
  expect((await fresh.run('reproduce', 'toy', '--profile', 'quick')).code).toBe(0);
  rmSync(join(fresh.root, '.hessian-rmt'), { recursive: true });
  const { stdout } = await fresh.run('reproduce', 'toy', '--profile', 'paper', '--estimate', '--json');
  const { bytes } = JSON.parse(readFileSync(join(fresh.root, 'results/toy/quick/run.json'), 'utf8')).kinds.squares;
  const [costs] = JSON.parse(stdout) as RunOutlook[];
  expect(costs.known.told).toBe(1);
  expect(costs.storage).toMatchObject({ toCome: bytes / 6, known: { stored: 1 }, taken: ['quick'] });

  // A record of a run that nobody can read is a hint less, and no error.
  writeFileSync(join(fresh.root, 'results/toy/quick/run.json'), '{"kinds": {"squares": null}, "processor": 3}');
  const text = (await fresh.run('reproduce', 'toy', '--profile', 'paper', '--estimate')).stdout;
  expect(text).toContain('units: 0 B in the store, those to come not known beforehand');
  fresh.remove();
});

test('on Slurm it tells arrays and tasks, also where there is no Slurm', async () => {
  const [costs] = await estimate('toy', '--profile', 'quick', '--force', '--executor', 'slurm', '--tasks-at-once', '2');
  expect(costs.cluster).toMatchObject({ arrays: 1, tasks: 1, tasksAtOnce: 2 });
  const [chained] = await estimate('chained-toy', '--profile', 'smoke', '--executor', 'slurm');
  expect(chained.cluster!.arrays).toBeGreaterThan(1);
});
