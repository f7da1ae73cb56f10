import { chebyshevAntiderivative, chebyshevCoefficients, chebyshevPoints, chebyshevValue } from '../chebyshev.js';
import { requireInteger, requirePositive } from '../checks.js';
import { edgeAngle, edgeAngleSpeed, fromEdgeAngle } from '../edge-angle.js';
import type { Atom, Interval, Law } from '../law.js';
import { quantile, sampleByInversion } from '../quantile.js';

export interface LawOfDensityParameters {
  /** For people: name and parameters. */
  readonly name: string;
  /** Where the density lives: disjoint finite intervals, ascending. They may touch: put a singular point at an end. */
  readonly support: readonly Interval[];
  /** Density of the continuous part, asked for inside the intervals only, never at their ends. */
  readonly density: (x: number) => number;
  /** Points with mass of their own, ascending. Default none. */
  readonly atoms?: readonly Atom[];
  /** What one panel of the quadrature may be off by. Default 1e-12, our choice: raise it for a density less exact. */
  readonly tolerance?: number;
  /**
   * What the total may differ from 1 by. Default 1e-7, our choice: rounding of x alone makes an inverse square root at
   * an edge uncertain by 1e-8, and a wrong root, edge or atom shows far above.
   */
  readonly massTolerance?: number;
}

/** Points in a panel: a semicircle is one panel, a cube-root singularity some forty. */
const points = 24;
/** Far more than any integrable algebraic singularity needs. */
const mostPanels = 4000;
/** Half the width of a panel that is not halved any more, in radians: the edge's distance squares it. */
const narrowest = 1e-15;

/** The density against the angle on one piece of the range of an interval, as a series and as its integral. */
interface Panel {
  readonly start: number;
  readonly halfWidth: number;
  readonly series: Float64Array;
  readonly integral: Float64Array;
  /** Mass of the continuous part below. */
  readonly below: number;
}

/**
 * The law of a density that can be evaluated: cumulative, quantile, moments and draws by quadrature.
 *
 * The density against the edge angle is smooth where edges are square roots or inverse ones; panels of Chebyshev
 * series of 24 terms are halved until they resolve it to the tolerance, which also takes other integrable
 * singularities, at the ends of intervals best of all. Done once; after that the cumulative costs one series. What
 * rounding leaves missing of the total mass is spread in proportion.
 *
 * @throws RangeError if intervals or atoms are not ascending and finite, if the density is negative or not finite at a
 *   point, cannot be resolved, or does not integrate to 1 less the mass of the atoms
 */
export function lawOfDensity(parameters: LawOfDensityParameters): Law {
  const { name, support, density, atoms = [], tolerance = 1e-12, massTolerance = 1e-7 } = parameters;
  requireDisjoint(name, support);
  requireAtoms(name, atoms);
  requirePositive(`the tolerance of the law "${name}"`, tolerance);
  requirePositive(`the mass tolerance of the law "${name}"`, massTolerance);

  const panels: Panel[][] = [];
  let mass = 0;
  for (const interval of support) {
    const resolved = resolve(name, density, interval, tolerance, mass);
    const last = resolved[resolved.length - 1];
    mass = last.below + last.halfWidth * chebyshevValue(last.integral, 1);
    panels.push(resolved);
  }
  const wanted = 1 - atoms.reduce((sum, atom) => sum + atom.mass, 0);
  if (!(Math.abs(mass - wanted) <= massTolerance)) {
    throw new RangeError(
      `the density of "${name}" must integrate to ${wanted}, 1 less the mass of its atoms, found ${mass}`,
    );
  }
  const scale = mass > 0 ? wanted / mass : 1;

  const law: Law = {
    name,
    support,
    atoms,
    density: (x) => (support.some(([a, b]) => x > a && x < b) ? density(x) : 0),
    cumulative(x) {
      let sum = 0;
      for (const { at, mass } of atoms) if (at <= x) sum += mass;
      let i = support.length - 1;
      while (i >= 0 && x <= support[i][0]) i--;
      if (i >= 0) sum += scale * massBelow(panels[i], edgeAngle(x, support[i]));
      return Math.min(1, Math.max(0, sum));
    },
    quantile: (p) => quantile(law, p),
    moment(k) {
      requireInteger('the order of a moment', k, 0);
      let sum = 0;
      for (const { at, mass } of atoms) sum += mass * at ** k;
      for (const [i, interval] of support.entries()) {
        for (const panel of panels[i]) sum += scale * panelMoment(panel, interval, k);
      }
      return sum;
    },
    sample: (n, random) => sampleByInversion(law, n, random),
  };
  return law;
}

