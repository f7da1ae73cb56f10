import type { Interval } from './law.js';

/**
 * Where x stands in an interval [a, b] as an angle: x = a + (b - a) sin^2(angle/2), 0 at the lower edge, pi at the upper.
 *
 * Spectral densities rise like a square root from their edges, or diverge like an inverse one; as functions of this
 * angle they are smooth. Beyond an edge the angle stays at the edge's.
 */
export function edgeAngle(x: number, [a, b]: Interval): number {
  return 2 * Math.asin(Math.sqrt(Math.min(1, Math.max(0, (x - a) / (b - a)))));
}

/** The point at this angle. */
export function fromEdgeAngle(angle: number, [a, b]: Interval): number {
  return a + (b - a) * Math.sin(angle / 2) ** 2;
}
