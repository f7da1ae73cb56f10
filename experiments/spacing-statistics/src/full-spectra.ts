import { type DeflatedSpectrum, deflatedSpectrum, exactHessian, measuredRoundingFloor } from '@hessian-rmt/curvature';
import { slice } from '@hessian-rmt/models';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { type BatchSpectraConfig, deflatedArrays } from './batch-spectra.js';
import { networkOf, parametersOf } from './networks.js';
import { samplesOf } from './samples.js';
import { unitsBehindWeights, weightsOf } from './trained-network.js';

export type FullSpectraConfig = BatchSpectraConfig & {
  /** Number of batches, of these, whose float64 matrix is also diagonalised in full: the last ones. */
  readonly inFloat64: number;
};

/**
 * Spectra of the whole P x P Hessians of batches, structural zeros and all: in float32, as the authors have them (the
 * exact matrix rounded to float32, then LAPACK's one-stage solver), and in float64; beside them the deflated spectra, against
 * which the rounding of both is measured. The loss is the sum over the batch, as in the authors' code.
 */
export const fullSpectra = defineUnitKind<FullSpectraConfig>({
  name: 'full-spectra',
  module: import.meta.url,
  needs: ({ weights }, repetition) => unitsBehindWeights(weights, repetition),

  async run({ weights: from, split, batch, first, count, inFloat64 }, context) {
    const { linearAlgebra, progress } = context;
    const { data: source, network: name } = from.training;
    const network = networkOf(name, source.inputs, source.source.classes);
    const weights = await weightsOf(from, context);
    const data = await samplesOf(source, split, context);
    const n = weights.length;
    const matrix = new Float64Array(new SharedArrayBuffer(8 * n * n));
    const single = new Float32Array(new SharedArrayBuffer(4 * n * n));
    const float32 = new Float32Array(count * n);
    const float64 = new Float64Array(inFloat64 * n);
    const deflated: DeflatedSpectrum[] = [];
    const floors32 = new Float64Array(count);
    const floors64 = new Float64Array(inFloat64);
    for (let i = 0; i < count; i++) {
      const at = (done: number, doing: string) => progress((i + done) / count, `batch ${first + i}, ${doing}`);
      const start = (first + i) * batch;
      const samples = slice(data, start, Math.min(start + batch, data.count));
      at(0, 'deflated');
      const spectrum = summed(await deflatedSpectrum(network, weights, samples, { linearAlgebra }), samples.count);
      deflated.push(spectrum);
      await exactHessian(network, weights, samples, { linearAlgebra, into: matrix });
      for (let k = 0; k < matrix.length; k++) matrix[k] *= samples.count;
      single.set(matrix);
      at(0.1, 'float32');
      const options = { method: 'one-stage', overwrite: true } as const;
      const values32 = await linearAlgebra.symmetricEigenvalues(single, n, options);
      float32.set(values32, i * n);
      floors32[i] = measuredRoundingFloor(values32, spectrum).largest;
      const position = i - (count - inFloat64);
      if (position < 0) continue;
      at(0.4, 'float64');
      const values64 = await linearAlgebra.symmetricEigenvalues(matrix, n, options);
      float64.set(values64, position * n);
      floors64[position] = measuredRoundingFloor(values64, spectrum).largest;
    }
    return {
      numbers: { parameters: n },
      arrays: {
        ...deflatedArrays(deflated),
        float32: { shape: [count, n], data: float32 },
        float64: { shape: [inFloat64, n], data: float64 },
        'floor-float32': { shape: [count], data: floors32 },
        'floor-float64': { shape: [inFloat64], data: floors64 },
      },
      uses: { datasets: [{ name: data.name, checksum: data.checksum }] },
    };
  },

  cost: ({ weights: { training }, batch, count, inFloat64 }) => {
    const { inputs, source } = training.data;
    const n = parametersOf(training.network, inputs, source.classes);
    // float32 runs at twice the rate.
    return {
      flops: count * flopsOf.hessian(batch, n) + (count / 2 + inFloat64) * flopsOf.eigenvalues(n),
      seconds: (count * n * n * 4) / 1e9,
      memory: 14 * n * n,
    };
  },
});

/** From the Hessian of the mean loss to that of the sum. */
function summed(spectrum: DeflatedSpectrum, samples: number): DeflatedSpectrum {
  return {
    ...spectrum,
    values: spectrum.values.map((value) => value * samples),
    roundingFloor: spectrum.roundingFloor * samples,
  };
}
