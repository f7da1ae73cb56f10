import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writing } from './cannot-write.js';
import { asideName, isAlive } from './leftovers.js';

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** When its process started, as the system says: another process of the same number is not it. */
  readonly processStart: string;
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

/** Milliseconds between two looks at a lock that another run holds. */
const lookInterval = 200;
/** A holder shows every so often (milliseconds) that it lives: a process of another machine cannot be looked at. */
const heartbeat = 10_000;
const foreignPatience = 12 * heartbeat;

/**
 * Take the lock that this file stands for, waiting for whoever has it. The lock of a process that is gone is taken over.
 *
 * The file appears with its content in one step (a hard link to one written aside), so nobody reads half of it.
 *
 * @throws the signal's reason when aborted while waiting; CannotWrite when the disk takes no lock
 */
export async function takeLock(file: string, { purpose, onWait, signal }: LockOptions): Promise<Lock> {
  const locks = () => {
    mkdirSync(join(dirname(file), 'aside'), { recursive: true });
    return tryLock(file, purpose);
  };
  let waitedFor = '';
  while (!(await writing('The lock that keeps runs apart', file, 'Nothing was changed.', locks))) {
    const holder = holderOf(file);
    if (holder !== undefined && isStale(holder, file)) {
      breakStaleLock(file);
      await sleep(10);
      continue;
    }
    const identity = JSON.stringify(holder);
    if (holder !== undefined && identity !== waitedFor) {
      waitedFor = identity;
      onWait?.(holder, file);
    }
    await sleep(lookInterval, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
  }
  const beat = setInterval(() => touch(file), heartbeat).unref();
  return {
    release() {
      clearInterval(beat);
      const holder = holderOf(file);
      if (holder?.pid === process.pid && holder.host === hostname()) rmSync(file, { force: true });
    },
  };
}

function tryLock(file: string, purpose: string): boolean {
  const holder: LockHolder = {
    pid: process.pid,
    host: hostname(),
    processStart: processStart(process.pid),
    purpose,
    since: new Date().toISOString(),
  };
  const aside = join(dirname(file), 'aside', asideName());
  try {
    writeFileSync(aside, JSON.stringify(holder));
    linkSync(aside, file);
    return true;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && syscall === 'link') return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** undefined when the lock was released meanwhile. */
function holderOf(file: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} should say who holds the lock, but cannot be read. Remove it if nothing runs.`, {
      cause: error,
    });
  }
}

function isStale(holder: LockHolder, file: string): boolean {
  if (holder.host === hostname()) return !isAlive(holder.pid) || processStart(holder.pid) !== holder.processStart;
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  return Date.now() - touched > foreignPatience;
}

/**
 * Two processes may find the same lock stale, and the slower must not remove the new lock of the faster. So only one at
 * a time removes, and looks again before it does.
 */
function breakStaleLock(file: string): void {
  const guard = `${file}.breaking`;
  try {
    mkdirSync(guard);
  } catch {
    // Another process is at it; the folder is from a dead one only if it stays.
    const made = statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > heartbeat) rmSync(guard, { recursive: true, force: true });
    return;
  }
  try {
    const holder = holderOf(file);
    if (holder !== undefined && isStale(holder, file)) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Released meanwhile.
  }
}

/** Start of a process as the system tells it, in whatever form: it is only compared. Empty when there is no such process. */
function processStart(pid: number): string {
  try {
    if (process.platform === 'linux') {
      // The command's name, in brackets, may hold spaces; the start time is the 20th field after it.
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[19];
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
