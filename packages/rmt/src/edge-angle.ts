import type { Interval } from './law.js';

/**
 * Where x stands in an interval [a, b] as an angle: x = a + (b - a) sin^2(angle/2), 0 at the lower edge, pi at the upper.
 *
 * Spectral densities rise like a square root from their edges, or diverge like an inverse one; as functions of this
 * angle they are smooth. Beyond an edge the angle stays at the edge's. Half lines have x = a + tan^2(angle/2), or its
 * mirror image, and the whole line x = -cot(angle).
 */
export function edgeAngle(x: number, [a, b]: Interval): number {
  if (x <= a) return 0;
  if (x >= b) return Math.PI;
  if (a === Number.NEGATIVE_INFINITY)
    return b === Number.POSITIVE_INFINITY ? Math.PI / 2 + Math.atan(x) : 2 * Math.atan2(1, Math.sqrt(b - x));
  if (b === Number.POSITIVE_INFINITY) return 2 * Math.atan(Math.sqrt(x - a));
  const nearer = 2 * Math.asin(Math.sqrt(Math.min(x - a, b - x) / (b - a)));
  return x - a < b - x ? nearer : Math.PI - nearer;
}

/** The point at this angle, as exact as its distance from the nearer edge. */
export function fromEdgeAngle(angle: number, [a, b]: Interval): number {
  if (a === Number.NEGATIVE_INFINITY)
    return b === Number.POSITIVE_INFINITY ? -1 / Math.tan(angle) : b - Math.tan(angle / 2) ** -2;
  if (b === Number.POSITIVE_INFINITY) return a + Math.tan(angle / 2) ** 2;
  return angle < Math.PI / 2 ? a + (b - a) * Math.sin(angle / 2) ** 2 : b - (b - a) * Math.cos(angle / 2) ** 2;
}

/** dx / d(angle) at this angle. */
export function edgeAngleSpeed(angle: number, [a, b]: Interval): number {
  const [sine, cosine] = [Math.sin(angle / 2), Math.cos(angle / 2)];
  if (a === Number.NEGATIVE_INFINITY)
    return b === Number.POSITIVE_INFINITY ? Math.sin(angle) ** -2 : cosine / sine ** 3;
  return b === Number.POSITIVE_INFINITY ? sine / cosine ** 3 : (b - a) * sine * cosine;
}
