import { interquartileRange, requireAscending } from './ascending.js';
import { requireInteger } from './checks.js';

export interface Histogram {
  /** Ascending, one more than bins. A bin holds its lower edge and not its upper, but for the last, which holds both. */
  readonly edges: Float64Array;
  readonly counts: Float64Array;
  /** counts / (number of values * width of the bin): integrates to the share of values within the edges. */
  readonly density: Float64Array;
  /** Number of all values, those outside the edges too. */
  readonly total: number;
}

export interface HistogramOptions {
  /** Bins of these edges, ascending. */
  readonly edges?: Float64Array;
  /** This many bins of equal width over the range of the values. */
  readonly bins?: number;
}

/**
 * Histogram of a spectrum.
 *
 * Without options: bins of the width 2 IQR n^(-1/3) of Freedman & Diaconis 1981, but no more bins than values (our
 * choice), and where half of the values are equal, as in a spectrum with a large null space, ceil(log2 n) + 1 bins
 * (Sturges 1926).
 *
 * @param values  ascending
 * @throws RangeError if there are no values, if they are not ascending and finite, or the edges not strictly ascending,
 *   or if edges and bins are both given
 */
export function histogram(values: Float64Array, options: HistogramOptions = {}): Histogram {
  requireAscending('the values of a histogram', values);
  if (options.edges !== undefined && options.bins !== undefined) {
    throw new RangeError(`a histogram takes edges or a number of bins, found both: ${options.bins} bins`);
  }
  const edges = options.edges ?? equalEdges(values, options.bins ?? freedmanDiaconisBins(values));
  requireAscending('the edges of a histogram', edges);
  for (let i = 1; i < edges.length; i++) {
    if (edges[i] === edges[i - 1])
      throw new RangeError(`the edges of a histogram must differ, found ${edges[i]} twice`);
  }
  if (edges.length < 2) throw new RangeError('a histogram needs two edges or more, found one');
  const bins = edges.length - 1;
  const counts = new Float64Array(bins);
  let bin = 0;
  for (const value of values) {
    if (value < edges[0] || value > edges[bins]) continue;
    while (bin < bins - 1 && value >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  const density = counts.map((count, i) => count / (values.length * (edges[i + 1] - edges[i])));
  return { edges, counts, density, total: values.length };
}

function equalEdges(values: Float64Array, bins: number): Float64Array {
  requireInteger('the number of bins', bins, 1);
  const first = values[0];
  const last = values[values.length - 1];
  // All values equal: one unit around them, as good as any width.
  if (first === last) return equalEdges(Float64Array.of(first - 0.5, last + 0.5), bins);
  return Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? last : first + ((last - first) * i) / bins));
}

function freedmanDiaconisBins(values: Float64Array): number {
  const n = values.length;
  const width = (2 * interquartileRange(values)) / Math.cbrt(n);
  if (width === 0) return Math.ceil(Math.log2(n)) + 1;
  return Math.max(1, Math.min(n, Math.ceil((values[n - 1] - values[0]) / width)));
}
