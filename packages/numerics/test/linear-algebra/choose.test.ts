import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { linearAlgebra, portableLinearAlgebra } from '../../src/index.js';
import { library } from './implementations.js';

const libc = { linux: 'libc.so.6', darwin: '/usr/lib/libSystem.dylib', win32: 'msvcrt.dll' }[
  process.platform as string
];

describe('the choice of linear algebra', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hessian-rmt-'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  test('HESSIAN_RMT_BLAS=portable takes the portable one', async () => {
    vi.stubEnv('HESSIAN_RMT_BLAS', 'portable');
    expect((await linearAlgebra()).library.kind).toBe('portable');
  });

  test('the option goes before the environment variable', async () => {
    vi.stubEnv('HESSIAN_RMT_BLAS', join(folder, 'nothing'));
    expect((await linearAlgebra({ library: 'portable' })).library.kind).toBe('portable');
  });

  test('a path that is missing, or a text file, is an error that names the variable and the path', async () => {
    const path = join(folder, 'libblas.so');
    vi.stubEnv('HESSIAN_RMT_BLAS', path);
    await expect(linearAlgebra()).rejects.toThrow(`environment variable HESSIAN_RMT_BLAS: '${path}' cannot be used`);
    writeFileSync(path, 'no library');
    await expect(linearAlgebra()).rejects.toThrow(`environment variable HESSIAN_RMT_BLAS: '${path}' cannot be used`);
    await expect(linearAlgebra({ library: path })).rejects.toThrow(`option library: '${path}' cannot be used`);
  });

  test.skipIf(!libc)('a library that is no BLAS is an error that names it and what it lacks', async () => {
    vi.stubEnv('HESSIAN_RMT_BLAS', libc);
    await expect(linearAlgebra()).rejects.toThrow(/HESSIAN_RMT_BLAS: '\S+' cannot be used .*idamax_/);
  });

  test.each([0, -1, 1.5, Number.NaN])('%d threads are a RangeError', async (threads) => {
    await expect(linearAlgebra({ threads })).rejects.toThrow(RangeError);
    expect(() => portableLinearAlgebra({ threads })).toThrow(RangeError);
  });

  test('what was chosen says its name, its version and its threads', async () => {
    const { library: info } = await linearAlgebra({ threads: 1 });
    expect(info.threads).toBe(1);
    expect(info.description).not.toBe('');
    if (info.kind === 'openblas') expect(info.identity).toMatch(/^OpenBLAS \d/);
  });

  test.skipIf(!library)('a library that is found can also be asked for (skipped without one)', async () => {
    vi.stubEnv('HESSIAN_RMT_BLAS', library!.library.path);
    expect((await linearAlgebra()).library.identity).toBe(library!.library.identity);
  });
});
