import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canLimitQueue, noSlurmHere, SlurmCluster } from './cluster.js';
import { ClusterProject, localResults } from './cluster-project.js';

const skipped = noSlurmHere === undefined ? '' : `, skipped: ${noSlurmHere}`;

describe.skipIf(skipped !== '')(`faults of a cluster${skipped}`, { timeout: 180_000 }, () => {
  let cluster: SlurmCluster;
  let undisturbed: Record<string, string>;
  beforeAll(async () => {
    cluster = await SlurmCluster.start({ preemption: true, limitedQueue: canLimitQueue, enforceMemory: true });
    undisturbed = await localResults('stepping-toy', 'smoke');
  });
  afterAll(() => cluster?.stop());

  const walking = (stepMilliseconds = 1) => new ClusterProject(cluster, 'stepping-toy', { stepMilliseconds });
  const held = () => {
    const project = walking();
    project.hold();
    return project;
  };
  const restarted = (starts: readonly string[]) => starts.filter((start) => !start.includes(' from 0 '));

  test('what ran on a node that died goes on from its checkpoint on the other node', async () => {
    const project = held();
    const followed = project.startReproduce('smoke');
    await project.untilUnderWay(2);
    await cluster.killNode('n1');
    await cluster.markDown('n1');
    project.release();
    expect(await followed.end()).toBe(0);
    await cluster.startNode('n1');
    const [again] = restarted(project.starts());
    expect(project.starts()).toHaveLength(3);
    expect(again).toMatch(/ on n0$/);
    expect(project.results('smoke')).toEqual(undisturbed);
    expect(project.leftovers()).toEqual([]);
    await cluster.untilIdle();
  });

  test('a preempted task and one that is requeued go on from their checkpoints', async () => {
    const project = held();
    const followed = project.startReproduce('smoke');
    await project.untilUnderWay(2);
    await cluster.run('sbatch', '--partition=urgent', '--output=/dev/null', '--wrap=sleep 1');
    const tasks = async (state: string) => (await cluster.queue(state)).filter((line) => line.includes('_'));
    await cluster.until(async () => (await tasks('PENDING')).length === 1, 'a task is driven away');
    const [other] = await tasks('RUNNING');
    await cluster.run('scontrol', 'requeue', other.split(' ')[0]);
    project.release();
    expect(await followed.end()).toBe(0);
    expect(restarted(project.starts())).toHaveLength(2);
    expect(project.results('smoke')).toEqual(undisturbed);
    expect(project.leftovers()).toEqual([]);
  });

  test('a command that is killed while it follows loses nothing', async () => {
    const project = held();
    const followed = project.startReproduce('smoke');
    await followed.until('Submitted');
    await project.untilUnderWay(1);
    followed.process.kill('SIGKILL');
    await followed.end();
    project.release();
    expect(await project.run('resume')).toMatchObject({ code: 0 });
    expect(project.starts()).toHaveLength(2);
    expect(project.results('smoke')).toEqual(undisturbed);
  });

  test.skipIf(!canLimitQueue)('a command that is killed while it submits leaves nothing that lasts', async () => {
    const project = walking();
    cluster.makeRoom(1);
    const killed = project.startReproduce('smoke');
    await killed.until('The queue is full');
    killed.process.kill('SIGKILL');
    await killed.end();
    expect(await cluster.queue()).toHaveLength(1);
    cluster.makeRoom();
    expect((await project.status()).state).toBe('broken');
    expect(await project.reproduce('smoke')).toMatchObject({ code: 0 });
    expect(await cluster.queue()).toEqual([]);
    expect(project.results('smoke')).toEqual(undisturbed);
  });

  test('a controller that is away for a while is waited for', async () => {
    const project = held();
    const followed = project.startReproduce('smoke');
    await project.untilUnderWay(2);
    await cluster.stopController();
    const { code, stdout } = await project.run('status', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ state: 'unknown', units: { of: 2 } }]);
    await sleep(3000);
    await cluster.startController();
    project.release();
    expect(await followed.end()).toBe(0);
    expect(project.starts()).toHaveLength(2);
    expect(project.results('smoke')).toEqual(undisturbed);
  });

  test('of two commands that submit the same one submits and both follow', async () => {
    const project = walking();
    const both = await Promise.all([project.reproduce('smoke'), project.reproduce('smoke')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(project.starts()).toHaveLength(2);
    expect(project.results('smoke')).toEqual(undisturbed);
  });

  test.skipIf(!canLimitQueue)('a queue with little room takes a run in waves', async () => {
    const project = held();
    cluster.makeRoom(4);
    const run = project.startReproduce('laptop');
    await run.until('The queue is full');
    // What is left is submitted by the last job of the first wave.
    await project.untilUnderWay(1);
    cluster.makeRoom(10);
    project.release();
    expect(await run.end()).toBe(0);
    cluster.makeRoom();
    expect(project.starts()).toHaveLength(7);
    const record = join(project.root, '.hessian-rmt/slurm/stepping-toy/laptop/submission.json');
    expect(JSON.parse(readFileSync(record, 'utf8')).waves).toBe(2);
    expect(project.results('laptop')).toEqual(await localResults('stepping-toy', 'laptop'));
  });

  test('a task that takes more memory than it may is told of, and works with more', async () => {
    const project = walking(100);
    const short = await project.reproduce('paper', '--memory', '300M');
    expect(short.code).toBe(1);
    expect((await project.status()).failures).toMatchObject([
      { reason: 'It has no result: its job ran out of memory.' },
    ]);
    expect(await project.run('resume', '--memory', '2G')).toMatchObject({ code: 0 });
    expect(project.results('paper')).toEqual(await localResults('stepping-toy', 'paper'));
  });
});
