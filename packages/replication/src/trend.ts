/** Kendall's rank correlation of one or more series with their order, tested together. */
export interface RankTrend {
  /** (rising pairs - falling pairs) / all pairs, over all series: 1 when every pair rises, -1 when every pair falls. */
  readonly tau: number;
  /** The same for each series alone. */
  readonly each: readonly number[];
  /** Probability of at least this many rising over falling pairs when every order is equally likely. */
  readonly pIncreasing: number;
  /** Probability of at most this many. */
  readonly pDecreasing: number;
  /** The smallest p-value that series of these lengths can give. */
  readonly pSmallest: number;
}

/**
 * Do the values of each series rise (or fall) along it? Kendall's S = rising - falling pairs, summed over the series,
 * held against its exact distribution when the values of each series are permuted independently (Kendall 1938; ties
 * within a series by the inversions of a multiset). Exact at any length, so that five points are not judged by a
 * normal approximation.
 *
 * @throws RangeError for no series or a series of fewer than two values
 */
export function rankTrend(series: readonly (readonly number[])[]): RankTrend {
  if (series.length === 0) throw new RangeError('rankTrend: no series');
  let sum = 0;
  let pairs = 0;
  let orders = 1;
  let untied = 0;
  let inversions: Float64Array = Float64Array.of(1);
  const each: number[] = [];
  for (const values of series) {
    if (values.length < 2) throw new RangeError(`rankTrend: a series of ${values.length} values has no trend`);
    const all = (values.length * (values.length - 1)) / 2;
    const s = risingMinusFalling(values);
    const distribution = inversionDistribution(multiplicities(values));
    inversions = convolve(inversions, distribution);
    untied += distribution.length - 1;
    sum += s;
    pairs += all;
    for (let i = 2; i <= values.length; i++) orders *= i;
    each.push(s / all);
  }
  // S = untied pairs - 2 inversions, and the distribution of inversions is symmetric.
  const falling = (untied - sum) / 2;
  return {
    tau: sum / pairs,
    each,
    pIncreasing: sumOf(inversions.subarray(0, falling + 1)),
    pDecreasing: sumOf(inversions.subarray(falling)),
    pSmallest: 1 / orders,
  };
}

function risingMinusFalling(values: readonly number[]): number {
  let s = 0;
  for (let i = 0; i < values.length; i++) {
    for (let j = i + 1; j < values.length; j++) s += Math.sign(values[j] - values[i]);
  }
  return s;
}

function multiplicities(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()];
}

/**
 * Probability of 0, 1, 2, ... inversions in a random order of a multiset with these multiplicities: the Gaussian
 * multinomial coefficient, built up one distinct value at a time.
 */
function inversionDistribution(counts: readonly number[]): Float64Array {
  let distribution: Float64Array = Float64Array.of(1);
  let placed = 0;
  for (const count of counts) {
    distribution = convolve(distribution, crossInversions(placed, count));
    placed += count;
  }
  return distribution;
}

/** Inversions between `a` small and `b` large values in random order (the distribution of Mann and Whitney's U). */
function crossInversions(a: number, b: number): Float64Array {
  let row: Float64Array[] = Array.from({ length: b + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= a; i++) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= b; j++) {
      // The last of the i + j values is a small one, behind j large ones, or a large one.
      const distribution = new Float64Array(i * j + 1);
      row[j].forEach((p, u) => {
        distribution[u + j] += (i / (i + j)) * p;
      });
      next[j - 1].forEach((p, u) => {
        distribution[u] += (j / (i + j)) * p;
      });
      next.push(distribution);
    }
    row = next;
  }
  return row[b];
}

function convolve(a: Float64Array, b: Float64Array): Float64Array {
  const c = new Float64Array(a.length + b.length - 1);
  a.forEach((p, i) => {
    b.forEach((q, j) => {
      c[i + j] += p * q;
    });
  });
  return c;
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
