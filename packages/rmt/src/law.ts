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
  /** G'(z), where there is a closed form; else it is taken by differences. */
  stieltjesDerivative?(z: Complex): Complex;
  /**
   * U(z) = int log(z - x) rho(x) dx, atoms included, each logarithm on its principal branch: U' = G, and
   * Im U(x + i0) = pi P(X > x). Where there is no closed form it is integrated from G.
   */
  logarithmicPotential?(z: Complex): Complex;
  /** Set for laws whose R-transform is this rational function: their free sums solve a polynomial equation. */
  readonly freeLevy?: FreeLevyTriple;
}

/**
 * A freely infinitely divisible law with finitely many jumps, by its R-transform
 * R(g) = drift + variance g + sum of rate size/(1 - size g) over the jumps: a shift, a semicircle, and free Poisson
 * (Marchenko-Pastur) laws, added freely.
 */
export interface FreeLevyTriple {
  readonly drift: number;
  readonly variance: number;
  readonly jumps: readonly { readonly size: number; readonly rate: number }[];
}

/** Mass of the atom at exactly this point, 0 where there is none. */
export function atomMass(law: Pick<Law, 'atoms'>, at: number): number {
  return law.atoms.find((atom) => atom.at === at)?.mass ?? 0;
}
