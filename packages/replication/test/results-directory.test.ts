import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ResultsDirectory } from '../src/results-directory.js';
import { temporaryFolder } from './temporary.js';

async function withResults() {
  const root = temporaryFolder();
  const results = new ResultsDirectory(root, 'toy', 'quick');
  await results.prepare();
  await results.replace((folder) => writeFile(join(folder, 'a.txt'), 'old'));
  return { root, results, parent: join(root, 'results', 'toy') };
}

test('the new files take the place of all old ones, and nothing else is left', async () => {
  const { results, parent } = await withResults();
  const sums = await results.replace((folder) => writeFile(join(folder, 'b.txt'), 'new'));
  expect(readdirSync(results.path)).toEqual(['b.txt']);
  expect(readdirSync(parent)).toEqual(['quick']);
  // printf new | sha256sum
  expect(sums).toEqual({ 'b.txt': '11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437' });
});

test('files of another profile are not touched', async () => {
  const { root, results } = await withResults();
  const laptop = new ResultsDirectory(root, 'toy', 'laptop');
  await laptop.prepare();
  await laptop.replace((folder) => writeFile(join(folder, 'c.txt'), 'laptop'));
  const before = statSync(join(laptop.path, 'c.txt'));
  await results.prepare();
  await results.replace((folder) => writeFile(join(folder, 'a.txt'), 'new'));
  const after = statSync(join(laptop.path, 'c.txt'));
  expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
});

test('when building fails the old files stand', async () => {
  const { results } = await withResults();
  const failing = results.replace(async (folder) => {
    await writeFile(join(folder, 'a.txt'), 'half');
    throw new Error('drawing failed');
  });
  await expect(failing).rejects.toThrow('drawing failed');
  expect(readFileSync(join(results.path, 'a.txt'), 'utf8')).toBe('old');
});

test('after a run that was killed while building the old files stand and the half-built ones go', async () => {
  const { results, parent } = await withResults();
  mkdirSync(join(parent, '.quick.new/figures'), { recursive: true });
  await results.prepare();
  await results.discard();
  expect(readdirSync(parent)).toEqual(['quick']);
  expect(readFileSync(join(results.path, 'a.txt'), 'utf8')).toBe('old');
});

test('after a run that was killed between the two renames the old files come back', async () => {
  const { results, parent } = await withResults();
  renameSync(results.path, join(parent, '.quick.old'));
  mkdirSync(join(parent, '.quick.new'));
  await results.prepare();
  expect(readFileSync(join(results.path, 'a.txt'), 'utf8')).toBe('old');
});

test('after a run that was killed behind the two renames the new files stay', async () => {
  const { results, parent } = await withResults();
  mkdirSync(join(parent, '.quick.old'));
  writeFileSync(join(parent, '.quick.old/a.txt'), 'older');
  await results.prepare();
  await results.discard();
  expect(readdirSync(parent)).toEqual(['quick']);
  expect(readFileSync(join(results.path, 'a.txt'), 'utf8')).toBe('old');
});

test('a folder that cannot be written is told with its name and the reason', async () => {
  const root = temporaryFolder();
  writeFileSync(join(root, 'results'), 'a file');
  const results = new ResultsDirectory(root, 'toy', 'quick');
  await expect(results.prepare()).rejects.toThrow(
    /cannot be written to .*results\/toy\/quick: a file stands where a folder should be/,
  );
});

test.skipIf(process.platform !== 'linux')('a full disk is told as such, and the old files stand', async () => {
  const { results } = await withResults();
  const full = results.replace(async () => {
    // /dev/full answers every write as a full disk does.
    await writeFile('/dev/full', 'x');
  });
  await expect(full).rejects.toThrow(/the disk is full\. What stood there is untouched/);
  expect(readFileSync(join(results.path, 'a.txt'), 'utf8')).toBe('old');
});

test('an altered or missing file is noticed, one beside them does not matter', async () => {
  const { results } = await withResults();
  const sums = await results.replace(async (folder) => {
    mkdirSync(join(folder, 'figures'));
    await writeFile(join(folder, 'figures/f.svg'), 'figure');
    await writeFile(join(folder, 'a.txt'), 'a');
  });
  expect(Object.keys(sums)).toEqual(['a.txt', 'figures/f.svg']);
  writeFileSync(join(results.path, 'notes.txt'), 'mine');
  expect(await results.holds(sums)).toBe(true);
  writeFileSync(join(results.path, 'a.txt'), 'b');
  expect(await results.holds(sums)).toBe(false);
  expect(await results.holds({ ...sums, 'gone.txt': 'x' })).toBe(false);
});
