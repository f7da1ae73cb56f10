import { requireInteger, requireOffAxis } from '../checks.js';
import { conjugate } from '../complex.js';
import type { Complex, SpectralLaw } from '../law.js';
import { quantile, sampleByInversion } from '../quantile.js';
import { type AxisPoint, axisPoint, traceAxis } from './axis-trace.js';
import { descend, type FixedPoint, type Subordination } from './subordination.js';

/**
 * The law of a subordination. Density and cumulative are exact at every point, not interpolated: the density is
 * -Im G/pi, and the cumulative 1 - Im U/pi with U the logarithmic potential, both from one fixed point, found by Newton's
 * method from the nearest point of a trace along the axis. The trace is made once, when the law is first asked for
 * anything on the axis, and finds the support.
 */
export function lawOfSubordination(subordination: Subordination): SpectralLaw {
  const { name, atoms } = subordination;
  let memory: ReturnType<typeof traceAxis> | undefined;
  const trace = () => {
    memory ??= traceAxis(subordination);
    return memory;
  };
  const atomsUpTo = (x: number) => atoms.reduce((sum, { at, mass }) => (at <= x ? sum + mass : sum), 0);
  /** The interval of the support that holds x inside, and the axis there. */
  const inside = (x: number): { piece: number; point: AxisPoint } | undefined => {
    const { support, nodes } = trace();
    const piece = support.findIndex(([lower, upper]) => x > lower && x < upper);
    return piece < 0 ? undefined : { piece, point: axisPoint(subordination, x, [nearest(nodes, x)]) };
  };

  const law: SpectralLaw = {
    name,
    atoms,
    get support() {
      return trace().support;
    },
    density: (x) => inside(x)?.point.density ?? 0,
    cumulative(x) {
      const found = inside(x);
      const { support, masses } = trace();
      if (found === undefined) {
        const passed = support.filter(([, upper]) => upper <= x).length;
        return x >= subordination.hull[1] ? 1 : Math.min(1, (passed === 0 ? 0 : masses[passed - 1][1]) + atomsUpTo(x));
      }
      const [least, most] = masses[found.piece];
      const continuous = 1 - found.point.above - atomsUpTo(found.point.x);
      return Math.min(1, Math.min(most, Math.max(least, continuous)) + atomsUpTo(x));
    },
    quantile: (p) => quantile(law, p),
    moment(k) {
      requireInteger('the order of a moment', k, 0);
      return subordination.moment(k);
    },
    sample: (n, random) => sampleByInversion(law, n, random),
    stieltjesTransform: (z) => mirrored(z, (above) => descend(subordination, above).g),
    stieltjesDerivative: (z) => mirrored(z, (above) => descend(subordination, above).gSlope),
    logarithmicPotential: (z) =>
      mirrored(z, (above) => subordination.potential(above, descend(subordination, above).w)),
  };
  return law;

  function mirrored(z: Complex, value: (above: Complex) => FixedPoint['g']): Complex {
    requireOffAxis('a Stieltjes transform', z);
    return z.im > 0 ? value(z) : conjugate(value(conjugate(z)));
  }
}

/** The node nearest to x: nodes ascend. */
function nearest(nodes: readonly AxisPoint[], x: number): AxisPoint {
  let low = 0;
  let high = nodes.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (nodes[middle].x <= x) low = middle;
    else high = middle;
  }
  return x - nodes[low].x < nodes[high].x - x ? nodes[low] : nodes[high];
}
