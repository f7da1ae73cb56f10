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
      cluster = await SlurmCluster.start({ limitedQueue: canLimitQueue });
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
