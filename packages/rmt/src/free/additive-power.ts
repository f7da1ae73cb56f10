import { add, logarithm, scale, shift } from '../complex.js';
import type { SpectralLaw } from '../law.js';
import { freeCompoundPoisson } from '../laws/free-compound-poisson.js';
import { isPoint } from './additive-convolution.js';
import { additiveScale } from './additive-scale.js';
import { affineImage } from './affine-image.js';
import { massRounding } from './atoms-of-excess.js';
import { centredMoment } from './centred-moment.js';
import { lawOfSubordination } from './law-of-subordination.js';
import { transformed } from './transformed-law.js';

/**
 * The free additive power: the law whose free cumulants are t times those of the given one; for integers t the free
 * sum of t copies, and for all t >= 1 the law of t times a corner of size n/t of a large n x n matrix (Nica & Speicher 1996).
 *
 * By subordination: G_t(z) = G(w), w the fixed point of w -> z + (t - 1) h(w), h = 1/G - z (Belinschi & Bercovici 2005).
 *
 * @throws RangeError if t is below 1 or not finite, or if the support is not bounded
 */
export function freeAdditivePower(law: SpectralLaw, t: number): SpectralLaw {
  if (!(t >= 1 && t < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`the exponent of a free additive power must be finite and at least 1, found ${t}`);
  }
  if (t === 1) return law;
  if (isPoint(law)) return affineImage(law, { scale: t });
  const name = `(${law.name})^[+]${t}`;
  if (law.freeLevy !== undefined) {
    const { drift, variance, jumps } = law.freeLevy;
    const scaled = jumps.map(({ size, rate }) => ({ size, rate: t * rate }));
    return freeCompoundPoisson({ name, drift: t * drift, variance: t * variance, jumps: scaled });
  }
  const one = transformed(law);
  return lawOfSubordination({
    name,
    ...additiveScale([t * one.hull[0], t * one.hull[1]]),
    atoms: one.atoms
      .map(({ at, mass }) => ({ at: t * at, mass: t * mass - (t - 1) }))
      .filter(({ mass }) => mass > t * massRounding),
    start: (z) => shift(-(t - 1) * one.mean, z),
    step(z, w) {
      const { g, gSlope, h, hSlope } = one.at(w);
      return {
        image: add(z, scale(t - 1, h)),
        byW: scale(t - 1, hSlope),
        byZ: { re: 1, im: 0 },
        g,
        gByW: gSlope,
        gByZ: { re: 0, im: 0 },
      };
    },
    // t U(w) + (t - 1) log G(w), as for t copies of one law.
    potential: (_, w) => add(scale(t, one.potential(w)), scale(t - 1, logarithm(one.at(w).g))),
    moment: (k) => centredMoment(k, [one], ([cumulants]) => cumulants.map((cumulant) => t * cumulant)),
  });
}
