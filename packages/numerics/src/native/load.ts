import type { LibraryInfo, LinearAlgebra, RealArray } from '../linear-algebra.js';
import { crewFor } from '../portable/crew.js';
import { portableTridiagonalSolvers } from '../portable/solvers.js';
import { nativeFactorizations } from './factorizations.js';
import { type Identity, identify, refuseLongIntegers } from './identify.js';
import { nativeProducts } from './products.js';
import { bindRoutines, type Routines, type SharedLibrary } from './routines.js';
import { selfTest } from './self-test.js';
import { sideBySide } from './side-by-side.js';
import { nativeEigensolvers } from './symmetric.js';

/** No library that could be used is at this path: a search goes on to the next. */
export class UnusableLibrary extends Error {
  override readonly name = 'UnusableLibrary';
}

/**
 * A BLAS and LAPACK library by its path, or by a name that the dynamic linker finds.
 *
 * @throws UnusableLibrary if it does not load, lacks a routine or counts in 64-bit integers
 * @throws Error if it answers a small problem wrongly, or if koffi was in use before with too small a stack
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
    sideBySide: sideBySide(identity),
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
  const { default: koffi } = await import('koffi').catch((error) => {
    throw new UnusableLibrary(`koffi does not load: ${error.message}`, { cause: error });
  });
  makeRoom(koffi);
  try {
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
 * koffi runs the library on a stack of its own, 128 KiB for an asynchronous call, where OpenBLAS expects that of a
 * thread: some of its routines keep tables there that grow with the threads it is built for, half a MiB and more
 * (OpenBLAS issue 3229). 16 MiB is the most that koffi gives; pages that are not touched cost nothing.
 *
 * @throws Error if it is too late: koffi settles this when a thread first loads a library
 */
function makeRoom(koffi: typeof import('koffi').default): void {
  const needed = 16 * 2 ** 20;
  const { async_stack_size = 0, sync_stack_size = 0 } = koffi.config();
  if (async_stack_size >= needed && sync_stack_size >= needed) return;
  try {
    koffi.config({ async_stack_size: needed, sync_stack_size: needed });
  } catch (error) {
    throw new Error('linearAlgebra() must come before any other use of koffi in this thread', { cause: error });
  }
}
