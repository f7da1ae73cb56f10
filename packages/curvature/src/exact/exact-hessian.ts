import {
  checkFit,
  type Dataset,
  DenseBatch,
  type DenseNetwork,
  parameterCount,
  type Weights,
} from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { requireMemory } from '../memory.js';
import type { SymmetricMatrix } from '../operator.js';
import type { Assembly } from './assembly.js';
import { addBetweenLayers } from './between-layers.js';
import { chunkSize, scratchBytes } from './chunk.js';
import { type HessianPart, layerCurvatures } from './layer-curvature.js';
import { mirrorUpper } from './mirror.js';
import { Scratch } from './scratch.js';
import { addWithinLayer } from './within-layer.js';

export interface ExactHessianOptions {
  readonly linearAlgebra: LinearAlgebra;
  /** H = G + R (Sagun et al. 2017, Eq. 2): the whole, the Gauss-Newton part G, or the residual R. Default hessian. */
  readonly part?: HessianPart;
  /**
   * Adds this multiple of the identity, the curvature of (weightDecay / 2) |w|^2, to H and to G: the penalty is convex.
   * Default 0.
   */
  readonly weightDecay?: number;
  /** Told the fraction done, 0 to 1. */
  readonly progress?: (fraction: number) => void;
  /** Bytes that may be taken. Default: what the machine and its container have left. */
  readonly memoryLimit?: number;
  /** Samples at a time. Default: what fits 256 MB, at most 2,048 (our choice, see chunk.ts). */
  readonly chunk?: number;
  /** The result's memory, overwritten: a 9,960 matrix is 0.8 GB, and fresh memory costs up to 2.5 s per GB to touch. */
  readonly into?: Float64Array;
}

/**
 * The exact Hessian of the mean loss over the data with respect to all weights, in float64: P x P in the order of the
 * weight vector, both triangles filled, exactly symmetric.
 *
 * For weights W_l[i, j] and W_m[k, q], l <= m, with layer inputs a~ = [a; 1] and pre-activations z_l = W_l a~_{l-1},
 *
 *     H = mean_n a~_{l-1}[j] (S_n[i, k] a~_{m-1}[q] + delta_m[k] da_{m-1}[q] / dz_l[i]  (l < m)),   S = d2 loss / dz_l dz_m.
 *
 * The sum over samples is a matrix product for each unit i: about N P^2 flops at the speed of BLAS, where P
 * Hessian-vector products take about 24 N P^2. A quarter of the entries within a layer and half of those between layers
 * are summed; the others are their mirror images. ReLU is taken to have derivative 0 at 0, and no second derivative.
 *
 * @throws InsufficientMemoryError before allocating what would not fit
 * @throws RangeError when data, weights or `into` do not fit the network
 */
export async function exactHessian(
  network: DenseNetwork,
  weights: Weights,
  data: Dataset,
  options: ExactHessianOptions,
): Promise<SymmetricMatrix> {
  const { linearAlgebra, part = 'hessian', weightDecay = 0, progress, into } = options;
  checkFit(network, data);
  const n = parameterCount(network);
  if (weights.length !== n) throw new RangeError(`exactHessian: expected ${n} weights, found ${weights.length}`);
  if (into && into.length !== n * n) {
    throw new RangeError(`exactHessian: expected ${n} x ${n} entries to write into, found ${into.length}`);
  }
  if (!(weightDecay >= 0 && weightDecay < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`exactHessian: weightDecay must be a number from 0, found ${weightDecay}`);
  }
  const chunk = options.chunk ?? chunkSize(network, data.count);
  if (!Number.isInteger(chunk) || chunk < 1) {
    throw new RangeError(`exactHessian: chunk must be a positive integer, found ${chunk}`);
  }
  const needed = (into ? 0 : 8 * n * n) + scratchBytes(network, Math.min(chunk, data.count));
  requireMemory(`exactHessian of ${n} parameters`, needed, options.memoryLimit);

  const matrix = into ?? new Float64Array(n * n);
  if (into) for (let i = 0; i < n; i++) matrix.fill(0, i * n + i, (i + 1) * n);
  let done = 0;
  let share = 0;
  const total = (n * (n + 1)) / 2;
  const assembly: Assembly = {
    matrix,
    n,
    linearAlgebra,
    scratch: new Scratch(),
    finished(entries) {
      done += entries * share;
      progress?.(Math.min(1, done / total));
    },
  };

  const batch = new DenseBatch(network, linearAlgebra, Math.min(chunk, data.count));
  for (let first = 0; first < data.count; first += chunk) {
    batch.loadRange(data, first, Math.min(first + chunk, data.count));
    share = batch.count / data.count;
    batch.forward(weights);
    batch.outputGradient(1 / data.count);
    await addChunk(assembly, batch, weights, part, 1 / data.count);
  }
  fillLowerTriangle(assembly, batch);
  if (part !== 'residual') for (let i = 0; i < n; i++) matrix[i * n + i] += weightDecay;
  return { n, data: matrix };
}

async function addChunk(assembly: Assembly, batch: DenseBatch, weights: Weights, part: HessianPart, scale: number) {
  const { shapes, count, activations, deltas } = batch;
  const side = (l: number) => ({ shape: shapes[l], inputs: activations[l] });
  for (const { layer, curvature, response, slope } of layerCurvatures(batch, weights, part, scale, assembly.scratch)) {
    const own = curvature[layer];
    if (own) await addWithinLayer(assembly, shapes[layer], own, activations[layer], count);
    for (let m = layer + 1; m < shapes.length; m++) {
      await addBetweenLayers(assembly, side(layer), side(m), {
        count,
        slope: slope!,
        curvature: curvature[m],
        delta: part === 'gauss-newton' ? undefined : deltas[m],
        response: response[m - 1],
      });
    }
  }
}

/** First the blocks of each pair of units within a layer, which are symmetric themselves; then the whole. */
function fillLowerTriangle({ matrix, n }: Assembly, { shapes }: DenseBatch): void {
  for (const { offset, rows, columns } of shapes) {
    for (let i = 0; i < rows; i++) {
      for (let k = i + 1; k < rows; k++) mirrorUpper(matrix, n, offset + i * columns, offset + k * columns, columns);
    }
  }
  mirrorUpper(matrix, n, 0, 0, n);
}
