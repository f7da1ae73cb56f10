import { multiply, reciprocal as reciprocalOf, scale, shift, subtract } from '../complex.js';
import type { Complex } from '../law.js';

/** What subordination asks of a law at one point off the real axis. */
export interface LocalTransforms {
  /** G(z), the Stieltjes transform. */
  readonly g: Complex;
  readonly gSlope: Complex;
  /** h(z) = 1/G(z) - z, which maps the upper half plane into itself and is about minus the mean far away. */
  readonly h: Complex;
  readonly hSlope: Complex;
}

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
    let restSlopeRe = 0;
    let restSlopeIm = 0;
    for (let i = 0; i < points.length; i++) {
      const x = z.re - points[i];
      const reciprocal = 1 / (x * x + square);
      const share = masses[i] * reciprocal;
      const shareX = share * x;
      const centred = points[i] - mean;
      gRe += shareX;
      gIm -= share;
      const termRe = (share * square - shareX * x) * reciprocal;
      const termIm = shareX * reciprocal;
      slopeRe += termRe;
      slopeIm += termIm;
      restRe += shareX * centred;
      restIm -= share * centred;
      restSlopeRe += termRe * centred;
      restSlopeIm += termIm * centred;
    }
    const g = { re: gRe, im: gIm * y };
    const gSlope = { re: slopeRe, im: 2 * y * slopeIm };
    const f = reciprocalOf(g);
    if (z.re * z.re + square <= this.secondMoment) {
      const h = { re: f.re - z.re, im: f.im - y };
      return { g, gSlope, h, hSlope: shift(-1, scale(-1, multiply(gSlope, multiply(f, f)))) };
    }
    // Far away 1/G - z cancels: it is -mean - C/G with C = int (x - mean)/(z - x).
    const ratio = multiply({ re: restRe, im: restIm * y }, f);
    const restSlope = { re: restSlopeRe, im: 2 * y * restSlopeIm };
    const hSlope = multiply(subtract(multiply(ratio, gSlope), restSlope), f);
    return { g, gSlope, h: { re: -mean - ratio.re, im: -ratio.im }, hSlope };
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
