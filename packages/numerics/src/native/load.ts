import type { LibraryInfo, LinearAlgebra, RealArray } from '../linear-algebra.js';
import { crewFor } from '../portable/crew.js';
import { portableTridiagonalSolvers } from '../portable/solvers.js';
import { nativeFactorizations } from './factorizations.js';
import { type Identity, identify } from './identify.js';
import { nativeProducts } from './products.js';
import { bindRoutines, type Routines, type SharedLibrary } from './routines.js';
import { selfTest } from './self-test.js';
import { nativeEigensolvers } from './symmetric.js';

/** No library that could be used is at this path: a search goes on to the next. */
export class UnusableLibrary extends Error {
  override readonly name = 'UnusableLibrary';
}

/**
 * A BLAS and LAPACK library by its path, or by a name that the dynamic linker finds.
 *
 * @throws UnusableLibrary if it does not load, lacks a routine or counts in 64-bit integers
 * @throws Error if it answers a small problem wrongly
 */
export async function loadLibrary(path: string, threads?: number): Promise<LinearAlgebra> {
  const { identity, routines } = await open(path, threads);
  const { kind, detail } = identity;
  const library: LibraryInfo = {
    kind,
    description: detail ? `${identity.identity} ${detail}` : identity.identity,
    identity: identity.identity,
    path,
    threads: identity.countThreads(),
  };
  const of = (array: RealArray): Routines => (array instanceof Float64Array ? routines.double : routines.float);
  // LAPACK has no routine for first components alone, and all n^2 of them cost O(n^3).
  const { tridiagonalEigen } = portableTridiagonalSolvers((operations) => crewFor(operations, 1));
  const algebra: LinearAlgebra = {
    library,
    ...nativeProducts(of),
    ...nativeEigensolvers(of, library),
    ...nativeFactorizations(routines.double),
    tridiagonalEigen,
  };
  await selfTest(algebra);
  return algebra;
}

interface Opened {
  readonly identity: Identity;
  readonly routines: { readonly double: Routines; readonly float: Routines };
}

async function open(path: string, threads: number | undefined): Promise<Opened> {
  try {
    const { default: koffi } = await import('koffi');
    makeRoom(koffi);
    const library: SharedLibrary = koffi.load(path);
    const identity = identify(library, path);
    if (threads !== undefined) identity.setThreads(threads);
    refuseLongIntegers(library);
    return { identity, routines: { double: bindRoutines(library, 'double'), float: bindRoutines(library, 'float') } };
  } catch (error) {
    throw new UnusableLibrary((error as Error).message, { cause: error });
  }
}

/**
 * koffi runs the library on a stack of its own: 128 KiB for an asynchronous call, 2 MiB for others, and no guard. The
 * threaded gemm of OpenBLAS keeps its job table on the stack, over 1 MiB where it is built for 128 threads
 * (driver/level3/level3_thread.c).
 */
function makeRoom(koffi: typeof import('koffi').default): void {
  const needed = 16 * 2 ** 20;
  const { async_stack_size = 0, sync_stack_size = 0 } = koffi.config();
  if (async_stack_size >= needed && sync_stack_size >= needed) return;
  // @throws once anything was loaded through koffi in this thread
  koffi.config({ async_stack_size: needed, sync_stack_size: needed });
}

/**
 * Index of the largest of three numbers, where the upper half of the count's 64 bits makes it negative: a library that
 * counts in 32 bits sees 3, one that counts in 64 bits returns 0. (The test of libblastrampoline.)
 */
function refuseLongIntegers(library: SharedLibrary): void {
  const largest = library.func('int idamax_(int *, double *, int *)');
  const index = largest(Int32Array.of(3, -1), Float64Array.of(1, 5, 2), Int32Array.of(1, 0));
  if (index === 0) throw new Error('it counts in 64-bit integers (ILP64); the 32-bit build is needed');
}
