import type { LinearAlgebra } from '@hessian-rmt/numerics';
import type { Dataset } from '../dataset.js';
import { type DenseNetwork, type LayerShape, layerShapes, type Weights } from '../network.js';
import { activate, timesDerivative } from './activation.js';
import { outputLosses } from './output-loss.js';

/**
 * Forward and backward pass of up to `capacity` samples at once, in buffers that are used again and again.
 *
 * The bias is one more input that is always 1, so that every layer is one matrix product: with A~ = [A | 1],
 * Z = A~ [W | b]^T going forward, and [dW | db] = delta^T A~ going back.
 */
export class DenseBatch {
  readonly shapes: readonly LayerShape[];
  /** Of the inputs, then of every layer: capacity rows of `strides[l]`, the last column 1 where a bias follows. */
  readonly activations: readonly Float64Array[];
  readonly strides: readonly number[];
  /** dl/dz of layer l (from 0), capacity x widths[l + 1]. */
  readonly deltas: readonly Float64Array[];
  /** Samples loaded. */
  count = 0;

  private readonly labels: Uint8Array;
  private readonly targets: Float64Array;

  constructor(
    readonly network: DenseNetwork,
    readonly linearAlgebra: LinearAlgebra,
    readonly capacity: number,
  ) {
    const { widths, bias, loss } = network;
    const outputs = widths[widths.length - 1];
    this.shapes = layerShapes(network);
    this.strides = [...this.shapes.map(({ columns }) => columns), outputs];
    this.activations = this.strides.map((stride) => new Float64Array(capacity * stride).fill(bias ? 1 : 0));
    this.deltas = widths.slice(1).map((width) => new Float64Array(capacity * width));
    this.labels = new Uint8Array(capacity);
    this.targets = new Float64Array(loss === 'squared-error' ? capacity * outputs : 0);
  }

  /** The samples of these indices, at most `capacity`. */
  load(data: Dataset, indices: ArrayLike<number>): void {
    this.count = indices.length;
    for (let row = 0; row < indices.length; row++) this.loadSample(data, indices[row], row);
  }

  /** Samples from .. to - 1, at most `capacity`. */
  loadRange(data: Dataset, from: number, to: number): void {
    this.count = to - from;
    for (let row = 0; row < to - from; row++) this.loadSample(data, from + row, row);
  }

  private loadSample(data: Dataset, index: number, row: number): void {
    const { inputs, dimension, labels, targets } = data;
    const [rows] = this.activations;
    const from = index * dimension;
    const to = row * this.strides[0];
    for (let i = 0; i < dimension; i++) rows[to + i] = inputs[from + i];
    if (labels.length > 0) this.labels[row] = labels[index];
    if (targets && this.targets.length > 0) {
      const outputs = this.strides[this.strides.length - 1];
      for (let i = 0; i < outputs; i++) this.targets[row * outputs + i] = targets[index * outputs + i];
    }
  }

  /** Fills `activations`; the last are the outputs. */
  forward(weights: Weights): void {
    const { network, shapes, strides, activations, count } = this;
    shapes.forEach(({ rows, columns }, l) => {
      this.linearAlgebra.gemm({
        transposeB: true,
        m: count,
        n: rows,
        k: columns,
        a: activations[l],
        lda: strides[l],
        b: this.matrix(weights, l),
        ldb: columns,
        c: activations[l + 1],
        ldc: strides[l + 1],
      });
      if (l + 1 < shapes.length) activate(network.activation, activations[l + 1], count, rows, strides[l + 1]);
    });
  }

  /** Sum of the losses of the samples after `forward`; fills the last of `deltas` with scale dl/dz. */
  outputGradient(scale: number): number {
    const { network, shapes, activations, deltas, labels, targets, count } = this;
    const last = shapes.length - 1;
    const { gradient } = outputLosses[network.loss];
    return gradient(activations[last + 1], { labels, targets }, count, shapes[last].rows, scale, deltas[last]);
  }

  /**
   * From the last of `deltas` to the gradient: writes it (beta = 0) or adds it (beta = 1). Fills the other deltas.
   */
  backward(weights: Weights, gradient: Float64Array, beta: number): void {
    for (let l = this.shapes.length - 1; l >= 0; l--) {
      this.addLayerGradient(l, this.deltas[l], this.activations[l], gradient, beta);
      if (l > 0) {
        this.backThroughWeights(l, weights, this.deltas[l], this.deltas[l - 1], 0);
        this.timesActivationDerivative(l - 1, this.deltas[l - 1], this.shapes[l - 1].rows);
      }
    }
  }

  /** [dW | db] of layer l := delta^T activations + beta [dW | db]. */
  addLayerGradient(l: number, delta: Float64Array, activations: Float64Array, gradient: Float64Array, beta: number) {
    const { rows, columns } = this.shapes[l];
    this.linearAlgebra.gemm({
      transposeA: true,
      m: rows,
      n: columns,
      k: this.count,
      a: delta,
      lda: rows,
      b: activations,
      ldb: this.strides[l],
      beta,
      c: this.matrix(gradient, l),
      ldc: columns,
    });
  }

  /** result := delta W_l + beta result, without the column of the bias: count x widths[l]. */
  backThroughWeights(l: number, weights: Weights, delta: Float64Array, result: Float64Array, beta: number): void {
    const { rows, columns } = this.shapes[l];
    const width = this.network.widths[l];
    this.linearAlgebra.gemm({
      m: this.count,
      n: width,
      k: rows,
      a: delta,
      lda: rows,
      b: this.matrix(weights, l),
      ldb: columns,
      beta,
      c: result,
      ldc: width,
    });
  }

  /** vector := f'(z_l) vector, entry by entry, for the hidden layer l (from 0). */
  timesActivationDerivative(l: number, vector: Float64Array, vectorStride: number): void {
    const { network, activations, strides, shapes, count } = this;
    const width = shapes[l].rows;
    timesDerivative(network.activation, activations[l + 1], strides[l + 1], vector, vectorStride, count, width);
  }

  /** Layer l's rows x columns block of a vector of all parameters, as a view. */
  matrix(vector: Weights, l: number): Float64Array {
    const { offset, rows, columns } = this.shapes[l];
    return vector.subarray(offset, offset + rows * columns);
  }
}
