import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asideName } from '../leftovers.js';
import { UnitStore } from '../unit-store.js';
import type { CacheContents, CachedFile, CachedRun, CachedUnit } from './cache-contents.js';
import type { References } from './references.js';

export interface PruneOptions {
  /** Remove only what was stored before this time. Default: whatever its age. */
  readonly before?: Date;
  /** Remove only units of this experiment; outputs and records of runs, which know none, stay. Default: all. */
  readonly experiment?: string;
  /** Remove everything, also what is referred to. Default false. */
  readonly all?: boolean;
}

/** What is to be removed from a cache. */
export interface Removal {
  readonly units: readonly CachedUnit[];
  readonly runs: readonly CachedRun[];
  readonly outputs: readonly CachedFile[];
  readonly unfinished: readonly CachedFile[];
  readonly leftovers: readonly CachedFile[];
}

/**
 * What nobody will ask for: units that neither stored results nor the plans of the present code name, records of runs
 * that the present code would not do again, outputs that no other record has, checkpoints of units that are finished or
 * that no plan names, and what dead processes left. What a live process works with is never taken.
 */
export function whatToRemove(
  contents: CacheContents,
  { results, plans, runs: planned }: References,
  { before, experiment, all = false }: PruneOptions = {},
): Removal {
  const isOld = ({ stored }: { readonly stored: Date }) => before === undefined || stored < before;
  const isOfIt = (unit: CachedUnit) => experiment === undefined || unit.ingredients?.experiment === experiment;
  const isWanted = ({ key, ingredients }: CachedUnit) =>
    ingredients !== undefined && (results.has(key) || plans.has(key));
  const units = contents.units.filter((unit) => isOfIt(unit) && isOld(unit) && (all || !isWanted(unit)));
  if (experiment !== undefined) return { units, runs: [], outputs: [], unfinished: [], leftovers: [] };

  const runs = contents.runs.filter((run) => isOld(run) && (all || !planned.has(keyOf(run))));
  const kept = new Set(contents.runs.filter((run) => !runs.includes(run)).flatMap(({ outputs }) => outputs));
  const finished = new Set(contents.units.map(({ key }) => key));
  const isUseless = ({ name }: CachedFile) => finished.has(name) || !(plans.has(name) || results.has(name));
  return {
    units,
    runs,
    outputs: contents.outputs.filter((output) => isOld(output) && !kept.has(output.name)),
    unfinished: contents.unfinished.filter((one) => !one.isInUse && isOld(one) && (all || isUseless(one))),
    leftovers: contents.leftovers.filter(isOld),
  };
}

/** `runs/<run key>.json`. */
function keyOf({ name }: CachedRun): string {
  return name.replace(/\.json$/, '');
}

/**
 * Remove it, with the repository's lock in hand. Each removal is one step, records go before the outputs they name, and
 * whatever is left when this is killed is whole: the next call goes on.
 */
export async function remove(
  directory: string,
  { units, runs, outputs, unfinished, leftovers }: Removal,
): Promise<void> {
  const store = new UnitStore(directory);
  for (const { name } of runs) await rm(join(directory, 'runs', name), { force: true });
  for (const { key } of units) await store.remove(key);
  for (const { name } of outputs) await rm(join(directory, 'outputs', name.slice(0, 2), name), { force: true });
  for (const { name } of unfinished) await removeFolder(directory, join('unfinished', name));
  for (const { name } of leftovers) await rm(join(directory, 'aside', name), { recursive: true, force: true });
}

async function removeFolder(directory: string, path: string): Promise<void> {
  const aside = join(directory, 'aside', asideName());
  await mkdir(join(directory, 'aside'), { recursive: true });
  await rename(join(directory, path), aside);
  await rm(aside, { recursive: true, force: true });
}

export function bytesOf(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
