import type { DenseBatch, Weights } from '@hessian-rmt/models';
import { outputLosses } from '@hessian-rmt/models';
import type { Scratch } from './scratch.js';

/** H = G + R: `gauss-newton` keeps the curvature of the loss, `residual` that of the network, `hessian` both. */
export type HessianPart = 'hessian' | 'gauss-newton' | 'residual';

/**
 * What the block row of layer l needs to know of a chunk of samples, with respect to the pre-activations z_l.
 *
 * Everything with two units is laid out [unit of l][sample][unit of m]: then both a product from the left with the
 * weights (over units of l) and one from the right (over units of m) are single matrix products for the whole chunk.
 */
export interface LayerCurvature {
  readonly layer: number;
  /** [m]: d2 loss / dz_l dz_m for m >= l, summed over nothing; undefined where it is identically zero. */
  readonly curvature: readonly (Float64Array | undefined)[];
  /** [p]: da_p / dz_l for hidden layers p > l. Empty for the Gauss-Newton part, which needs none. */
  readonly response: readonly Float64Array[];
  /** da_l / dz_l, samples x units: diagonal, so a vector. Undefined for the last layer. */
  readonly slope: Float64Array | undefined;
}

/**
 * Layer after layer from the last to the first; the arrays of a layer are valid until the layer after next is asked for.
 *
 * With f' = da/dz diagonal, e_l = dl/da_l, the recursions are (S_lm = d2 loss / dz_l dz_m)
 *
 *     S_lm = f'_l W_{l+1}^T S_{l+1,m}                                   for l < m,
 *     S_ll = f'_l W_{l+1}^T S_{l+1,l+1} W_{l+1} f'_l + diag(f''_l e_l)
 *
 * from the last layer's d2 loss / dz2. The Gauss-Newton part leaves out the term with f'', the residual starts from 0.
 *
 * @param batch  after `forward` and `outputGradient(scale)`; its other deltas are filled here
 * @param scale  factor of every sample's loss, 1 / N for the mean
 */
export function* layerCurvatures(
  batch: DenseBatch,
  weights: Weights,
  part: HessianPart,
  scale: number,
  scratch: Scratch,
): Generator<LayerCurvature> {
  const { network, count } = batch;
  const last = batch.shapes.length - 1;
  const units = (l: number) => batch.shapes[l].rows;
  const slopes = batch.shapes.slice(0, last).map((_, l) => slopeOf(batch, l, scratch));
  const bends = part === 'gauss-newton' ? [] : backward(batch, weights, scratch);

  let below: (Float64Array | undefined)[] = [];
  for (let l = last; l >= 0; l--) {
    // Two sets of buffers by turns: the next layer is made from this one.
    const take = (name: string, m: number) => scratch.take(`${name} ${l % 2} ${m}`, units(l) * count * units(m));
    const curvature: (Float64Array | undefined)[] = [];
    if (l === last) {
      if (part !== 'residual') curvature[l] = outputCurvature(batch, scale, take('curvature', l), scratch);
    } else {
      for (let m = l + 1; m <= last; m++) {
        const inner = below[m];
        if (inner) curvature[m] = throughLayer(batch, weights, l, m, inner, slopes[l], take('curvature', m));
      }
      const inner = curvature[l + 1];
      const own = take('curvature', l);
      if (inner) ontoLayer(batch, weights, l, inner, slopes[l], own);
      const bend = network.activation === 'tanh' ? bends[l] : undefined;
      if (bend) {
        if (!inner) own.fill(0);
        addDiagonal(bend, own, units(l), count);
      }
      if (inner || bend) curvature[l] = own;
    }
    const response = part === 'gauss-newton' ? [] : responses(batch, weights, l, slopes, take);
    yield { layer: l, curvature, response, slope: slopes[l] };
    below = curvature;
  }
}

/** f'(z_l), samples x units. */
function slopeOf(batch: DenseBatch, l: number, scratch: Scratch): Float64Array {
  const width = batch.shapes[l].rows;
  const slope = scratch.take(`slope ${l}`, batch.count * width).fill(1);
  batch.timesActivationDerivative(l, slope, width);
  return slope;
}

/** Fills the deltas of the hidden layers and returns f''(z_l) e_l of each (tanh: f'' = -2 a f', and f' e is delta). */
function backward(batch: DenseBatch, weights: Weights, scratch: Scratch): Float64Array[] {
  const bends: Float64Array[] = [];
  for (let l = batch.shapes.length - 2; l >= 0; l--) {
    const delta = batch.deltas[l];
    const width = batch.shapes[l].rows;
    batch.backThroughWeights(l + 1, weights, batch.deltas[l + 1], delta, 0);
    batch.timesActivationDerivative(l, delta, width);
    if (batch.network.activation !== 'tanh') continue;
    const a = batch.activations[l + 1];
    const stride = batch.strides[l + 1];
    const bend = scratch.take(`bend ${l}`, batch.count * width);
    for (let n = 0; n < batch.count; n++) {
      for (let i = 0; i < width; i++) bend[n * width + i] = -2 * a[n * stride + i] * delta[n * width + i];
    }
    bends[l] = bend;
  }
  return bends;
}

