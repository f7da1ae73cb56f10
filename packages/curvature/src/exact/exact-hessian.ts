import {
  checkFit,
  type Dataset,
  DenseBatch,
  type DenseNetwork,
  type LayerShape,
  parameterCount,
  type Weights,
} from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { requireMemory } from '../memory.js';
import type { SymmetricMatrix } from '../operator.js';
import type { Assembly } from './assembly.js';
import { chunkSize, scratchBytes } from './chunk.js';
import { Lanes } from './lanes.js';
import { addLayerRows } from './layer-rows.js';
import { fillLowerTriangle } from './mirror.js';
import { Scratch, sharedArray } from './scratch.js';
import { type HessianPart, UnitTangents } from './unit-tangents.js';

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
  /** Samples at a time. Default: what fits 256 MB, at most 512 (our choice, see chunk.ts). */
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
 * The bracket is the derivative of delta_m[k] a~_{m-1}[q] along the pre-activation of unit i: a forward and a backward
 * pass for each unit (unit-tangents.ts). The sums over samples are matrix products at the speed of BLAS, N P^2 flops
 * and fewer, where P Hessian-vector products take about 24 N P^2: a quarter of the entries within a layer are summed,
 * half of those between layers, and the others are their mirror images. ReLU has derivative 0 at 0, and no second one.
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
  const { linearAlgebra, part = 'hessian', weightDecay = 0, into } = options;
  checkFit(network, data);
  const n = parameterCount(network);
  if (weights.length !== n) throw new RangeError(`exactHessian: expected ${n} weights, found ${weights.length}`);
  if (into && into.length !== n * n) {
    throw new RangeError(`exactHessian: expected ${n} x ${n} entries to write into, found ${into.length}`);
  }
  if (!(weightDecay >= 0 && weightDecay < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`exactHessian: weightDecay must be a number from 0, found ${weightDecay}`);
  }
  if (options.chunk !== undefined && !(Number.isInteger(options.chunk) && options.chunk >= 1)) {
    throw new RangeError(`exactHessian: chunk must be a positive integer, found ${options.chunk}`);
  }
  const chunk = Math.min(data.count, options.chunk ?? chunkSize(network, data.count));
  const needed = (into ? 0 : 8 * n * n) + scratchBytes(network, chunk, linearAlgebra.library.threads + 1);
  requireMemory(`exactHessian of ${n} parameters`, needed, options.memoryLimit);

  const matrix = into ?? sharedArray(n * n);
  const scratch = new Scratch();
  const batch = new DenseBatch(network, linearAlgebra, chunk);
  const tangents = new UnitTangents(batch, weights, part, 1 / data.count, scratch);
  let done = 0;
  const finished = (entries: number) => {
    done += (batch.count / data.count) * (entries / ((n * (n + 1)) / 2));
    options.progress?.(Math.min(1, done));
  };
  await linearAlgebra.sideBySide(async (atOnce) => {
    const lanes = new Lanes(atOnce + 1); // one more, whose factor is being formed
    const whole = { matrix, n, linearAlgebra, scratch, lanes, finished, mirrored: new Set<LayerShape>() };
    for (let first = 0; first < data.count; first += chunk) {
      const end = Math.min(first + chunk, data.count);
      const assembly: Assembly = { ...whole, beta: first === 0 ? 0 : 1, last: end === data.count };
      batch.loadRange(data, first, end);
      tangents.prepare();
      // The first layer, mostly the widest by far, comes last: its products keep all cores busy to the end.
      for (let l = batch.shapes.length - 1; l >= 0; l--) {
        await addLayerRows(assembly, batch, tangents, l, part !== 'gauss-newton');
      }
      await lanes.finished();
    }
    await fillLowerTriangle(whole, batch.shapes);
  });
  if (part !== 'residual') for (let i = 0; i < n; i++) matrix[i * n + i] += weightDecay;
  return { n, data: matrix };
}
