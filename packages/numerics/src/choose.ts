import type { LinearAlgebra } from './linear-algebra.js';
import { loadLibrary } from './native/load.js';
import { portableLinearAlgebra } from './portable/portable.js';

/** The fastest linear algebra this machine offers. */
export async function linearAlgebra(
  options: { readonly library?: string; readonly threads?: number } = {},
): Promise<LinearAlgebra> {
  const wanted = options.library ?? process.env.HESSIAN_RMT_BLAS;
  if (wanted === 'portable') return portableLinearAlgebra();
  if (wanted) return loadLibrary(wanted, options.threads);
  try {
    return await loadLibrary('libopenblas.so.0', options.threads);
  } catch {
    return portableLinearAlgebra();
  }
}
