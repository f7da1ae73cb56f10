import type { RandomStream } from '@hessian-rmt/numerics';
import { gaussLegendre } from '../tracy-widom/gauss-legendre.js';
import { type LevelEnsemble, type LongRangeParameters, type LongRangePoint, overWindows } from './long-range.js';
import { numberVarianceOf } from './number-variance.js';

/**
 * The spectral rigidity Delta_3(L): the mean squared distance of the staircase of levels from the straight line that fits
 * it best in a window of length L (Dyson & Mehta 1963), mean over overlapping windows and all spectra, with a bootstrap band.
 *
 * The fit of each window is in closed form (Bohigas & Giannoni 1984, in Mathematical and Computational Methods in Nuclear
 * Physics): exact to about 1e-16 L^2. A linear error of the unfolding does no harm. Errors otherwise as for `numberVariance`.
 *
 * @throws RangeError as `numberVariance`
 */
export function spectralRigidity(parameters: LongRangeParameters, random: RandomStream): LongRangePoint[] {
  return overWindows('the spectral rigidity', rigidity, parameters, random);
}

/**
 * With e_i, i = 1 .. n, the levels from the middle of the window:
 * n^2/16 - (sum e)^2/L^2 + 3 n (sum e^2)/(2 L^2) - 3 (sum e^2)^2/L^4 + (sum (n - 2 i + 1) e)/L.
 */
function rigidity(levels: Float64Array, first: number, end: number, start: number, length: number): number {
  const n = end - first;
  const middle = start + length / 2;
  let [sum, squares, ordered] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    // In units of L.
    const e = (levels[first + i] - middle) / length;
    sum += e;
    squares += e * e;
    ordered += (n - 2 * i - 1) * e;
  }
  return Math.max(0, n ** 2 / 16 - sum ** 2 + 1.5 * n * squares - 3 * squares ** 2 + ordered);
}

const rule = gaussLegendre(24);

/**
 * Delta_3(L) of the ensemble in the limit of large matrices, for any L from 0 on:
 * (2/L^4) int over (0, L) of (L^3 - 2 L^2 r + r^3) Sigma^2(r) dr (Pandey 1979, in Guhr et al. 1998), where
 * Sigma^2 is the exact one of `numberVarianceOf`. It is entire, so the Gauss-Legendre rule is exact to rounding; the
 * work grows as L. L/15 for Poisson levels.
 *
 * @throws RangeError for another ensemble
 */
export function spectralRigidityOf({ ensemble }: { readonly ensemble: LevelEnsemble }): (length: number) => number {
  const variance = numberVarianceOf({ ensemble });
  if (ensemble === 'poisson') return (length) => length / 15;
  return (length) => {
    // Two wavelengths of the oscillating part in a panel, at most.
    const panels = Math.max(1, Math.ceil(length / 2));
    let sum = 0;
    for (let panel = 0; panel < panels; panel++) {
      for (const [i, node] of rule.nodes.entries()) {
        const share = (panel + (1 + node) / 2) / panels;
        sum += rule.weights[i] * (1 - 2 * share + share ** 3) * variance(share * length);
      }
    }
    return sum / panels;
  };
}
