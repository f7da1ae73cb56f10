import { type Activation, type Dataset, type DenseNetwork, layerShapes } from '@hessian-rmt/models';

// The formulas once more, sample by sample and entry by entry, as slowly as they can be written. Nothing here uses the
// packages' kernels.

const f: Record<Activation, (z: number) => number> = {
  identity: (z) => z,
  relu: (z) => (z > 0 ? z : 0),
  tanh: Math.tanh,
};
const f1: Record<Activation, (z: number) => number> = {
  identity: () => 1,
  relu: (z) => (z > 0 ? 1 : 0),
  tanh: (z) => 1 / Math.cosh(z) ** 2,
};
const f2: Record<Activation, (z: number) => number> = {
  identity: () => 0,
  relu: () => 0,
  tanh: (z) => (-2 * Math.tanh(z)) / Math.cosh(z) ** 2,
};

type Matrix = number[][];
const zeros = (rows: number, columns: number): Matrix => Array.from({ length: rows }, () => Array(columns).fill(0));
const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)));
const transpose = (a: Matrix): Matrix => a[0].map((_, j) => a.map((row) => row[j]));

interface Sample {
  /** [l]: inputs of layer l, with the 1 of the bias. */
  readonly inputs: number[][];
  readonly z: number[][];
  /** dloss / dz of layer l. */
  readonly delta: number[][];
  /** d loss / da of hidden layer l. */
  readonly e: number[][];
  readonly outputCurvature: Matrix;
}

/** W_l without the bias. */
function matrices(network: DenseNetwork, weights: Float64Array): Matrix[] {
  return layerShapes(network).map(({ offset, rows, columns }, l) =>
    Array.from({ length: rows }, (_, i) =>
      Array.from(weights.subarray(offset + i * columns, offset + i * columns + network.widths[l])),
    ),
  );
}

function passes(network: DenseNetwork, weights: Float64Array, data: Dataset, n: number): Sample {
  const shapes = layerShapes(network);
  const w = matrices(network, weights);
  const inputs: number[][] = [];
  const z: number[][] = [];
  let a = Array.from(data.inputs.subarray(n * data.dimension, (n + 1) * data.dimension));
  shapes.forEach(({ offset, rows, columns }, l) => {
    inputs[l] = network.bias ? [...a, 1] : a;
    z[l] = Array.from({ length: rows }, (_, i) =>
      inputs[l].reduce((sum, value, j) => sum + weights[offset + i * columns + j] * value, 0),
    );
    a = z[l].map(f[network.activation]);
  });
  const last = shapes.length - 1;
  const outputs = z[last];
  const delta: number[][] = [];
  let outputCurvature: Matrix;
  if (network.loss === 'softmax-cross-entropy') {
    const sum = outputs.reduce((total, value) => total + Math.exp(value), 0);
    const p = outputs.map((value) => Math.exp(value) / sum);
    delta[last] = p.map((value, c) => value - (c === data.labels[n] ? 1 : 0));
    outputCurvature = p.map((pi, i) => p.map((pk, k) => (i === k ? pi : 0) - pi * pk));
  } else {
    delta[last] = outputs.map((value, c) => value - data.targets![n * outputs.length + c]);
    outputCurvature = outputs.map((_, i) => outputs.map((_, k) => (i === k ? 1 : 0)));
  }
  const e: number[][] = [];
  for (let l = last - 1; l >= 0; l--) {
    e[l] = w[l + 1][0].map((_, i) => delta[l + 1].reduce((sum, value, k) => sum + value * w[l + 1][k][i], 0));
    delta[l] = e[l].map((value, i) => value * f1[network.activation](z[l][i]));
  }
  return { inputs, z, delta, e, outputCurvature };
}

/** Gradient of the mean loss. */
export function naiveGradient(network: DenseNetwork, weights: Float64Array, data: Dataset): Float64Array {
  const gradient = new Float64Array(weights.length);
  for (let n = 0; n < data.count; n++) {
    const { inputs, delta } = passes(network, weights, data, n);
    layerShapes(network).forEach(({ offset, rows, columns }, l) => {
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          gradient[offset + i * columns + j] += (delta[l][i] * inputs[l][j]) / data.count;
        }
      }
    });
  }
  return gradient;
}

