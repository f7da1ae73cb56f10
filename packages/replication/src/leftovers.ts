import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A new name for something written aside: it tells which process on which machine it belongs to. */
export function asideName(): string {
  return `${hostname()}+${process.pid}+${randomUUID().slice(0, 8)}`;
}

/** Removes what dead processes of this machine left in a folder of things written aside. */
export async function removeLeftovers(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const [host, pid] = name.split('+');
    if (host === hostname() && !isAlive(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/**
 * Whether this name is that of a live process of this machine which is not this one, or of a process elsewhere. What is no
 * such name, as a file is that was being written when the machine went down, is nobody's.
 */
export function isOwnedByAnother(name: string): boolean {
  const [host, pid] = name.split('+');
  if (pid === undefined) return false;
  return host !== hostname() || (Number(pid) !== process.pid && isAlive(Number(pid)));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
