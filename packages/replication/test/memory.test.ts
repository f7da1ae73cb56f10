import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { memory } from '../src/memory.js';
import { temporaryFolder } from './temporary.js';

/** A root with these files. */
function rootWith(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const meminfo = 'MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    700 kB\n';
const kilobytes = (n: number) => n * 1024;

describe('memory', () => {
  it("is the kernel's estimate of what is available, not what is free", () => {
    expect(memory(rootWith({ 'proc/meminfo': meminfo }))).toEqual({
      total: kilobytes(1000),
      available: kilobytes(700),
      leftInGroup: null,
    });
  });

  it('knows the limit of a container (version 2), whose file cache can be given back', () => {
    const root = rootWith({
      'proc/meminfo': meminfo,
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/memory.max': '500000\n',
      'sys/fs/cgroup/memory.current': '300000\n',
      'sys/fs/cgroup/memory.stat': 'anon 1\ninactive_file 50000\nactive_file 7\n',
    });
    expect(memory(root).leftInGroup).toBe(250000);
  });

  it('takes the tightest of nested groups (version 2)', () => {
    const root = rootWith({
      'proc/meminfo': meminfo,
      'proc/self/cgroup': '0::/jobs/mine\n',
      'sys/fs/cgroup/jobs/memory.max': '1000\n',
      'sys/fs/cgroup/jobs/memory.current': '900\n',
      'sys/fs/cgroup/jobs/mine/memory.max': 'max\n',
      'sys/fs/cgroup/jobs/mine/memory.current': '800\n',
    });
    expect(memory(root).leftInGroup).toBe(100);
  });

  it('does not take the 2^63 of version 1 for a limit', () => {
    const cgroup = '5:cpu:/\n4:memory:/job\n';
    const at = (limit: string) =>
      memory(
        rootWith({
          'proc/meminfo': meminfo,
          'proc/self/cgroup': cgroup,
          'sys/fs/cgroup/memory/job/memory.limit_in_bytes': limit,
          'sys/fs/cgroup/memory/job/memory.usage_in_bytes': '1000\n',
        }),
      ).leftInGroup;
    expect(at('9223372036854771712\n')).toBeNull();
    expect(at('5000\n')).toBe(4000);
  });

  it('is never negative, and there without /proc too', () => {
    const root = rootWith({
      'proc/self/cgroup': '0::/\n',
      'sys/fs/cgroup/memory.max': '5\n',
      'sys/fs/cgroup/memory.current': '6\n',
    });
    expect(memory(root).leftInGroup).toBe(0);
    expect(memory(temporaryFolder()).total).toBeGreaterThan(2 ** 20);
  });
});
