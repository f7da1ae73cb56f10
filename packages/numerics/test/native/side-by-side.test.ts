import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Identity } from '../../src/native/identify.js';
import { sideBySide } from '../../src/native/side-by-side.js';

function libraryWith(threads: number, kind: Identity['kind'] = 'openblas') {
  const library = {
    kind,
    identity: kind,
    threads,
    setThreads: (count: number) => {
      library.threads = count;
    },
    countThreads: () => library.threads,
  };
  return library;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('calls side by side', () => {
  it('take one thread each, as many at once as there were threads', async () => {
    const library = libraryWith(3);
    const seen = await sideBySide(library)(async (atOnce) => ({ atOnce, threads: library.threads }));
    expect(seen).toEqual({ atOnce: 3, threads: 1 });
    expect(library.threads).toBe(3);
  });

  it('give the threads back after an error', async () => {
    const library = libraryWith(2);
    await expect(sideBySide(library)(() => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
    expect(library.threads).toBe(2);
  });

  it('give the threads back when the last of several runs ends, in whatever order', async () => {
    const library = libraryWith(2);
    let endFirst = () => {};
    const first = sideBySide(library)(() => new Promise<void>((resolve) => (endFirst = resolve)));
    const second = sideBySide(library)(async (atOnce) => {
      endFirst();
      await first;
      return { atOnce, threads: library.threads };
    });
    expect(await second).toEqual({ atOnce: 2, threads: 1 });
    expect(library.threads).toBe(2);
  });

  it('are left to the library where it has one thread, more than the pool, or no known way', async () => {
    for (const library of [libraryWith(1), libraryWith(5), libraryWith(2, 'accelerate')]) {
      const { threads } = library;
      const seen = await sideBySide(library)(async (atOnce) => ({ atOnce, threads: library.threads }));
      expect(seen).toEqual({ atOnce: 1, threads });
    }
    vi.stubEnv('UV_THREADPOOL_SIZE', '8');
    expect(await sideBySide(libraryWith(5))(async (atOnce) => atOnce)).toBe(5);
  });
});
