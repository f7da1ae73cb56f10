import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { claimOn, isAbandoned } from '../lease.js';
import { isLeftover } from '../leftovers.js';
import type { UnitIngredients } from '../unit-key.js';
import { leaseOn } from '../unit-scratch.js';
import { DamagedUnit, UnitStore } from '../unit-store.js';

/** A finished unit in the store. */
export interface CachedUnit {
  readonly key: string;
  /** Undefined for a unit whose result.json is damaged. */
  readonly ingredients: UnitIngredients | undefined;
  /** Seconds it took to compute; 0 where that cannot be read. */
  readonly seconds: number;
  readonly bytes: number;
  /** When it was stored. */
  readonly stored: Date;
}

/** A file or folder of the cache beside the units. */
export interface CachedFile {
  /** Its name: the key of a run, the sum of an output, the key of an unfinished unit. */
  readonly name: string;
  readonly bytes: number;
  readonly stored: Date;
}

/** A recorded run: `runs/<run key>.json`. */
export interface CachedRun extends CachedFile {
  /** Sums of its outputs. */
  readonly outputs: readonly string[];
}

/** A folder that a unit keeps checkpoints in: `unfinished/<key>/`. */
export interface UnfinishedUnit extends CachedFile {
  /** Whether a process works with it, here or on another machine. */
  readonly isInUse: boolean;
}

/** What stands in `.hessian-rmt/`. */
export interface CacheContents {
  readonly directory: string;
  readonly units: readonly CachedUnit[];
  readonly runs: readonly CachedRun[];
  readonly outputs: readonly CachedFile[];
  readonly unfinished: readonly UnfinishedUnit[];
  /** What dead processes left half-written in `aside/`. */
  readonly leftovers: readonly CachedFile[];
}

/** Look through the cache; nothing is changed, and what vanishes meanwhile is left out. */
export async function cacheContents(directory: string): Promise<CacheContents> {
  const store = new UnitStore(directory);
  const units = [];
  for (const key of await store.keys()) units.push(await cachedUnit(store, key));
  const folder = (name: string) => join(directory, name);
  const runs = await filesOf(folder('runs'));
  const heads = await namesIn(folder('outputs'));
  const outputs = await Promise.all(heads.map((head) => filesOf(join(folder('outputs'), head))));
  const unfinished = await filesOf(folder('unfinished'));
  const aside = await filesOf(folder('aside'));
  const areLeft = await Promise.all(aside.map(({ name }) => isLeftover(join(folder('aside'), name), name)));
  return {
    directory,
    units: units.filter((unit) => unit !== undefined),
    runs: await Promise.all(
      runs.map(async (run) => ({ ...run, outputs: await outputsOf(join(folder('runs'), run.name)) })),
    ),
    outputs: outputs.flat(),
    unfinished: unfinished.map((one) => ({ ...one, isInUse: isInUse(directory, one.name) })),
    leftovers: aside.filter((_, i) => areLeft[i]),
  };
}

async function cachedUnit(store: UnitStore, key: string): Promise<CachedUnit | undefined> {
  const measured = await measure(store.folderOf(key));
  if (measured === undefined) return undefined;
  try {
    const { ingredients, seconds } = await store.written(key);
    return { key, ingredients, seconds, ...measured };
  } catch (error) {
    if (!(error instanceof DamagedUnit)) throw error;
    return { key, ingredients: undefined, seconds: 0, ...measured };
  }
}

async function filesOf(folder: string): Promise<readonly CachedFile[]> {
  const files = await Promise.all(
    (await namesIn(folder)).map(async (name) => {
      const measured = await measure(join(folder, name));
      return measured === undefined ? [] : [{ name, ...measured }];
    }),
  );
  return files.flat();
}

/** Of a folder: all of its files together, and the newest of them. */
async function measure(path: string): Promise<{ readonly bytes: number; readonly stored: Date } | undefined> {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return { bytes: found.size, stored: found.mtime };
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    const stats = await Promise.all(files.map((file) => stat(file)));
    const newest = stats.reduce((latest, { mtimeMs }) => Math.max(latest, mtimeMs), 0);
    return {
      bytes: stats.reduce((sum, { size }) => sum + size, 0),
      stored: stats.length > 0 ? new Date(newest) : found.mtime,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** None for a record that cannot be read: its outputs are of no use then. */
async function outputsOf(file: string): Promise<readonly string[]> {
  try {
    return Object.values(JSON.parse(await readFile(file, 'utf8')).files);
  } catch {
    return [];
  }
}

function isInUse(directory: string, key: string): boolean {
  const claim = claimOn(leaseOn(directory, key));
  return claim !== undefined && !isAbandoned(claim, join(directory, 'aside'));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return existsSync(folder) ? (await readdir(folder)).sort() : [];
}
