import type { Weights } from '../network.js';
import type { DenseBatch } from './batch.js';
import { alongOwnGradients, outputLosses } from './output-loss.js';

export type DenseProduct = 'hessianProduct' | 'gaussNewtonProduct' | 'empiricalFisherProduct';

/**
 * Directional derivatives of the passes of a batch along a vector of parameters: the R-operator of Pearlmutter (1994),
 * R{.} = d/dr (.)(w + r v) at r = 0, exact in float64, at about three times the cost of a gradient.
 */
export class DenseTangent {
  /** R{A} of the hidden layers, with 0 in the column of the bias; R{inputs} is 0 and not kept. */
  private readonly activations: readonly Float64Array[];
  private readonly deltas: readonly Float64Array[];

  constructor(private readonly batch: DenseBatch) {
    this.activations = batch.strides.map((stride, l) => new Float64Array(l === 0 ? 0 : batch.capacity * stride));
    this.deltas = batch.deltas.map((delta) => new Float64Array(delta.length));
  }

  /**
   * Adds scale times the sum over the samples' H v to the product (beta = 1), or writes it (beta = 0).
   * Runs all passes of the batch itself.
   */
  hessianProduct(weights: Weights, v: Float64Array, scale: number, product: Float64Array, beta: number): void {
    const { batch } = this;
    batch.forward(weights);
    batch.outputGradient(scale);
    this.forward(weights, v);
    this.outputProduct(scale);
    for (let l = batch.shapes.length - 1; l >= 0; l--) {
      // R{delta^T A} = R{delta}^T A + delta^T R{A}
      batch.addLayerGradient(l, this.deltas[l], batch.activations[l], product, beta);
      if (l === 0) break;
      batch.addLayerGradient(l, batch.deltas[l], this.activations[l], product, 1);
      // e = delta W, R{e} = R{delta} W + delta V; then delta = f'(z) e, R{delta} = f'(z) R{e} + f''(z) R{z} e
      batch.backThroughWeights(l, weights, batch.deltas[l], batch.deltas[l - 1], 0);
      batch.backThroughWeights(l, weights, this.deltas[l], this.deltas[l - 1], 0);
      batch.backThroughWeights(l, v, batch.deltas[l], this.deltas[l - 1], 1);
      batch.timesActivationDerivative(l - 1, this.deltas[l - 1], batch.shapes[l - 1].rows);
      this.addActivationCurvature(l - 1);
      batch.timesActivationDerivative(l - 1, batch.deltas[l - 1], batch.shapes[l - 1].rows);
    }
  }

  /** The same for the Gauss-Newton matrix J^T (d2l/dz2) J: the terms with second derivatives of the network left out. */
  gaussNewtonProduct(weights: Weights, v: Float64Array, scale: number, product: Float64Array, beta: number): void {
    const { batch } = this;
    batch.forward(weights);
    this.forward(weights, v);
    this.outputProduct(scale);
    for (let l = batch.shapes.length - 1; l >= 0; l--) {
      batch.addLayerGradient(l, this.deltas[l], batch.activations[l], product, beta);
      if (l === 0) break;
      batch.backThroughWeights(l, weights, this.deltas[l], this.deltas[l - 1], 0);
      batch.timesActivationDerivative(l - 1, this.deltas[l - 1], batch.shapes[l - 1].rows);
    }
  }

  /** The same for the empirical Fisher matrix, the sum of g g^T over the samples' gradients g: J^T l' (l' . J v). */
  empiricalFisherProduct(weights: Weights, v: Float64Array, scale: number, product: Float64Array, beta: number): void {
    const { batch, activations } = this;
    batch.forward(weights);
    batch.outputGradient(1);
    this.forward(weights, v);
    const last = batch.shapes.length - 1;
    alongOwnGradients(batch.deltas[last], activations[last + 1], batch.count, batch.shapes[last].rows, scale);
    batch.backward(weights, product, beta);
  }

  /** R{Z_l} = A~ [V | c]^T + R{A} W^T, R{A_l} = f'(z) R{Z_l}; the last is J v. */
  private forward(weights: Weights, v: Float64Array): void {
    const { batch } = this;
    batch.shapes.forEach(({ rows, columns }, l) => {
      const product = {
        transposeB: true,
        m: batch.count,
        n: rows,
        k: columns,
        lda: batch.strides[l],
        ldb: columns,
        c: this.activations[l + 1],
        ldc: batch.strides[l + 1],
      };
      batch.linearAlgebra.gemm({ ...product, a: batch.activations[l], b: batch.matrix(v, l) });
      if (l > 0) batch.linearAlgebra.gemm({ ...product, a: this.activations[l], b: batch.matrix(weights, l), beta: 1 });
      if (l + 1 < batch.shapes.length) {
        batch.timesActivationDerivative(l, this.activations[l + 1], batch.strides[l + 1]);
      }
    });
  }

  /** R{delta} of the outputs = scale (d2l/dz2) J v. */
  private outputProduct(scale: number): void {
    const { batch } = this;
    const last = batch.shapes.length - 1;
    const { hessianProduct } = outputLosses[batch.network.loss];
    hessianProduct(
      batch.activations[last + 1],
      this.activations[last + 1],
      batch.count,
      batch.shapes[last].rows,
      scale,
      this.deltas[last],
    );
  }

  /** R{delta} += f''(z) R{z} e for the hidden layer l, where batch.deltas[l] still holds e. Only tanh is curved. */
  private addActivationCurvature(l: number): void {
    const { batch } = this;
    if (batch.network.activation !== 'tanh') return;
    const width = batch.shapes[l].rows;
    const stride = batch.strides[l + 1];
    const a = batch.activations[l + 1];
    const tangent = this.activations[l + 1];
    const e = batch.deltas[l];
    const delta = this.deltas[l];
    for (let n = 0; n < batch.count; n++) {
      for (let i = 0; i < width; i++) {
        // f'' R{z} = -2 a (1 - a^2) R{z} = -2 a R{a}
        delta[n * width + i] -= 2 * a[n * stride + i] * tangent[n * stride + i] * e[n * width + i];
      }
    }
  }
}
