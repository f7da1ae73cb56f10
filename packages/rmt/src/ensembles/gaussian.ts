import type { RandomStream } from '@hessian-rmt/numerics';
import { requireInteger, requirePositive } from '../checks.js';
import type { ComplexMatrix } from './complex-matrix.js';

export interface GaussianParameters {
  /** Variance of the semicircle that the spectrum tends to. Default 1: edges at -2 and 2. */
  readonly variance?: number;
  /**
   * Eigenvalues of a matrix of low rank that is added, diagonal as the law is the same in every basis: spike i belongs to
   * coordinate i. A spiked Wigner matrix, whose outliers are those of `spikedWigner`. Default none.
   */
  readonly spikes?: readonly number[];
}

/**
 * A matrix of the Gaussian orthogonal ensemble: symmetric n x n (row-major, both triangles), independent normals of
 * variance `variance` / n off the diagonal and 2 `variance` / n on it, so that the law is the same in every
 * orthonormal basis and the spectrum tends to the semicircle of this variance.
 *
 * @throws RangeError unless n is a positive integer, the variance positive, and the spikes finite and no more than n
 */
export function gaussianOrthogonal(
  n: number,
  random: RandomStream,
  { variance = 1, spikes = [] }: GaussianParameters = {},
): Float64Array {
  checkGaussian(n, variance, spikes);
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
  for (const [i, spike] of spikes.entries()) matrix[i * n + i] += spike;
  return matrix;
}

/**
 * A matrix of the Gaussian unitary ensemble: Hermitian n x n (both triangles), real and imaginary parts off the diagonal
 * independent normals of variance `variance` / (2n), the diagonal real of variance `variance` / n; the spectrum tends to
 * the semicircle of this variance. `hermitianEigenvalues` finds it; `betaHermiteEigenvalues` with beta = 2 is far faster.
 *
 * @throws RangeError as `gaussianOrthogonal`
 */
export function gaussianUnitary(
  n: number,
  random: RandomStream,
  { variance = 1, spikes = [] }: GaussianParameters = {},
): ComplexMatrix {
  checkGaussian(n, variance, spikes);
  const diagonal = Math.sqrt(variance / n);
  const part = diagonal * Math.SQRT1_2;
  const [re, im] = [new Float64Array(n * n), new Float64Array(n * n)];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [x, y] = [part * random.normal(), part * random.normal()];
      re[i * n + j] = x;
      re[j * n + i] = x;
      im[i * n + j] = y;
      im[j * n + i] = -y;
    }
    re[i * n + i] = diagonal * random.normal();
  }
  for (const [i, spike] of spikes.entries()) re[i * n + i] += spike;
  return { re, im };
}

function checkGaussian(n: number, variance: number, spikes: readonly number[]): void {
  requireInteger('the size of a random matrix', n, 1);
  requirePositive('the variance of a Gaussian matrix', variance);
  if (spikes.length > n) {
    throw new RangeError(`a matrix of size ${n} has room for as many spikes, found ${spikes.length}`);
  }
  for (const spike of spikes) requireFiniteSpike(spike);
}

/** @throws RangeError unless the eigenvalue of the perturbation is finite */
export function requireFiniteSpike(spike: number): void {
  if (!Number.isFinite(spike)) {
    throw new RangeError(`a spike is an eigenvalue of a perturbation and must be finite, found ${spike}`);
  }
}
