import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { scratchOf, temporaryScratch } from '../src/unit-scratch.js';
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
