import type { RandomStream } from '@hessian-rmt/numerics';
import { requireInteger, requirePositive } from '../checks.js';

export interface GaussianOrthogonalParameters {
  /** Variance of the semicircle that the spectrum tends to. Default 1: edges at -2 and 2. */
  readonly variance?: number;
}

/**
 * A matrix of the Gaussian orthogonal ensemble: symmetric n x n (row-major, both triangles), independent normals of
 * variance `variance` / n off the diagonal and 2 `variance` / n on it, so that the law is the same in every
 * orthonormal basis and the spectrum tends to the semicircle of this variance.
 *
 * @throws RangeError unless n is a positive integer and the variance positive
 */
export function gaussianOrthogonal(
  n: number,
  random: RandomStream,
  { variance = 1 }: GaussianOrthogonalParameters = {},
): Float64Array {
  requireInteger('the size of a random matrix', n, 1);
  requirePositive('the variance of a Gaussian orthogonal matrix', variance);
  const offDiagonal = Math.sqrt(variance / n);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const value = offDiagonal * random.normal();
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
    matrix[i * n + i] = Math.SQRT2 * offDiagonal * random.normal();
  }
  return matrix;
}
