import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../temporary.js';
import { canLimitQueue, noSlurmHere, SlurmCluster } from './cluster.js';

describe.skipIf(noSlurmHere !== undefined)(
  `a cluster for tests${noSlurmHere ? `, skipped: ${noSlurmHere}` : ''}`,
  () => {
    let cluster: SlurmCluster;
    beforeAll(async () => {
      cluster = await SlurmCluster.start({ preemption: true, limitedQueue: canLimitQueue });
    });
    afterAll(() => cluster?.stop());

    const submit = (folder: string, ...options: string[]) =>
      cluster.run('sbatch', '--parsable', '--open-mode=append', `--output=${folder}/%a.log`, ...options);
    const untilRunning = (count: number) =>
      cluster.until(async () => (await cluster.queue('RUNNING')).length === count, `${count} tasks run`);
    const untilEmpty = () => cluster.until(async () => (await cluster.queue()).length === 0, 'all tasks have ended');
    const script = '--wrap=echo on $SLURMD_NODENAME; sleep 3; echo end';

    test('what runs on a node that is killed leaves no process, and runs again on the other node', async () => {
      const logs = temporaryFolder();
      await submit(logs, '--array=0-1', script);
      await untilRunning(2);
      const [task] = (await cluster.queue('RUNNING')).filter((line) => line.endsWith(' n1'));
      await cluster.killNode('n1');
      await cluster.markDown('n1');
      await untilEmpty();
      await cluster.startNode('n1');
      const [, index] = /^\d+_(\d)/.exec(task)!;
      expect(readFileSync(join(logs, `${index}.log`), 'utf8')).toBe('on n1\non n0\nend\n');
      await cluster.untilIdle();
    });

    test('jobs of the urgent partition drive others from their nodes, which start again', async () => {
      const logs = temporaryFolder();
      await submit(logs, '--array=0-1', script);
      await untilRunning(2);
      await cluster.run('sbatch', '--partition=urgent', '--output=/dev/null', '--wrap=true');
      await untilEmpty();
      const told = ['0.log', '1.log'].map((name) => readFileSync(join(logs, name), 'utf8'));
      expect(told.join('')).toMatch(/PREEMPTION \*\*\*\non/);
      expect(told.map((log) => log.endsWith('end\n'))).toEqual([true, true]);
    });

    test('a controller that is stopped knows its jobs when it is back', async () => {
      await submit(temporaryFolder(), '--hold', '--array=0-1', script);
      const queued = await cluster.queue();
      expect(queued).toHaveLength(2);
      await cluster.stopController();
      await expect(cluster.run('squeue')).rejects.toThrow('Unable to contact slurm controller');
      await cluster.startController();
      expect(await cluster.queue()).toEqual(queued);
      await cluster.run('scancel', queued[0].split('_')[0]);
    });

    test.skipIf(!canLimitQueue)('a queue that is limited refuses what it has no room for', async () => {
      cluster.makeRoom(2);
      await expect(cluster.run('sbatch', '--array=0-2', '--wrap=true')).rejects.toThrow('QOSMaxSubmitJobPerUserLimit');
      await submit(temporaryFolder(), '--array=0-1', '--wrap=true');
      await expect(cluster.run('sbatch', '--wrap=true')).rejects.toThrow('QOSMaxSubmitJobPerUserLimit');
      cluster.makeRoom();
      await submit(temporaryFolder(), '--wrap=true');
      await untilEmpty();
    });
  },
);
