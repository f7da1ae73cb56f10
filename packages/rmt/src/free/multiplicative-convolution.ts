import { add, divide, logarithm, modulus, multiply, scale, subtract } from '../complex.js';
import { type Atom, atomMass, type Complex, type Interval, type SpectralLaw } from '../law.js';
import { isPoint } from './additive-convolution.js';
import { affineImage } from './affine-image.js';
import { atomsOfExcess } from './atoms-of-excess.js';
import { lawOfSubordination } from './law-of-subordination.js';
import { productMoment } from './product-moment.js';
import type { Subordination } from './subordination.js';
import { type TransformedLaw, transformed } from './transformed-law.js';

/**
 * The free multiplicative convolution of two laws of bounded support, of which one has no mass below zero: the spectrum of
 * A^(1/2) Q B Q^T A^(1/2) for large matrices A >= 0 and B with these laws and Q Haar orthogonal.
 *
 * By subordination: with k = z - 1/G of either law, z G(z) = w G_b(w), w the fixed point of w -> z/k_a(z/k_b(w)), which
 * maps the upper half plane into itself also where B is not positive (Belinschi & Bercovici 2007; Arizmendi, Hasebe &
 * Kitagawa 2023). With V(z) = int log(1 - x/z) of either law and v = z/k_b(w), V = V_a(v) + V_b(w) + log(w G_b(w)), for
 * its derivatives in w and v vanish: so the cumulative needs no quadrature. The mass at zero is the larger of the two;
 * elsewhere there is an atom at x y where the masses there sum to more than 1, of the excess (Belinschi 2003).
 *
 * @throws RangeError if both have mass below zero, or if a support is not bounded
 */
export function freeMultiplicativeConvolution(one: SpectralLaw, other: SpectralLaw): SpectralLaw {
  if (isPoint(other)) return affineImage(one, { scale: other.atoms[0].at });
  if (isPoint(one)) return affineImage(other, { scale: one.atoms[0].at });
  const [a, b] = [transformed(one), transformed(other)];
  if (a.hull[0] < 0 && b.hull[0] < 0) {
    throw new RangeError(
      `a free multiplicative convolution needs a law without mass below zero, ` +
        `found "${a.name}" from ${a.hull[0]} and "${b.name}" from ${b.hull[0]}`,
    );
  }
  const name = `(${one.name}) [x] (${other.name})`;
  return lawOfSubordination(a.hull[0] < 0 ? productSubordination(name, b, a) : productSubordination(name, a, b));
}

/** @param a  has no mass below zero */
function productSubordination(name: string, a: TransformedLaw, b: TransformedLaw): Subordination {
  /** z/k_b(w), the argument of a's transforms. */
  const argumentOfA = (z: Complex, w: Complex) => divide(scale(-1, z), b.at(w).h);
  const atoms = productAtoms(a, b);
  return {
    name,
    ...multiplicativeScale(productHull(a.hull, b.hull), atomMass({ atoms }, 0)),
    atoms,
    start: (z) => scale(1 / a.mean, z),
    step(z, w) {
      const atW = b.at(w);
      const perK = divide({ re: -1, im: 0 }, atW.h);
      const v = multiply(z, perK);
      const vByW = multiply(v, multiply(perK, atW.hSlope));
      const atV = a.at(v);
      const image = divide(scale(-1, z), atV.h);
      // d image/dv = -image k_a'/k_a
      const imageByV = scale(-1, multiply(image, divide(atV.hSlope, atV.h)));
      const g = divide(multiply(w, atW.g), z);
      return {
        image,
        byW: multiply(imageByV, vByW),
        byZ: add(divide({ re: -1, im: 0 }, atV.h), multiply(imageByV, perK)),
        g,
        gByW: divide(add(atW.g, multiply(w, atW.gSlope)), z),
        gByZ: scale(-1, divide(g, z)),
      };
    },
    potential(z, w) {
      const v = argumentOfA(z, w);
      const ofA = subtract(a.potential(v), logarithm(v));
      const ofB = subtract(b.potential(w), logarithm(w));
      return add(add(logarithm(z), logarithm(multiply(w, b.at(w).g))), add(ofA, ofB));
    },
    moment: (k) => productMoment(k, a, b),
  };
}

/**
 * Everything on a logarithmic scale around zero, where the law may have a singularity of any strength or an atom. Closer to
 * zero than 1e-40 of its size it is not resolved, nor beside an atom closer than 1e-30: where both laws have the same mass at
 * zero, w goes like sqrt(z) and meets rounding there.
 */
function multiplicativeScale(
  [lower, upper]: Interval,
  zeroMass: number,
): Omit<Subordination, 'name' | 'atoms' | 'start' | 'step' | 'potential' | 'moment'> {
  const size = Math.max(-lower, upper);
  const nothing = (zeroMass > 0 ? 1e-30 : 1e-40) * size;
  const outwards = (x: number, side: number) => x + (side * Math.abs(x)) / 512;
  return {
    hull: [outwards(lower, -1), outwards(upper, 1)],
    top: 4 * size,
    bottom: (x) => 2 ** -44 * Math.max(Math.abs(x), nothing / 16),
    clearance: (x) => (x === 0 ? nothing : 2 ** -34 * Math.abs(x)),
    singular: [0],
    middle([left, right]) {
      if (left < 0 && right > 0) return 0;
      if (left === 0) return right / 256;
      if (right === 0) return left / 256;
      const ratio = right / left;
      return ratio > 4 || ratio < 0.25 ? Math.sign(left) * Math.sqrt(left * right) : left + (right - left) / 2;
    },
    isPoint([left, right]) {
      const far = Math.max(-left, right);
      return right - left <= 2 ** -43 * far || far <= 2 * nothing;
    },
    isNothing: ([left, right]) => Math.max(-left, right) <= 1e-9 * size,
    size: modulus,
  };
}

const productHull = ([a0, a1]: Interval, [b0, b1]: Interval): Interval => [
  b0 < 0 ? a1 * b0 : a0 * b0,
  b1 < 0 ? a0 * b1 : a1 * b1,
];

function productAtoms(a: TransformedLaw, b: TransformedLaw): Atom[] {
  const zero = Math.max(atomMass(a, 0), atomMass(b, 0));
  const away = (atoms: readonly Atom[]) => atoms.filter(({ at }) => at !== 0);
  const atoms = atomsOfExcess(away(a.atoms), away(b.atoms), (x, y) => x * y);
  return [...atoms, ...(zero > 0 ? [{ at: 0, mass: zero }] : [])].sort((one, other) => one.at - other.at);
}
