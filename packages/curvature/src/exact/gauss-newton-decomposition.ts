import { type Dataset, type DenseNetwork, parameterCount, type Weights } from '@hessian-rmt/models';
import { requireMemory } from '../memory.js';
import type { SymmetricMatrix } from '../operator.js';
import { type ExactHessianOptions, exactHessian } from './exact-hessian.js';

/** H = G + R, three matrices of 8 P^2 bytes each. */
export interface GaussNewtonDecomposition {
  readonly hessian: SymmetricMatrix;
  /** Positive semidefinite, of rank at most N (C - 1) with softmax and N C with squared error. */
  readonly gaussNewton: SymmetricMatrix;
  /** For ReLU and identity zero within each layer: only blocks between layers are summed, and it costs little. */
  readonly residual: SymmetricMatrix;
}

/**
 * The exact Hessian split into the Gauss-Newton matrix G and the residual R (Sagun et al. 2017, Eqs. 2 and 3). G and R
 * are each summed by themselves, so a small R keeps all its digits; H is their sum.
 *
 * Who needs only one or two of the three, or has not the memory, calls `exactHessian` with a `part`.
 *
 * @throws InsufficientMemoryError before allocating what would not fit
 */
export async function gaussNewtonDecomposition(
  network: DenseNetwork,
  weights: Weights,
  data: Dataset,
  options: Omit<ExactHessianOptions, 'part' | 'into'>,
): Promise<GaussNewtonDecomposition> {
  const { progress } = options;
  const n = parameterCount(network);
  requireMemory(`gaussNewtonDecomposition of ${n} parameters`, 3 * 8 * n * n, options.memoryLimit);
  const gaussNewton = await exactHessian(network, weights, data, {
    ...options,
    part: 'gauss-newton',
    progress: (fraction) => progress?.(fraction / 2),
  });
  const residual = await exactHessian(network, weights, data, {
    ...options,
    part: 'residual',
    progress: (fraction) => progress?.((1 + fraction) / 2),
  });
  const sum = gaussNewton.data.slice();
  for (let i = 0; i < sum.length; i++) sum[i] += residual.data[i];
  return { hessian: { n, data: sum }, gaussNewton, residual };
}
