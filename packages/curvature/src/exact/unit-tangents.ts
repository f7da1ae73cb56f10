import { type DenseBatch, outputLosses, type Weights } from '@hessian-rmt/models';
import type { Scratch } from './scratch.js';

/** H = G + R: `gauss-newton` keeps the curvature of the loss, `residual` that of the network, `hessian` both. */
export type HessianPart = 'hessian' | 'gauss-newton' | 'residual';

/**
 * How the passes of a batch change with the pre-activation z_l[i] of one unit: the R-operator of Pearlmutter (1994) with
 * R{z_l} the i-th unit vector, R{.} = d/dr (.)(z_l + r e_i) at r = 0. As R{W} = 0, with f' = da/dz, f'' = d2a/dz2 and
 * e = dl/da,
 *
 *     R{z_m} = W_m R{a_{m-1}},   R{a_m} = f' R{z_m},   R{delta_m} = f' W_{m+1}^T R{delta_{m+1}} + f'' e R{z_m}.
 *
 * The Gauss-Newton part leaves out the term with f'' (and whoever uses it, R{a}); the residual starts from
 * R{delta} = 0 at the outputs instead of d2l/dz2 R{z}.
 */
export class UnitTangents {
  /** [p]: R{a_p}, samples x units, of the hidden layers p > l. */
  readonly activations: Float64Array[] = [];
  /** [m]: R{delta_m} = d2 loss / dz_l[i] dz_m, samples x units, of the layers m > l with `curved(m)`. */
  readonly deltas: Float64Array[] = [];
  /** [l]: f'(z_l), samples x units, of the hidden layers. */
  readonly slopes: Float64Array[] = [];
  /** [l]: f''(z_l) e_l / f'(z_l), samples x units, of the hidden layers. */
  private readonly bends: Float64Array[] = [];
  private readonly last: number;
  private readonly ofLoss: boolean;
  private readonly ofNetwork: boolean;

  /** @param scale  factor of every sample's loss: 1 / N for the mean */
  constructor(
    private readonly batch: DenseBatch,
    private readonly weights: Weights,
    part: HessianPart,
    private readonly scale: number,
    private readonly scratch: Scratch,
  ) {
    this.last = batch.shapes.length - 1;
    this.ofLoss = part !== 'residual';
    this.ofNetwork = part !== 'gauss-newton' && batch.network.activation === 'tanh';
  }

  /** Whether R{delta_m} is anything but zero. */
  curved(m: number): boolean {
    return this.ofLoss || (this.ofNetwork && m < this.last);
  }

  /** Runs the passes of the loaded batch, with its deltas, and takes the derivatives of its activations. */
  prepare(): void {
    const { batch, weights, scale, scratch, last, slopes, bends } = this;
    batch.forward(weights);
    batch.outputGradient(scale);
    for (let l = last - 1; l >= 0; l--) {
      const width = batch.shapes[l].rows;
      const delta = batch.deltas[l];
      batch.backThroughWeights(l + 1, weights, batch.deltas[l + 1], delta, 0);
      if (this.ofNetwork) bends[l] = this.bend(l, delta);
      batch.timesActivationDerivative(l, delta, width);
      slopes[l] = scratch.take(`slope ${l}`, batch.count * width).fill(1);
      batch.timesActivationDerivative(l, slopes[l], width);
    }
  }

  /** tanh'' / tanh' = -2 tanh. */
  private bend(l: number, e: Float64Array): Float64Array {
    const { batch, scratch } = this;
    const width = batch.shapes[l].rows;
    const stride = batch.strides[l + 1];
    const a = batch.activations[l + 1];
    const bend = scratch.take(`bend ${l}`, batch.count * width);
    for (let n = 0; n < batch.count; n++) {
      for (let i = 0; i < width; i++) bend[n * width + i] = -2 * a[n * stride + i] * e[n * width + i];
    }
    return bend;
  }

