import { countLeading, requireAscending } from '../ascending.js';
import { requireInteger } from '../checks.js';
import type { Atom, SpectralLaw } from '../law.js';
import { sampleByInversion } from '../quantile.js';
import { PointMasses } from './point-masses.js';

export interface EmpiricalLawOptions {
  /**
   * Eigenvalues of at most this size count as exact zeros: give the rounding floor of the spectrum, for a null space
   * comes out as many tiny numbers, and free probability tells one atom from many. Default 0.
   */
  readonly zeroTolerance?: number;
}

/**
 * The law of a measured spectrum: an atom of mass 1/n at each of the n eigenvalues, equal ones together.
 *
 * @param spectrum  ascending
 * @throws RangeError if there are no values, or they are not ascending and finite, or the tolerance is negative
 */
export function empiricalLaw(spectrum: Float64Array, { zeroTolerance = 0 }: EmpiricalLawOptions = {}): SpectralLaw {
  requireAscending('the spectrum of an empirical law', spectrum);
  if (!(zeroTolerance >= 0)) {
    throw new RangeError(`the zero tolerance of an empirical law must not be negative, found ${zeroTolerance}`);
  }
  const n = spectrum.length;
  const points: number[] = [];
  const upTo: number[] = [];
  for (const [i, value] of spectrum.entries()) {
    const point = Math.abs(value) <= zeroTolerance ? 0 : value;
    if (point === points[points.length - 1]) upTo.pop();
    else points.push(point);
    upTo.push((i + 1) / n);
  }
  return lawOfPoints(`spectrum of ${n} eigenvalues`, Float64Array.from(points), Float64Array.from(upTo));
}

/**
 * A law that is all atoms.
 *
 * @param atoms  in ascending order, their masses positive and of the sum 1
 * @throws RangeError if they are not
 */
export function discreteLaw(atoms: readonly Atom[]): SpectralLaw {
  requireAscending(
    'the atoms of a discrete law',
    Float64Array.from(atoms, ({ at }) => at),
  );
  let total = 0;
  const upTo = new Float64Array(atoms.length);
  for (const [i, { at, mass }] of atoms.entries()) {
    if (!(mass > 0))
      throw new RangeError(`the atom of a discrete law at ${at} must have a positive mass, found ${mass}`);
    if (i > 0 && at === atoms[i - 1].at)
      throw new RangeError(`a discrete law has one atom a point, found two at ${at}`);
    total += mass;
    upTo[i] = total;
  }
  if (!(Math.abs(total - 1) <= 1e-9)) {
    throw new RangeError(`the masses of a discrete law must have the sum 1, found ${total}`);
  }
  const few = atoms.length <= 4 ? atoms.map(({ at, mass }) => `${mass} at ${at}`).join(', ') : `${atoms.length} atoms`;
  return lawOfPoints(
    `discrete law, ${few}`,
    Float64Array.from(atoms, ({ at }) => at),
    upTo.map((mass) => mass / total),
  );
}

/** @param upTo  cumulative at the points, 1 at the last */
function lawOfPoints(name: string, points: Float64Array, upTo: Float64Array): SpectralLaw {
  const masses = upTo.map((mass, i) => (i === 0 ? mass : mass - upTo[i - 1]));
  const sums = new PointMasses(points, masses);
  const law: SpectralLaw = {
    name,
    support: [],
    atoms: Array.from(points, (at, i) => ({ at, mass: masses[i] })),
    density: () => 0,
    cumulative(x) {
      const count = countLeading(points, (point) => point <= x);
      return count === 0 ? 0 : upTo[count - 1];
    },
    quantile(p) {
      if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability must lie between 0 and 1, found ${p}`);
      return points[
        Math.min(
          points.length - 1,
          countLeading(upTo, (mass) => mass < p),
        )
      ];
    },
    moment(k) {
      requireInteger('the order of a moment', k, 0);
      return points.reduce((sum, point, i) => sum + masses[i] * point ** k, 0);
    },
    sample: (n, random) => sampleByInversion(law, n, random),
    stieltjesTransform: (z) => sums.stieltjes(z),
    stieltjesDerivative: (z) => sums.at(z).gSlope,
    logarithmicPotential: (z) => sums.potential(z),
  };
  return law;
}
