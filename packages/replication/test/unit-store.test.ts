import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { UnitResult } from '../src/experiment.js';
import { DamagedUnit, RefusedResult, UnitStore } from '../src/unit-store.js';
import { ingredients, key, result, storeWithUnit } from './stored-unit.js';
import { temporaryFolder } from './temporary.js';

test('what was written is read, bit by bit', async () => {
  const { store, folder } = await storeWithUnit();
  const record = await store.record(key);
  expect(record).toMatchObject({ key, ingredients, seconds: 1.5, numbers: result.numbers, uses: result.uses });
  expect(record.arrays.single).toMatchObject({ type: 'f4', shape: [2, 1] });
  const loaded = await store.load(record);
  expect(loaded).toEqual(result);
  expect(Object.is(loaded.arrays.values.data[1], -0)).toBe(true);
  expect(readdirSync(folder).sort()).toEqual([
    'counts.npy',
    'empty.npy',
    'labels.npy',
    'result.json',
    'single.npy',
    'values.npy',
  ]);
});

test('a unit that is not there is told from one that is', async () => {
  const { store } = await storeWithUnit();
  expect([store.has(key), store.has('cd'.padEnd(64, '0'))]).toEqual([true, false]);
  await store.remove(key);
  expect(store.has(key)).toBe(false);
});

test.each<[string, (folder: string) => void]>([
  ['a flipped bit in an array', (folder) => flipBit(join(folder, 'values.npy'), -1)],
  ['a flipped bit in a header', (folder) => flipBit(join(folder, 'values.npy'), 20)],
  ['a truncated array', (folder) => truncateSync(join(folder, 'counts.npy'), 10)],
  ['a missing array', (folder) => rmSync(join(folder, 'labels.npy'))],
  ['a changed number', (folder) => edit(join(folder, 'result.json'), '"seconds": 1.5', '"seconds": 2.5')],
  ['a truncated record', (folder) => truncateSync(join(folder, 'result.json'), 40)],
  ['an empty record', (folder) => truncateSync(join(folder, 'result.json'), 0)],
])('%s is noticed', async (_, damage) => {
  const { store, folder } = await storeWithUnit();
  damage(folder);
  await expect(store.record(key)).rejects.toThrow(DamagedUnit);
});

test('the record of another unit is noticed', async () => {
  const { store, folder } = await storeWithUnit();
  const other = 'ab'.padEnd(64, '1');
  await store.write(other, ingredients, result, 1);
  const foreign = readFileSync(join(store.directory, 'units', 'ab', other, 'result.json'));
  writeFileSync(join(folder, 'result.json'), foreign);
  await expect(store.record(key)).rejects.toThrow(/belongs to the unit ab1/);
});

test('a unit written again replaces the first', async () => {
  const { store } = await storeWithUnit();
  await store.write(key, ingredients, { numbers: { second: 2 }, arrays: {} }, 3);
  expect(await store.record(key)).toMatchObject({ seconds: 3, numbers: { second: 2 }, arrays: {} });
  expect(readdirSync(join(store.directory, 'aside'))).toEqual([]);
});

test.each<[string, UnitResult]>([
  ['NaN in an array', { numbers: {}, arrays: { x: { shape: [2], data: Float64Array.of(1, Number.NaN) } } }],
  ['an infinite float32', { numbers: {}, arrays: { x: { shape: [1], data: Float32Array.of(1e39) } } }],
  ['NaN in a number', { numbers: { loss: Number.NaN }, arrays: {} }],
  ['Infinity inside a list', { numbers: { losses: [1, Number.POSITIVE_INFINITY] }, arrays: {} }],
  ['a shape that does not fit', { numbers: {}, arrays: { x: { shape: [2, 2], data: Float64Array.of(1) } } }],
  ['a name that leads elsewhere', { numbers: {}, arrays: { '../x': { shape: [1], data: Float64Array.of(1) } } }],
])('%s is refused, and nothing is stored', async (_, refused) => {
  const store = new UnitStore(temporaryFolder());
  await expect(store.write(key, ingredients, refused, 1)).rejects.toThrow(RefusedResult);
  expect(store.has(key)).toBe(false);
  expect(existsSync(join(store.directory, 'aside'))).toBe(false);
});

test('what a dead process left is removed, what a living one writes is not', async () => {
  const { store } = await storeWithUnit();
  const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
  const aside = join(store.directory, 'aside');
  const names = [`${hostname()}+${dead}+1`, `${hostname()}+${process.pid}+2`, `elsewhere+${dead}+3`];
  for (const name of names) mkdirSync(join(aside, name));
  await store.removeLeftovers();
  expect(readdirSync(aside).sort()).toEqual(names.slice(1).sort());
});

test('what another machine left is removed when nothing in it changed for a week', async () => {
  const { store } = await storeWithUnit();
  const aside = join(store.directory, 'aside');
  const eightDaysAgo = new Date(Date.now() - 8 * 24 * 3600 * 1000);
  for (const name of ['elsewhere+1+old', 'elsewhere+2+works']) {
    mkdirSync(join(aside, name, 'units'), { recursive: true });
    writeFileSync(join(aside, name, 'units/file'), '');
    if (name.endsWith('old')) utimesSync(join(aside, name, 'units/file'), eightDaysAgo, eightDaysAgo);
    for (const folder of [join(aside, name, 'units'), join(aside, name)])
      utimesSync(folder, eightDaysAgo, eightDaysAgo);
  }
  await store.removeLeftovers();
  expect(readdirSync(aside)).toEqual(['elsewhere+2+works']);
});

function flipBit(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  writeFileSync(path, bytes);
}

function edit(path: string, from: string, to: string): void {
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}
