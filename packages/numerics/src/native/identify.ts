import { availableParallelism, release } from 'node:os';
import { basename } from 'node:path';
import type { LibraryInfo } from '../linear-algebra.js';
import { optional, type SharedLibrary } from './routines.js';

/** What a library is called, and how its threads are set and counted. */
export interface Identity {
  readonly kind: Exclude<LibraryInfo['kind'], 'portable'>;
  /** Name and version. */
  readonly identity: string;
  /** The processor it runs on, or how it is built, as far as the library tells. */
  readonly detail?: string;
  setThreads(threads: number): void;
  countThreads(): number;
}

/** Tells the libraries apart by the symbols that only they have. Call before any other routine of the library. */
export function identify(library: SharedLibrary, path: string): Identity {
  return identifyOpenBlas(library) ?? identifyMkl(library) ?? identifyAccelerate(path) ?? unknownLibrary(path);
}

function identifyOpenBlas(library: SharedLibrary): Identity | undefined {
  const config = optional(() => library.func('const char *openblas_get_config(void)'));
  if (!config) return undefined;
  const text = String(config());
  if (text.includes('USE64BITINT')) throw new Error('it counts in 64-bit integers (ILP64); the 32-bit build is needed');
  const core = library.func('const char *openblas_get_corename(void)');
  const parallel = library.func('int openblas_get_parallel(void)');
  const setThreads = library.func('void openblas_set_num_threads(int)');
  const countThreads = library.func('int openblas_get_num_threads(void)');
  return {
    kind: 'openblas',
    // The text begins "OpenBLAS 0.3.21"; versions before 0.3.0 leave the number out.
    identity: /^OpenBLAS \d\S*/.exec(text)?.[0] ?? 'OpenBLAS',
    detail: `(${['one thread', 'pthreads', 'OpenMP'][Number(parallel())]}) on ${core()}`,
    setThreads: (threads) => setThreads(threads),
    countThreads: () => Number(countThreads()),
  };
}

/** Untested: written from the reference of oneMKL, "Support Functions". */
function identifyMkl(library: SharedLibrary): Identity | undefined {
  const version = optional(() => library.func('void MKL_Get_Version_String(char *, int)'));
  if (!version) return undefined;
  // MKL_INTERFACE_LP64: mkl_rt chooses between 32- and 64-bit integers at its first call, also by an environment variable.
  const setInterface = optional(() => library.func('int MKL_Set_Interface_Layer(int)'));
  if (setInterface && (Number(setInterface(0)) & 1) !== 0) {
    throw new Error('it is set to 64-bit integers (ILP64); unset MKL_INTERFACE_LAYER');
  }
  const buffer = new Uint8Array(200);
  version(buffer, buffer.length);
  const text = new TextDecoder().decode(buffer).replace(/\0.*$/s, '').trim();
  const setThreads = library.func('void MKL_Set_Num_Threads(int)');
  const countThreads = library.func('int MKL_Get_Max_Threads(void)');
  return {
    kind: 'mkl',
    identity: `MKL ${/Version (\S+)/.exec(text)?.[1] ?? 'of unknown version'}`,
    detail: `(${text})`,
    setThreads: (threads) => setThreads(threads),
    countThreads: () => Number(countThreads()),
  };
}

/** Untested: written from Apple's documentation of Accelerate. It tells no version, so the system's stands for it. */
function identifyAccelerate(path: string): Identity | undefined {
  if (!path.includes('Accelerate.framework')) return undefined;
  return {
    kind: 'accelerate',
    identity: `Accelerate of Darwin ${release()}`,
    // Read once, at the first call of a routine.
    setThreads: (threads) => {
      process.env.VECLIB_MAXIMUM_THREADS = String(threads);
    },
    countThreads: () => Number(process.env.VECLIB_MAXIMUM_THREADS ?? availableParallelism()),
  };
}

/** Some other BLAS with a LAPACK, such as the reference: it is taken to run on one thread. */
function unknownLibrary(path: string): Identity {
  return {
    kind: 'other',
    identity: basename(path),
    setThreads: (threads) => {
      if (threads !== 1) throw new Error(`it has no known way to set the number of threads to ${threads}`);
    },
    countThreads: () => 1,
  };
}

/**
 * Index of the largest of three numbers, where the upper half of the count's 64 bits makes it negative: a library that
 * counts in 32 bits sees 3, one that counts in 64 bits returns 0. (The test of libblastrampoline.)
 *
 * @throws Error if it counts in 64 bits
 */
export function refuseLongIntegers(library: SharedLibrary): void {
  const largest = library.func('int idamax_(int *, double *, int *)');
  const index = largest(Int32Array.of(3, -1), Float64Array.of(1, 5, 2), Int32Array.of(1, 0));
  if (index === 0) throw new Error('it counts in 64-bit integers (ILP64); the 32-bit build is needed');
}
