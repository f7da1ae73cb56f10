import {
  deflatedSpectrum,
  eigenvalues,
  exactHessian,
  gaussNewtonOperator,
  hessianOperator,
  matrixOf,
  restricted,
  type Spectrum,
  type StructuralZeros,
  type SymmetricMatrix,
} from '@hessian-rmt/curvature';
import type { Dataset, DenseNetwork, Weights } from '@hessian-rmt/models';
import type { LinearAlgebra } from '@hessian-rmt/numerics';
import { defineUnitKind, type StoredArray } from '../experiment.js';
import { type AtWeights, atWeights } from './at-weights.js';
import { type Batches, batchOf } from './batches.js';
import { phasesOfExact, type Route } from './exact-or-lanczos.js';
import { selectedParameters } from './selected-parameters.js';
import { type DataSource, type NetworkSource, readData, readNetwork } from './sources.js';
import { twoPhases } from './two-phases.js';

/** What a unit of either method is told of network, data and matrix. */
export type MatrixConfig = {
  readonly network: NetworkSource;
  readonly data: DataSource;
  /** SHA-256 of the network's file and of the data: other files are other units. */
  readonly checksums: { readonly network: string; readonly data: string };
  readonly part: 'hessian' | 'gauss-newton';
  /** Names of the tensors whose block of the matrix is taken; null for all. */
  readonly tensors: readonly string[] | null;
  readonly batches: Batches;
};

export type ExactConfig = MatrixConfig & { readonly route: Route };

/** Structural zeros by their causes, as plain data. */
export type Zeros = { readonly [Cause in keyof StructuralZeros]: number };

/** What is known of one spectrum beside its eigenvalues. */
export type SpectrumNumbers = AtWeights & {
  /** Order of the matrix, structural zeros included. */
  readonly size: number;
  readonly roundingFloor: number;
  /** null where they were not looked for. */
  readonly zeros: Zeros | null;
};

/** All eigenvalues of the matrix of each batch, but its structural zeros. */
export const exactSpectrum = defineUnitKind<ExactConfig>({
  name: 'exact-spectrum',
  module: import.meta.url,

  async run(config, { linearAlgebra, progress }) {
    const { network, weights, layers, data } = await readProblem(config);
    const { tensors, batches } = config;
    const indices = tensors === null ? null : selectedParameters(network, layers, tensors).indices;
    const spectra: SpectrumNumbers[] = [];
    const arrays: Record<string, StoredArray> = {};
    for (let i = 0; i < batches.count; i++) {
      const samples = batchOf(data, batches, i);
      const name = batches.size === null ? '' : `batch ${batches.first + i + 1}, `;
      const problem: Problem = { network, weights, samples, indices, part: config.part, linearAlgebra };
      const spectrum = await spectrumBy(config.route, problem, (fraction, doing) =>
        progress((i + fraction) / batches.count, `${name}${doing}`),
      );
      const { values, size, roundingFloor, zeros } = spectrum;
      spectra.push({
        ...atWeights(network, weights, samples, linearAlgebra),
        size,
        roundingFloor,
        zeros: zeros && { ...zeros },
      });
      arrays[`levels-${i}`] = { shape: [values.length], data: values };
    }
    return {
      numbers: { spectra },
      arrays,
      uses: { datasets: [{ name: data.name, checksum: data.checksum }] },
    };
  },
});

/** What a unit works with. @throws Error when a file is not the one that was there when the run was planned */
export async function readProblem({ network: source, data: dataSource, checksums }: MatrixConfig) {
  const { network, weights, layers, checksum } = await readNetwork(source);
  if (checksum !== checksums.network) throw new Error(`${source.file} changed during the run. Run it again.`);
  const data = await readData(dataSource, network);
  if (data.checksum !== checksums.data) throw new Error(`${data.name} changed during the run. Run it again.`);
  return { network, weights, layers, data };
}

interface Problem {
  readonly network: DenseNetwork;
  readonly weights: Weights;
  readonly samples: Dataset;
  readonly indices: Uint32Array | null;
  readonly part: 'hessian' | 'gauss-newton';
  readonly linearAlgebra: LinearAlgebra;
}

async function spectrumBy(
  route: Route,
  problem: Problem,
  progress: (fraction: number, doing: string) => void,
): Promise<Spectrum & { readonly zeros: StructuralZeros | null }> {
  const { network, weights, samples, indices, part, linearAlgebra } = problem;
  const [parameters, selected] = [weights.length, indices?.length ?? null];
  const phases = twoPhases(phasesOfExact({ network, parameters, selected, samples: samples.count }, route), progress);
  const { forming } = phases;
  try {
    if (route === 'deflated') {
      return await deflatedSpectrum(network, weights, samples, { linearAlgebra, part, progress: forming });
    }
    const matrix = route === 'whole' ? await wholeMatrix(problem, forming) : await matrixByProducts(problem, forming);
    forming(1);
    return { ...(await eigenvalues(matrix, { linearAlgebra, overwrite: true })), zeros: null };
  } finally {
    phases.end();
  }
}

async function wholeMatrix(
  { network, weights, samples, indices, part, linearAlgebra }: Problem,
  progress: (fraction: number) => void,
): Promise<SymmetricMatrix> {
  const matrix = await exactHessian(network, weights, samples, { linearAlgebra, part, progress });
  return indices === null ? matrix : blockOf(matrix, indices);
}

function blockOf({ n, data }: SymmetricMatrix, indices: Uint32Array): SymmetricMatrix {
  const size = indices.length;
  const block = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = indices[i] * n;
    for (let j = 0; j < size; j++) block[i * size + j] = data[row + indices[j]];
  }
  return { n: size, data: block };
}

function matrixByProducts(
  { network, weights, samples, indices, part, linearAlgebra }: Problem,
  progress: (fraction: number) => void,
): Promise<SymmetricMatrix> {
  const operatorOf = part === 'hessian' ? hessianOperator : gaussNewtonOperator;
  const operator = operatorOf(network, weights, samples, { linearAlgebra });
  return matrixOf(indices === null ? operator : restricted(operator, indices), { progress });
}
