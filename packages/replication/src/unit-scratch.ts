import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { breakAbandoned, type Claim, claimOn, isAbandoned, isOwn, release, thisProcess, tryClaim } from './lease.js';
import { asideName } from './leftovers.js';

/** A folder for what a unit that is not finished must not lose: its training, its Krylov space. */
export interface UnitScratch {
  /** The folder, made when it is first asked for. */
  folder(): Promise<string>;
  /** The unit is finished, or what it left is of no use. */
  remove(): Promise<void>;
}

/** The folder of a unit in the store. */
export interface StoredScratch extends UnitScratch {
  /** The unit failed: what it saved stays for whoever takes it up, on whatever machine. */
  giveBack(): Promise<void>;
}

/** Milliseconds between two looks at the claim of another machine. */
const lookInterval = 500;

/**
 * `unfinished/<key>/` in the store: the same folder for every process that takes up the unit after one that was killed.
 * Whoever has it holds a lease on it, the file `leaseOn(store, key)`, which is to be refreshed while the unit is computed.
 *
 * While another process computes the same unit, this one gets a folder of its own, whose content is lost with it. Of a
 * process on another machine that was there a moment ago nobody knows whether it was killed since: its next heartbeat is
 * waited for.
 *
 * @param onWait  told the machine when another machine's sign of life is waited for
 */
export function scratchOf(store: string, key: string, onWait: (host: string) => void = () => {}): StoredScratch {
  const shared = join(store, 'unfinished', key);
  const aside = join(store, 'aside');
  const owner = leaseOn(store, key);
  let made: Promise<string> | undefined;
  const ownFolder = async () => {
    const own = join(aside, asideName());
    await mkdir(own, { recursive: true });
    return own;
  };
  const claim = async () => {
    let first: Claim | undefined;
    for (;;) {
      await mkdir(shared, { recursive: true });
      await mkdir(aside, { recursive: true });
      if (claimed(owner, aside)) return shared;
      const found = claimOn(owner);
      if (found === undefined) continue;
      if (isOwn(found)) return shared;
      if (isAbandoned(found, aside)) {
        breakAbandoned(owner, aside);
        await sleep(10);
        continue;
      }
      first ??= found;
      const { host } = found.holder!;
      if (host === hostname() || found.refreshed !== first.refreshed) return ownFolder();
      onWait(host);
      await sleep(lookInterval);
    }
  };
  const holdsShared = async () => {
    if ((await made) !== shared) return false;
    const found = claimOn(owner);
    return found !== undefined && isOwn(found);
  };
  return {
    folder: () => (made ??= claim()),
    giveBack: async () => {
      if (await holdsShared()) release(owner);
    },
    remove: async () => {
      const folder = await made;
      if (folder === undefined) return;
      if (folder !== shared) return rm(folder, { recursive: true, force: true });
      // Taken from a process that was suspended for minutes, it is another's now.
      if (await holdsShared()) await removeFolder(shared, aside);
    },
  };
}

/** The file that says who has the folder of a unit. */
export function leaseOn(store: string, key: string): string {
  return join(store, 'unfinished', key, 'owner');
}

/**
 * Give back the folders of units whose processes on this machine are dead, so that other machines need not wait until
 * they miss them: for a task of a cluster that is told to end, when its units' processes have.
 */
export function releaseScratch(store: string, keys: readonly string[]): void {
  const aside = join(store, 'aside');
  for (const key of keys) {
    const owner = leaseOn(store, key);
    if (claimOn(owner)?.holder?.host === hostname()) breakAbandoned(owner, aside);
  }
}

/** In one step, so that nobody finds half of it without its lease. */
async function removeFolder(folder: string, aside: string): Promise<void> {
  const removed = join(aside, asideName());
  await rename(folder, removed);
  await rm(removed, { recursive: true, force: true });
}

/** False, too, when the folder was removed by one who had finished. */
function claimed(owner: string, aside: string): boolean {
  try {
    return tryClaim(owner, aside, thisProcess());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
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
