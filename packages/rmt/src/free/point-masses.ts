import type { Complex } from '../law.js';
import type { LocalTransforms } from './local-transforms.js';

/**
 * Transforms of a law that is all atoms, as sums over typed arrays: nothing is allocated per term, about 5 ns a term.
 *
 * @param points, masses  of equal length; the masses sum to 1
 */
export class PointMasses {
  private readonly mean: number;
  private readonly secondMoment: number;

  constructor(
    readonly points: Float64Array,
    readonly masses: Float64Array,
  ) {
    this.mean = points.reduce((sum, x, i) => sum + masses[i] * x, 0);
    this.secondMoment = points.reduce((sum, x, i) => sum + masses[i] * x * x, 0);
  }

  stieltjes(z: Complex): Complex {
    const { points, masses } = this;
    const square = z.im * z.im;
    let re = 0;
    let im = 0;
    for (let i = 0; i < points.length; i++) {
      const x = z.re - points[i];
      const share = masses[i] / (x * x + square);
      re += share * x;
      im -= share;
    }
    return { re, im: im * z.im };
  }

  at(z: Complex): LocalTransforms {
    const { points, masses, mean } = this;
    const y = z.im;
    const square = y * y;
    let gRe = 0;
    let gIm = 0;
    let slopeRe = 0;
    let slopeIm = 0;
    let restRe = 0;
    let restIm = 0;
    for (let i = 0; i < points.length; i++) {
      const x = z.re - points[i];
      const reciprocal = 1 / (x * x + square);
      const share = masses[i] * reciprocal;
      const shareX = share * x;
      const centred = points[i] - mean;
      gRe += shareX;
      gIm -= share;
      slopeRe += (share * y * y - shareX * x) * reciprocal;
      slopeIm += shareX * reciprocal;
      restRe += shareX * centred;
      restIm -= share * centred;
    }
    gIm *= y;
    slopeIm *= 2 * y;
    restIm *= y;
    const size = gRe * gRe + gIm * gIm;
    const inverseRe = gRe / size;
    const inverseIm = -gIm / size;
    // 1/G - z, or where that cancels, far away, the same as -mean - int (x - mean)/(z - x) / G.
    const near = z.re * z.re + square <= this.secondMoment;
    const h = near
      ? { re: inverseRe - z.re, im: inverseIm - y }
      : { re: -mean - (restRe * inverseRe - restIm * inverseIm), im: -(restRe * inverseIm + restIm * inverseRe) };
    // h' = -G'/G^2 - 1
    const inverse2Re = inverseRe * inverseRe - inverseIm * inverseIm;
    const inverse2Im = 2 * inverseRe * inverseIm;
    return {
      g: { re: gRe, im: gIm },
      gSlope: { re: slopeRe, im: slopeIm },
      h,
      hSlope: {
        re: -1 - (slopeRe * inverse2Re - slopeIm * inverse2Im),
        im: -(slopeRe * inverse2Im + slopeIm * inverse2Re),
      },
    };
  }

  potential(z: Complex): Complex {
    const { points, masses } = this;
    let re = 0;
    let im = 0;
    for (let i = 0; i < points.length; i++) {
      const x = z.re - points[i];
      re += 0.5 * masses[i] * Math.log(x * x + z.im * z.im);
      im += masses[i] * Math.atan2(z.im, x);
    }
    return { re, im };
  }
}