/** Central differences of the naive gradient: error of order step^2, and of rounding / step. */
export function finiteDifferenceHessian(
  network: DenseNetwork,
  weights: Float64Array,
  data: Dataset,
  step = 1e-5,
): Float64Array {
  const size = weights.length;
  const hessian = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const above = weights.slice();
    above[i] += step;
    const below = weights.slice();
    below[i] -= step;
    const up = naiveGradient(network, above, data);
    const down = naiveGradient(network, below, data);
    for (let j = 0; j < size; j++) hessian[i * size + j] = (up[j] - down[j]) / (2 * step);
  }
  return hessian;
}

/**
 * The sum over samples written out: for weights W_l[i, j], W_m[k, q], l <= m,
 * a_l[j] (S[i, k] a_m[q] + delta_m[k] da_m[q] / dz_l[i] (l < m)), with a_l the inputs of layer l and
 * S = (dz_m / dz_l)^T S_mm, S_mm the sum over the layers r >= m of (dz_r / dz_m)^T diag(f''(z_r) e_r) (dz_r / dz_m),
 * with the loss's own curvature for the last.
 */
export function naiveHessian(
  network: DenseNetwork,
  weights: Float64Array,
  data: Dataset,
  part: 'hessian' | 'gauss-newton' | 'residual',
): Float64Array {
  const shapes = layerShapes(network);
  const w = matrices(network, weights);
  const last = shapes.length - 1;
  const size = weights.length;
  const hessian = new Float64Array(size * size);
  for (let n = 0; n < data.count; n++) {
    const { inputs, z, delta, e, outputCurvature } = passes(network, weights, data, n);
    /** dz_r / dz_l, l <= r. */
    const jacobian = (l: number, r: number): Matrix => {
      let result: Matrix = z[l].map((_, i) => z[l].map((_, k) => (i === k ? 1 : 0)));
      for (let t = l; t < r; t++) {
        const slope = z[t].map(f1[network.activation]);
        result = times(
          w[t + 1].map((row) => row.map((value, i) => value * slope[i])),
          result,
        );
      }
      return result;
    };
    const curvature = (l: number, m: number): Matrix => {
      const sum = zeros(z[l].length, z[m].length);
      for (let r = m; r <= last; r++) {
        let own: Matrix;
        if (r === last) own = outputCurvature.map((row) => row.map((value) => (part === 'residual' ? 0 : value)));
        else {
          own = z[r].map((zr, i) =>
            z[r].map((_, k) => (i === k && part !== 'gauss-newton' ? f2[network.activation](zr) * e[r][i] : 0)),
          );
        }
        const term = times(transpose(jacobian(l, r)), times(own, jacobian(m, r)));
        term.forEach((row, i) => {
          row.forEach((value, k) => {
            sum[i][k] += value;
          });
        });
      }
      return sum;
    };
    for (let l = 0; l <= last; l++) {
      for (let m = l; m <= last; m++) {
        const s = curvature(l, m);
        // da_m[q] / dz_l[i] where a_m = f(z_{m-1}) are the inputs of layer m.
        const toInputs = m === l ? [] : jacobian(l, m - 1);
        for (let i = 0; i < shapes[l].rows; i++) {
          for (let j = 0; j < shapes[l].columns; j++) {
            for (let k = 0; k < shapes[m].rows; k++) {
              for (let q = 0; q < shapes[m].columns; q++) {
                let value = s[i][k] * inputs[m][q];
                if (m > l && q < network.widths[m] && part !== 'gauss-newton') {
                  value += delta[m][k] * f1[network.activation](z[m - 1][q]) * toInputs[q][i];
                }
                const row = shapes[l].offset + i * shapes[l].columns + j;
                const column = shapes[m].offset + k * shapes[m].columns + q;
                hessian[row * size + column] += (inputs[l][j] * value) / data.count;
                if (m > l) hessian[column * size + row] += (inputs[l][j] * value) / data.count;
              }
            }
          }
        }
      }
    }
  }
  return hessian;
}
