import { checkSize } from './check.js';
import type { LinearAlgebra } from './linear-algebra.js';
import { candidates } from './native/candidates.js';
import { loadLibrary, UnusableLibrary } from './native/load.js';
import { portableLinearAlgebra } from './portable/portable.js';

export interface LinearAlgebraOptions {
  /**
   * Path or name of a BLAS and LAPACK library, or `portable`. Default: the environment variable HESSIAN_RMT_BLAS, else
   * what is found, else `portable`.
   */
  readonly library?: string;
  /** Threads to use. It holds for the whole process. Default: what the library takes, mostly one a core. */
  readonly threads?: number;
}

/**
 * The fastest linear algebra this machine offers: OpenBLAS, Accelerate or MKL, else the portable implementation.
 *
 * @throws Error if the library asked for cannot be used, naming where it was asked for; or if a library that was found
 *   answers a small problem wrongly
 * @throws RangeError if threads is not a positive integer
 */
export async function linearAlgebra(options: LinearAlgebraOptions = {}): Promise<LinearAlgebra> {
  const { threads } = options;
  if (threads !== undefined) checkSize('threads', threads);
  const wanted = options.library ?? process.env.HESSIAN_RMT_BLAS;
  if (wanted === 'portable') return portableLinearAlgebra(options);
  if (wanted) {
    const source = options.library ? 'option library' : 'environment variable HESSIAN_RMT_BLAS';
    return loadLibrary(wanted, threads).catch((error) => {
      throw new Error(
        `${source}: '${wanted}' cannot be used as BLAS and LAPACK: ${error.message}. ` +
          `Expected the path or name of a library such as libopenblas.so.0, or 'portable'.`,
        { cause: error },
      );
    });
  }
  for (const path of candidates()) {
    try {
      return await loadLibrary(path, threads);
    } catch (error) {
      if (error instanceof UnusableLibrary) continue;
      throw new Error(
        `the library '${path}' cannot be trusted: ${(error as Error).message}. HESSIAN_RMT_BLAS chooses another.`,
        { cause: error },
      );
    }
  }
  return portableLinearAlgebra(options);
}
