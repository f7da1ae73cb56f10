import { requireInteger, requireOffAxis, requirePositive } from '../checks.js';
import { divide, reciprocal, shift } from '../complex.js';
import { empiricalLaw } from '../free/discrete-law.js';
import type { Complex, SpectralLaw } from '../law.js';

/**
 * The Stieltjes transform G(z) = int rho(x)/(z - x) dx of a law, or of a measured spectrum (ascending), in the sign of
 * Pennington & Bahri 2017, sec. 3.3: G is about 1/z far away.
 *
 * @throws RangeError if z is real or not finite, or if the spectrum is not ascending and finite
 */
export function stieltjesTransform(of: SpectralLaw | Float64Array, z: Complex): Complex {
  requireOffAxis('a Stieltjes transform', z);
  return (of instanceof Float64Array ? empiricalLaw(of) : of).stieltjesTransform(z);
}

/**
 * The moment transform psi(z) = int z x/(1 - z x) rho(x) dx = m_1 z + m_2 z^2 + ... = G(1/z)/z - 1.
 *
 * @throws RangeError as `stieltjesTransform`: psi(0) = 0 too is a limit
 */
export function momentTransform(of: SpectralLaw | Float64Array, z: Complex): Complex {
  requireOffAxis('a moment transform', z);
  return shift(-1, divide(stieltjesTransform(of, reciprocal(z)), z));
}

export interface StieltjesInversionOptions {
  /**
   * The lowest height above the axis at which G is asked for, on the scale of x: below the width of what the density
   * is to show, above what G's rounding allows.
   */
  readonly height: number;
  /** Heights that are extrapolated to zero, each twice the last. Default 5, our choice; 1 smooths by a Cauchy kernel. */
  readonly levels?: number;
}

/**
 * The density rho(x) = -Im G(x + i0)/pi from a Stieltjes transform that is known above the axis only.
 *
 * -Im G(x + i eta)/pi is rho smoothed by a Cauchy kernel of width eta, analytic in eta where rho is analytic around x: its
 * values at eta, 2 eta, 4 eta, ... are extrapolated to zero by Neville's scheme (Richardson), with an error of the order
 * eta^levels. At a distance from edges and atoms that is not well above the heights, expect no digits.
 *
 * @throws RangeError if the height is not positive or the levels not a positive integer
 */
export function stieltjesInversion(
  transform: (z: Complex) => Complex,
  x: number,
  { height, levels = 5 }: StieltjesInversionOptions,
): number {
  requirePositive('the height of a Stieltjes inversion', height);
  requireInteger('the levels of a Stieltjes inversion', levels, 1);
  const values = Float64Array.from({ length: levels }, (_, i) => {
    return -transform({ re: x, im: height * 2 ** i }).im / Math.PI;
  });
  for (let order = 1; order < levels; order++) {
    for (let i = 0; i < levels - order; i++) values[i] += (values[i] - values[i + 1]) / (2 ** order - 1);
  }
  return values[0];
}
