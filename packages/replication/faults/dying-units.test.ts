import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomStream } from '@hessian-rmt/numerics';
import { expect, onTestFinished, test } from 'vitest';
import { Command, wholeUnits } from '../test/command.js';
import { commandScript, ownEnvironment, Project } from '../test/project.js';
import { sized, tell } from './figures.js';

function dyingProject(): Project {
  const project = new Project(['dying-toy']);
  onTestFinished(() => project.remove());
  return project;
}

const stored = async (project: Project) => (await wholeUnits(join(project.root, '.hessian-rmt'))).length;

/** What the run says of each unit that failed, by its way of dying: the first line. */
function told(stdout: string): Record<string, string> {
  const lines = stdout.matchAll(/^FAILED death how=([^,]+), repetition \d+: (.*)$/gm);
  return Object.fromEntries([...lines].map(([, how, reason]) => [how, reason]));
}

test('a unit that dies, in whatever way, is told with how it died, and the others go on', async () => {
  const project = dyingProject();
  const heap = { NODE_OPTIONS: '--max-old-space-size=64' };
  const { code, stdout, stderr } = await project.runWith(heap, 'reproduce', '--profile', 'smoke', '--cores', '2');
  const noResult = (exitCode: number) => `Its process ended with code ${exitCode} and no result.`;
  const expected = {
    'is killed': 'Its process was killed by SIGKILL (the system does this when memory runs out).',
    'is terminated': 'Its process was killed by SIGTERM.',
    'exits with 0': noResult(0),
    'exits with 3': noResult(3),
    'never settles':
      'Its promise never settled: it awaits something that cannot come any more, since nothing is left to do in its process.',
    'throws a string': "It threw what is no Error: 'a string'",
    'throws undefined': 'It threw what is no Error: undefined',
    'throws an object': 'It threw what is no Error: { loss: 7 }',
    'rejects where nobody listens': `${noResult(1)} It printed last:`,
    'throws where nobody listens': `${noResult(1)} It printed last:`,
    'runs out of heap': 'Its process ran out of JavaScript heap (--max-old-space-size).',
    'returns nothing': 'This result cannot be stored: expected an object with numbers and arrays; found undefined',
    // What it stored before is found by the next run.
    'closes its channel': noResult(0),
  };
  const reasons = told(stdout);
  const works = ['works slowly', 'sends garbage'];
  tell(
    'units that die',
    `${Object.keys(reasons).length} of ${Object.keys(expected).length} ways named, ${await stored(project)} other units finished`,
  );
  expect(reasons).toEqual(expected);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^hessian-rmt: 13 units failed; the results were not written\. Finished units are kept\.\n/);
  expect(stderr).toContain('Error: nobody listens');
  expect(await stored(project)).toBe(works.length + 1);
  const again = await project.runWith(heap, 'reproduce', '--profile', 'smoke', '--cores', '2');
  expect(Object.keys(told(again.stdout)).sort()).toEqual(
    Object.keys(expected)
      .filter((how) => how !== 'closes its channel')
      .sort(),
  );
});

test.skipIf(process.platform !== 'linux')(
  'units whose processes are killed at random are named, the others are kept, and the next run computes only those',
  async () => {
    const project = dyingProject();
    const units = 24;
    const kills = sized({ long: 12, short: 4 });
    const random = randomStream(1, 'kill', 'units');
    const args = ['reproduce', '--profile', 'quick', '--cores', '2'];
    const run = new Command([commandScript, ...args], { cwd: project.root, env: ownEnvironment() });
    const killed = new Set<number>();
    while (killed.size < kills && !run.hasEnded) {
      const alive = run.children().filter((pid) => !killed.has(pid));
      if (alive.length > 0) {
        const pid = alive[random.integer(alive.length)];
        process.kill(pid, 'SIGKILL');
        killed.add(pid);
      }
      await sleep(100 + 300 * random.uniform());
    }
    expect(await run.end()).toBe(1);
    const failed = [...run.output.matchAll(/^FAILED .* killed by SIGKILL/gm)].length;
    const kept = await stored(project);
    const next = await project.run(...args);
    tell(
      'units killed with -9',
      `${killed.size} kills, ${failed} units named, ${kept} of ${units} kept, then ${units - kept} computed`,
    );
    // One that was killed while it left may have been finished.
    expect(failed).toBeGreaterThan(0);
    expect(failed).toBeLessThanOrEqual(killed.size);
    expect(kept).toBeGreaterThanOrEqual(units - failed);
    expect(next).toMatchObject({ code: 0, stderr: '' });
    expect(next.stdout).toContain(`${units} units, ${kept} in the store, ${units - kept} to compute`);
  },
);
