import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lasting } from '../command.js';
import { noSlurmHere, SlurmCluster } from './cluster.js';
import { ClusterProject, localResults } from './cluster-project.js';

const skipped = noSlurmHere === undefined ? '' : `, skipped: ${noSlurmHere}`;

describe.skipIf(skipped !== '')(`runs on Slurm${skipped}`, { timeout: 180_000 }, () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await SlurmCluster.start();
  });
  afterAll(() => cluster?.stop());

  test('two experiments at once, one with units that need others, end with the bytes of local runs', async () => {
    const project = new ClusterProject(cluster, 'toy', { others: ['chained-toy'] });
    const { code, stdout, stderr } = await project.run(
      ...['reproduce', 'toy', 'chained-toy', '--executor', 'slurm', '--profile', 'smoke', '--json'],
    );
    expect(stderr).toContain('Submitted');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { experiment: 'toy', executor: 'slurm', status: 'written' },
      { experiment: 'chained-toy', executor: 'slurm', status: 'written' },
    ]);
    for (const name of ['toy', 'chained-toy']) {
      expect(lasting(project.root, name, 'smoke')).toEqual(await localResults(name, 'smoke'));
    }
  });

  test('a part of a replication of a paper ends with the bytes of a local run', async () => {
    const project = new ClusterProject(cluster, 'gauss-newton-outliers', { packetMinutes: 0.05 });
    const part = ['--part', 'equation-3'];
    expect(await project.reproduce('smoke', ...part, '--sbatch=--nice=1')).toMatchObject({ code: 0 });
    expect(project.results('custom')).toEqual(await localResults(project.experiment, 'smoke', ...part));
  });

  test('a unit that fails is named with its log, and resumes run only it again, until it works', async () => {
    const project = new ClusterProject(cluster, 'stepping-toy');
    const failing = await project.reproduce('quick');
    expect(failing.code).toBe(1);
    expect(failing.stderr).toContain('it needs mending');
    expect(existsSync(join(project.root, 'results/stepping-toy/quick'))).toBe(false);
    const status = await project.status();
    expect(status).toMatchObject({ state: 'failed', units: { done: 2, running: 0, waiting: 0, failed: 1, of: 3 } });
    expect(status.failures).toMatchObject([{ reason: expect.stringContaining('it needs mending') }]);
    expect(readFileSync(status.failures[0].log, 'utf8')).toContain('it needs mending');
    const told = await project.run('status');
    expect(told).toMatchObject({ code: 1 });
    expect(told.stdout).toContain(status.failures[0].log);

    expect(await project.run('resume')).toMatchObject({ code: 1 });
    expect(await project.status()).toMatchObject({ state: 'failed', units: { failed: 1, of: 1 } });
    project.mend();
    expect(await project.run('resume', 'stepping-toy', '--time', '5')).toMatchObject({ code: 0 });
    expect((await project.status()).state).toBe('done');
    expect([...project.starts()].map((start) => start[0]).sort()).toEqual(['0', '1', '1', '1', '2']);
    expect(project.results('quick')).toEqual(await localResults('stepping-toy', 'quick'));
  });

  test('a unit that fails takes those with it that need it, and no others', async () => {
    const project = new ClusterProject(cluster, 'chained-toy');
    expect(await project.reproduce('quick')).toMatchObject({ code: 1 });
    const { failures, units } = await project.status();
    expect(units).toMatchObject({ failed: 3, of: 3 });
    expect(failures.map(({ reason }) => reason).sort()).toEqual([
      'A unit that it needs failed.',
      'A unit that it needs failed.',
      expect.stringContaining('no terms'),
    ]);
  });

  test('what stands is not computed again: a second run and one whose results were removed submit nothing', async () => {
    const project = new ClusterProject(cluster, 'stepping-toy');
    expect(await project.reproduce('laptop')).toMatchObject({ code: 0 });
    const written = project.results('laptop');
    expect(await project.reproduce('laptop')).toMatchObject({ code: 0 });
    rmSync(join(project.root, 'results'), { recursive: true });
    expect(await project.reproduce('laptop')).toMatchObject({ code: 0 });
    expect(project.results('laptop')).toEqual(written);
    expect(project.starts()).toHaveLength(7);
  });

  test('a run that is detached is told of, followed by two commands, left by Ctrl-C and followed again', async () => {
    const project = new ClusterProject(cluster, 'stepping-toy');
    project.hold();
    const submitted = await project.reproduce('smoke', '--detach', '--json');
    expect(submitted).toMatchObject({ code: 0 });
    expect(JSON.parse(submitted.stdout)).toMatchObject([{ experiment: 'stepping-toy', status: 'submitted' }]);
    await project.untilUnderWay(1);
    const { state, units } = await project.status();
    expect(state).toBe('running');
    expect(units.of).toBe(2);

    const other = await project.reproduce('smoke', '--seed', '2');
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('another run into results/stepping-toy/smoke is on the cluster');
    const attached = project.startReproduce('smoke');
    await attached.until('In the queue already');
    attached.process.kill('SIGINT');
    expect(await attached.end()).toBe(130);
    expect(attached.output).toContain('The jobs go on');
    const again = project.startReproduce('smoke');
    await again.until('In the queue already');
    const following = project.run('resume', '--json');
    project.release();
    expect(await again.end()).toBe(0);
    const resumed = await following;
    expect(resumed.code).toBe(0);
    expect(JSON.parse(resumed.stdout)).toMatchObject([{ experiment: 'stepping-toy', status: 'written' }]);
    expect(await project.status()).toMatchObject({ state: 'done', units: { done: 2, of: 2 } });
    expect(project.starts()).toHaveLength(2);
    expect(project.results('smoke')).toEqual(await localResults('stepping-toy', 'smoke'));
  });

  test('a run that was cancelled goes on from its checkpoints', async () => {
    const project = new ClusterProject(cluster, 'stepping-toy');
    project.hold();
    expect(await project.reproduce('smoke', '--detach')).toMatchObject({ code: 0 });
    await project.untilUnderWay(2);
    const { code, stdout } = await project.run('cancel', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ experiment: 'stepping-toy', tasks: 3 }]);
    await project.untilGone();
    expect((await project.status()).state).toBe('cancelled');
    await goesOn(project);
  });

  test('a run whose array was taken away by scancel tells so, and goes on from its checkpoints', async () => {
    const project = new ClusterProject(cluster, 'stepping-toy');
    project.hold();
    const followed = project.startReproduce('smoke');
    await project.untilUnderWay(2);
    const running = await cluster.queue('RUNNING');
    await cluster.run('scancel', ...new Set(running.map((line) => line.split('_')[0])));
    expect(await followed.end()).toBe(1);
    const { state, failures } = await project.status();
    expect(state).toBe('failed');
    expect(failures.map(({ reason }) => reason)).toEqual(Array(2).fill('It has no result: its job was cancelled.'));
    await goesOn(project);
  });

  async function goesOn(project: ClusterProject): Promise<void> {
    project.release();
    expect(await project.run('resume')).toMatchObject({ code: 0 });
    expect(project.starts()).toHaveLength(4);
    expect(project.starts().slice(2).join(', ')).not.toContain('from 0 ');
    expect(project.results('smoke')).toEqual(await localResults('stepping-toy', 'smoke'));
    expect(project.leftovers()).toEqual([]);
  }
});
