import { linearAlgebra } from '@hessian-rmt/numerics';

/** Of each library that workers of this process use: how many pools they belong to, and its threads before the first. */
const inUse = new Map<string, { pools: number; readonly threads: number }>();

/**
 * How many threads a BLAS takes is a setting of the whole process, and workers set it to one. What this returns sets it
 * back to what it was, when the last pool that uses the library is closed.
 */
export async function oneThreadEach(library = ''): Promise<() => Promise<void>> {
  const choice = library === '' ? {} : { library };
  const { threads } = (await linearAlgebra(choice)).library;
  // Looked up after the wait: pools that are opened at one time share what was before the first.
  const state = inUse.get(library) ?? { pools: 0, threads };
  inUse.set(library, state);
  state.pools++;
  let released = false;
  return async () => {
    if (released) return;
    released = true;
    if (--state.pools > 0) return;
    await linearAlgebra({ ...choice, threads: state.threads });
    if (state.pools === 0) inUse.delete(library);
    else await linearAlgebra({ ...choice, threads: 1 }); // a pool was opened meanwhile
  };
}
