import type { Interval } from '../law.js';
import { descend, type FixedPoint, fixedPoint, type Subordination } from './subordination.js';

/** A law of a subordination at one point of the real axis. */
export interface AxisPoint {
  readonly x: number;
  /** 0 in a gap of the support. */
  readonly density: number;
  /** P(X > x), atoms included. */
  readonly above: number;
  readonly solution: FixedPoint;
}

/** Newton steps from a neighbour before the point is approached from above. */
const stepsFromNeighbour = 12;

/**
 * The law at x. A little above the axis, at z = x + i eta, -Im G is eta |G'| or less where the density is zero, and far
 * more where it is not. There the fixed point is followed down to the axis itself, so that nothing is smoothed.
 */
export function axisPoint(law: Subordination, at: number, neighbours: readonly AxisPoint[]): AxisPoint {
  const x = clearOfSingularities(law, at);
  const eta = law.bottom(x);
  const near = { re: x, im: eta };
  const hasDensity = ({ g, gSlope }: FixedPoint) => -g.im > 2 * eta * Math.hypot(gSlope.re, gSlope.im);

  let above: FixedPoint | undefined;
  for (const { density, solution } of neighbours) {
    if (density > 0) {
      const onAxis = fixedPoint(law, { re: x, im: 0 }, solution.w, stepsFromNeighbour);
      if (onAxis !== undefined && hasDensity(onAxis)) return pointWithDensity(law, x, onAxis);
    } else above ??= fixedPoint(law, near, solution.w, stepsFromNeighbour);
  }
  above ??= descend(law, near);
  if (hasDensity(above)) {
    const onAxis = fixedPoint(law, { re: x, im: 0 }, above.w, stepsFromNeighbour);
    return pointWithDensity(law, x, onAxis !== undefined && onAxis.g.im < 0 ? onAxis : above);
  }
  // U(x) = U(x + i eta) - i eta G to second order: atoms nearby must not smear.
  const potential = law.potential(near, above.w).im - eta * above.g.re;
  return { x, density: 0, above: potential / Math.PI, solution: above };
}

const pointWithDensity = (law: Subordination, x: number, solution: FixedPoint): AxisPoint => ({
  x,
  density: -solution.g.im / Math.PI,
  above: law.potential(solution.z, solution.w).im / Math.PI,
  solution,
});

export interface AxisTrace {
  readonly support: readonly Interval[];
  /** Of each interval of the support, the mass of the continuous part below its ends. */
  readonly masses: readonly Interval[];
  /** Ascending. */
  readonly nodes: readonly AxisPoint[];
}

/** Cells that the hull is divided into to begin with. */
const firstCells = 64;
/** Continuous mass of a cell that is taken for rounding. */
const noMass = 1e-10;
/** What the mass of the support that was found may differ from what it must be. */
const massTolerance = 1e-7;

interface Node {
  readonly point: AxisPoint;
  /** Mass of the continuous part below. */
  readonly below: number;
}

/**
 * Walks along the hull of a law and divides it until every cell is a gap without mass, or one where the density explains
 * the mass, or a point. Gaps narrower than a cell betray themselves by the mass that is missing around them; one so narrow
 * that Simpson's rule is right to a thousandth all the same is not listed, though density and cumulative know it.
 *
 * @throws Error if the support that was found lacks mass, or has too much
 */