  /** Fills `activations` and `deltas` for unit i of layer l. */
  along(l: number, i: number): void {
    const { batch, weights, scale, scratch, last, activations, deltas, slopes, bends } = this;
    const { count, linearAlgebra, shapes } = batch;
    for (let p = l + 1; p <= last; p++) {
      const { rows, columns } = shapes[p];
      const tangent = scratch.take(`tangent ${p}`, count * rows);
      if (p === l + 1) this.throughFirst(l, i, tangent);
      else {
        const k = shapes[p - 1].rows;
        const product = { transposeB: true, m: count, n: rows, k, lda: k, ldb: columns, c: tangent, ldc: rows };
        linearAlgebra.gemm({ ...product, a: activations[p - 1], b: batch.matrix(weights, p) });
      }
      if (p < last) {
        timesRows(slopes[p], rows, 0, tangent, rows, count);
        activations[p] = tangent;
      } else if (this.ofLoss) {
        const z = batch.activations[last + 1];
        deltas[last] = scratch.take(`delta tangent ${last}`, count * rows);
        outputLosses[batch.network.loss].hessianProduct(z, tangent, count, rows, scale, deltas[last]);
      }
    }
    for (let m = last - 1; m > l; m--) {
      if (!this.curved(m)) continue;
      const { rows } = shapes[m];
      const delta = scratch.take(`delta tangent ${m}`, count * rows);
      this.backThrough(m, 0, delta, rows);
      if (this.ofNetwork) {
        for (let nk = 0; nk < count * rows; nk++) delta[nk] += bends[m][nk] * activations[m][nk];
      }
      deltas[m] = delta;
    }
  }

  /** After `along(l, i)`: rows[n stride + k - i] := d2 loss / dz_l[i] dz_l[k] of sample n, for k from i to the last unit. */
  withinLayer(l: number, i: number, rows: Float64Array, stride: number): void {
    const { batch, scale, scratch, last, slopes, bends } = this;
    const { count, network } = batch;
    const width = batch.shapes[l].rows;
    if (l < last) {
      this.backThrough(l, i, rows, stride);
      if (!this.ofNetwork) return;
      for (let n = 0; n < count; n++) rows[n * stride] += bends[l][n * width + i] * slopes[l][n * width + i];
      return;
    }
    const direction = scratch.take('direction', count * width).fill(0);
    for (let n = 0; n < count; n++) direction[n * width + i] = 1;
    const product = scratch.take('output curvature', count * width);
    outputLosses[network.loss].hessianProduct(batch.activations[last + 1], direction, count, width, scale, product);
    for (let n = 0; n < count; n++) {
      for (let k = i; k < width; k++) rows[n * stride + k - i] = product[n * width + k];
    }
  }

  /** R{z_{l+1}} = W_{l+1} R{a_l}, where only unit i of a_l moves. */
  private throughFirst(l: number, i: number, tangent: Float64Array): void {
    const { batch, weights, slopes } = this;
    const matrix = batch.matrix(weights, l + 1);
    const width = batch.shapes[l].rows;
    const { rows, columns } = batch.shapes[l + 1];
    for (let n = 0; n < batch.count; n++) {
      const slope = slopes[l][n * width + i];
      for (let k = 0; k < rows; k++) tangent[n * rows + k] = slope * matrix[k * columns + i];
    }
  }

  /** result[n stride + k - first] := f' W_{m+1}^T R{delta_{m+1}} for the units k of layer m from `first`. */
  private backThrough(m: number, first: number, result: Float64Array, stride: number): void {
    const { batch, weights, deltas, slopes } = this;
    const { count } = batch;
    const width = batch.shapes[m].rows;
    const { rows, columns } = batch.shapes[m + 1];
    if (!this.curved(m + 1)) {
      for (let n = 0; n < count; n++) result.fill(0, n * stride, n * stride + width - first);
      return;
    }
    batch.linearAlgebra.gemm({
      m: count,
      n: width - first,
      k: rows,
      a: deltas[m + 1],
      lda: rows,
      b: batch.matrix(weights, m + 1).subarray(first),
      ldb: columns,
      c: result,
      ldc: stride,
    });
    if (batch.network.activation !== 'identity') timesRows(slopes[m], width, first, result, stride, count);
  }
}

/** values[n stride + k - first] *= factors[n width + k] for k from `first` to width - 1. */
function timesRows(
  factors: Float64Array,
  width: number,
  first: number,
  values: Float64Array,
  stride: number,
  count: number,
): void {
  const length = width - first;
  for (let n = 0; n < count; n++) {
    const start = n * width + first;
    const to = n * stride;
    for (let k = 0; k < length; k++) values[to + k] *= factors[start + k];
  }
}
