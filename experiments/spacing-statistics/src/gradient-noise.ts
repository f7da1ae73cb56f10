import { type Dataset, DenseBatch, type DenseNetwork, type Weights } from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';

/** Covariances, over the samples, of the gradients of single samples at T points. */
export interface GradientNoise {
  /** Tr Cov(g(w_i), g(w_j)), T x T. */
  readonly traces: Float64Array;
  /** The covariance of their components along the line from w_i to w_j, T x T; the diagonal is 0. */
  readonly along: Float64Array;
  /** |w_i - w_j|, T x T. */
  readonly distances: Float64Array;
}

/**
 * Covariance of the gradient noise of a dense network between points of weight space. The noise of a batch of B
 * independent samples has these covariances divided by B.
 *
 * Gradients of single samples are outer products, so no vector of P numbers a sample is formed: with deltas d and
 * inputs a~ of each layer g.g' = sum (d.d')(a~.a~'), and g.w = sum d.(W a~).
 *
 * @throws RangeError unless there are two samples and a point
 */
export function gradientNoise(
  network: DenseNetwork,
  points: readonly Weights[],
  data: Dataset,
  linearAlgebra: LinearAlgebra,
): GradientNoise {
  const [count, samples] = [points.length, data.count];
  if (count < 1 || samples < 2) {
    throw new RangeError(`gradient noise needs points and two samples, found ${count} and ${samples}`);
  }
  const batch = new DenseBatch(network, linearAlgebra, samples);
  batch.loadRange(data, 0, samples);
  const { shapes, strides } = batch;

  // g_n(w_i) . w_m, for all samples n.
  const projections: Float64Array[][] = [];
  const factors = points.map((weights) => {
    const sum = new Float64Array(weights.length);
    batch.forward(weights);
    batch.outputGradient(1);
    batch.backward(weights, sum, 0);
    projections.push(points.map((direction) => productsWith(batch, direction)));
    return {
      mean: sum.map((x) => x / samples),
      deltas: batch.deltas.map((deltas) => deltas.slice()),
      inputs: batch.activations.slice(0, shapes.length).map((inputs) => inputs.slice()),
    };
  });

  const traces = new Float64Array(count * count);
  const along = new Float64Array(count * count);
  const distances = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let products = 0;
      for (let n = 0; n < samples; n++) {
        shapes.forEach(({ rows, columns }, l) => {
          products +=
            rowProduct(factors[i].deltas[l], factors[j].deltas[l], n * rows, rows) *
            rowProduct(factors[i].inputs[l], factors[j].inputs[l], n * strides[l], columns);
        });
      }
      const means = rowProduct(factors[i].mean, factors[j].mean, 0, factors[i].mean.length);
      const trace = (products - samples * means) / (samples - 1);
      const step = points[i].map((x, c) => x - points[j][c]);
      const distance = Math.sqrt(rowProduct(step, step, 0, step.length));
      const difference = (at: number) => projections[at][i].map((x, n) => (x - projections[at][j][n]) / distance);
      const line = i === j ? 0 : covariance(difference(i), difference(j));
      for (const at of [i * count + j, j * count + i]) {
        traces[at] = trace;
        distances[at] = distance;
        along[at] = line;
      }
    }
  }
  return { traces, along, distances };
}

/** The gradient of each loaded sample times a direction, after a backward pass of unit scale. */
function productsWith(batch: DenseBatch, direction: Weights): Float64Array {
  const { shapes, strides, activations, deltas, count, linearAlgebra } = batch;
  const products = new Float64Array(count);
  shapes.forEach(({ rows, columns }, l) => {
    const image = new Float64Array(count * rows);
    linearAlgebra.gemm({
      transposeB: true,
      m: count,
      n: rows,
      k: columns,
      a: activations[l],
      lda: strides[l],
      b: batch.matrix(direction, l),
      ldb: columns,
      c: image,
      ldc: rows,
    });
    for (let n = 0; n < count; n++) products[n] += rowProduct(deltas[l], image, n * rows, rows);
  });
  return products;
}

function rowProduct(a: Float64Array, b: Float64Array, from: number, length: number): number {
  let sum = 0;
  for (let i = from; i < from + length; i++) sum += a[i] * b[i];
  return sum;
}

function covariance(a: Float64Array, b: Float64Array): number {
  const mean = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((sum, x, n) => sum + (x - meanA) * (b[n] - meanB), 0) / (a.length - 1);
}
