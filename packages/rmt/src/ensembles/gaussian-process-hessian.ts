import type { RandomStream } from '@hessian-rmt/numerics';
import { requireInteger, requirePositive } from '../checks.js';
import { gaussianOrthogonal } from './gaussian.js';

/**
 * What of a kernel k(-|w - w'|^2/2) a Hessian at one point depends on: its value and derivatives at distance 0. On the
 * unit sphere k is a function of w.w' - 1, so that the spherical p-spin glass (w.w')^p has 1, p and p (p - 1).
 */
export interface KernelAtZero {
  /** k(0), the variance of the field. Needed only where the field's value is given. */
  readonly value?: number;
  /** k'(0), the variance of each component of the gradient. */
  readonly first: number;
  /** k''(0), the variance of each element of the Hessian off the diagonal. */
  readonly second: number;
}

/**
 * Cov(H_ij, H_kl) = elements (d_ik d_jl + d_il d_jk) + shift d_ij d_kl: a Gaussian orthogonal matrix and a multiple of
 * 1.
 */
export interface HessianCovariance {
  /** Variance off the diagonal; the part that does not shift has twice as much on it. */
  readonly elements: number;
  /** Variance of the multiple of the identity. */
  readonly shift: number;
}

export interface HessianCovarianceOptions {
  /** Where the field lives: flat space, or the unit sphere with its covariant second derivatives. Default `space`. */
  readonly on?: 'space' | 'sphere';
  /**
   * The law of the Hessian where the field has a given value, apart from its mean -value k'(0)/k(0) times 1. Default
   * `nothing`.
   */
  readonly given?: 'nothing' | 'value';
}

/**
 * Covariance of the Hessian of a Gaussian process (Adler & Taylor 2009, eq. 5.5.4). In space four derivatives of the
 * kernel leave k''(0) for the shift; on the sphere it is k'(0) + k''(0), the variance of the derivative along the
 * radius, which is p^2 for the p-spin glass (Auffinger, Ben Arous & Cerny 2013). Given the value of the field
 * k'(0)^2/k(0) goes from it: nothing is left of it in a p-spin glass.
 *
 * Baskerville et al. 2021 print k'(0)^2 for the shift (eq. 17): right for the p-spin glass, not for a stationary
 * kernel, whatever its k(0). Give `gaussianProcessHessian` the two numbers to have their matrix.
 *
 * @throws RangeError unless the derivatives are positive; with `given: 'value'` unless k(0) is positive and
 *   k'(0)^2/k(0) no more than the shift, as in every kernel
 */
export function hessianCovariance(
  { value, first, second }: KernelAtZero,
  { on = 'space', given = 'nothing' }: HessianCovarianceOptions = {},
): HessianCovariance {
  requirePositive("the first derivative k'(0) of a kernel", first);
  requirePositive("the second derivative k''(0) of a kernel", second);
  const shift = on === 'sphere' ? first + second : second;
  if (given === 'nothing') return { elements: second, shift };
  if (value === undefined) throw new RangeError('given the value of a field its variance k(0) is needed, found none');
  requirePositive('the variance k(0) of a field', value);
  const known = first ** 2 / value;
  if (known > shift) {
    throw new RangeError(`no kernel has k'(0)^2/k(0) above ${shift} with these derivatives, found ${known}`);
  }
  return { elements: second, shift: shift - known };
}

export interface GaussianProcessHessianParameters {
  /** Directions on which the kernel acts. */
  readonly size: number;
  readonly covariance: HessianCovariance;
  /** Further directions, of which the field does not depend: rows and columns of zeros, the last. Default 0. */
  readonly zeroDirections?: number;
  /** Eigenvalues of a fixed Hessian of low rank that is added: spike i belongs to coordinate i. Default none. */
  readonly spikes?: readonly number[];
}

/**
 * The Hessian of a deterministic function of low rank plus a Gaussian process at one point (Baskerville et al. 2021, eqs.
 * 15, 17): symmetric, row-major, both triangles, `size` + `zeroDirections` rows.
 *
 * The same stream gives the same Gaussian orthogonal matrix whatever the covariance. So without spikes the spectra of
 * two kernels are one another's images under x -> a x + b, and their ratios of spacings are equal.
 *
 * @throws RangeError unless the sizes are integers, `size` positive, the variance of the elements positive, that of the
 *   shift not negative, and the spikes finite and no more than `size`
 */
export function gaussianProcessHessian(
  { size, covariance, zeroDirections = 0, spikes = [] }: GaussianProcessHessianParameters,
  random: RandomStream,
): Float64Array {
  const { elements, shift } = covariance;
  requireInteger('the number of zero directions of a Hessian', zeroDirections, 0);
  requirePositive('the variance of the elements of a Hessian', elements);
  if (!(shift >= 0 && shift < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`the variance of the shift of a Hessian must be finite and not negative, found ${shift}`);
  }
  const matrix = gaussianOrthogonal(size, random, { variance: size * elements, spikes });
  const multiple = Math.sqrt(shift) * random.normal();
  for (let i = 0; i < size; i++) matrix[i * size + i] += multiple;
  if (zeroDirections === 0) return matrix;
  const rows = size + zeroDirections;
  const padded = new Float64Array(rows * rows);
  for (let i = 0; i < size; i++) padded.set(matrix.subarray(i * size, (i + 1) * size), i * rows);
  return padded;
}
