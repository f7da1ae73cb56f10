import { exactHessian } from '@hessian-rmt/curvature';
import { type Dataset, type DenseNetwork, denseObjective, type Split, slice, type Weights } from '@hessian-rmt/models';
import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { networkOf, parametersOf } from './networks.js';
import { samplesOf } from './samples.js';
import { unitsBehindWeights, type WeightsConfig, weightsOf } from './trained-network.js';

/**
 * What is diagonalised:
 * - `hessian`: of softmax regression on a batch
 * - `permuted hessian`: the same with its parameters in a random order. The spectrum is the same but for rounding
 * - `equal factors`: each sample's matrix of second derivatives by the logits replaced by their mean. The Hessian is then
 *   a Kronecker product, and its levels are products of independent ones: a superposition of symmetry classes
 * - `wishart levels`: X X^T of a random n x rank matrix, whose levels repel each other like the GOE's
 * - `independent levels`: rank independent levels, uniform on (0, 1), in a random orthonormal frame
 */
export const controlMatrices = [
  'hessian',
  'permuted hessian',
  'equal factors',
  'wishart levels',
  'independent levels',
] as const;
export type ControlMatrix = (typeof controlMatrices)[number];

/**
 * LAPACK's ways from a symmetric matrix to its eigenvalues; PyTorch and NumPy take QL for eigenvalues alone:
 * - `QL`: one-stage reduction to a tridiagonal matrix, then the QL or QR method (syevd, values alone)
 * - `two-stage QL`: the reduction by way of a band matrix
 * - `divide and conquer`: the one-stage reduction, then the method that syevd takes with eigenvectors
 * - `MRRR`: multiple relatively robust representations (stemr)
 * - `bisection`: to the last bit; `loose bisection`: to LAPACK's default tolerance, epsilon |T|
 */
export const solvers = {
  QL: { method: 'one-stage' },
  'two-stage QL': { method: 'two-stage' },
  'divide and conquer': 'with vectors',
  MRRR: { method: 'relatively-robust' },
  bisection: { method: 'bisection' },
  'loose bisection': { method: 'bisection', tolerance: 0 },
} as const;
export type Solver = keyof typeof solvers;
export const solverNames = Object.keys(solvers) as Solver[];
const needsLapack: readonly Solver[] = ['MRRR', 'bisection', 'loose bisection', 'divide and conquer'];

export type ControlSpectraConfig = {
  readonly matrix: ControlMatrix;
  /** Softmax regression: its size is the matrix's, whatever the matrix. */
  readonly weights: WeightsConfig;
  readonly split: Split;
  readonly batch: number;
  readonly count: number;
  /** Rank of the random matrices. */
  readonly rank: number;
  readonly precision: 'float64' | 'float32';
  readonly solver: Solver;
};

/** Spectra of matrices with exact zeros, by different eigensolvers: what rounding makes of the zeros. */
export const controlSpectra = defineUnitKind<ControlSpectraConfig>({
  name: 'control-spectra',
  module: import.meta.url,
  needs: ({ weights }, repetition) => unitsBehindWeights(weights, repetition),

  async run(config, context) {
    const { matrix: what, weights: from, split, batch, count, rank, precision, solver } = config;
    const { linearAlgebra, progress } = context;
    const { data: source, network: name } = from.training;
    const network = networkOf(name, source.inputs);
    const weights = await weightsOf(from, context);
    const data = await samplesOf(source, split, context);
    const n = weights.length;
    const uses = { datasets: [{ name: data.name, checksum: data.checksum }] };
    // The portable library has QL alone: its results say so, and what is shown leaves the others out.
    if (linearAlgebra.library.kind === 'portable' && needsLapack.includes(solver)) {
      return { numbers: { size: n, solved: false }, arrays: {}, uses };
    }
    const values = precision === 'float64' ? new Float64Array(count * n) : new Float32Array(count * n);
    for (let i = 0; i < count; i++) {
      progress(i / count, `matrix ${i}`);
      // The same draw for every solver and precision.
      const random = context.random.stream(`${what} ${i}`);
      const samples = slice(data, i * batch, (i + 1) * batch);
      const matrix = await matrixOf(what, { network, weights, samples, rank, random, linearAlgebra });
      const given = precision === 'float64' ? matrix : Float32Array.from(matrix);
      const options = solvers[solver];
      const found =
        options === 'with vectors'
          ? (await linearAlgebra.symmetricEigen(given, n)).values
          : await linearAlgebra.symmetricEigenvalues(given, n, options);
      values.set(found, i * n);
    }
    return {
      numbers: { size: n, solved: true },
      arrays: { values: { shape: [count, n], data: values } },
      uses,
    };
  },

  cost: ({ weights: { training }, batch, count }) => {
    const n = parametersOf(training.network, training.data.inputs);
    return { flops: count * (flopsOf.hessian(batch, n) + 1.5 * flopsOf.eigenvalues(n)), memory: 40 * n * n };
  },
});