/** d2 loss / dz2 of the outputs: its row i is its product with the i-th unit vector. */
function outputCurvature(batch: DenseBatch, scale: number, result: Float64Array, scratch: Scratch): Float64Array {
  const { network, count } = batch;
  const last = batch.shapes.length - 1;
  const width = batch.shapes[last].rows;
  const size = count * width;
  const direction = scratch.take('direction', size);
  for (let i = 0; i < width; i++) {
    direction.fill(0);
    for (let n = 0; n < count; n++) direction[n * width + i] = 1;
    const row = result.subarray(i * size, (i + 1) * size);
    outputLosses[network.loss].hessianProduct(batch.activations[last + 1], direction, count, width, scale, row);
  }
  return result;
}

/** S_lm = f'_l W_{l+1}^T S_{l+1,m}: one product over the units of layer l + 1. */
function throughLayer(
  batch: DenseBatch,
  weights: Weights,
  l: number,
  m: number,
  inner: Float64Array,
  slope: Float64Array,
  result: Float64Array,
): Float64Array {
  const { count, shapes } = batch;
  const width = shapes[l].rows;
  const length = shapes[m].rows;
  const { rows, columns } = shapes[l + 1];
  batch.linearAlgebra.gemm({
    transposeA: true,
    m: width,
    n: count * length,
    k: rows,
    a: batch.matrix(weights, l + 1),
    lda: columns,
    b: inner,
    ldb: count * length,
    c: result,
    ldc: count * length,
  });
  for (let i = 0; i < width; i++) {
    for (let n = 0; n < count; n++) {
      const factor = slope[n * width + i];
      if (factor === 1) continue;
      const start = (i * count + n) * length;
      for (let k = start; k < start + length; k++) result[k] *= factor;
    }
  }
  return result;
}

/** S_ll = S_{l,l+1} W_{l+1} f'_l: one product over the units of layer l + 1, this time from the right. */
function ontoLayer(
  batch: DenseBatch,
  weights: Weights,
  l: number,
  inner: Float64Array,
  slope: Float64Array,
  result: Float64Array,
): void {
  const { count, shapes } = batch;
  const width = shapes[l].rows;
  const { rows, columns } = shapes[l + 1];
  batch.linearAlgebra.gemm({
    m: width * count,
    n: width,
    k: rows,
    a: inner,
    lda: rows,
    b: batch.matrix(weights, l + 1),
    ldb: columns,
    c: result,
    ldc: width,
  });
  timesSlope(batch.network.activation, slope, result, width, count * width);
}

/** values[i][n][k] *= slope[n][k] for `units` values of i, where n and k together run over `size` entries. */
function timesSlope(activation: string, slope: Float64Array, values: Float64Array, units: number, size: number): void {
  if (activation === 'identity') return;
  for (let i = 0; i < units; i++) {
    const start = i * size;
    for (let nk = 0; nk < size; nk++) values[start + nk] *= slope[nk];
  }
}

/** values[i][n][i] += diagonal[n][i]. */
function addDiagonal(diagonal: Float64Array, values: Float64Array, width: number, count: number): void {
  for (let i = 0; i < width; i++) {
    for (let n = 0; n < count; n++) values[(i * count + n) * width + i] += diagonal[n * width + i];
  }
}

/** da_p / dz_l of all hidden layers p > l: f'_p W_p ... f'_{l+1} W_{l+1} f'_l, each from the one before. */
function responses(
  batch: DenseBatch,
  weights: Weights,
  l: number,
  slopes: readonly Float64Array[],
  take: (name: string, p: number) => Float64Array,
): Float64Array[] {
  const { count, shapes, network } = batch;
  const width = shapes[l].rows;
  const result: Float64Array[] = [];
  for (let p = l + 1; p < shapes.length - 1; p++) {
    const response = take('response', p);
    const matrix = batch.matrix(weights, p);
    const { rows, columns } = shapes[p];
    if (p === l + 1) {
      for (let i = 0; i < width; i++) {
        for (let n = 0; n < count; n++) {
          const slope = slopes[l][n * width + i];
          const start = (i * count + n) * rows;
          for (let q = 0; q < rows; q++) response[start + q] = slope * matrix[q * columns + i];
        }
      }
    } else {
      batch.linearAlgebra.gemm({
        transposeB: true,
        m: width * count,
        n: rows,
        k: shapes[p - 1].rows,
        a: result[p - 1],
        lda: shapes[p - 1].rows,
        b: matrix,
        ldb: columns,
        c: response,
        ldc: rows,
      });
    }
    timesSlope(network.activation, slopes[p], response, width, count * rows);
    result[p] = response;
  }
  return result;
}
