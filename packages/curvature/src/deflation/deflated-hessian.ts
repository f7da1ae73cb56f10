import {
  checkFit,
  type Dataset,
  type DenseNetwork,
  layerShapes,
  parameterCount,
  type Weights,
} from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { exactHessian } from '../exact/exact-hessian.js';
import type { HessianPart } from '../exact/unit-tangents.js';
import { availableMemory, requireMemory } from '../memory.js';
import type { SymmetricMatrix } from '../operator.js';
import { compress, compressionBytes } from './compress.js';
import { DeflatedBasis } from './deflated-basis.js';
import { layerRange } from './layer-range.js';
import { type LayerSamples, layerSamples, outputsOf } from './layer-samples.js';
import { type ReducedProblem, reducedProblem } from './reduced-problem.js';
import { type StructuralZeros, structuralZeros } from './structural-zeros.js';

export interface DeflationOptions {
  readonly linearAlgebra: LinearAlgebra;
  /** The Hessian H = G + R, its Gauss-Newton part G, or the residual R. Default hessian. */
  readonly part?: HessianPart;
  /** Bytes that may be taken. Default: what the machine and its container have left. */
  readonly memoryLimit?: number;
  /**
   * Memory for the matrix, overwritten, where it is long enough; `deflationEntries` says what always is. Fresh memory
   * costs as much as the sums of a batch.
   */
  readonly into?: Float64Array;
  /** Told the fraction done, 0 to 1. */
  readonly progress?: (fraction: number) => void;
}

/** Q^T H Q: all of a Hessian but zeros that are there whatever the weights' values. */
export interface DeflatedHessian {
  readonly matrix: SymmetricMatrix;
  /** P: size of the full matrix; `matrix.n + zeros.total`. */
  readonly size: number;
  readonly zeros: StructuralZeros;
  /** Rank of the inputs [x; 1] and the singular values on either side of the cut (0 where there is none). */
  readonly inputSpan: { readonly rank: number; readonly smallestKept: number; readonly largestDropped: number };
  /** Q v: from an eigenvector of `matrix` to that of the full matrix, of `size` weights. @throws RangeError for another length */
  expand(v: Float64Array): Float64Array;
}

/**
 * The Hessian of the mean loss without the null space that data and architecture force, removed exactly and before any
 * eigenvalue is computed: H = Q (Q^T H Q) Q^T with orthonormal Q, so the deflated matrix has all eigenvalues of the full
 * one but `zeros.total` exact zeros. See layer-range.ts for what Q spans. For a batch the full matrix is never formed.
 *
 * @throws InsufficientMemoryError before allocating what would not fit
 * @throws RangeError when data or weights do not fit the network, or all inputs are zero and there is no bias
 */
export async function deflatedHessian(
  network: DenseNetwork,
  weights: Weights,
  data: Dataset,
  options: DeflationOptions,
): Promise<DeflatedHessian> {
  const { linearAlgebra, part = 'hessian', memoryLimit = availableMemory() } = options;
  checkFit(network, data);
  const size = parameterCount(network);
  if (weights.length !== size)
    throw new RangeError(`deflatedHessian: expected ${size} weights, found ${weights.length}`);
  requireMemory('deflatedHessian: inputs and their basis', inputBytes(network, data), memoryLimit);
  const problem = await reducedProblem(network, weights, data, linearAlgebra);
  const layers = layerSamples(problem, linearAlgebra);
  const reducedSize = parameterCount(problem.network);
  const { into } = options;
  const full = await exactHessian(problem.network, problem.weights, problem.data, {
    linearAlgebra,
    part,
    memoryLimit: memoryLimit - compressionBytes(reducedSize),
    ...(into && into.length >= reducedSize ** 2 ? { into: into.subarray(0, reducedSize ** 2) } : {}),
    ...(options.progress ? { progress: options.progress } : {}),
  });
  const basis = await deflatedBasis(problem, layers, full, part, linearAlgebra);
  const matrix = await compress(full, basis, linearAlgebra);
  const { rank, smallestKept, largestDropped } = problem.span;
  return {
    matrix,
    size,
    zeros: structuralZeros(network, layers, rank, matrix.n),
    inputSpan: { rank, smallestKept, largestDropped },
    expand: (v) => {
      if (v.length !== matrix.n)
        throw new RangeError(`expand: expected a vector of length ${matrix.n}, found ${v.length}`);
      return toFullInputs(network, problem, basis.expand(v), linearAlgebra);
    },
  };
}

/** Entries of the matrix that `deflatedHessian` works in, at most: of the inputs there are no more directions than samples. */
export function deflationEntries(network: DenseNetwork, samples: number): number {
  const [{ columns }] = layerShapes(network);
  const inputs = Math.min(samples, columns);
  return parameterCount({ ...network, widths: [inputs, ...network.widths.slice(1)] }) ** 2;
}

/** Layer after layer, as what a layer reaches can depend on what the layers below do. */
async function deflatedBasis(
  problem: ReducedProblem,
  layers: readonly LayerSamples[],
  full: SymmetricMatrix,
  part: HessianPart,
  linearAlgebra: LinearAlgebra,
): Promise<DeflatedBasis> {
  const outputs = problem.network.activation === 'tanh' ? undefined : outputsOf(problem, layers);
  let basis = new DeflatedBasis(problem.network, [], linearAlgebra);
  for (const [l, samples] of layers.entries()) {
    const range = await layerRange(samples, {
      linearAlgebra,
      withDeltas: part !== 'gauss-newton',
      outputs: l === layers.length - 2 ? outputs : undefined,
      dimensionsBelow: l === 0 ? [] : basis.ranges[l - 1].inputs.map(({ rank }) => rank),
      columnsBelow: (without) => basis.ofInputs(without).columnsOf(full, l, samples),
    });
    basis = new DeflatedBasis(problem.network, [...basis.ranges, range], linearAlgebra);
  }
  return basis;
}

/** Inputs with ones, Q and R of their factorization, and their coordinates. */
function inputBytes(network: DenseNetwork, { count }: Dataset): number {
  return 8 * 4 * count * layerShapes(network)[0].columns;
}

/** From weights of the reduced problem to those of the network: [W E^T] E in the first layer. */
function toFullInputs(
  network: DenseNetwork,
  reduced: ReducedProblem,
  v: Float64Array,
  linearAlgebra: LinearAlgebra,
): Float64Array {
  const { rank, basis } = reduced.span;
  const [{ rows, columns }] = layerShapes(network);
  const [first] = layerShapes(reduced.network);
  const result = new Float64Array(parameterCount(network));
  linearAlgebra.gemm({
    m: rows,
    n: columns,
    k: rank,
    a: v,
    lda: first.columns,
    b: basis,
    ldb: columns,
    c: result,
    ldc: columns,
  });
  result.set(v.subarray(first.rows * first.columns), rows * columns);
  return result;
}
