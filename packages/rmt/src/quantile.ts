import type { RandomStream } from '@hessian-rmt/numerics';
import { requireInteger } from './checks.js';
import { fromEdgeAngle } from './edge-angle.js';
import type { Interval, Law } from './law.js';

type Distribution = Pick<Law, 'support' | 'atoms' | 'density' | 'cumulative'>;

/**
 * The smallest x with cumulative(x) >= p, by Newton's method in the edge angle inside a bracket that only shrinks;
 * a step that leaves the bracket, or does not halve it within two steps, is replaced by bisection.
 *
 * @throws RangeError unless 0 <= p <= 1
 */
export function quantile(law: Distribution, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability must lie between 0 and 1, found ${p}`);
  const pieces: Interval[] = [...law.support, ...law.atoms.map(({ at }): Interval => [at, at])];
  pieces.sort((one, other) => one[0] - other[0]);
  if (p === 0) return pieces[0][0];
  for (const { at, mass } of law.atoms) {
    const upTo = law.cumulative(at);
    if (upTo - mass < p && p <= upTo) return at;
  }
  // Rounding may leave the cumulative a little below 1 at the very end.
  const piece = pieces.find(([, upper]) => law.cumulative(upper) >= p) ?? pieces[pieces.length - 1];
  return piece[0] === piece[1] ? piece[0] : quantileWithin(law, piece, p);
}

function quantileWithin(law: Distribution, interval: Interval, p: number): number {
  const halfWidth = (interval[1] - interval[0]) / 2;
  let lower = 0;
  let upper = Math.PI;
  let angle = lower + p * (upper - lower);
  let width = upper - lower;
  for (let step = 0; step < 200; step++) {
    const x = fromEdgeAngle(angle, interval);
    const excess = law.cumulative(x) - p;
    if (excess === 0) return x;
    if (excess > 0) upper = angle;
    else lower = angle;
    if (upper - lower <= 4 * Number.EPSILON * upper) break;
    // dx/d(angle) = (b - a)/2 sin(angle)
    const newton = angle - excess / (law.density(x) * halfWidth * Math.sin(angle));
    const slow = step % 2 === 1 && upper - lower > width / 2;
    if (step % 2 === 1) width = upper - lower;
    if (Math.abs(newton - angle) <= 2 * Number.EPSILON * angle) break;
    angle = !slow && newton > lower && newton < upper ? newton : (lower + upper) / 2;
  }
  return fromEdgeAngle(angle, interval);
}

/** n independent draws by inversion: quantiles of uniform numbers. */
export function sampleByInversion(law: Pick<Law, 'quantile'>, n: number, random: RandomStream): Float64Array {
  requireInteger('the number of draws', n, 0);
  return Float64Array.from({ length: n }, () => law.quantile(random.uniform()));
}