/** Panels that resolve the density on an interval, in ascending order. */
function resolve(
  name: string,
  density: (x: number) => number,
  interval: Interval,
  tolerance: number,
  massBefore: number,
): Panel[] {
  const nodes = chebyshevPoints(points);
  const panels: Panel[] = [];
  const ahead: [start: number, end: number][] = [[0, Math.PI]];
  let below = massBefore;
  for (let piece = ahead.pop(); piece !== undefined; piece = ahead.pop()) {
    const [start, end] = piece;
    const halfWidth = (end - start) / 2;
    const values = new Float64Array(points);
    let least = Number.POSITIVE_INFINITY;
    let most = 0;
    let furthest = 0;
    for (let j = 0; j < points; j++) {
      const angle = start + halfWidth * (1 + nodes[j]);
      const x = fromEdgeAngle(angle, interval);
      if (!(x > interval[0] && x < interval[1])) continue; // rounded onto the edge: no mass that a number can show
      const value = density(x);
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
        throw new RangeError(`the density of "${name}" must be finite and not negative, found ${value} at ${x}`);
      }
      least = Math.min(least, value);
      most = Math.max(most, value);
      furthest = Math.max(furthest, Math.abs(x));
      values[j] = value * edgeAngleSpeed(angle, interval);
    }
    const series = chebyshevCoefficients(values);
    const tail = Math.max(...series.subarray(points - 4).map(Math.abs)) * halfWidth;
    // What the rounding of x makes of the density: no panel can be better.
    const floor = 4 * Number.EPSILON * furthest * (most - least);
    if (tail <= Math.max(tolerance, floor) || halfWidth < narrowest) {
      const integral = chebyshevAntiderivative(series);
      panels.push({ start, halfWidth, series, integral, below });
      below += halfWidth * chebyshevValue(integral, 1);
    } else {
      const middle = start + halfWidth;
      ahead.push([middle, end], [start, middle]);
    }
    if (panels.length + ahead.length > mostPanels) {
      throw new RangeError(
        `the density of "${name}" must be piecewise smooth, found it unresolved to ${tolerance} by ${mostPanels} panels ` +
          `near ${fromEdgeAngle(start, interval)}`,
      );
    }
  }
  return panels;
}

/** Mass of the continuous part below an angle of the interval that these panels cover. */
function massBelow(panels: readonly Panel[], angle: number): number {
  let low = 0;
  let high = panels.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (panels[middle].start <= angle) low = middle;
    else high = middle - 1;
  }
  const { start, halfWidth, integral, below } = panels[low];
  return below + halfWidth * chebyshevValue(integral, Math.min(1, (angle - start) / halfWidth - 1));
}

/** int x^k rho dx over a panel, by a rule (Fejer's first) fine enough for the series times x^k. */
function panelMoment({ start, halfWidth, series }: Panel, interval: Interval, k: number): number {
  const nodes = chebyshevPoints(points + 2 * k + 8);
  const values = nodes.map((t) => {
    return chebyshevValue(series, t) * fromEdgeAngle(start + halfWidth * (1 + t), interval) ** k;
  });
  return halfWidth * chebyshevValue(chebyshevAntiderivative(chebyshevCoefficients(values)), 1);
}

function requireDisjoint(name: string, support: readonly Interval[]): void {
  let end = Number.NEGATIVE_INFINITY;
  for (const [lower, upper] of support) {
    if (!(Number.isFinite(lower) && Number.isFinite(upper) && lower < upper && lower >= end)) {
      throw new RangeError(
        `the support of "${name}" must be finite intervals, disjoint and ascending, found ${JSON.stringify(support)}`,
      );
    }
    end = upper;
  }
}

function requireAtoms(name: string, atoms: readonly Atom[]): void {
  atoms.forEach(({ at, mass }, i) => {
    const ascending = Number.isFinite(at) && (i === 0 || at > atoms[i - 1].at);
    if (!(ascending && mass > 0 && mass <= 1)) {
      throw new RangeError(
        `the atoms of "${name}" must be ascending, each of a mass above 0 and up to 1, found ${JSON.stringify(atoms)}`,
      );
    }
  });
}
