/**
 * Whether the ordered eigenvalues of networks of different width lie on one curve, and over which axis: rank or ratio,
 * rank / P (Sagun et al. 2017, sec. 3.2, Figs. 4 to 6). The paper looks at its plots; the definitions here stood before
 * a spectrum was computed.
 *
 * Curves are compared along the horizontal axis, since that is the axis the paper changes: N(m) is the number of
 * eigenvalues of one sign whose magnitude is at least m, and two edges of sizes P and P' agree at m by rank when
 * N = N', by ratio when N / P = N' / P'. Where N grows like P^a, a = 0 is agreement by rank, a = 1 by ratio, and below
 * and above a = 1/2 the one or the other axis brings the curves nearer.
 */

/** One edge of a spectrum. */
export interface Edge {
  /** P, the size of the matrix. */
  readonly size: number;
  /** Of the eigenvalues of one sign beyond the rounding floor, the largest first. */
  readonly magnitudes: Float64Array;
}

export type Axis = 'rank' | 'ratio';

/** @param values  a whole spectrum, ascending */
export function edgeOf(values: Float64Array, side: 'left' | 'right', floor: number): Edge {
  const signed = side === 'right' ? values.slice().reverse() : values.map((value) => -value);
  const end = signed.findIndex((magnitude) => !(magnitude > floor));
  return { size: values.length, magnitudes: end < 0 ? signed : signed.subarray(0, end) };
}

/** N(m): eigenvalues of a magnitude of at least `level`. */
export function countBeyond({ magnitudes }: Edge, level: number): number {
  let low = 0;
  let high = magnitudes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (magnitudes[middle] >= level) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface LevelRange {
  /** Every edge has so many eigenvalues beyond the largest level: fewer say little about a curve. */
  readonly atLeast: number;
  /** How far below the largest level the smallest lies, in powers of ten. */
  readonly decades: number;
}

/**
 * The magnitudes at which edges are compared: 50 of them, descending evenly in the logarithm.
 *
 * @returns none when an edge has fewer than `atLeast` eigenvalues
 */
export function commonLevels(edges: readonly Edge[], { atLeast, decades }: LevelRange): number[] {
  if (edges.length === 0 || edges.some(({ magnitudes }) => magnitudes.length < atLeast)) return [];
  const top = Math.min(...edges.map(({ magnitudes }) => magnitudes[atLeast - 1]));
  return Array.from({ length: 50 }, (_, i) => top * 10 ** ((-decades * i) / 49));
}

/** How far two edges lie apart along the axis: mean over the levels of |log10 of the quotient of their N, or N / P|. */
export function distance(a: Edge, b: Edge, axis: Axis, levels: readonly number[]): number {
  const scale = axis === 'rank' ? 1 : b.size / a.size;
  return mean(levels.map((level) => Math.abs(Math.log10((scale * countBeyond(a, level)) / countBeyond(b, level)))));
}

/** Mean of the distance over all pairs. @throws RangeError for fewer than two edges */
export function spread(edges: readonly Edge[], axis: Axis, levels: readonly number[]): number {
  return mean(pairs(edges).map(([a, b]) => distance(a, b, axis, levels)));
}

/** Largest distance of two edges among all pairs. @throws RangeError for fewer than two edges */
export function widest(edges: readonly Edge[], axis: Axis, levels: readonly number[]): number {
  return Math.max(...pairs(edges).map(([a, b]) => distance(a, b, axis, levels)));
}

/**
 * a of N(m) ~ P^a: the least-squares slope of log N against log P at one level, averaged over the levels.
 *
 * @throws RangeError unless there are two sizes
 */
export function growthExponent(edges: readonly Edge[], levels: readonly number[]): number {
  const sizes = edges.map(({ size }) => Math.log(size));
  const centred = sizes.map((x) => x - mean(sizes));
  const squares = centred.reduce((sum, x) => sum + x * x, 0);
  if (!(squares > 0)) throw new RangeError('growth needs edges of two sizes or more');
  return mean(
    levels.map(
      (level) => edges.reduce((sum, edge, i) => sum + centred[i] * Math.log(countBeyond(edge, level)), 0) / squares,
    ),
  );
}

function pairs(edges: readonly Edge[]): [Edge, Edge][] {
  if (edges.length < 2) throw new RangeError(`a distance needs two edges, found ${edges.length}`);
  return edges.flatMap((a, i) => edges.slice(i + 1).map((b): [Edge, Edge] => [a, b]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
