import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writing } from './cannot-write.js';
import {
  breakAbandoned,
  claimOn,
  type Holder,
  heartbeat,
  isAbandoned,
  refresh,
  release,
  thisProcess,
  tryClaim,
} from './lease.js';

/** Who holds a lock. */
export interface LockHolder extends Holder {
  /** What it does, for those who wait: `gauss-newton-outliers at laptop`. */
  readonly purpose: string;
  /** ISO time at which it took the lock. */
  readonly since: string;
}

export interface Lock {
  release(): void;
}

export interface LockOptions {
  readonly purpose: string;
  /** Called once for each holder that is waited for. */
  readonly onWait?: (holder: LockHolder, file: string) => void;
  readonly signal?: AbortSignal;
}

/** Milliseconds between two looks at a lock that another run holds; one of another machine is asked of the file server. */
const lookInterval = { here: 200, elsewhere: 2000 };

/**
 * Take the lock that this file stands for, waiting for whoever has it. The lock of a process that is gone is taken over.
 *
 * @throws the signal's reason when aborted while waiting; CannotWrite when the disk takes no lock; Error when the file
 *   does not say who holds it
 */
export async function takeLock(file: string, { purpose, onWait, signal }: LockOptions): Promise<Lock> {
  const aside = join(dirname(file), 'aside');
  const locks = () => {
    mkdirSync(aside, { recursive: true });
    return tryClaim(file, aside, { ...thisProcess(), purpose, since: new Date().toISOString() } as LockHolder);
  };
  let waitedFor = '';
  while (!(await writing('The lock that keeps runs apart', file, 'Nothing was changed.', locks))) {
    const claim = claimOn<LockHolder>(file);
    if (claim === undefined) continue;
    const { holder } = claim;
    if (holder === undefined || !tellsWho(holder)) {
      throw new Error(`${file} should say who holds the lock, but cannot be read. Remove it if nothing runs.`);
    }
    if (isAbandoned(claim, aside)) {
      breakAbandoned(file, aside);
      await sleep(10);
      continue;
    }
    const identity = JSON.stringify(holder);
    if (identity !== waitedFor) {
      waitedFor = identity;
      onWait?.(holder, file);
    }
    const interval = holder.host === hostname() ? lookInterval.here : lookInterval.elsewhere;
    await sleep(interval, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
  }
  const beat = setInterval(() => refresh(file), heartbeat).unref();
  return {
    release() {
      clearInterval(beat);
      try {
        release(file);
      } catch {
        // A disk that became read-only keeps the file, and whoever comes next finds its holder gone. What the run has to
        // say is more important.
      }
    },
  };
}

/** Whether a process that lives holds this lock. */
export function isLocked(file: string): boolean {
  const claim = claimOn(file);
  return claim !== undefined && !isAbandoned(claim, join(dirname(file), 'aside'));
}

/** Not so the lease of a unit's folder, should somebody have put one here. */
function tellsWho({ purpose, since }: LockHolder): boolean {
  return typeof purpose === 'string' && typeof since === 'string';
}
