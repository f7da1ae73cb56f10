import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CacheContents, cacheContents } from '../src/cache/cache-contents.js';
import { bytesOf, remove, whatToRemove } from '../src/cache/prune.js';
import type { References } from '../src/cache/references.js';
import { UnitStore } from '../src/unit-store.js';
import { Project } from './project.js';
import { temporaryFolder } from './temporary.js';

const day = 86_400_000;
const names = (files: readonly { readonly name: string }[]) => files.map(({ name }) => name).sort();

/** A cache with three units, two runs and their outputs, and unfinished work. */
async function cache() {
  const directory = temporaryFolder();
  const store = new UnitStore(directory);
  const keys = ['a', 'b', 'c'].map((letter) => letter.repeat(64));
  for (const [i, key] of keys.entries()) {
    const ingredients = { experiment: i < 2 ? 'toy' : 'other', kind: 'squares' } as never;
    const terms = { shape: [100], data: new Float64Array(100) };
    await store.write(key, ingredients, { numbers: {}, arrays: { terms } }, 10 * (i + 1));
  }
  const put = (path: string, text: string) => {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  put('runs/wanted.json', JSON.stringify({ files: { x: 'ffx', y: 'ffy' } }));
  put('runs/old.json', JSON.stringify({ files: { x: 'ffx', z: 'ffz' } }));
  for (const sum of ['ffx', 'ffy', 'ffz']) put(`outputs/ff/${sum}`, sum);
  put(`unfinished/${keys[0]}/checkpoint`, 'of a unit that is finished');
  put(`unfinished/planned/checkpoint`, 'of a unit that is planned');
  put(`unfinished/unknown/checkpoint`, 'of a unit that nobody knows');
  put(`unfinished/elsewhere/owner`, 'another-host+1+abcdef');
  put(`aside/${hostname()}+999999999+dead/file`, 'left by a process that is gone');
  put(`aside/another-host+1+live/file`, 'of a process elsewhere');
  const references: References = {
    results: new Set([keys[0]]),
    plans: new Set(['planned']),
    runs: new Set(['wanted']),
  };
  return { directory, store, keys, references };
}

describe('what is removed from a cache', () => {
  test('by default: all that neither results nor plans name, and what no live process works with', async () => {
    const { directory, keys, references } = await cache();
    const removal = whatToRemove(await cacheContents(directory), references);
    expect(removal.units.map(({ key }) => key)).toEqual([keys[1], keys[2]]);
    expect(names(removal.runs)).toEqual(['old.json']);
    expect(names(removal.outputs)).toEqual(['ffz']);
    expect(names(removal.unfinished)).toEqual([keys[0], 'unknown']);
    expect(names(removal.leftovers)).toEqual([`${hostname()}+999999999+dead`]);
  });

  test('is gone afterwards, and the rest is whole', async () => {
    const { directory, store, keys, references } = await cache();
    const before = await cacheContents(directory);
    const removal = whatToRemove(before, references);
    await remove(directory, removal);
    const after = await cacheContents(directory);
    expect(after.units.map(({ key }) => key)).toEqual([keys[0]]);
    expect((await store.record(keys[0])).seconds).toBe(10);
    expect(names(after.outputs)).toEqual(['ffx', 'ffy']);
    expect(names(after.unfinished)).toEqual(['elsewhere', 'planned']);
    expect(readdirSync(join(directory, 'aside'))).toEqual(['another-host+1+live']);
    const all = ({ units, runs, outputs, unfinished, leftovers }: Omit<CacheContents, 'directory'>) =>
      bytesOf([...units, ...runs, ...outputs, ...unfinished, ...leftovers]);
    expect(all(before) - all(after)).toBe(all(removal as never));
    expect(whatToRemove(after, references)).toMatchObject({ units: [], runs: [], outputs: [], unfinished: [] });
  });

  test('with an age: only what was stored before', async () => {
    const { directory, store, keys, references } = await cache();
    const old = new Date(Date.now() - 10 * day);
    for (const file of readdirSync(store.folderOf(keys[1]))) utimesSync(join(store.folderOf(keys[1]), file), old, old);
    const before = new Date(Date.now() - 5 * day);
    const removal = whatToRemove(await cacheContents(directory), references, { before });
    expect(removal.units.map(({ key }) => key)).toEqual([keys[1]]);
    expect([removal.runs, removal.outputs, removal.unfinished, removal.leftovers]).toEqual([[], [], [], []]);
  });

  test('of one experiment: its units alone', async () => {
    const { directory, keys, references } = await cache();
    const removal = whatToRemove(await cacheContents(directory), references, { experiment: 'toy' });
    expect(removal.units.map(({ key }) => key)).toEqual([keys[1]]);
    expect([removal.runs, removal.outputs, removal.unfinished, removal.leftovers]).toEqual([[], [], [], []]);
  });

  test('all: everything but what a live process works with', async () => {
    const { directory, keys, references } = await cache();
    const removal = whatToRemove(await cacheContents(directory), references, { all: true });
    expect(removal.units.map(({ key }) => key)).toEqual(keys);
    expect(names(removal.outputs)).toEqual(['ffx', 'ffy', 'ffz']);
    expect(names(removal.unfinished)).toEqual([keys[0], 'planned', 'unknown']);
  });

  test('a unit whose record is damaged, whoever names it', async () => {
    const { directory, store, keys, references } = await cache();
    rmSync(join(store.folderOf(keys[0]), 'result.json'));
    const removal = whatToRemove(await cacheContents(directory), references);
    expect(removal.units.map(({ key }) => key)).toContain(keys[0]);
  });

  test('nothing of a cache that is not there', async () => {
    const contents = await cacheContents(join(temporaryFolder(), 'none'));
    expect(contents).toMatchObject({ units: [], runs: [], outputs: [], unfinished: [], leftovers: [] });
  });
});

describe('the command', () => {
  const project = new Project();
  const store = () => join(project.root, '.hessian-rmt');
  const reproduce = (...words: string[]) => project.run('reproduce', '--cores', '1', ...words);
  const source = join(project.root, 'experiments', 'toy', 'squares.js');
  const text = readFileSync(source, 'utf8');
  beforeAll(async () => {
    await reproduce('--profile', 'smoke');
    await reproduce('--profile', 'smoke', '--seed', '2', '--as', 'other-seed');
  });
  afterAll(() => project.remove());

  test('list counts units by kind, and who refers to them', async () => {
    const { code, stdout } = await project.run('cache', 'list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/ toy +squares +4 +[\d.]+ kB +[\d.]+ s +[\d-]+ [\d:]+ +4 +4 +0\n/);
    expect(stdout).toMatch(/ 4 units \([\d.]+ kB\), 2 records of runs, /);
    const listed = JSON.parse((await project.run('cache', 'list', '--json')).stdout);
    expect(listed).toMatchObject({
      directory: store(),
      kinds: [{ experiment: 'toy', kind: 'squares', units: 4, inResults: 4, planned: 4, neither: 0 }],
      units: { number: 4 },
      unfinished: { number: 0 },
    });
  });

  test('prune leaves what results and plans name, so that a second run is a hit', async () => {
    expect((await project.run('cache', 'prune')).stdout).toBe('Nothing to remove.\n');
    const [outcome] = JSON.parse((await reproduce('--profile', 'smoke', '--json')).stdout);
    expect(outcome.status).toBe('hit');
  });

  test('units of older code go when no results name them any more; a dry run removes nothing', async () => {
    rmSync(join(project.root, 'results', 'toy', 'other-seed'), { recursive: true });
    writeFileSync(source, text.replace('step < 10', 'step < 11'));
    const trial = await project.run('cache', 'prune', '--dry-run');
    expect(trial.stdout).toMatch(
      /^Would remove [\d.]+ kB:\n {2}2 units, [\d.]+ kB, [\d.]+ s to compute\n {2}2 records of/,
    );
    expect((await cacheContents(store())).units).toHaveLength(4);

    const { stdout } = await project.run('cache', 'prune', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ removed: true, units: { number: 2 }, runs: { number: 2 } });
    const { units } = await cacheContents(store());
    // Those of seed 1 are of older code too, but results are made of them.
    expect(units.map(({ ingredients }) => ingredients?.seed)).toEqual([1, 1]);
    expect(existsSync(join(store(), 'lock'))).toBe(false);
  });

  test('what asks for more than it says is refused: all without yes, an age that is none, an unknown experiment', async () => {
    const complaint = async (...words: string[]) => {
      const { code, stderr } = await project.run('cache', ...words);
      return [code, stderr];
    };
    expect(await complaint('prune', '--all')).toEqual([2, expect.stringContaining('expected --yes or --dry-run')]);
    expect(await complaint('prune', '--older-than', 'long')).toEqual([
      2,
      expect.stringContaining('--older-than: expected an age, as 12h, 30d or 4w; found "long"'),
    ]);
    expect(await complaint('prune', '--experiment', 'tou')).toEqual([2, expect.stringContaining('did you mean toy?')]);
    expect(await complaint()).toEqual([2, expect.stringContaining('expected list or prune')]);
    expect((await cacheContents(store())).units).toHaveLength(2);
    // Not even an experiment that cannot be loaded is in the way of starting anew.
    writeFileSync(source, 'throw new Error("broken");');
    expect((await project.run('cache', 'prune', '--all', '--yes')).stdout).toMatch(/^Removed .*:\n {2}2 units/);
    expect((await cacheContents(store())).units).toEqual([]);
  });

  test('units of another library are planned as well as those of the one at hand', async () => {
    writeFileSync(source, text);
    await reproduce('--profile', 'smoke', '--blas', 'portable', '--as', 'portable');
    rmSync(join(project.root, 'results', 'toy', 'portable'), { recursive: true });
    const { kinds } = JSON.parse((await project.run('cache', 'list', '--json')).stdout);
    expect(kinds).toMatchObject([{ units: 2, planned: 2, neither: 0 }]);
  });
});
