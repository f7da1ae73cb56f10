import { requireInteger } from '../checks.js';
import { add, complex, scale as scaled } from '../complex.js';
import type { Complex, FreeLevyTriple, SpectralLaw } from '../law.js';
import { quantile, sampleByInversion } from '../quantile.js';
import { discreteLaw } from './discrete-law.js';

export interface AffineImage {
  /** Default 1; negative mirrors the law. */
  readonly scale?: number;
  /** Default 0. */
  readonly shift?: number;
}

/**
 * The law of scale X + shift.
 *
 * @throws RangeError if scale or shift is not finite
 */
export function affineImage(law: SpectralLaw, { scale = 1, shift = 0 }: AffineImage): SpectralLaw {
  if (!Number.isFinite(scale)) throw new RangeError(`the scale of an affine image must be finite, found ${scale}`);
  if (!Number.isFinite(shift)) throw new RangeError(`the shift of an affine image must be finite, found ${shift}`);
  if (scale === 0) return discreteLaw([{ at: shift, mass: 1 }]);
  const name = `${scale} (${law.name}) + ${shift}`;
  const forward = (x: number) => scale * x + shift;
  const back = (y: number) => (y - shift) / scale;
  const backComplex = (z: Complex): Complex => ({ re: back(z.re), im: z.im / scale });
  const ascending = <T>(items: readonly T[]) => (scale > 0 ? items : items.toReversed());

  const image: SpectralLaw = {
    name,
    get support() {
      return ascending(law.support.map(([a, b]) => [forward(a), forward(b)] as const)).map(([a, b]) =>
        scale > 0 ? ([a, b] as const) : ([b, a] as const),
      );
    },
    atoms: ascending(law.atoms.map(({ at, mass }) => ({ at: forward(at), mass }))),
    density: (y) => law.density(back(y)) / Math.abs(scale),
    cumulative(y) {
      const x = originOf(y);
      if (scale > 0) return law.cumulative(x);
      return Math.min(1, 1 - law.cumulative(x) + (law.atoms.find(({ at }) => at === x)?.mass ?? 0));
    },
    quantile: (p) => (scale > 0 ? forward(law.quantile(p)) : quantile(image, p)),
    moment(k) {
      requireInteger('the order of a moment', k, 0);
      let sum = 0;
      let binomial = 1;
      for (let j = 0; j <= k; j++) {
        sum += binomial * scale ** j * law.moment(j) * shift ** (k - j);
        binomial *= (k - j) / (j + 1);
      }
      return sum;
    },
    sample: (n, random) => sampleByInversion(image, n, random),
    stieltjesTransform: (z) => scaled(1 / scale, law.stieltjesTransform(backComplex(z))),
    ...(law.stieltjesDerivative && {
      stieltjesDerivative: (z: Complex) => scaled(1 / scale ** 2, law.stieltjesDerivative!(backComplex(z))),
    }),
    ...(law.logarithmicPotential && {
      logarithmicPotential(z: Complex) {
        // For a negative scale the logarithms of z - y and of the mirrored difference are i pi apart.
        const turn = scale > 0 ? 0 : Math.sign(z.im) * Math.PI;
        return add(complex(Math.log(Math.abs(scale)), turn), law.logarithmicPotential!(backComplex(z)));
      },
    }),
    ...(law.freeLevy && { freeLevy: affineTriple(law.freeLevy, scale, shift) }),
  };
  return image;

  /** The x that y is the image of: an atom's exactly, whatever rounding makes of it. */
  function originOf(y: number): number {
    return law.atoms.find(({ at }) => forward(at) === y)?.at ?? back(y);
  }
}

/** R of scale X + shift is shift + scale R(scale g). */
const affineTriple = ({ drift, variance, jumps }: FreeLevyTriple, scale: number, shift: number): FreeLevyTriple => ({
  drift: scale * drift + shift,
  variance: scale * scale * variance,
  jumps: jumps.map(({ size, rate }) => ({ size: scale * size, rate })),
});
