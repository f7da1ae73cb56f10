import { totalmem } from 'node:os';
import { describe, expect, it } from 'vitest';
import { availableMemory, InsufficientMemoryError } from '../src/index.js';
import { requireMemory } from '../src/memory.js';

const machine = (files: Record<string, string>) => availableMemory((path) => files[path]);
const meminfo = { '/proc/meminfo': 'MemTotal:       16000000 kB\nMemAvailable:   8000000 kB\n' };

describe('available memory', () => {
  it('is MemAvailable where no control group says otherwise', () => {
    expect(machine(meminfo)).toBe(8_000_000 * 1024);
    expect(machine({ ...meminfo, '/proc/self/cgroup': '0::/user\n' })).toBe(8_000_000 * 1024);
  });

  it('is what the tightest control group above the process leaves, file cache not counted (version 2)', () => {
    expect(
      machine({
        ...meminfo,
        '/proc/self/cgroup': '0::/job/step\n',
        '/sys/fs/cgroup/job/step/memory.max': 'max\n',
        '/sys/fs/cgroup/job/step/memory.current': '100\n',
        '/sys/fs/cgroup/job/memory.max': '3000\n',
        '/sys/fs/cgroup/job/memory.current': '1000\n',
        '/sys/fs/cgroup/job/memory.stat': 'anon 600\ninactive_file 400\n',
      }),
    ).toBe(2400);
  });

  it('reads version 1 too, whose unlimited group says 9.2e18', () => {
    const files = {
      ...meminfo,
      '/proc/self/cgroup': '9:name=systemd:/\n4:cpu,memory:/job\n0::/\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': '5000\n',
    };
    expect(machine(files)).toBe(8_000_000 * 1024);
    expect(
      machine({
        ...files,
        '/sys/fs/cgroup/memory/job/memory.limit_in_bytes': '7000\n',
        '/sys/fs/cgroup/memory/job/memory.usage_in_bytes': '9000\n',
        '/sys/fs/cgroup/memory/job/memory.stat': 'total_inactive_file 500\n',
      }),
    ).toBe(0);
  });

  it('is the whole memory where the system does not tell', () => {
    expect(machine({})).toBe(totalmem());
  });

  it('on this machine is positive and not more than there is', () => {
    expect(availableMemory()).toBeGreaterThan(0);
    expect(availableMemory()).toBeLessThanOrEqual(totalmem());
  });

  it('is asked for before the work, and what is missing is said', () => {
    expect(() => requireMemory('a matrix', 100, 100)).not.toThrow();
    expect(() => requireMemory('a matrix', 2.5e9, 1e9)).toThrow(new InsufficientMemoryError('a matrix', 2.5e9, 1e9));
    expect(() => requireMemory('a matrix', 2.5e9, 1e9)).toThrow(
      'a matrix: 2.50 GB needed (2500000000 bytes), 1.00 GB available',
    );
  });
});
