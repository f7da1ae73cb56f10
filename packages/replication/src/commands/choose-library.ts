import { resolve } from 'node:path';
import { UsageError } from './usage-error.js';

/**
 * A library that was asked for must work, and one that was found must not answer wrongly.
 *
 * @throws UsageError naming the option or variable that asked for it; Error naming the library that was found
 */
export async function chooseLibrary(option: string | undefined): Promise<void> {
  const { linearAlgebra } = await import('@hessian-rmt/numerics');
  const asked = option ?? process.env.HESSIAN_RMT_BLAS;
  if (!asked) {
    await linearAlgebra({ threads: 1 });
    return;
  }
  const library = asked !== 'portable' && /[\\/]/.test(asked) ? resolve(asked) : asked;
  try {
    await linearAlgebra({ library, threads: 1 });
  } catch (error) {
    const source = option === undefined ? 'HESSIAN_RMT_BLAS' : '--blas';
    const { message } = ((error as Error).cause ?? error) as Error;
    throw new UsageError(`${source}: "${asked}" is no BLAS and LAPACK library that can be used: ${message}`);
  }
  process.env.HESSIAN_RMT_BLAS = library;
}
