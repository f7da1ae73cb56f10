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
import { type Field, fourierField } from './fourier-field.js';
import { type KernelConfig, kernelOf } from './kernels.js';

/**
 * How the gradients are weighted: `identity`, A_i = 1; `decaying`, (1 - 0.1)^i 1, the weights of iterate averaging
 * with weight decay; `alternating`, (-1)^i 1; `along`, the projection on the line of the points; `random`, symmetric
 * normal matrices of operator norm 1.
 */
export const weightings = ['identity', 'decaying', 'alternating', 'along', 'random'] as const;
export type Weighting = (typeof weightings)[number];

export type AveragedGradientsConfig = {
  readonly kernel: KernelConfig & { readonly kind: 'exponential' | 'power' };
  /** P. */
  readonly parameters: number;
  /** T points, on a line. */
  readonly points: number;
  /** Between neighbours: one setting each. */
  readonly distances: readonly number[];
  readonly weighting: Weighting;
  /** Cosines in a sampled field, fields in a block, blocks. */
  readonly waves: number;
  readonly draws: number;
  readonly blocks: number;
};

/**
 * Variance of a weighted average of gradients (theorem 8.2) at each distance: exact, bounded by equation 19 with
 * either norm and by the bound that always holds (distances each), and sampled from random fields (blocks x
 * distances).
 */
export const averagedGradients = defineUnitKind<AveragedGradientsConfig>({
  name: 'averaged-gradients',
  module: import.meta.url,

  async run(config, { random, linearAlgebra, progress }) {
    const { kernel, parameters, distances, waves, draws, blocks } = config;
    const matrices = await weights(config, random.stream('matrices'), linearAlgebra);
    const norms = await Promise.all(matrices.map((matrix) => normsOf(matrix, parameters, linearAlgebra)));
    const trace = Math.max(...norms.map((norm) => norm.trace));
    const operator = Math.max(...norms.map((norm) => norm.operator));
    const lines = distances.map((distance) => pointsOnALine(config, distance));

    const sampled = new Float64Array(blocks * distances.length);
    const fields = random.stream('fields');
    for (let block = 0; block < blocks; block++) {
      progress(block / blocks, `block ${block + 1} of ${blocks}`);
      for (let draw = 0; draw < draws; draw++) {
        const field = fourierField(kernel, parameters, waves, fields);
        for (const [d, points] of lines.entries()) {
          sampled[block * distances.length + d] += meanSquareOfAverage(field, { points, matrices }) / draws;
        }
      }
    }

    const derivatives = kernelOf(kernel);
    const perDistance = (of: (points: readonly Float64Array[]) => number) => ({
      shape: [distances.length],
      data: Float64Array.from(lines, of),
    });
    return {
      numbers: { traceNorm: trace, operatorNorm: operator },
      arrays: {
        exact: perDistance((points) => weightedVariance(derivatives, { points, matrices })),
        printedWithTraceNorm: perDistance((points) => printedBound(derivatives, spreadOf(points), trace)),
        printedWithOperatorNorm: perDistance((points) => printedBound(derivatives, spreadOf(points), operator)),
        safe: perDistance((points) => safeBound(derivatives, spreadOf(points), operator)),
        sampled: { shape: [blocks, distances.length], data: sampled },
      },
    };
  },

  cost({ parameters, points, distances, waves, draws, blocks }) {
    const gradient = waves * (parameters * 4e-9 + 3e-8) + parameters ** 2 * 1e-8;
    return {
      flops: 0,
      seconds: draws * blocks * (waves * (parameters + 1) * 3e-8 + distances.length * points * gradient),
    };
  },
});

function pointsOnALine({ parameters, points }: AveragedGradientsConfig, distance: number): Float64Array[] {
  return Array.from({ length: points }, (_, i) => {
    const point = new Float64Array(parameters);
    point[0] = i * distance;
    return point;
  });
}

/** |(1/T) sum A_i g(w_i)|^2 / P. */
function meanSquareOfAverage(field: Field, { points, matrices }: WeightedGradients): number {
  const parameters = points[0].length;
  const average = new Float64Array(parameters);
  for (const [i, point] of points.entries()) {
    const gradient = new Float64Array(parameters);
    field.addGradient(point, gradient);
    times(matrices[i], gradient).forEach((x, c) => {
      average[c] += x / points.length;
    });
  }
  return average.reduce((sum, x) => sum + x * x, 0) / parameters;
}

async function weights(
  { parameters, points, weighting }: AveragedGradientsConfig,
  random: RandomStream,
  linearAlgebra: LinearAlgebra,
): Promise<Float64Array[]> {
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
  return matrices;
}

/** Sum and maximum of the magnitudes of the eigenvalues. */
async function normsOf(matrix: Float64Array, size: number, linearAlgebra: LinearAlgebra) {
  const magnitudes = (await linearAlgebra.symmetricEigenvalues(matrix, size)).map(Math.abs);
  return { trace: magnitudes.reduce((sum, x) => sum + x, 0), operator: Math.max(...magnitudes) };
}
