import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomStream } from '@hessian-rmt/numerics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noSlurmHere, SlurmCluster } from '../test/slurm/cluster.js';
import { ClusterProject, localResults } from '../test/slurm/cluster-project.js';
import { sized, tell } from './figures.js';

const seed = 1;
const killedCommands = sized({ long: 25, short: 3 });
const killedNodes = sized({ long: 10, short: 2 });
const replications = sized({
  long: ['free-probability-index', 'gauss-newton-outliers', 'spacing-statistics', 'true-vs-empirical-broadening'],
  short: [],
});

/** Slurm counts time limits and silent nodes in minutes. */
const longTest = test.skipIf(sized({ long: false, short: true }));

const skipped = noSlurmHere === undefined ? '' : `, skipped: ${noSlurmHere}`;

describe.skipIf(skipped !== '')(`faults of a cluster${skipped}`, () => {
  let cluster: SlurmCluster;
  let undisturbed: Record<string, string>;
  beforeAll(async () => {
    cluster = await SlurmCluster.start();
    undisturbed = await localResults('stepping-toy', 'smoke');
  });
  afterAll(() => cluster?.stop());

  const walking = (stepMilliseconds: number) => new ClusterProject(cluster, 'stepping-toy', { stepMilliseconds });

  test('a command killed with -9 at random moments of submitting and following loses nothing', async () => {
    const moments = randomStream(seed).stream('moments of kills');
    const states = new Map<string, number>();
    let [starts, differing] = [0, 0];
    for (let kill = 0; kill < killedCommands; kill++) {
      const project = walking(20);
      const command = project.startReproduce('smoke');
      // Planning, five calls of Slurm, and following: about three seconds where nothing else runs.
      await sleep(4000 * moments.uniform());
      command.process.kill('SIGKILL');
      await command.end();
      const state = existsSync(join(project.root, '.hessian-rmt/slurm/stepping-toy/smoke'))
        ? (await project.status()).state
        : 'not begun';
      states.set(state, (states.get(state) ?? 0) + 1);
      expect(await project.reproduce('smoke')).toMatchObject({ code: 0 });
      expect(await cluster.queue()).toEqual([]);
      starts += project.starts().length;
      differing += differences(project.results('smoke'), undisturbed);
      expect(project.leftovers()).toEqual([]);
    }
    const found = [...states].map(([state, count]) => `${count} ${state}`).join(', ');
    tell(
      'Slurm',
      `kill -9 of the command ${killedCommands} times (left: ${found}); all finished by the same command again`,
    );
    tell('Slurm', `${starts} starts of ${2 * killedCommands} units after that; ${differing} files differ`);
    expect(differing).toBe(0);
  });

  test('nodes that die at random moments cost steps since the last checkpoint, and nothing else', async () => {
    const moments = randomStream(seed).stream('moments of deaths');
    const project = walking(400);
    const command = project.startReproduce('smoke');
    await project.untilUnderWay(2);
    let deaths = 0;
    for (; deaths < killedNodes && !command.hasEnded; deaths++) {
      await sleep(3000 * moments.uniform());
      const node = cluster.nodes[Math.floor(cluster.nodes.length * moments.uniform())];
      await cluster.killNode(node);
      await cluster.markDown(node);
      await cluster.startNode(node);
      await cluster.run('scontrol', 'update', `nodename=${node}`, 'state=resume').catch(() => '');
      await cluster.until(async () => command.hasEnded || (await isUp(node)), 'the node is back');
    }
    expect(await command.end()).toBe(0);
    const starts = project.starts();
    const resumed = starts.filter((start) => !start.includes(' from 0 ')).length;
    tell(
      'Slurm',
      `${deaths} nodes died under a run: ${starts.length} starts of its 2 units, ${resumed} from a checkpoint`,
    );
    expect(project.results('smoke')).toEqual(undisturbed);
    expect(project.leftovers()).toEqual([]);
  });

  test('when the last job is taken away, a resume submits another, and computes nothing again', async () => {
    const project = walking(1);
    project.hold();
    const followed = project.startReproduce('smoke');
    await followed.until('Submitted');
    await cluster.run('scancel', (await project.status()).lastJob.job);
    project.release();
    expect(await followed.end()).toBe(1);
    await project.untilGone();
    expect((await project.status()).state).toBe('broken');
    expect(await project.run('resume')).toMatchObject({ code: 0 });
    expect(project.starts()).toHaveLength(2);
    expect(project.results('smoke')).toEqual(undisturbed);
  });

  longTest('a node that dies unnoticed is missed by Slurm, and its task goes on elsewhere', async () => {
    const project = walking(1000);
    const command = project.startReproduce('smoke');
    await project.untilUnderWay(2);
    const died = Date.now();
    await cluster.killNode('n1');
    await project.untilStarted(3);
    tell('Slurm', `a node lost its power: its task ran again after ${Math.round((Date.now() - died) / 1000)} s`);
    await cluster.startNode('n1');
    expect(await command.end()).toBe(0);
    expect(project.starts().at(-1)).not.toContain(' from 0 ');
    expect(project.results('smoke')).toEqual(undisturbed);
    await cluster.untilIdle();
  });

  longTest('a task that reaches its time limit is told of, and goes on from its checkpoint with more', async () => {
    const project = walking(5000);
    const short = await project.reproduce('smoke', '--time', '1');
    expect(short.code).toBe(1);
    const { failures } = await project.status();
    expect(failures.map(({ reason }) => reason)).toEqual(
      Array(2).fill('It has no result: its job reached its time limit.'),
    );
    project.stepMilliseconds = 10;
    expect(await project.run('resume', '--time', '5')).toMatchObject({ code: 0 });
    const again = project.starts().slice(2);
    tell('Slurm', `time limit: 2 tasks named, resumed ${again.join('; ')}`);
    expect(again.filter((start) => start.includes(' from 0 '))).toEqual([]);
    expect(project.results('smoke')).toEqual(undisturbed);
  });

  test.each(replications)('%s on Slurm ends with the bytes of a local run', async (experiment) => {
    const project = new ClusterProject(cluster, experiment, { packetMinutes: 0.1 });
    expect(await project.reproduce('smoke')).toMatchObject({ code: 0 });
    const [there, here] = [project.results('smoke'), await localResults(experiment, 'smoke')];
    const bytes = Object.values(here).reduce((sum, text) => sum + text.length, 0);
    tell(
      'Slurm',
      `${experiment}: ${differences(there, here)} of ${Object.keys(here).length} files (${bytes} bytes) differ`,
    );
    expect(there).toEqual(here);
  });

  async function isUp(node: string): Promise<boolean> {
    const state = await cluster.run('sinfo', '-h', '-N', '-n', node, '-o', '%T').catch(() => '');
    return /^(idle|mixed|allocated)$/.test(state);
  }
});

describe.skipIf(skipped !== '')(`a cluster that holds few jobs${skipped}`, () => {
  let cluster: SlurmCluster;
  beforeAll(async () => {
    cluster = await SlurmCluster.start({ maxJobCount: 6, minJobAge: 2 });
  });
  afterAll(() => cluster?.stop());

  test('a run that does not fit into its queue is done in waves', async () => {
    const project = new ClusterProject(cluster, 'stepping-toy');
    const begun = Date.now();
    expect(await project.reproduce('laptop')).toMatchObject({ code: 0 });
    const record = join(project.root, '.hessian-rmt/slurm/stepping-toy/laptop/submission.json');
    const { waves } = JSON.parse(readFileSync(record, 'utf8'));
    tell('Slurm', `MaxJobCount of 6: 7 tasks in ${waves} waves, ${Math.round((Date.now() - begun) / 1000)} s`);
    expect(waves).toBeGreaterThan(1);
    expect(project.starts()).toHaveLength(7);
    expect(project.results('laptop')).toEqual(await localResults('stepping-toy', 'laptop'));
  });
});

/** Files that are not the same, or not there, in both. */
function differences(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): number {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]).length;
}