interface Ingredients {
  readonly network: DenseNetwork;
  readonly weights: Weights;
  readonly samples: Dataset;
  readonly rank: number;
  readonly random: RandomStream;
  readonly linearAlgebra: LinearAlgebra;
}

async function matrixOf(what: ControlMatrix, ingredients: Ingredients): Promise<Float64Array> {
  const { network, weights, samples, rank, random, linearAlgebra } = ingredients;
  const n = weights.length;
  switch (what) {
    case 'hessian':
      return (await exactHessian(network, weights, samples, { linearAlgebra })).data;
    case 'permuted hessian': {
      const { data } = await exactHessian(network, weights, samples, { linearAlgebra });
      return permuted(data, random.permutation(n));
    }
    case 'equal factors':
      return kronecker(meanFactor(network, weights, samples, linearAlgebra), gramMatrix(samples, linearAlgebra));
    case 'wishart levels': {
      const x = random.normals(n * rank, 1 / Math.sqrt(n));
      return framed(x, new Float64Array(rank).fill(1), n, linearAlgebra);
    }
    case 'independent levels': {
      const { q } = await linearAlgebra.qr(random.stream('frame').normals(n * rank), n, rank);
      const levels = random.stream('levels');
      return framed(
        q,
        Float64Array.from({ length: rank }, () => levels.uniform()),
        n,
        linearAlgebra,
      );
    }
  }
}

/** Q diag(levels) Q^T for Q of n rows. */
function framed(q: Float64Array, levels: Float64Array, n: number, linearAlgebra: LinearAlgebra): Float64Array {
  const rank = levels.length;
  const scaled = q.map((value, index) => value * levels[index % rank]);
  const matrix = new Float64Array(n * n);
  linearAlgebra.gemm({ transposeB: true, m: n, n, k: rank, a: scaled, lda: rank, b: q, ldb: rank, c: matrix, ldc: n });
  return matrix;
}

function permuted(matrix: Float64Array, order: Uint32Array): Float64Array {
  const n = order.length;
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) result[i * n + j] = matrix[order[i] * n + order[j]];
  return result;
}

/** Mean over the samples of diag(p) - p p^T: read off the Hessian's block of the biases, all of whose inputs are 1. */
function meanFactor(
  network: DenseNetwork,
  weights: Weights,
  samples: Dataset,
  linearAlgebra: LinearAlgebra,
): Float64Array {
  const objective = denseObjective(network, samples, linearAlgebra);
  const [inputs, classes] = network.widths;
  const bias = (k: number) => k * (inputs + 1) + inputs;
  const factor = new Float64Array(classes * classes);
  for (let k = 0; k < classes; k++) {
    const direction = new Float64Array(weights.length);
    direction[bias(k)] = 1;
    const product = objective.hessianVectorProduct(weights, direction);
    for (let m = 0; m < classes; m++) factor[k * classes + m] = product[bias(m)];
  }
  return factor;
}

/** Mean of x x^T over the samples, x with the 1 of the bias. */
function gramMatrix({ count, dimension, inputs }: Dataset, linearAlgebra: LinearAlgebra): Float64Array {
  const n = dimension + 1;
  const x = new Float64Array(count * n).fill(1);
  for (let row = 0; row < count; row++) x.set(inputs.subarray(row * dimension, (row + 1) * dimension), row * n);
  const gram = new Float64Array(n * n);
  linearAlgebra.gemm({
    transposeA: true,
    m: n,
    n,
    k: count,
    alpha: 1 / count,
    a: x,
    lda: n,
    b: x,
    ldb: n,
    c: gram,
    ldc: n,
  });
  return gram;
}

/** A (x) B, for square A and B. */
function kronecker(a: Float64Array, b: Float64Array): Float64Array {
  const p = Math.sqrt(a.length);
  const q = Math.sqrt(b.length);
  const n = p * q;
  const result = new Float64Array(n * n);
  for (let i = 0; i < p; i++) {
    for (let k = 0; k < p; k++) {
      for (let j = 0; j < q; j++) {
        for (let l = 0; l < q; l++) result[(i * q + j) * n + k * q + l] = a[i * p + k] * b[j * q + l];
      }
    }
  }
  return result;
}
