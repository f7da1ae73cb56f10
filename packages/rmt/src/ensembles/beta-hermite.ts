import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { requireInteger, requirePositive } from '../checks.js';
import { chiSquared } from './chi-squared.js';
import { requireFiniteSpike } from './gaussian.js';

export interface BetaHermiteParameters {
  /** n, the number of eigenvalues. */
  readonly size: number;
  /** How strongly eigenvalues repel: 1 for the orthogonal, 2 the unitary, 4 the symplectic ensemble; any positive number. */
  readonly beta: number;
  /** Variance of the semicircle that the spectrum tends to. Default 1: edges at -2 and 2. */
  readonly variance?: number;
  /** Eigenvalue of a perturbation of rank one, as in `spikedWigner`. Default 0: none. */
  readonly spike?: number;
}

/** A symmetric tridiagonal matrix. */
export interface TridiagonalMatrix {
  /** n elements. */
  readonly diagonal: Float64Array;
  /** n - 1 elements. */
  readonly offDiagonal: Float64Array;
}

/**
 * The tridiagonal model of the beta-Hermite ensemble (Dumitriu & Edelman 2002): eigenvalues of joint density
 * prop. to prod |l_i - l_j|^beta exp(-beta n sum l_i^2/(4 variance)), and so of the same law as those of
 * `gaussianOrthogonal` (beta = 1) and `gaussianUnitary` (beta = 2).
 *
 * With s^2 the variance, independent: normals of variance 2 s^2/(beta n) on the diagonal; below its element i = 1, 2, ...
 * s/sqrt(beta n) times a chi variable of beta (n - i) degrees of freedom. Householder's reduction of the full matrix
 * leaves the first coordinate alone: a spike on it is added to the first element (Bloemendal & Virag 2013),
 * and the first component of an eigenvector is that along the spike.
 *
 * @throws RangeError unless the size is a positive integer, beta and the variance positive, and the spike finite
 */
export function betaHermite(
  { size: n, beta, variance = 1, spike = 0 }: BetaHermiteParameters,
  random: RandomStream,
): TridiagonalMatrix {
  requireInteger('the size of a beta-Hermite matrix', n, 1);
  requirePositive('the beta of a beta-Hermite matrix', beta);
  requirePositive('the variance of a beta-Hermite matrix', variance);
  requireFiniteSpike(spike);
  const diagonal = random.normals(n, Math.sqrt((2 * variance) / (beta * n)));
  diagonal[0] += spike;
  const square = variance / (beta * n);
  const offDiagonal = Float64Array.from({ length: n - 1 }, (_, i) =>
    Math.sqrt(square * chiSquared(beta * (n - 1 - i), random)),
  );
  return { diagonal, offDiagonal };
}

/**
 * The eigenvalues of such a matrix, ascending: O(n^2) work and O(n) memory, where the full matrix takes O(n^3) and O(n^2).
 *
 * @throws RangeError as `betaHermite`
 */
export async function betaHermiteEigenvalues(
  parameters: BetaHermiteParameters,
  random: RandomStream,
  linearAlgebra: Pick<LinearAlgebra, 'tridiagonalEigenvalues'>,
): Promise<Float64Array> {
  const { diagonal, offDiagonal } = betaHermite(parameters, random);
  return linearAlgebra.tridiagonalEigenvalues(diagonal, offDiagonal);
}
