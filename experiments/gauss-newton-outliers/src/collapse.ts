/**
 * Whether the ordered eigenvalues of networks of different width lie on one curve, and over which axis: rank or ratio,
 * rank / P (Sagun et al. 2017, sec. 3.2, Figs. 4 to 6). The paper looks at its plots; the definitions here stood before
 * a spectrum was computed, `exchangeWidths` excepted (README).
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

export interface Exchange {
  /** Share of the exchanges that leave the networks of one width further apart than they are; near 1, width matters. */
  readonly share: number;
  /** How many exchanges there are: with at most 20 even networks that width tells apart perfectly cannot show it at 5 %. */
  readonly count: number;
}

/**
 * Exact permutation test of `one curve`: if the edge does not depend on the width, the widths of a repetition, which
 * sees one set of data, can be exchanged. The statistic is the mean distance between repetitions of one width; all
 * exchanges but those of the first repetition, which only rename, are tried.
 *
 * @param edges  edges[repetition][width]
 * @throws RangeError for fewer than two repetitions
 */
export function exchangeWidths(edges: readonly (readonly Edge[])[], axis: Axis, levels: readonly number[]): Exchange {
  const widths = edges[0].length;
  const all = edges.flat();
  const distances = all.map((a) => all.map((b) => distance(a, b, axis, levels)));
  const withinWidths = (orders: readonly (readonly number[])[]) =>
    mean(pairs(orders).flatMap(([one, other]) => one.map((a, place) => distances[a][other[place]])));
  const orders = edges.map((_, repetition) =>
    permutations(widths).map((order) => order.map((i) => repetition * widths + i)),
  );
  const measured = withinWidths(orders.map(([unchanged]) => unchanged));
  let exchanges: (readonly number[])[][] = [[orders[0][0]]];
  for (const options of orders.slice(1)) {
    exchanges = exchanges.flatMap((chosen) => options.map((order) => [...chosen, order]));
  }
  const further = exchanges.filter((exchange) => withinWidths(exchange) > measured).length;
  return { share: further / exchanges.length, count: exchanges.length };
}

/** All orders of 0 .. n - 1, the ascending one first. */
function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, i) => [...order.slice(0, n - 1 - i), n - 1, ...order.slice(n - 1 - i)]),
  );
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

function pairs<T>(items: readonly T[]): [T, T][] {
  if (items.length < 2) throw new RangeError(`a distance needs two, found ${items.length}`);
  return items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
