import { readFileSync } from 'node:fs';
import { totalmem } from 'node:os';

/** Thrown before anything is allocated: the work would not fit. */
export class InsufficientMemoryError extends Error {
  override readonly name = 'InsufficientMemoryError';

  constructor(
    what: string,
    /** Bytes. */
    readonly needed: number,
    /** Bytes. */
    readonly available: number,
  ) {
    super(`${what}: ${inGigabytes(needed)} needed (${needed} bytes), ${inGigabytes(available)} available`);
  }
}

/** @throws InsufficientMemoryError when `needed` bytes are more than the limit, by default what the machine has left */
export function requireMemory(what: string, needed: number, limit = availableMemory()): void {
  if (needed > limit) throw new InsufficientMemoryError(what, needed, limit);
}

/**
 * Bytes that this process can still take before the machine swaps or its container is killed.
 *
 * Linux: MemAvailable, and what is left of every control group above the process. (os.freemem leaves out the file
 * cache that would be given up, and process.constrainedMemory can answer 1.8e19.) Elsewhere the whole memory, as there
 * the file cache counts as used.
 *
 * @param read  text of a file, undefined where it does not exist
 */
export function availableMemory(read: (path: string) => string | undefined = readText): number {
  const kilobytes = read('/proc/meminfo')?.match(/^MemAvailable:\s+(\d+) kB$/m)?.[1];
  const ofMachine = kilobytes === undefined ? totalmem() : Number(kilobytes) * 1024;
  return Math.min(ofMachine, ...leftInControlGroups(read));
}

function leftInControlGroups(read: (path: string) => string | undefined): number[] {
  const left: number[] = [];
  // A line is `hierarchy:controllers:path`; version 2 names no controllers.
  for (const line of read('/proc/self/cgroup')?.split('\n') ?? []) {
    const [, controllers, path] = line.split(':');
    if (path === undefined) continue;
    const version1 = controllers.split(',').includes('memory');
    if (!version1 && controllers !== '') continue;
    const root = version1 ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup';
    const names = version1
      ? { limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes', cache: 'total_inactive_file' }
      : { limit: 'memory.max', usage: 'memory.current', cache: 'inactive_file' };
    const parts = path.split('/').filter((part) => part !== '');
    for (let depth = parts.length; depth >= 0; depth--) {
      const folder = [root, ...parts.slice(0, depth)].join('/');
      const limit = Number(read(`${folder}/${names.limit}`) ?? Number.NaN);
      const usage = Number(read(`${folder}/${names.usage}`) ?? Number.NaN);
      if (!Number.isFinite(limit) || !Number.isFinite(usage)) continue; // `max`, or no such file
      // File cache that has not been used of late is given up first.
      const cache = read(`${folder}/memory.stat`)?.match(new RegExp(`^${names.cache} (\\d+)$`, 'm'))?.[1];
      left.push(Math.max(0, limit - usage + Number(cache ?? 0)));
    }
  }
  return left;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}
