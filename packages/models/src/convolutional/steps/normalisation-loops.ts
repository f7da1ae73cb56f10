import type { RealArray } from '@hessian-rmt/numerics';
import type { Grid } from './grid.js';

// The loops of batch normalisation over the pixels of all images, channel by channel. With `keep` = 1 or, where a ReLU
// follows in the same pass, 1 where its output is positive: every map below is linear in what it reads, with
// coefficients of the channel. Sums are float64.

/** sum and squares: of x - origin and of its square. */
export function moments<T extends RealArray>(
  x: T,
  origin: Float64Array,
  grid: Grid,
  images: number,
  sum: Float64Array,
  squares: Float64Array,
): void {
  const { height, width, channels, imageStride, rowStride } = grid;
  sum.fill(0);
  squares.fill(0);
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < height; y++) {
      let at = grid.origin + n * imageStride + y * rowStride;
      for (let column = 0; column < width; column++) {
        for (let c = 0; c < channels; c++, at++) {
          const d = x[at] - origin[c];
          sum[c] += d;
          squares[c] += d * d;
        }
      }
    }
  }
}

/** y := a x + b, and its positive part where `rectified`. */
export function affine<T extends RealArray>(
  x: T,
  a: Float64Array,
  b: Float64Array,
  rectified: boolean,
  grid: Grid,
  images: number,
  result: T,
): void {
  const { height, width, channels, imageStride, rowStride } = grid;
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < height; y++) {
      let at = grid.origin + n * imageStride + y * rowStride;
      for (let column = 0; column < width; column++) {
        for (let c = 0; c < channels; c++, at++) {
          const z = a[c] * x[at] + b[c];
          result[at] = rectified ? 0.5 * (z + Math.abs(z)) : z;
        }
      }
    }
  }
}

/** sum: of R{x}; products: of (x - mean) R{x}. */
export function tangentMoments<T extends RealArray>(
  x: T,
  tangents: T,
  mean: Float64Array,
  grid: Grid,
  images: number,
  sum: Float64Array,
  products: Float64Array,
): void {
  const { height, width, channels, imageStride, rowStride } = grid;
  sum.fill(0);
  products.fill(0);
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < height; y++) {
      let at = grid.origin + n * imageStride + y * rowStride;
      for (let column = 0; column < width; column++) {
        for (let c = 0; c < channels; c++, at++) {
          const r = tangents[at];
          sum[c] += r;
          products[c] += (x[at] - mean[c]) * r;
        }
      }
    }
  }
}

/** result := keep (a u + b x + c): tangents from u = R{x}. */
export function combine<T extends RealArray>(
  u: T,
  x: T,
  output: T,
  rectified: boolean,
  { a, b, c }: { readonly a: Float64Array; readonly b: Float64Array; readonly c: Float64Array },
  grid: Grid,
  images: number,
  result: T,
): void {
  const { height, width, channels, imageStride, rowStride } = grid;
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < height; y++) {
      let at = grid.origin + n * imageStride + y * rowStride;
      for (let column = 0; column < width; column++) {
        for (let i = 0; i < channels; i++, at++) {
          const value = a[i] * u[at] + b[i] * x[at] + c[i];
          result[at] = rectified ? value * Number(output[at] > 0) : value;
        }
      }
    }
  }
}

/** Sums over the pixels of e = keep delta and, for a product, of its tangent. */
export interface DeltaSums {
  /** Of e, and of e (x - mean). */
  readonly e: Float64Array;
  readonly ex: Float64Array;
  /** Of e R{x}. */
  readonly et: Float64Array;
  /** Of R{e}, and of R{e} (x - mean). */
  readonly r: Float64Array;
  readonly rx: Float64Array;
}

export function deltaSums<T extends RealArray>(
  x: T,
  output: T,
  delta: T,
  mean: Float64Array,
  rectified: boolean,
  grid: Grid,
  images: number,
  sums: DeltaSums,
): void {
  const { height, width, channels, imageStride, rowStride } = grid;
  const { e: sumE, ex: sumEx } = sums;
  sumE.fill(0);
  sumEx.fill(0);
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < height; y++) {
      let at = grid.origin + n * imageStride + y * rowStride;
      for (let column = 0; column < width; column++) {
        for (let c = 0; c < channels; c++, at++) {
          const e = rectified ? delta[at] * Number(output[at] > 0) : delta[at];
          sumE[c] += e;
          sumEx[c] += e * (x[at] - mean[c]);
        }
      }
    }
  }
}

export function deltaTangentSums<T extends RealArray>(
  { values: x, tangents: xTangents }: { readonly values: T; readonly tangents: T },
  output: T,
  { values: delta, tangents: deltaTangents }: { readonly values: T; readonly tangents: T },
  mean: Float64Array,
  rectified: boolean,
  grid: Grid,
  images: number,
  sums: DeltaSums,
): void {
  const { height, width, channels, imageStride, rowStride } = grid;
  const { e: sumE, ex: sumEx, et: sumEt, r: sumR, rx: sumRx } = sums;
  for (const sum of [sumE, sumEx, sumEt, sumR, sumRx]) sum.fill(0);
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < height; y++) {
      let at = grid.origin + n * imageStride + y * rowStride;
      for (let column = 0; column < width; column++) {
        for (let c = 0; c < channels; c++, at++) {
          const keep = rectified ? Number(output[at] > 0) : 1;
          const e = keep * delta[at];
          const r = keep * deltaTangents[at];
          const centred = x[at] - mean[c];
          sumE[c] += e;
          sumEx[c] += e * centred;
          sumEt[c] += e * xTangents[at];
          sumR[c] += r;
          sumRx[c] += r * centred;
        }
      }
    }
  }
}

/** result := a e + b x + c with e = keep delta. */
export function deltasBack<T extends RealArray>(
  x: T,
  output: T,
  delta: T,
  rectified: boolean,
  { a, b, c }: { readonly a: Float64Array; readonly b: Float64Array; readonly c: Float64Array },
  grid: Grid,
  images: number,
  result: T,
): void {
  const { height, width, channels, imageStride, rowStride } = grid;
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < height; y++) {
      let at = grid.origin + n * imageStride + y * rowStride;
      for (let column = 0; column < width; column++) {
        for (let i = 0; i < channels; i++, at++) {
          const e = rectified ? delta[at] * Number(output[at] > 0) : delta[at];
          result[at] = a[i] * e + b[i] * x[at] + c[i];
        }
      }
    }
  }
}

/** result := a R{e} + d e + f R{x} + b x + c with e = keep delta. */
export function deltaTangentsBack<T extends RealArray>(
  { values: x, tangents: xTangents }: { readonly values: T; readonly tangents: T },
  output: T,
  { values: delta, tangents: deltaTangents }: { readonly values: T; readonly tangents: T },
  rectified: boolean,
  coefficients: Readonly<Record<'a' | 'b' | 'c' | 'd' | 'f', Float64Array>>,
  grid: Grid,
  images: number,
  result: T,
): void {
  const { height, width, channels, imageStride, rowStride } = grid;
  const { a, b, c, d, f } = coefficients;
  for (let n = 0; n < images; n++) {
    for (let y = 0; y < height; y++) {
      let at = grid.origin + n * imageStride + y * rowStride;
      for (let column = 0; column < width; column++) {
        for (let i = 0; i < channels; i++, at++) {
          const keep = rectified ? Number(output[at] > 0) : 1;
          result[at] =
            keep * (a[i] * deltaTangents[at] + d[i] * delta[at]) + f[i] * xTangents[at] + b[i] * x[at] + c[i];
        }
      }
    }
  }
}
