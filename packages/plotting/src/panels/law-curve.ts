import { inverseSymlog, type ResolvedAxis, symlog } from '../axes/scale.js';
import type { Mark } from '../figure.js';

/** A spectral law: a density and, where there are any, atoms. Both parts together have mass 1. */
export interface Law {
  readonly label: string;
  /** Density at x of the continuous part, 0 outside its support. */
  readonly density: (x: number) => number;
  readonly atoms?: readonly { readonly at: number; readonly mass: number }[];
}

/** Points over the axis: 3 to a pixel column of the widest panel. */
const gridPoints = 1200;
/** Halvings of a grid step that lead from inside a support to its edge: to 10^-12 of the axis. */
const halvings = 30;

interface Curve {
  readonly x: number[];
  readonly y: number[];
}

/** Abscissae that lie evenly on an axis of this scale. */
export function evenOnAxis({ kind, domain: [low, high], linearWithin }: ResolvedAxis): readonly number[] {
  const between = (from: number, to: number): number[] =>
    Array.from({ length: gridPoints }, (_, i) => from + ((to - from) * i) / (gridPoints - 1));
  if (kind === 'linear') return between(low, high);
  if (kind === 'log') return between(Math.log(low), Math.log(high)).map(Math.exp);
  const ends = [symlog(low, linearWithin), symlog(high, linearWithin)];
  return between(ends[0], ends[1]).map((position) => inverseSymlog(position, linearWithin));
}

/**
 * The law's density over the grid as one line for each interval of its support. Towards an edge the points come ever
 * closer, so that a square-root edge is drawn where it is and as steep as it is. The line ends on `floor`, the lower end
 * of the axis, even where the density jumps.
 *
 * @throws RangeError if the density is negative or not a number somewhere; where it is infinite the line has no point
 */
export function lawCurves(law: Law, grid: readonly number[], floor: number, color: number): readonly Mark[] {
  const density = (x: number): number => {
    const value = law.density(x);
    if (!(value >= 0))
      throw new RangeError(`the density of "${law.label}" must not be negative; found ${value} at ${x}`);
    return value;
  };
  const curves: Curve[] = [];
  let inside = false;
  let previous = grid[0];
  for (const x of grid) {
    const y = density(x);
    if (y > 0 && !inside) {
      curves.push({ x: [], y: [] });
      if (x > previous) append(curves.at(-1)!, approach(density, x, previous, floor).reverse());
    }
    if (y > 0 && y < Number.POSITIVE_INFINITY) append(curves.at(-1)!, [[x, y]]);
    if (y === 0 && inside) append(curves.at(-1)!, approach(density, previous, x, floor));
    inside = y > 0;
    previous = x;
  }
  return curves
    .filter(({ x }) => x.length > 0)
    .map(({ x, y }, i) => ({ kind: 'line', x, y, color, ...(i === 0 ? { label: law.label } : {}) }));
}

type Point = readonly [number, number];

function append(curve: Curve, points: readonly Point[]): void {
  for (const [x, y] of points) {
    curve.x.push(x);
    curve.y.push(y);
  }
}

/** Points from inside the support towards the edge that lies before `outside`, and the edge itself on the floor. */
function approach(density: (x: number) => number, inside: number, outside: number, floor: number): Point[] {
  const points: Point[] = [];
  for (let i = 0; i < halvings; i++) {
    const middle = (inside + outside) / 2;
    const y = density(middle);
    if (y > 0) {
      inside = middle;
      if (y > floor && y < Number.POSITIVE_INFINITY) points.push([middle, y]);
    } else {
      outside = middle;
    }
  }
  points.push([inside, floor]);
  return points;
}
