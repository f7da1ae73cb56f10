import type { Quadrature } from './quadrature.js';

export interface BulkSkewness {
  /** Third central moment over the standard deviation cubed, of the measure in the bulk. NaN if it has no width. */
  readonly byMass: number;
  /** The same with equal masses: of the nodes as they stand in a stem plot, whose axis of weights is logarithmic. */
  readonly byNodes: number;
  /** Mass and nodes in the bulk. */
  readonly mass: number;
  readonly nodes: number;
}

export interface BulkRange {
  /** The bulk's ends: what lies beyond are outliers, to be named by whoever calls. Default: no end. */
  readonly from?: number;
  readonly to?: number;
  /** Nodes of |node| at most this are the spike at the origin and are left out. Default: none is. */
  readonly spike?: number;
}

/**
 * Skewness of the bulk: positive if its right tail is the longer one. Granziol et al. 2020, sec. 6.3, see a bulk that is
 * symmetric for P >> N and skewed to the right for P < N; they give no number.
 */
export function bulkSkewness(
  { nodes, weights }: Quadrature,
  { from = -Infinity, to = Infinity, spike = -1 }: BulkRange = {},
): BulkSkewness {
  const kept = Array.from(nodes, (node, i) => ({ node, weight: weights[i] })).filter(
    ({ node }) => node >= from && node <= to && Math.abs(node) > spike,
  );
  return {
    byMass: skewness(kept),
    byNodes: skewness(kept.map(({ node }) => ({ node, weight: 1 }))),
    mass: kept.reduce((sum, { weight }) => sum + weight, 0),
    nodes: kept.length,
  };
}

function skewness(points: readonly { readonly node: number; readonly weight: number }[]): number {
  // Rounding of the mean would give a single place a width, and a skewness of 1 or -1.
  if (points.every(({ node }) => node === points[0].node)) return Number.NaN;
  const mass = points.reduce((sum, { weight }) => sum + weight, 0);
  const mean = points.reduce((sum, { node, weight }) => sum + weight * node, 0) / mass;
  const central = (k: number) => points.reduce((sum, { node, weight }) => sum + weight * (node - mean) ** k, 0) / mass;
  return central(3) / central(2) ** 1.5;
}
