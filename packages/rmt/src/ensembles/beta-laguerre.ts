import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { requireInteger, requirePositive } from '../checks.js';
import type { TridiagonalMatrix } from './beta-hermite.js';
import { chiSquared } from './chi-squared.js';
import { requireSpike } from './wishart.js';

export interface BetaLaguerreParameters {
  /** M, as in a Wishart matrix: the number of eigenvalues. */
  readonly dimension: number;
  /** N. */
  readonly samples: number;
  /** How strongly eigenvalues repel: 1 for real data, 2 for complex, 4 for quaternions; any positive number. */
  readonly beta: number;
  /** Variance of the entries, and mean of the Marchenko-Pastur law that the spectrum tends to. Default 1. */
  readonly scale?: number;
  /** The one population eigenvalue that differs, in units of the scale, as in `spikedWishart`. Default 1: none. */
  readonly spike?: number;
}

/**
 * The tridiagonal model of the beta-Laguerre ensemble (Dumitriu & Edelman 2002), of size r = min(M, N): its
 * eigenvalues, with M - N zeros for M > N, have the law of those of X X^T/N, X of M x N entries of variance `scale`; that
 * is `wishart` for beta = 1 and `complexWishart` for beta = 2.
 *
 * It is scale/(beta N) B^T B of the bidiagonal (r + 1) x r matrix B of independent chi variables: on the diagonal, of
 * beta N, beta (N - 1), ... degrees of freedom; below it, of beta (M - 1), beta (M - 2), ...: what Householder
 * reflections from both sides leave of X. They leave its first row alone, so a spike stretches the first element by its
 * root (Bloemendal & Virag 2013). For M <= N the last element below the diagonal is in no row of X: zero.
 *
 * @throws RangeError unless the sizes are positive integers, beta and the scale positive, and the spike not negative
 */
export function betaLaguerre(
  { dimension: m, samples: n, beta, scale = 1, spike = 1 }: BetaLaguerreParameters,
  random: RandomStream,
): TridiagonalMatrix {
  requireInteger('the dimension of a beta-Laguerre matrix', m, 1);
  requireInteger('the number of samples of a beta-Laguerre matrix', n, 1);
  requirePositive('the beta of a beta-Laguerre matrix', beta);
  requirePositive('the scale of a beta-Laguerre matrix', scale);
  requireSpike(spike);
  const r = Math.min(m, n);
  const unit = scale / (beta * n);
  const square = (degrees: number) => (degrees === 0 ? 0 : unit * chiSquared(degrees, random));
  const diagonal = new Float64Array(r);
  const offDiagonal = new Float64Array(r - 1);
  let below = 0;
  for (let i = 0; i < r; i++) {
    const here = square(beta * (n - i)) * (i === 0 ? spike : 1);
    if (i > 0) offDiagonal[i - 1] = Math.sqrt(below * here);
    below = square(beta * (m - 1 - i));
    diagonal[i] = here + below;
  }
  return { diagonal, offDiagonal };
}

/**
 * The M eigenvalues of such a matrix, ascending, with M - N exact zeros for M > N, and none below zero: O(n^2) work and
 * O(n) memory, where the full matrix takes O(n^3) and O(n^2).
 *
 * @throws RangeError as `betaLaguerre`
 */
export async function betaLaguerreEigenvalues(
  parameters: BetaLaguerreParameters,
  random: RandomStream,
  linearAlgebra: Pick<LinearAlgebra, 'tridiagonalEigenvalues'>,
): Promise<Float64Array> {
  const { diagonal, offDiagonal } = betaLaguerre(parameters, random);
  const found = await linearAlgebra.tridiagonalEigenvalues(diagonal, offDiagonal);
  const values = new Float64Array(parameters.dimension);
  // Rounding may take the smallest below zero.
  values.set(
    found.map((value) => Math.max(0, value)),
    values.length - found.length,
  );
  return values;
}
