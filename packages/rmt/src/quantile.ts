import type { RandomStream } from '@hessian-rmt/numerics';
import { bracketedNewton } from './bracketed-newton.js';
import { requireInteger } from './checks.js';
import { edgeAngleSpeed, fromEdgeAngle } from './edge-angle.js';
import type { Interval, Law } from './law.js';

type Distribution = Pick<Law, 'support' | 'atoms' | 'density' | 'cumulative'>;

/**
 * The smallest x with cumulative(x) >= p, by Newton's method in the edge angle inside a bracket.
 *
 * @throws RangeError unless 0 <= p <= 1
 */
export function quantile(law: Distribution, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability must lie between 0 and 1, found ${p}`);
  const pieces: Interval[] = [...law.support, ...law.atoms.map(({ at }): Interval => [at, at])];
  pieces.sort((one, other) => one[0] - other[0]);
  if (p === 0) return pieces[0][0];
  if (p === 1) return Math.max(...pieces.map(([, upper]) => upper));
  for (const { at, mass } of law.atoms) {
    const upTo = law.cumulative(at);
    if (upTo - mass < p && p <= upTo) return at;
  }
  // Rounding may leave the cumulative a little below 1 at the very end.
  const piece = pieces.find(([, upper]) => law.cumulative(upper) >= p) ?? pieces[pieces.length - 1];
  return piece[0] === piece[1] ? piece[0] : quantileWithin(law, piece, p);
}

function quantileWithin(law: Distribution, interval: Interval, p: number): number {
  const at = (angle: number) => {
    const x = fromEdgeAngle(angle, interval);
    return { value: law.cumulative(x) - p, slope: law.density(x) * edgeAngleSpeed(angle, interval) };
  };
  return fromEdgeAngle(bracketedNewton(at, p * Math.PI, [0, Math.PI]), interval);
}

/** n independent draws by inversion: quantiles of uniform numbers. */
export function sampleByInversion(law: Pick<Law, 'quantile'>, n: number, random: RandomStream): Float64Array {
  requireInteger('the number of draws', n, 0);
  return Float64Array.from({ length: n }, () => law.quantile(random.uniform()));
}
