import type { RealArray } from '@hessian-rmt/numerics';
import type { ChannelCall, ChannelMaps } from './channel-call.js';
import type { Grid } from './grid.js';

/** The maps of channel-formulas.ts in plain loops, for any number of channels. Sums and arithmetic are float64. */
export function plainMaps<T extends RealArray>(grid: Grid): ChannelMaps<T> {
  return {
    moments: (call) => moments(grid, call),
    affine: (call) => affine(grid, call),
    tangentMoments: (call) => tangentMoments(grid, call),
    tangents: (call) => tangents(grid, call),
    deltaSums: (call) => deltaSums(grid, call),
    deltasBack: (call) => deltasBack(grid, call),
    deltaTangentSums: (call) => deltaTangentSums(grid, call),
    deltaTangentsBack: (call) => deltaTangentsBack(grid, call),
    add: (call) => add(grid, call),
  };
}

type Call = ChannelCall<RealArray>;

/** Where the rows of all images begin. */
function rowStarts({ height, origin, imageStride, rowStride }: Grid, images: number): number[] {
  return Array.from(
    { length: images * height },
    (_, row) => origin + Math.floor(row / height) * imageStride + (row % height) * rowStride,
  );
}

// ReLU's sign is as good as random, and a branch mispredicted half of the time costs more than the arithmetic: `keep` is
// a factor. The test for `rectified` is the same all along, and costs nothing.

function moments(grid: Grid, { streams: [x], coefficients: [origin] = [], sums: [sum, squares] = [], images }: Call) {
  const { rowLength, channels } = grid;
  for (const total of [sum, squares]) total.fill(0);
  for (const start of rowStarts(grid, images)) {
    for (let at = start; at < start + rowLength; ) {
      for (let c = 0; c < channels; c++, at++) {
        const d = x[at] - origin[c];
        sum[c] += d;
        squares[c] += d * d;
      }
    }
  }
}

function affine(grid: Grid, { streams, rectified, coefficients: [a, b] = [], results: [result] = [], images }: Call) {
  const { rowLength, channels } = grid;
  const [x] = streams;
  for (const start of rowStarts(grid, images)) {
    for (let at = start; at < start + rowLength; ) {
      for (let c = 0; c < channels; c++, at++) {
        const z = a[c] * x[at] + b[c];
        result[at] = rectified ? 0.5 * (z + Math.abs(z)) : z;
      }
    }
  }
}

function tangentMoments(grid: Grid, { streams, coefficients: [mean] = [], sums = [], images }: Call) {
  const { rowLength, channels } = grid;
  const [x, t] = streams;
  const [sum, products] = sums;
  for (const total of [sum, products]) total.fill(0);
  for (const start of rowStarts(grid, images)) {
    for (let at = start; at < start + rowLength; ) {
      for (let c = 0; c < channels; c++, at++) {
        sum[c] += t[at];
        products[c] += (x[at] - mean[c]) * t[at];
      }
    }
  }
}

function tangents(grid: Grid, { streams, rectified, coefficients = [], results: [result] = [], images }: Call) {
  const { rowLength, channels } = grid;
  const [x, t] = streams;
  const [a, b, c] = coefficients;
  for (const start of rowStarts(grid, images)) {
    for (let at = start; at < start + rowLength; ) {
      for (let i = 0; i < channels; i++, at++) {
        const value = a[i] * t[at] + b[i] * x[at] + c[i];
        result[at] = rectified ? value * Number(rectified[at] > 0) : value;
      }
    }
  }
}

function deltaSums(grid: Grid, { streams, rectified, coefficients: [mean] = [], sums = [], images }: Call) {
  const { rowLength, channels } = grid;
  const [delta, x] = streams;
  const [sum, products] = sums;
  for (const total of [sum, products]) total.fill(0);
  for (const start of rowStarts(grid, images)) {
    for (let at = start; at < start + rowLength; ) {
      for (let c = 0; c < channels; c++, at++) {
        const e = rectified ? delta[at] * Number(rectified[at] > 0) : delta[at];
        sum[c] += e;
        products[c] += e * (x[at] - mean[c]);
      }
    }
  }
}

function deltasBack(grid: Grid, { streams, rectified, coefficients = [], results: [result] = [], images }: Call) {
  const { rowLength, channels } = grid;
  const [delta, x] = streams;
  const [a, b, c] = coefficients;
  for (const start of rowStarts(grid, images)) {
    for (let at = start; at < start + rowLength; ) {
      for (let i = 0; i < channels; i++, at++) {
        const e = rectified ? delta[at] * Number(rectified[at] > 0) : delta[at];
        result[at] = a[i] * e + b[i] * x[at] + c[i];
      }
    }
  }
}

function deltaTangentSums(grid: Grid, { streams, rectified, coefficients: [mean] = [], sums = [], images }: Call) {
  const { rowLength, channels } = grid;
  const [delta, x, deltaTangent, t] = streams;
  const [sumE, sumEx, sumEt, sumR, sumRx] = sums;
  for (const total of sums) total.fill(0);
  for (const start of rowStarts(grid, images)) {
    for (let at = start; at < start + rowLength; ) {
      for (let c = 0; c < channels; c++, at++) {
        const keep = rectified ? Number(rectified[at] > 0) : 1;
        const e = keep * delta[at];
        const r = keep * deltaTangent[at];
        const centred = x[at] - mean[c];
        sumE[c] += e;
        sumEx[c] += e * centred;
        sumEt[c] += e * t[at];
        sumR[c] += r;
        sumRx[c] += r * centred;
      }
    }
  }
}

function deltaTangentsBack(grid: Grid, { streams, rectified, coefficients = [], results = [], images }: Call) {
  const { rowLength, channels } = grid;
  const [delta, x, deltaTangent, t] = streams;
  const [a, b, c, d, f, g, h] = coefficients;
  const [back, tangentBack] = results;
  for (const start of rowStarts(grid, images)) {
    for (let at = start; at < start + rowLength; ) {
      for (let i = 0; i < channels; i++, at++) {
        const keep = rectified ? Number(rectified[at] > 0) : 1;
        const e = keep * delta[at];
        back[at] = a[i] * e + b[i] * x[at] + c[i];
        tangentBack[at] = a[i] * keep * deltaTangent[at] + d[i] * e + f[i] * t[at] + g[i] * x[at] + h[i];
      }
    }
  }
}

function add(grid: Grid, { streams: [x, y], results: [result] = [], images }: Call) {
  const { rowLength } = grid;
  for (const start of rowStarts(grid, images)) {
    for (let at = start; at < start + rowLength; at++) result[at] = x[at] + y[at];
  }
}
