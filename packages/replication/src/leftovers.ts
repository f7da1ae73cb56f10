import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Of another machine's processes nobody here knows whether they live; after a week (milliseconds) none is waited for. Our choice. */
const foreignAge = 7 * 24 * 3600 * 1000;

/** A new name for something written aside: it tells which process on which machine it belongs to. */
export function asideName(): string {
  return `${hostname()}+${process.pid}+${randomUUID().slice(0, 8)}`;
}

/** Removes what dead processes left in a folder of things written aside. */
export async function removeLeftovers(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (await isLeftover(join(folder, name), name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Whether something written aside belongs to a dead process of this machine, or to one of another and is a week old. */
export async function isLeftover(path: string, name: string): Promise<boolean> {
  const [host, pid] = name.split('+');
  if (host === hostname()) return !isAlive(Number(pid));
  if (pid === undefined) return false;
  // A week is so long that it does not matter whose clock tells it.
  return Date.now() - (await lastChange(path)) > foreignAge;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Of a folder and all in it. Now (milliseconds) for what vanishes meanwhile. */
async function lastChange(path: string): Promise<number> {
  try {
    const { mtimeMs } = await stat(path);
    const entries = await readdir(path).catch(() => []);
    return Math.max(mtimeMs, ...(await Promise.all(entries.map((entry) => lastChange(join(path, entry))))));
  } catch {
    return Date.now();
  }
}
