import type { Interval } from '../law.js';
import { studentHalfWidth } from '../student-t.js';

export interface MeanEstimate {
  /** Of all values of all spectra together. */
  readonly mean: number;
  readonly standardError: number;
  /** Covers the true mean in 95 of 100 cases: mean +- t standard errors, t of Student's law with `clusters` - 1 degrees of freedom. */
  readonly interval95: Interval;
  /** Number of values. */
  readonly count: number;
  /** As many independent values would have this standard error: below `count` where neighbours are correlated. */
  readonly effectiveCount: number;
  /** What was taken as independent of each other, */
  readonly independent: 'spectra' | 'blocks';
  /** and how many of them there were. */
  readonly clusters: number;
}

export interface MeanOptions {
  /** Default: spectra if there are eight or more (our choice: there Student's t is within a fifth of the normal's), else blocks. */
  readonly independent?: 'spectra' | 'blocks';
}

/**
 * The mean of a statistic of neighbouring levels, such as min(r, 1/r), over one or more spectra, with a standard error
 * that knows of the correlation within a spectrum. Two consecutive ratios min(r, 1/r) share a spacing: their correlation is
 * 0.24 in the orthogonal ensemble and 0.27 in the unitary one (simulated, n = 400), 0.154 for levels that do not interact
 * (exact); those farther apart have next to none. A standard error that ignores it is too small by a factor 1.22, 1.24, 1.14.
 *
 * Values are summed over clusters, and clusters vary independently: the variance of the mean is the ratio estimator's,
 * G/(G - 1) sum of (S_g - mean n_g)^2/N^2 (Cochran 1977, sec. 6.3), S_g the sum and n_g the number of values in cluster g of G.
 * Clusters are the spectra, where there are enough. Of few spectra they are blocks of consecutive values, of length
 * floor(sqrt(n)) in a spectrum of n values (batch means, Flegal & Jones 2010). Blocks tell how well the mean of these very
 * spectra is known if all are of one kind; how much spectra differ from each other, as those of networks trained from
 * several seeds may, only spectra can tell.
 *
 * @param groups  one array of values per spectrum, in the order of the levels; arrays without values do not count
 * @throws RangeError if a value is not finite, or if there are fewer than two clusters
 */
export function meanWithStandardError(groups: readonly Float64Array[], options: MeanOptions = {}): MeanEstimate {
  const spectra = groups.filter(({ length }) => length > 0);
  const independent = options.independent ?? (spectra.length >= 8 ? 'spectra' : 'blocks');
  const clusters = independent === 'spectra' ? spectra : spectra.flatMap(blocks);
  if (clusters.length < 2) {
    throw new RangeError(`a standard error needs at least two ${independent} with values, found ${clusters.length}`);
  }
  const sums = clusters.map((values) => values.reduce((sum, x) => sum + x, 0));
  const count = clusters.reduce((sum, { length }) => sum + length, 0);
  const mean = sums.reduce((sum, x) => sum + x, 0) / count;
  if (!Number.isFinite(mean)) throw new RangeError(`the values of a mean must be finite, found a mean of ${mean}`);

  const squares = sums.reduce((sum, clusterSum, g) => sum + (clusterSum - mean * clusters[g].length) ** 2, 0);
  const standardError = Math.sqrt((clusters.length / (clusters.length - 1)) * squares) / count;
  let deviations = 0;
  for (const values of clusters) for (const x of values) deviations += (x - mean) ** 2;
  const variance = deviations / (count - 1);
  const reach = studentHalfWidth(clusters.length - 1, 0.95) * standardError;
  return {
    mean,
    standardError,
    interval95: [mean - reach, mean + reach],
    count,
    effectiveCount: variance === 0 ? count : variance / standardError ** 2,
    independent,
    clusters: clusters.length,
  };
}

/** Consecutive blocks of floor(sqrt(n)) values or a few more, so that none is left over. */
function blocks(values: Float64Array): Float64Array[] {
  const n = values.length;
  const count = Math.floor(n / Math.floor(Math.sqrt(n)));
  return Array.from({ length: count }, (_, b) =>
    values.subarray(Math.floor((b * n) / count), Math.floor(((b + 1) * n) / count)),
  );
}
