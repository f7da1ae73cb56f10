import type { RandomStream } from '@hessian-rmt/numerics';

/** Closed interval, lower end first. */
export type Interval = readonly [lower: number, upper: number];

/** A point that carries mass of its own. */
export interface Atom {
  readonly at: number;
  readonly mass: number;
}

/** A probability law on the real line: what the spectrum of a large random matrix tends to. */
export interface Law {
  /** For people: name and parameters. */
  readonly name: string;
  /** Where the density lives: disjoint intervals, ascending. */
  readonly support: readonly Interval[];
  /** Ascending; empty for most laws. */
  readonly atoms: readonly Atom[];
  /** Density of the continuous part; it integrates to 1 less the mass of the atoms. */
  density(x: number): number;
  /** P(X <= x), atoms included. */
  cumulative(x: number): number;
  /** The smallest x with cumulative(x) >= p; the lower end of the law for p = 0. @throws RangeError unless 0 <= p <= 1 */
  quantile(p: number): number;
  /** E X^k. @throws RangeError unless k is an integer, not negative */
  moment(k: number): number;
  /** n independent draws. Eigenvalues of one matrix are not independent: they lie far more evenly. */
  sample(n: number, random: RandomStream): Float64Array;
}

/** A complex number. The `Complex` of mathjs is one. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** A law that free probability can work with. */
export interface SpectralLaw extends Law {
  /** G(z) = int rho(x)/(z - x) dx, atoms included; Im z must not be 0. Im G has the sign of -Im z. */
  stieltjesTransform(z: Complex): Complex;
}

/** Mass of the atom at exactly this point, 0 where there is none. */
export function atomMass(law: Pick<Law, 'atoms'>, at: number): number {
  return law.atoms.find((atom) => atom.at === at)?.mass ?? 0;
}
