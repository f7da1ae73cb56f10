import { describe, expect, test } from 'vitest';
import { candidates } from '../../src/native/candidates.js';
import { identify, refuseLongIntegers } from '../../src/native/identify.js';
import type { Routine, SharedLibrary } from '../../src/native/routines.js';
import { selfTest } from '../../src/native/self-test.js';
import { portable } from '../linear-algebra/implementations.js';

/** A library that has only these functions, in JavaScript. */
function libraryOf(functions: Record<string, (...args: never[]) => unknown>): SharedLibrary {
  return {
    func(prototype) {
      const name = /(\w+)\(/.exec(prototype)?.[1] ?? '';
      if (!(name in functions)) throw new Error(`Cannot find function '${name}' in shared library`);
      return functions[name] as unknown as Routine;
    },
  };
}

const openblas = (config: string, threads = { count: 4 }) =>
  libraryOf({
    openblas_get_config: () => config,
    openblas_get_corename: () => 'Haswell',
    openblas_get_parallel: () => 1,
    openblas_get_num_threads: () => threads.count,
    openblas_set_num_threads: (count: number) => {
      threads.count = count;
    },
  });

const mkl = (interfaceLayer: number) =>
  libraryOf({
    MKL_Get_Version_String: (buffer: Uint8Array) => {
      new TextEncoder().encodeInto(
        'Intel(R) oneAPI Math Kernel Library Version 2024.1-Product Build 20240215\0',
        buffer,
      );
    },
    MKL_Set_Interface_Layer: () => interfaceLayer,
    MKL_Set_Num_Threads: () => {},
    MKL_Get_Max_Threads: () => 8,
  });

describe('libraries are told apart by their own symbols', () => {
  test('OpenBLAS, with its version and threads', () => {
    const found = identify(
      openblas('OpenBLAS 0.3.26 DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64'),
      'libopenblas.so.0',
    );
    expect(found).toMatchObject({ kind: 'openblas', identity: 'OpenBLAS 0.3.26', detail: '(pthreads) on Haswell' });
    found.setThreads(2);
    expect(found.countThreads()).toBe(2);
  });

  test('MKL, with its version and threads', () => {
    const found = identify(mkl(0), 'libmkl_rt.so.2');
    expect(found).toMatchObject({ kind: 'mkl', identity: 'MKL 2024.1-Product' });
    expect(found.countThreads()).toBe(8);
  });

  test('Accelerate, by its path', () => {
    const path = '/System/Library/Frameworks/Accelerate.framework/Accelerate';
    expect(identify(libraryOf({}), path).kind).toBe('accelerate');
  });

  test('any other, of which nothing is known but one thread', () => {
    const found = identify(libraryOf({}), '/opt/lib/liblapack.so.3');
    expect(found).toMatchObject({ kind: 'other', identity: 'liblapack.so.3' });
    expect(found.countThreads()).toBe(1);
    expect(() => found.setThreads(2)).toThrow(/no known way/);
  });
});

describe('a library that counts in 64-bit integers is refused', () => {
  test('by what OpenBLAS and MKL say', () => {
    expect(() => identify(openblas('OpenBLAS 0.3.26 USE64BITINT DYNAMIC_ARCH'), 'libopenblas64.so.0')).toThrow(/ILP64/);
    expect(() => identify(mkl(1), 'libmkl_rt.so.2')).toThrow(/ILP64/);
  });

  test('by how it reads a count', () => {
    const indexOfLargest = (x: Float64Array) => 1 + x.indexOf(Math.max(...x));
    const short = (n: Int32Array, x: Float64Array) => (n[0] < 1 ? 0 : indexOfLargest(x.subarray(0, n[0])));
    const long = (n: Int32Array, x: Float64Array) => {
      const count = Number(new BigInt64Array(n.buffer)[0]);
      return count < 1 ? 0 : indexOfLargest(x.subarray(0, count));
    };
    expect(() => refuseLongIntegers(libraryOf({ idamax_: short }))).not.toThrow();
    expect(() => refuseLongIntegers(libraryOf({ idamax_: long }))).toThrow(/ILP64/);
  });
});

describe('the self-test', () => {
  test('passes a library that computes', async () => {
    await expect(selfTest(portable)).resolves.toBeUndefined();
  });

  test('catches a product or an eigenproblem that comes out wrong', async () => {
    await expect(selfTest({ ...portable, gemm: () => {} })).rejects.toThrow(/^a product of known answer 5, 11, 14, 23/);
    const symmetricEigenvalues: typeof portable.symmetricEigenvalues = async (matrix, n) => matrix.slice(0, n) as never;
    await expect(selfTest({ ...portable, symmetricEigenvalues })).rejects.toThrow(/^an eigenproblem of known answer/);
  });
});

describe('where libraries are looked for', () => {
  test('an active conda environment comes first, a threaded OpenBLAS before a serial one, MKL last', () => {
    const names = candidates('linux', '/conda');
    expect(names[0]).toMatch(/^.conda.lib.libopenblas/);
    expect(names.indexOf('libopenblasp.so.0')).toBeLessThan(names.indexOf('libopenblas.so.0'));
    expect(names.at(-1)).toMatch(/mkl/);
    expect(names.some((name) => name.includes('64.so'))).toBe(false);
    expect(candidates('linux', undefined)[0]).toBe('libopenblasp.so.0');
  });

  test('on a Mac Homebrew comes before Accelerate', () => {
    const names = candidates('darwin', undefined);
    expect(names[0]).toMatch(/homebrew/);
    expect(names.some((name) => name.includes('Accelerate.framework'))).toBe(true);
  });
});
