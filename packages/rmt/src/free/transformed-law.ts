import { add, complex, divide, logarithm, modulus, multiply, reciprocal, scale, shift, subtract } from '../complex.js';
import type { Atom, Complex, Interval, SpectralLaw } from '../law.js';
import { derivativeFromTriple, potentialFromTriple, rDerivativeOf, rOf } from '../transforms/free-levy-triple.js';
import { type LocalTransforms, PointMasses } from './point-masses.js';

/** A law by its transforms. */
export interface TransformedLaw {
  readonly name: string;
  /** The smallest interval that holds the law. */
  readonly hull: Interval;
  readonly atoms: readonly Atom[];
  readonly mean: number;
  /** Im z must not be 0. */
  at(z: Complex): LocalTransforms;
  /** int log(z - x) over the law. */
  potential(z: Complex): Complex;
  moment(k: number): number;
}

export function transformed(law: SpectralLaw): TransformedLaw {
  const { name, atoms } = law;
  const ends = [...law.support.flat(), ...atoms.map(({ at }) => at)];
  const hull: Interval = [Math.min(...ends), Math.max(...ends)];
  if (!Number.isFinite(hull[0]) || !Number.isFinite(hull[1])) {
    throw new RangeError(`free probability needs laws of bounded support, found "${name}" on [${hull.join(', ')}]`);
  }
  const mean = law.moment(1);
  const transforms = law.support.length === 0 ? pointMasses(atoms) : continuous(law, hull, mean);
  return {
    name,
    hull,
    atoms,
    mean,
    at: (z) => transforms.at(z),
    potential: (z) => transforms.potential(z),
    moment: (k) => law.moment(k),
  };
}

const pointMasses = (atoms: readonly Atom[]) =>
  new PointMasses(
    Float64Array.from(atoms, ({ at }) => at),
    Float64Array.from(atoms, ({ mass }) => mass),
  );

function continuous(
  law: SpectralLaw,
  [lower, upper]: Interval,
  mean: number,
): Pick<TransformedLaw, 'at' | 'potential'> {
  const radius = (upper - lower) / 2;
  const variance = law.moment(2) - mean * mean;
  const triple = law.freeLevy;
  return {
    at(z) {
      const g = law.stieltjesTransform(z);
      if (triple !== undefined) {
        // R(G) + 1/G = z
        const gSlope = derivativeFromTriple(triple, g);
        const hSlope = scale(-1, multiply(rDerivativeOf(triple, g), gSlope));
        return { g, gSlope, h: scale(-1, rOf(triple, g)), hSlope };
      }
      const gSlope = law.stieltjesDerivative?.(z) ?? differenceQuotient(law, z, radius);
      const centred = shift(-mean, z);
      if (modulus(centred) > farAway * radius) {
        const h = shift(-mean, divide(complex(-variance), centred));
        return { g, gSlope, h, hSlope: divide(complex(variance), multiply(centred, centred)) };
      }
      const f = reciprocal(g);
      return { g, gSlope, h: subtract(f, z), hSlope: shift(-1, scale(-1, multiply(gSlope, multiply(f, f)))) };
    },
    potential(z) {
      if (triple !== undefined) return potentialFromTriple(triple, z, law.stieltjesTransform(z));
      return law.logarithmicPotential?.(z) ?? integratedPotential(law, z, mean, radius);
    },
  };
}

/** Radii from the mean beyond which 1/G - z loses more digits than two terms of its series leave out. */
const farAway = 1e5;

/** G' to some eight digits, all that Newton's method needs. Where G is analytic across the axis the step may exceed Im z. */
function differenceQuotient(law: SpectralLaw, z: Complex, radius: number): Complex {
  const step = Math.max(1e-4 * Math.abs(z.im), 1e-7 * radius);
  const rise = subtract(law.stieltjesTransform(shift(step, z)), law.stieltjesTransform(shift(-step, z)));
  return scale(0.5 / step, rise);
}

/**
 * U(z) = log(z - mean) - i int_0^inf (G(z + is) - 1/(z + is - mean)) ds for Im z > 0, and its mirror image below: away
 * from the axis G is smooth on the scale of the distance, so the exp-sinh rule (Takahasi & Mori 1974) resolves it.
 */
function integratedPotential(law: SpectralLaw, z: Complex, mean: number, radius: number): Complex {
  const side = Math.sign(z.im);
  let sum = complex(0);
  for (let t = -4.5; t <= 3; t += 1 / 32) {
    const s = radius * Math.exp((Math.PI / 2) * Math.sinh(t));
    const at = { re: z.re, im: z.im + side * s };
    const rest = subtract(law.stieltjesTransform(at), reciprocal(shift(-mean, at)));
    sum = add(sum, scale(s * Math.cosh(t), rest));
  }
  const integral = multiply(complex(0, (-side * Math.PI) / 64), sum);
  return add(logarithm(shift(-mean, z)), integral);
}
