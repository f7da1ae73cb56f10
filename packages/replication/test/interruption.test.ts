import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { fixture } from './built.js';
import { Command, isUnitOf, lasting, wholeUnits } from './command.js';
import { temporaryFolder } from './temporary.js';

/** The run of a toy, for tests that kill it: tells its events, waits in each unit for so many milliseconds. */
function drive(experiment: string, profile: string, root: string, delay = 0, options: object = {}): Command {
  const env = { ...process.env, TOY_DELAY: `${delay}`, TELL_EVENTS: '1', RUN_OPTIONS: JSON.stringify(options) };
  return new Command([fixture('drive.js'), experiment, profile, '1', root], { env });
}

const unitsIn = async (root: string) => (await wholeUnits(join(root, '.hessian-rmt'))).length;

const linuxTest = test.skipIf(process.platform !== 'linux');

linuxTest('a run killed with -9 leaves whole units and no orphans, and goes on to the same bytes', async () => {
  const undisturbed = temporaryFolder();
  const whole = drive('toy', 'quick', undisturbed);

  const root = temporaryFolder();
  const killed = drive('toy', 'quick', root, 400);
  await killed.until('event unitFinished', 2);
  await killed.until('event unitStarted', 4);
  const children = killed.children();
  expect(children.length).toBeGreaterThan(0);
  killed.process.kill('SIGKILL');
  expect(await killed.end()).toBe('SIGKILL');
  await killed.endOfUnits();
  const kept = await unitsIn(root);
  expect(kept).toBeGreaterThanOrEqual(2);
  expect(kept).toBeLessThan(6);
  expect(existsSync(join(root, 'results/toy/quick'))).toBe(false);

  const resumed = drive('toy', 'quick', root);
  expect(await resumed.end()).toBe(0);
  expect(resumed.output.split('event unitTaken').length - 1).toBe(kept);
  expect(resumed.output.split('event unitFinished').length - 1).toBe(6 - kept);
  expect(readdirSync(join(root, '.hessian-rmt/aside'))).toEqual([]);
  expect(await whole.end()).toBe(0);
  expect(lasting(root, 'toy', 'quick')).toEqual(lasting(undisturbed, 'toy', 'quick'));
});

linuxTest('a run with changed settings that is killed goes on too', async () => {
  const root = temporaryFolder();
  const changed = { changed: { sizes: [11, 12, 13, 14] } };
  const killed = drive('toy', 'quick', root, 400, changed);
  await killed.until('event unitFinished');
  killed.process.kill('SIGKILL');
  await killed.end();
  await killed.endOfUnits();
  const kept = await unitsIn(root);
  expect(kept).toBeGreaterThan(0);
  expect(existsSync(join(root, 'results/toy/custom'))).toBe(false);

  const resumed = drive('toy', 'quick', root, 0, changed);
  expect(await resumed.end()).toBe(0);
  expect(resumed.output.split('event unitTaken').length - 1).toBe(kept);
  expect(resumed.output.split('event unitFinished').length - 1).toBe(4 - kept);
  expect(Object.keys(lasting(root, 'toy', 'custom'))).toContain('/manifest.json');
});

linuxTest.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s inside a long call of LAPACK ends the run with %i, without waiting for the call',
  async (signal, code) => {
    const root = temporaryFolder();
    const command = drive('lapack-toy', 'quick', root);
    await command.until('inside LAPACK');
    await sleep(300);
    const children = command.children();
    expect(children).toHaveLength(1);
    // A terminal sends Ctrl-C to the units too.
    process.kill(signal === 'SIGINT' ? -command.process.pid! : command.process.pid!, signal);
    expect(await command.end()).toBe(code);
    expect(children.filter((pid) => isUnitOf(command.process.pid!, pid))).toEqual([]);
    expect(command.output).toContain(`Stopped by ${signal}. Finished units are kept`);
    expect(command.output).not.toContain('FAILED');
    // A call that was waited for would have left its unit.
    expect(await unitsIn(root)).toBe(0);
    expect(readdirSync(join(root, '.hessian-rmt')).sort()).toEqual(['aside', 'durations.json']);
    expect(readdirSync(join(root, '.hessian-rmt/aside'))).toEqual([]);
  },
);

linuxTest('the units of a run that is killed with -9 inside LAPACK end too', async () => {
  const command = drive('lapack-toy', 'quick', temporaryFolder());
  await command.until('inside LAPACK');
  const children = command.children();
  expect(children).toHaveLength(1);
  command.process.kill('SIGKILL');
  await command.end();
  await command.endOfUnits();
});

test('of two runs at once one waits for the other, and then finds everything done', async () => {
  const root = temporaryFolder();
  const first = drive('toy', 'smoke', root, 1000);
  await first.until('event unitStarted');
  const second = drive('toy', 'smoke', root);
  await second.until('Waiting for another run here: toy at smoke');
  expect(await Promise.all([first.end(), second.end()])).toEqual([0, 0]);
  expect(first.output).toContain('status written');
  expect(second.output).toContain('status hit');
  expect(second.output).not.toContain('event unitStarted');
});

test('a run that waited for another begins when the other has ended, and counts its time from there', async () => {
  const root = temporaryFolder();
  const first = drive('toy', 'smoke', root, 1000);
  await first.until('event unitStarted');
  const second = drive('toy', 'quick', root);
  await second.until('Waiting for another run here: toy at smoke');
  expect(await Promise.all([first.end(), second.end()])).toEqual([0, 0]);
  const course = (profile: string) =>
    JSON.parse(readFileSync(join(root, 'results', 'toy', profile, 'run.json'), 'utf8'));
  expect(Date.parse(course('quick').started)).toBeGreaterThanOrEqual(Date.parse(course('smoke').finished));
});
