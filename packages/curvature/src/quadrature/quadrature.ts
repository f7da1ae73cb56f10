/** A measure of mass 1 on finitely many points: a Gauss quadrature rule for a spectral density. */
export interface Quadrature {
  /** Ascending. */
  readonly nodes: Float64Array;
  /** Not negative; they sum to 1. */
  readonly weights: Float64Array;
}

/** The integral of a function. */
export function integral({ nodes, weights }: Quadrature, f: (node: number) => number): number {
  return nodes.reduce((sum, node, i) => sum + weights[i] * f(node), 0);
}

/** The k-th moment, the mean of node^k. */
export function moment(quadrature: Quadrature, k: number): number {
  return integral(quadrature, (node) => node ** k);
}

/** The distribution function: the mass at or below x. Of n equal masses it is the empirical one. */
export function massUpTo({ nodes, weights }: Quadrature, x: number): number {
  let mass = 0;
  for (let i = 0; i < nodes.length && nodes[i] <= x; i++) mass += weights[i];
  return mass;
}

/** The nodes of largest weight, with them, in descending order of weight (Granziol et al. 2020, Table 3, shows three). */
export function largestWeights(
  { nodes, weights }: Quadrature,
  count: number,
): readonly { readonly node: number; readonly weight: number }[] {
  return Array.from(nodes, (node, i) => ({ node, weight: weights[i] }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, count);
}

/** The mean of several quadratures: all their nodes, in ascending order, with their share of the mass. */
export function pooled(quadratures: readonly Quadrature[]): Quadrature {
  const points = quadratures
    .flatMap(({ nodes, weights }) => Array.from(nodes, (node, i) => [node, weights[i] / quadratures.length] as const))
    .sort(([a], [b]) => a - b);
  return {
    nodes: Float64Array.from(points, ([node]) => node),
    weights: Float64Array.from(points, ([, weight]) => weight),
  };
}
