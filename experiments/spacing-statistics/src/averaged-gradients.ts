import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind } from '@hessian-rmt/replication';
import {
  printedBound,
  safeBound,
  spreadOf,
  times,
  type WeightedGradients,
  weightedVariance,
} from './averaging-bound.js';
import { fourierField } from './fourier-field.js';
import { type KernelConfig, kernelOf } from './kernels.js';

/**
 * How the gradients are weighted: `identity`, A_i = 1; `decaying`, (1 - 0.1)^i 1, the weights of iterate averaging with weight decay;
 * `alternating`, (-1)^i 1; `along`, the projection on the line of the points; `random`, symmetric normal matrices of
 * operator norm 1.
 */
export const weightings = ['identity', 'decaying', 'alternating', 'along', 'random'] as const;
export type Weighting = (typeof weightings)[number];

export type AveragedGradientsConfig = {
  readonly kernel: KernelConfig & { readonly kind: 'exponential' | 'power' };
  /** P. */
  readonly parameters: number;
  /** T points, on a line. */
  readonly points: number;
  /** Between neighbours. */
  readonly distance: number;
  readonly weighting: Weighting;
  /** Cosines in a sampled field, fields in a block, blocks. */
  readonly waves: number;
  readonly draws: number;
  readonly blocks: number;
};

/**
 * Variance of a weighted average of gradients (theorem 8.2): exact, bounded by equation 19 with either norm and by the
 * bound that always holds, and sampled from random fields (one mean a block).
 */
export const averagedGradients = defineUnitKind<AveragedGradientsConfig>({
  name: 'averaged-gradients',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { kernel, parameters, waves, draws, blocks } = config;
    const weighted = await weightedGradients(config, random.stream('matrices'), linearAlgebra);
    const { points, matrices } = weighted;
    const norms = await Promise.all(matrices.map((matrix) => normsOf(matrix, parameters, linearAlgebra)));
    const trace = Math.max(...norms.map((norm) => norm.trace));
    const operator = Math.max(...norms.map((norm) => norm.operator));

    const sampled = new Float64Array(blocks);
    const fields = random.stream('fields');
    for (let block = 0; block < blocks; block++) {
      progress(block / blocks, `block ${block + 1} of ${blocks}`);
      for (let draw = 0; draw < draws; draw++) {
        const field = fourierField(kernel, parameters, waves, fields);
        const average = new Float64Array(parameters);
        for (const [i, point] of points.entries()) {
          const gradient = new Float64Array(parameters);
          field.addGradient(point, gradient);
          times(matrices[i], gradient).forEach((x, c) => {
            average[c] += x / points.length;
          });
        }
        sampled[block] += average.reduce((sum, x) => sum + x * x, 0) / parameters / draws;
      }
    }

    const spread = spreadOf(points);
    const derivatives = kernelOf(kernel);
    return {
      numbers: {
        exact: weightedVariance(derivatives, weighted),
        traceNorm: trace,
        operatorNorm: operator,
        printedWithTraceNorm: printedBound(derivatives, spread, trace),
        printedWithOperatorNorm: printedBound(derivatives, spread, operator),
        safe: safeBound(derivatives, spread, operator),
      },
      arrays: { sampled: { shape: [blocks], data: sampled } },
    };
  },

  cost({ parameters, points, waves, draws, blocks }) {
    const fields = draws * blocks;
    return { flops: 0, seconds: fields * (waves * (parameters + points) * 3e-8 + points * parameters ** 2 * 5e-9) };
  },
});

async function weightedGradients(
  { parameters, points, distance, weighting }: AveragedGradientsConfig,
  random: RandomStream,
  linearAlgebra: LinearAlgebra,
): Promise<WeightedGradients> {
  const positions = Array.from({ length: points }, (_, i) => {
    const point = new Float64Array(parameters);
    point[0] = i * distance;
    return point;
  });
  const matrices: Float64Array[] = [];
  for (let i = 0; i < points; i++) {
    const matrix = new Float64Array(parameters ** 2);
    if (weighting === 'along') matrix[0] = 1;
    else if (weighting === 'random') {
      for (let r = 0; r < parameters; r++) {
        for (let c = 0; c <= r; c++) matrix[r * parameters + c] = matrix[c * parameters + r] = random.normal();
      }
      const { operator } = await normsOf(matrix, parameters, linearAlgebra);
      for (let e = 0; e < matrix.length; e++) matrix[e] /= operator;
    } else {
      const factor = { identity: 1, decaying: 0.9 ** i, alternating: (-1) ** i }[weighting];
      for (let r = 0; r < parameters; r++) matrix[r * parameters + r] = factor;
    }
    matrices.push(matrix);
  }
  return { points: positions, matrices };
}

/** Sum and maximum of the magnitudes of the eigenvalues. */
async function normsOf(matrix: Float64Array, size: number, linearAlgebra: LinearAlgebra) {
  const magnitudes = (await linearAlgebra.symmetricEigenvalues(matrix, size)).map(Math.abs);
  return { trace: magnitudes.reduce((sum, x) => sum + x, 0), operator: Math.max(...magnitudes) };
}
