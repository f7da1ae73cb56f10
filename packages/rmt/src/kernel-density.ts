import { countLeading, interquartileRange, requireAscending } from './ascending.js';
import { requirePositive } from './checks.js';

export interface KernelDensityOptions {
  /** Standard deviation of the Gaussian kernel. Default: Silverman's rule. */
  readonly bandwidth?: number;
  /** Mass of each value, such as the weights of a quadrature. Default 1/n each. */
  readonly weights?: Float64Array;
}

/**
 * The density of a spectrum smoothed by a Gaussian kernel, at the points of a grid: sum of w_i N(x - x_i, bandwidth^2).
 * Its integral is the sum of the weights.
 *
 * The default bandwidth is Silverman's 0.9 min(standard deviation, IQR / 1.34) n^(-1/5) (Silverman 1986, eq. 3.31), for
 * values without weights; where it is zero, or with weights, give one.
 *
 * @param values  ascending
 * @throws RangeError if the values are not ascending and finite, the bandwidth is not positive, or the weights do not
 *   match or are not finite
 */
export function kernelDensity(
  values: Float64Array,
  grid: Float64Array,
  options: KernelDensityOptions = {},
): Float64Array {
  requireAscending('the values of a density', values);
  const { weights } = options;
  if (weights !== undefined && weights.length !== values.length) {
    throw new RangeError(`a density of ${values.length} values needs as many weights, found ${weights.length}`);
  }
  const misweighted = weights?.findIndex((weight) => !Number.isFinite(weight)) ?? -1;
  if (weights !== undefined && misweighted >= 0) {
    throw new RangeError(
      `the weights of a density must be finite, found ${weights[misweighted]} at position ${misweighted}`,
    );
  }
  if (weights !== undefined && options.bandwidth === undefined) {
    throw new RangeError('a density of weighted values needs a bandwidth, found none');
  }
  const bandwidth = options.bandwidth ?? silvermanBandwidth(values);
  requirePositive('the bandwidth of a density', bandwidth);
  // Beyond 9 bandwidths the kernel is below the rounding error of its peak.
  const reach = 9 * bandwidth;
  const norm = 1 / (bandwidth * Math.sqrt(2 * Math.PI));
  return grid.map((x) => {
    let sum = 0;
    const first = countLeading(values, (value) => value < x - reach);
    for (let i = first; i < values.length && values[i] <= x + reach; i++) {
      const z = (x - values[i]) / bandwidth;
      sum += (weights === undefined ? 1 / values.length : weights[i]) * Math.exp(-0.5 * z * z);
    }
    return norm * sum;
  });
}

function silvermanBandwidth(values: Float64Array): number {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, n - 1);
  return 0.9 * Math.min(Math.sqrt(variance), interquartileRange(values) / 1.34) * n ** -0.2;
}