export function traceAxis(law: Subordination): AxisTrace {
  const [lower, upper] = law.hull;
  const nodes: Node[] = [];
  const nodeAt = (x: number, ...neighbours: Node[]): Node => {
    const point = axisPoint(
      law,
      x,
      neighbours.map((node) => node.point),
    );
    const atoms = law.atoms.reduce((sum, { at, mass }) => (at <= point.x ? sum + mass : sum), 0);
    const node = { point: point.x === x ? point : { ...point, x }, below: 1 - point.above - atoms };
    nodes.push(node);
    return node;
  };

  const cells: [Node, Node][] = [];
  let last = nodeAt(lower);
  for (let i = 1; i <= firstCells; i++) {
    const next = nodeAt(i === firstCells ? upper : lower + ((upper - lower) * i) / firstCells, last);
    cells.push([last, next]);
    last = next;
  }

  const occupied: [Node, Node][] = [];
  for (let cell = cells.pop(); cell !== undefined; cell = cells.pop()) {
    const [left, right] = cell;
    const interval: Interval = [left.point.x, right.point.x];
    const mass = right.below - left.below;
    const [from, to] = [left.point.density > 0, right.point.density > 0];
    if (!from && !to && mass <= noMass) continue;
    if (law.isPoint(interval) || (mass <= noMass && law.isNothing(interval))) {
      occupied.push(cell);
      continue;
    }
    const [place, inGap] = from === to ? [law.middle(interval), false] : besideEdge(law, from ? cell : [right, left]);
    const middle = from === inGap ? nodeAt(place, right, left) : nodeAt(place, left, right);
    const simpson =
      ((interval[1] - interval[0]) * (left.point.density + 4 * middle.point.density + right.point.density)) / 6;
    if (from && to && middle.point.density > 0 && Math.abs(simpson - mass) <= 1e-3 * mass + 1e-7) occupied.push(cell);
    else cells.push([left, middle], [middle, right]);
  }

  occupied.sort(([one], [other]) => one.point.x - other.point.x);
  const joined: [Node, Node][] = [];
  for (const [left, right] of occupied) {
    const before = joined[joined.length - 1];
    if (before !== undefined && isSeam(law, before[1].point.x, left.point.x)) before[1] = right;
    else joined.push([left, right]);
  }
  // Far from the law's narrowest parts rounding may pass for a density, but it has no mass.
  const pieces = joined.filter(([left, right]) => right.below - left.below > noMass);
  const total = 1 - law.atoms.reduce((sum, { mass }) => sum + mass, 0);
  const found = pieces.reduce((sum, [left, right]) => sum + right.below - left.below, 0);
  if (!(Math.abs(found - total) <= massTolerance)) {
    throw new Error(
      `"${law.name}": found a continuous mass of ${found} instead of ${total}. Parts of a law narrower than about 1e-9 of ` +
        'the whole are beyond double precision; if this one has none, please report it as a bug',
    );
  }
  return {
    support: pieces.map(([left, right]) => [left.point.x, right.point.x]),
    masses: pieces.map(([left, right], i) => [i === 0 ? 0 : left.below, i === pieces.length - 1 ? total : right.below]),
    nodes: nodes.map(({ point }) => point).sort((one, other) => one.x - other.x),
  };
}

/** Whether a gap is none, or one of a few times what can be told from a point: at hard edges rounding makes such gaps. */
function isSeam(law: Subordination, from: number, to: number): boolean {
  return from === to || law.isPoint([from, from + (to - from) / 4]);
}

/**
 * Where to divide a cell that has density at one end only. At an edge like a square root the density's square is linear,
 * so Newton's method knows where it ends: the point sought is beside that, first on the inner side, and on the outer one
 * when the inner one is as near as can be told. Where the density does not point to such an edge, the middle.
 */
function besideEdge(law: Subordination, [occupied, empty]: [Node, Node]): [x: number, inGap: boolean] {
  const { x, density, solution } = occupied.point;
  const end = empty.point.x;
  const toEdge = (density * Math.PI) / (2 * solution.gSlope.im);
  const resolution = 4 * law.bottom(x) * Math.sign(end - x);
  const inner = Math.abs(toEdge) > Math.abs(resolution);
  const place = inner ? x + (63 / 64) * toEdge : x + toEdge + resolution;
  const isInside = (place - x) * (end - place) > 0;
  return isInside ? [place, !inner] : [law.middle(x < end ? [x, end] : [end, x]), false];
}

/** A point beside it if x is too near to an atom or singular point for their difference to mean anything. */
function clearOfSingularities(law: Subordination, x: number): number {
  for (const at of [...law.atoms.map((atom) => atom.at), ...law.singular]) {
    const distance = law.clearance(at);
    if (Math.abs(x - at) < distance) return x < at ? at - distance : at + distance;
  }
  return x;
}
