import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';

/** Bytes. */
export interface Memory {
  readonly total: number;
  /** What can be had without swapping: the kernel's MemAvailable, elsewhere what the system calls free. */
  readonly available: number;
  /** What the control group of this process may still take; null where it has no limit, or there are no such groups. */
  readonly leftInGroup: number | null;
}

/**
 * Memory of this machine and of the container, if any. Node's own answers mislead: `os.freemem` leaves out the file
 * cache, and `process.constrainedMemory` can say 1.8e19.
 *
 * @param root  where /proc and /sys are; tests put files of their own there
 */
export function memory(root = '/'): Memory {
  const known = parseMeminfo(read(join(root, 'proc/meminfo')));
  return {
    total: known.get('MemTotal') ?? totalmem(),
    available: known.get('MemAvailable') ?? freemem(),
    leftInGroup: leftInGroup(root),
  };
}

/** Bytes that this process and those it starts can have without swapping. */
export function memoryLeft(): number {
  const { available, leftInGroup } = memory();
  return Math.min(available, leftInGroup ?? available);
}

/** `MemAvailable:   12345 kB` as bytes by name. */
function parseMeminfo(text: string): ReadonlyMap<string, number> {
  return new Map(
    [...text.matchAll(/^(\w+):\s+(\d+) kB$/gm)].map(([, name, kilobytes]) => [name, Number(kilobytes) * 1024]),
  );
}

/** The tightest limit of the group and those around it, less what is in use there. File cache counts as free. */
function leftInGroup(root: string): number | null {
  const left: number[] = [];
  for (const { folder, limit, used, cache } of groups(root)) {
    const bytes = Number.parseInt(read(join(folder, limit)), 10);
    // Version 1 says "no limit" with a number near 2^63.
    if (!(bytes < 2 ** 60)) continue;
    const inactive = new RegExp(`^${cache} (\\d+)$`, 'm').exec(read(join(folder, 'memory.stat')));
    left.push(bytes - Number.parseInt(read(join(folder, used)) || '0', 10) + Number(inactive?.[1] ?? 0));
  }
  return left.length === 0 ? null : Math.max(0, Math.min(...left));
}

function groups(root: string): { folder: string; limit: string; used: string; cache: string }[] {
  return read(join(root, 'proc/self/cgroup'))
    .split('\n')
    .flatMap((line) => {
      const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      if (path === undefined || !(controllers === '' || controllers.split(',').includes('memory'))) return [];
      const base = join(root, 'sys/fs/cgroup', controllers === '' ? '' : 'memory');
      const names =
        controllers === ''
          ? { limit: 'memory.max', used: 'memory.current', cache: 'inactive_file' }
          : { limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes', cache: 'total_inactive_file' };
      // Inside a container the path is often that of the host, and only the base is there.
      const parts = path.split('/').filter((part) => part !== '');
      return Array.from({ length: parts.length + 1 }, (_, depth) => ({
        folder: join(base, ...parts.slice(0, depth)),
        ...names,
      }));
    });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
