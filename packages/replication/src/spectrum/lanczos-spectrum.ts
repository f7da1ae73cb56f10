import { join } from 'node:path';
import {
  gaussNewtonOperator,
  hessianOperator,
  lanczosFiles,
  negativeMass,
  type Operator,
  restricted,
  type StochasticQuadrature,
  shardedProducts,
  spectralMoments,
  stochasticLanczosQuadrature,
} from '@hessian-rmt/curvature';
import { type Dataset, type DenseNetwork, parameterCount, type Weights } from '@hessian-rmt/models';
import type { LinearAlgebra, RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind, type StoredArray, type UnitContext } from '../experiment.js';
import { type AtWeights, atWeights } from './at-weights.js';
import { batchOf } from './batches.js';
import { type MatrixConfig, readProblem } from './exact-spectrum.js';
import { selectedParameters } from './selected-parameters.js';

export type LanczosConfig = MatrixConfig & {
  /** Products with the matrix for each random vector. */
  readonly steps: number;
  readonly vectors: number;
};

/** What quadrature says of one spectrum. */
export type QuadratureNumbers = {
  readonly size: number;
  readonly vectors: number;
  readonly products: number;
  /** The Krylov space of every vector is invariant: its Ritz values are eigenvalues. */
  readonly invariant: boolean;
  readonly asymmetry: number;
  readonly trace: number;
  readonly traceStandardError: number | null;
  /** Weight of the negative Ritz values that are well apart from the origin's. */
  readonly negativeMass: number;
};

/** Ritz values with weights and residuals of each batch: the spectral density as a quadrature. */
export const lanczosSpectrum = defineUnitKind<LanczosConfig>({
  name: 'lanczos-spectrum',
  module: import.meta.url,

  async run(config, context) {
    const { network, weights, layers, data } = await readProblem(config);
    const { tensors, batches, part } = config;
    const { linearAlgebra, random } = context;
    const indices = tensors === null ? null : selectedParameters(network, layers, tensors).indices;
    const spectra: (AtWeights & QuadratureNumbers)[] = [];
    const arrays: Record<string, StoredArray> = {};
    for (let i = 0; i < batches.count; i++) {
      const samples = batchOf(data, batches, i);
      const point = atWeights(network, weights, samples, linearAlgebra);
      const number = batches.first + i;
      const quadrature = await withOperator({ network, weights, samples, part, linearAlgebra }, (operator) =>
        quadratureOf(indices === null ? operator : restricted(operator, indices), config, context, {
          random: batches.size === null ? random : random.stream(`batch ${number}`),
          checkpoints: isWorthKeeping(network, samples) ? `batch-${number}` : null,
          progress: (fraction) => context.progress((i + fraction) / batches.count, 'Lanczos steps'),
        }),
      );
      spectra.push({ ...point, ...quadratureNumbers(quadrature) });
      Object.assign(arrays, quadratureArrays(quadrature, i));
    }
    return {
      numbers: { spectra },
      arrays,
      uses: { datasets: [{ name: data.name, checksum: data.checksum }] },
    };
  },
});

interface Problem {
  readonly network: DenseNetwork;
  readonly weights: Weights;
  readonly samples: Dataset;
  readonly part: 'hessian' | 'gauss-newton';
  readonly linearAlgebra: LinearAlgebra;
}

/**
 * A step is written to the disk in some 20 ms: only where a product takes longer. At 24 operations for each sample and
 * parameter and some 10^10 a second, this is where they take 50 ms (our choice).
 */
const productsKeptFrom = 2e7;

function isWorthKeeping(network: DenseNetwork, samples: Dataset): boolean {
  return samples.count * parameterCount(network) >= productsKeptFrom;
}

/**
 * Samples from which on products are spread over worker threads (our choice: what a dense network takes at once). Below,
 * starting the threads takes longer than they save.
 */
const samplesForWorkers = 1024;

async function withOperator<T>(problem: Problem, work: (operator: Operator) => Promise<T>): Promise<T> {
  const { network, weights, samples, part, linearAlgebra } = problem;
  if (samples.count <= samplesForWorkers) {
    return work(
      (part === 'hessian' ? hessianOperator : gaussNewtonOperator)(network, weights, samples, { linearAlgebra }),
    );
  }
  const { threads } = linearAlgebra.library;
  const pool = await shardedProducts({ network, data: samples }, { workers: threads > 1 ? threads : 0 });
  try {
    return await work(pool.operator(part, weights));
  } finally {
    await pool.close();
  }
}

/** Lanczos processes whose checkpoints lie in the unit's scratch: a process that takes it up goes on at the step it was in. */
export async function quadratureOf(
  operator: Operator,
  { steps, vectors }: { readonly steps: number; readonly vectors: number },
  { linearAlgebra, scratch }: Pick<UnitContext, 'linearAlgebra' | 'scratch'>,
  options: {
    readonly random: RandomStream;
    /** Name of the checkpoints; null for none. */
    readonly checkpoints: string | null;
    readonly progress: (fraction: number) => void;
  },
): Promise<StochasticQuadrature> {
  const { random, checkpoints, progress } = options;
  const folder = checkpoints === null ? null : await scratch();
  return stochasticLanczosQuadrature(operator, {
    linearAlgebra,
    steps,
    vectors,
    random,
    progress,
    ...(folder === null
      ? {}
      : { checkpoint: (vector) => lanczosFiles(join(folder, `${checkpoints}-vector-${vector}`)) }),
  });
}

export function quadratureNumbers(quadrature: StochasticQuadrature): QuadratureNumbers {
  const { size, vectors, products } = quadrature;
  const invariant = vectors.every((vector) => vector.invariant);
  const hasError = vectors.every((vector) => vector.invariant || vector.steps >= 2);
  const mean = quadrature.nodes.reduce((sum, node, i) => sum + quadrature.weights[i] * node, 0);
  return {
    size,
    vectors: vectors.length,
    products,
    invariant,
    asymmetry: Math.max(...vectors.map((vector) => vector.asymmetry)),
    trace: size * mean,
    traceStandardError: hasError ? size * spectralMoments(quadrature, 1)[1].standardError : null,
    negativeMass: negativeMass(quadrature).mass,
  };
}

/** Nodes, weights and residuals of each vector. */
export function quadratureArrays({ vectors }: StochasticQuadrature, i: number): Record<string, StoredArray> {
  return Object.fromEntries(
    vectors.flatMap(({ nodes, weights, residuals }, v) =>
      Object.entries({ nodes, weights, residuals }).map(([name, data]) => [
        `${name}-${i}-${v}`,
        { shape: [data.length], data },
      ]),
    ),
  );
}
