import { execFileSync } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { asideName, isAlive } from './leftovers.js';

/** The process that holds something, as its file says. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process started, as the system says: another process of the same number is not it. Unknown where absent. */
  readonly processStart?: string;
  /** The Slurm job it runs in, and how often Slurm had started that job before. */
  readonly job?: string;
  readonly restarts?: number;
}

/** What the file of a lease says. */
export interface Claim<H extends Holder = Holder> {
  /** Undefined where the file was not written to its end, as when a machine goes down. */
  readonly holder: H | undefined;
  /** When the holder last showed that it lives: milliseconds by the clock of the file system. */
  readonly refreshed: number;
}

/** A holder shows every so often (milliseconds) that it lives: a process of another machine cannot be looked at. */
export const heartbeat = 10_000;

/**
 * A holder on another machine that has not shown itself for so long (milliseconds) is taken for dead. Our choice: twelve
 * heartbeats outlast a file server that hangs for a minute, and two minutes are little beside the hours in a checkpoint.
 */
const patience = 12 * heartbeat;

/** How this process is named in the leases it takes. */
export function thisProcess(): Holder {
  const { SLURM_JOB_ID: job, SLURM_RESTART_COUNT: restarts = '0' } = process.env;
  const processStart = entryOf(process.pid)?.start;
  return {
    pid: process.pid,
    host: hostname(),
    ...(processStart === undefined ? {} : { processStart }),
    ...(job === undefined ? {} : { job, restarts: Number(restarts) }),
  };
}

/**
 * Claim what this file stands for. The file appears with its content in one step (a hard link to one written aside), so
 * of several processes one has it, and nobody reads half of it.
 *
 * @param aside  a folder of the same file system
 * @returns false when someone has it already; whether that one is still there says `isAbandoned`
 */
export function tryClaim(file: string, aside: string, holder: Holder): boolean {
  const written = join(aside, asideName());
  try {
    writeFileSync(written, JSON.stringify(holder));
    linkSync(written, file);
    return true;
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    // A file server may have made the link, lost its answer, and found it there when it was asked again: see open(2).
    if (code === 'EEXIST' && syscall === 'link') return statSync(written).nlink > 1;
    throw error;
  } finally {
    rmSync(written, { force: true });
  }
}

/** @returns undefined when nobody claims it */
export function claimOn<H extends Holder = Holder>(file: string): Claim<H> | undefined {
  return opened(file, 'r', (descriptor) => ({
    holder: parseHolder<H>(readFileSync(descriptor, 'utf8')),
    refreshed: fstatSync(descriptor).mtimeMs,
  }));
}

/** Whether the holder is this process. */
export function isOwn({ holder }: Claim): boolean {
  return holder?.pid === process.pid && holder.host === hostname() && isRunning(holder);
}

/**
 * Whether the holder is gone: a dead process of this machine, an earlier start of the Slurm job that this process runs in
 * (Slurm starts a job again only when its last start has ended), or one of another machine that shows itself no more.
 */
export function isAbandoned({ holder, refreshed }: Claim, aside: string): boolean {
  if (holder === undefined) return true;
  if (holder.host === hostname()) return !isRunning(holder);
  return isEarlierStart(holder) || fileSystemTime(aside) - refreshed > patience;
}

/**
 * Remove the claim if its holder is gone.
 *
 * Two processes may find the same claim abandoned, and the slower must not remove the new claim of the faster. So only
 * one at a time removes, and looks again before it does.
 *
 * @returns false when the holder is there, or another process is removing the claim: look again
 */
export function breakAbandoned(file: string, aside: string): boolean {
  const guard = `${file}.breaking`;
  try {
    mkdirSync(guard);
  } catch {
    // Another process is at it; the folder is from a dead one only if it stays.
    const made = statSync(guard, { throwIfNoEntry: false })?.mtimeMs;
    if (made !== undefined && fileSystemTime(aside) - made > heartbeat) rmSync(guard, { recursive: true, force: true });
    return false;
  }
  try {
    const claim = claimOn(file);
    // Nothing to remove, not even what another process puts there this moment.
    if (claim === undefined) return true;
    const gone = isAbandoned(claim, aside);
    if (gone) rmSync(file, { force: true });
    return gone;
  } finally {
    rmSync(guard, { recursive: true, force: true });
  }
}

/**
 * Show that the holder lives, if that is this process. The first byte is written over itself: the file server sets the
 * time then, where `utimes` would set this machine's.
 */
export function refresh(file: string): void {
  try {
    opened(file, 'r+', (descriptor) => {
      const content = readFileSync(descriptor);
      const holder = parseHolder(content.toString());
      if (holder !== undefined && isOwn({ holder, refreshed: 0 })) writeSync(descriptor, content, 0, 1, 0);
    });
  } catch {
    // A file server that does not answer now may do so at the next heartbeat.
  }
}

/** Give it back, if this process has it. */
export function release(file: string): void {
  const claim = claimOn(file);
  if (claim && isOwn(claim)) rmSync(file, { force: true });
}

/**
 * The time by the clock of a folder's file system: clocks of machines differ, those of one file server do not. Where
 * nothing can be written it is this machine's.
 */
export function fileSystemTime(folder: string): number {
  const file = join(folder, asideName());
  try {
    writeFileSync(file, '0');
    return statSync(file).mtimeMs;
  } catch {
    return Date.now();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Work with a file that may be gone. NFS asks its server for a file's state when it is opened, not at every look. */
function opened<T>(file: string, flags: string, work: (descriptor: number) => T): T | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, flags);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** JSON; before there were leases, a name as things written aside have it. */
function parseHolder<H extends Holder>(text: string): H | undefined {
  let holder: H | undefined;
  try {
    holder = JSON.parse(text);
  } catch {
    const [host, pid] = text.split('+');
    holder = { host, pid: Number(pid) } as H;
  }
  // Of a process numbered 0 or below the system says that it lives, whoever asks.
  return typeof holder?.host === 'string' && Number.isInteger(holder.pid) && holder.pid > 0 ? holder : undefined;
}

function isRunning({ pid, processStart }: Holder): boolean {
  if (!isAlive(pid)) return false;
  const entry = entryOf(pid);
  // Systems may hide processes of other users.
  if (entry === undefined) return true;
  return !entry.hasEnded && (processStart === undefined || processStart === entry.start);
}

function isEarlierStart({ job, restarts = 0 }: Holder): boolean {
  const own = thisProcess();
  return job !== undefined && job === own.job && restarts < (own.restarts ?? 0);
}

/**
 * What the system's table of processes says. The start is in whatever form the system has it: it is only compared. A
 * process that has ended keeps its entry until its parent asks for it.
 */
function entryOf(pid: number): { readonly start: string; readonly hasEnded: boolean } | undefined {
  try {
    if (process.platform === 'linux') {
      // The command's name, in brackets, may hold spaces; the state is the first field after it, the start the 20th.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
      return { start: fields[19], hasEnded: fields[0] === 'Z' };
    }
    const [state, ...start] = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', `${pid}`], { encoding: 'utf8' })
      .trim()
      .split(' ');
    return { start: start.join(' ').trim(), hasEnded: state.startsWith('Z') };
  } catch {
    return undefined;
  }
}
