import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAtomically } from '@hessian-rmt/numerics';
import { asideName, isOwnedByAnother } from './leftovers.js';

/** A folder for what a unit that is not finished must not lose: its training, its Krylov space. */
export interface UnitScratch {
  /** The folder, made when it is first asked for. */
  folder(): Promise<string>;
  /** The unit is finished, or what it left is of no use. */
  remove(): Promise<void>;
}

/**
 * `unfinished/<key>/` in the store: the same folder for every process that takes up the unit after one that was killed.
 * While another process computes the same unit, this one gets a folder of its own instead; so it does for good where the
 * one that was killed ran under another host name, as a container may, since nobody here can tell that it is dead.
 */
export function scratchOf(store: string, key: string): UnitScratch {
  let made: Promise<string> | undefined;
  const own = asideName();
  const claim = async () => {
    const shared = join(store, 'unfinished', key);
    await mkdir(shared, { recursive: true });
    const owner = join(shared, 'owner');
    const found = await readFile(owner, 'utf8').catch(() => undefined);
    if (found !== undefined && isOwnedByAnother(found)) {
      const aside = join(store, 'aside', own);
      await mkdir(aside, { recursive: true });
      return aside;
    }
    await writeAtomically(owner, [Buffer.from(own)]);
    return shared;
  };
  return {
    folder: () => (made ??= claim()),
    remove: async () => {
      if (made) await rm(await made, { recursive: true, force: true });
    },
  };
}

/** For a unit that is computed outside a store: a temporary folder, gone with the computation. */
export function temporaryScratch(): UnitScratch {
  let made: Promise<string> | undefined;
  return {
    folder: () => (made ??= mkdtemp(join(tmpdir(), 'hessian-rmt-unit-'))),
    remove: async () => {
      if (made) await rm(await made, { recursive: true, force: true });
    },
  };
}
