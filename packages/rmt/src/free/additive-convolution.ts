import { add, logarithm, multiply, shift } from '../complex.js';
import type { SpectralLaw } from '../law.js';
import { freeCompoundPoisson } from '../laws/free-compound-poisson.js';
import { addTriples } from '../transforms/free-levy-triple.js';
import { additiveScale } from './additive-scale.js';
import { affineImage } from './affine-image.js';
import { atomsOfExcess } from './atoms-of-excess.js';
import { centredMoment } from './centred-moment.js';
import { lawOfSubordination } from './law-of-subordination.js';
import type { Subordination } from './subordination.js';
import { transformed } from './transformed-law.js';

/**
 * The free additive convolution of two laws of bounded support: the spectrum of A + Q B Q^T for large matrices A and B
 * with these laws and Q Haar orthogonal.
 *
 * Where both R-transforms are rational (`freeLevy`) they are added, and the law is the algebraic one of the sum. Otherwise
 * by subordination: with h = 1/G - z of either law, G(z) = G_a(w), w the fixed point of w -> z + h_b(z + h_a(w))
 * (Biane 1998; Belinschi & Bercovici 2007), also on the real axis. The logarithmic potential of the sum is
 * U_a(w) + U_b(v) + log G, v = z + h_a(w), for its derivatives in w and v vanish: so the cumulative needs no quadrature.
 * There is an atom at x + y where the masses there sum to more than 1, of the excess (Bercovici & Voiculescu 1998).
 *
 * @throws RangeError if a support is not bounded
 */
export function freeAdditiveConvolution(a: SpectralLaw, b: SpectralLaw): SpectralLaw {
  if (isPoint(b)) return affineImage(a, { shift: b.atoms[0].at });
  if (isPoint(a)) return affineImage(b, { shift: a.atoms[0].at });
  const name = `(${a.name}) [+] (${b.name})`;
  if (a.freeLevy !== undefined && b.freeLevy !== undefined) {
    return freeCompoundPoisson({ name, ...addTriples(a.freeLevy, b.freeLevy) });
  }
  return lawOfSubordination(additiveSubordination(name, a, b));
}

/** Whether the law is one atom. */
export const isPoint = (law: SpectralLaw): boolean => law.support.length === 0 && law.atoms.length === 1;

function additiveSubordination(name: string, lawA: SpectralLaw, lawB: SpectralLaw): Subordination {
  const a = transformed(lawA);
  const b = transformed(lawB);
  return {
    name,
    ...additiveScale([a.hull[0] + b.hull[0], a.hull[1] + b.hull[1]]),
    atoms: atomsOfExcess(a.atoms, b.atoms, (x, y) => x + y),
    start: (z) => shift(-b.mean, z),
    step(z, w) {
      const atW = a.at(w);
      const atV = b.at(add(z, atW.h));
      return {
        image: add(z, atV.h),
        byW: multiply(atV.hSlope, atW.hSlope),
        byZ: shift(1, atV.hSlope),
        g: atW.g,
        gByW: atW.gSlope,
        gByZ: { re: 0, im: 0 },
      };
    },
    potential(z, w) {
      const { g, h } = a.at(w);
      return add(add(a.potential(w), b.potential(add(z, h))), logarithm(g));
    },
    moment: (k) => centredMoment(k, [a, b], (cumulants) => cumulants[0].map((one, i) => one + cumulants[1][i])),
  };
}
