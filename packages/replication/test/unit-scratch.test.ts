import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { leaseOn, releaseScratch, scratchOf, temporaryScratch } from '../src/unit-scratch.js';
import { fixture } from './built.js';
import { temporaryFolder } from './temporary.js';

test('what a killed process left in the folder of its unit is there for the next', async () => {
  const store = temporaryFolder();
  const killed = await scratchOf(store, 'key').folder();
  await writeFile(join(killed, 'checkpoint'), 'step 7');
  await writeFile(join(killed, 'owner'), `${hostname()}+999999999+dead`);

  const next = scratchOf(store, 'key');
  expect(await readFile(join(await next.folder(), 'checkpoint'), 'utf8')).toBe('step 7');
  await next.remove();
  expect(existsSync(killed)).toBe(false);
});

test('a process that computes the same unit as another one which is alive gets a folder of its own', async () => {
  const store = temporaryFolder();
  const shared = await scratchOf(store, 'key').folder();
  await writeFile(join(shared, 'owner'), `${hostname()}+${process.ppid}+alive`);

  const second = scratchOf(store, 'key');
  const own = await second.folder();
  expect(own).not.toBe(shared);
  await second.remove();
  expect(existsSync(own)).toBe(false);
  expect(existsSync(shared)).toBe(true);
});

test('nothing is made for a unit that asks for no folder', async () => {
  const store = temporaryFolder();
  await scratchOf(store, 'key').remove();
  expect(existsSync(join(store, 'unfinished'))).toBe(false);
});

test('outside a store the folder is gone with the computation', async () => {
  const scratch = temporaryScratch();
  const folder = await scratch.folder();
  expect(existsSync(folder)).toBe(true);
  expect(await scratch.folder()).toBe(folder);
  await scratch.remove();
  expect(existsSync(folder)).toBe(false);
});

test('a folder whose owner was never written to the end is taken up, not left to nobody', async () => {
  for (const torn of ['', hostname()]) {
    const store = temporaryFolder();
    const killed = await scratchOf(store, 'key').folder();
    await writeFile(join(killed, 'owner'), torn);
    expect(await scratchOf(store, 'key').folder()).toBe(killed);
  }
});

/** A unit that a process of another machine has begun. */
async function begunElsewhere(store: string, { refreshed = 0 } = {}): Promise<string> {
  const shared = await scratchOf(store, 'key').folder();
  await writeFile(join(shared, 'checkpoint'), 'step 7');
  await writeFile(leaseOn(store, 'key'), JSON.stringify({ host: 'elsewhere', pid: 1 }));
  const at = new Date(Date.now() - refreshed);
  await utimes(leaseOn(store, 'key'), at, at);
  return shared;
}

test('what a machine left that is gone is taken up by another, checkpoint and all', async () => {
  const store = temporaryFolder();
  const shared = await begunElsewhere(store, { refreshed: 3 * 60_000 });
  expect(await scratchOf(store, 'key').folder()).toBe(shared);
  expect(await readFile(join(shared, 'checkpoint'), 'utf8')).toBe('step 7');
  expect(JSON.parse(await readFile(leaseOn(store, 'key'), 'utf8'))).toMatchObject({
    host: hostname(),
    pid: process.pid,
  });
});

test('while nobody can tell whether another machine computes a unit, its next sign of life is waited for', async () => {
  const store = temporaryFolder();
  const shared = await begunElsewhere(store);
  const waitedFor: string[] = [];
  const sign = () => writeFile(leaseOn(store, 'key'), JSON.stringify({ host: 'elsewhere', pid: 1 }));
  const folder = await scratchOf(store, 'key', (host) => {
    waitedFor.push(host);
    void sign();
  }).folder();
  expect(folder).not.toBe(shared);
  expect(waitedFor).toContain('elsewhere');
});

test('a machine that gives no sign of life while it is waited for has lost its unit', async () => {
  const store = temporaryFolder();
  const shared = await begunElsewhere(store);
  const given = scratchOf(store, 'key', () => void utimes(leaseOn(store, 'key'), new Date(0), new Date(0)));
  expect(await given.folder()).toBe(shared);
});

test('a unit that failed gives its folder back and keeps what it saved', async () => {
  const store = temporaryFolder();
  const failed = scratchOf(store, 'key');
  await writeFile(join(await failed.folder(), 'checkpoint'), 'step 7');
  await failed.giveBack();
  expect(readdirSync(join(store, 'unfinished/key'))).toEqual(['checkpoint']);
  expect(await scratchOf(store, 'key').folder()).toBe(await failed.folder());
});

test('a folder that was taken from a suspended process is not removed by it', async () => {
  const store = temporaryFolder();
  const suspended = scratchOf(store, 'key');
  const shared = await suspended.folder();
  await writeFile(leaseOn(store, 'key'), JSON.stringify({ host: 'elsewhere', pid: 1 }));
  await suspended.remove();
  await suspended.giveBack();
  expect(readdirSync(shared)).toEqual(['owner']);
});

test('a task that ends gives back the folders of its dead units, and of no others', async () => {
  const store = temporaryFolder();
  const pid = spawnSync(process.execPath, ['-e', '']).pid;
  const holders = {
    dead: { host: hostname(), pid },
    alive: { host: hostname(), pid: process.ppid },
    other: { host: 'elsewhere', pid },
  };
  for (const [key, holder] of Object.entries(holders)) {
    await mkdir(join(store, 'unfinished', key), { recursive: true });
    await writeFile(leaseOn(store, key), JSON.stringify(holder));
  }
  releaseScratch(store, [...Object.keys(holders), 'never begun']);
  expect(Object.keys(holders).filter((key) => existsSync(leaseOn(store, key)))).toEqual(['alive', 'other']);
  expect(existsSync(join(store, 'unfinished/dead'))).toBe(true);
});

const claimants = 8;
const rounds = 50;
const dead = { host: hostname(), pid: spawnSync(process.execPath, ['-e', '']).pid };

test.each([
  ['that nobody has begun', undefined],
  ['whose process was killed', dead],
  ['that another machine left', { host: 'elsewhere', pid: 1 }],
])('of 8 processes that take up a unit %s at one moment, one has its folder, 50 times', async (_, holder) => {
  const store = temporaryFolder();
  const children: ChildProcess[] = Array.from({ length: claimants }, () =>
    fork(fixture('claim-unit.js'), { execArgv: [] }),
  );
  onTestFinished(() => {
    for (const child of children) child.kill('SIGKILL');
  });
  await Promise.all(children.map((child) => once(child, 'message')));
  for (let round = 0; round < rounds; round++) {
    const key = `unit ${round}`;
    const shared = join(store, 'unfinished', key);
    if (holder) {
      await mkdir(shared, { recursive: true });
      await writeFile(leaseOn(store, key), JSON.stringify(holder));
      await utimes(leaseOn(store, key), new Date(0), new Date(0));
    }
    const answers = children.map((child) => once(child, 'message'));
    for (const child of children) child.send({ store, key, at: Date.now() + 5 });
    const folders = (await Promise.all(answers)).map(([folder]) => folder as string);
    expect(folders.filter((folder) => folder === shared)).toHaveLength(1);
    expect(new Set(folders).size).toBe(claimants);
  }
});
