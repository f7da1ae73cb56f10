import { type DeflatedSpectrum, deflatedSpectrum } from '@hessian-rmt/curvature';
import { type Split, slice } from '@hessian-rmt/models';
import { defineUnitKind, flopsOf, type StoredArray, type UnitResult } from '@hessian-rmt/replication';
import { networkOf } from './networks.js';
import { samplesOf } from './samples.js';
import { unitsBehindWeights, type WeightsConfig, weightsOf } from './trained-network.js';

export type BatchSpectraConfig = {
  readonly weights: WeightsConfig;
  readonly split: Split;
  /** Samples in a batch, in file order: 64 in the paper. */
  readonly batch: number;
  /** Number of the first batch, from 0, and how many. The last one of a set may be shorter. */
  readonly first: number;
  readonly count: number;
};

/** Spectra of the Hessians of batches, their structural zeros removed exactly. */
export const batchSpectra = defineUnitKind<BatchSpectraConfig>({
  name: 'batch-spectra',
  module: import.meta.url,
  needs: ({ weights }, repetition) => unitsBehindWeights(weights, repetition),

  async run({ weights: from, split, batch, first, count }, context) {
    const { linearAlgebra, progress } = context;
    const { data: source, network: name } = from.training;
    const network = networkOf(name, source.inputs, source.source.classes);
    const weights = await weightsOf(from, context);
    const data = await samplesOf(source, split, context);
    const spectra: DeflatedSpectrum[] = [];
    for (let i = 0; i < count; i++) {
      progress(i / count, `batch ${first + i}`);
      const start = (first + i) * batch;
      const samples = slice(data, start, Math.min(start + batch, data.count));
      spectra.push(await deflatedSpectrum(network, weights, samples, { linearAlgebra }));
    }
    return {
      numbers: { parameters: weights.length },
      arrays: deflatedArrays(spectra),
      uses: { datasets: [{ name: data.name, checksum: data.checksum }] },
    };
  },

  cost: ({ weights: { training }, batch, count }) => {
    const { inputs, source } = training.data;
    const kept = keptEstimate(networkOf(training.network, inputs, source.classes).widths, batch);
    return { flops: count * (flopsOf.eigenvalues(kept) + flopsOf.hessian(batch, kept)), memory: 24 * kept ** 2 };
  },
});

/** Dimensions that deflation leaves of a batch, roughly: for estimates of time. */
function keptEstimate(widths: readonly number[], batch: number): number {
  const outputs = widths[widths.length - 1];
  return widths.slice(1).reduce((sum, units, l) => {
    const inputs = widths[l] + 1;
    const last = l === widths.length - 2;
    // About half of the samples, or of the units below, are active on either side of a weight.
    const rank = l === 0 ? batch : Math.min(inputs, batch);
    return sum + (last ? outputs - 1 : units) * Math.min(inputs, rank);
  }, 0);
}

/** Spectra of different lengths end to end. */
export function deflatedArrays(spectra: readonly DeflatedSpectrum[]): Record<string, StoredArray> {
  const values = Float64Array.from(spectra.flatMap((spectrum) => [...spectrum.values]));
  const zeros = spectra.flatMap(({ zeros: { shift, inputSpan, deadUnits, fewSamples } }) => [
    shift,
    inputSpan,
    deadUnits,
    fewSamples,
  ]);
  return {
    levels: { shape: [values.length], data: values },
    'levels-per-batch': {
      shape: [spectra.length],
      data: Int32Array.from(spectra, (spectrum) => spectrum.values.length),
    },
    zeros: { shape: [spectra.length, 4], data: Int32Array.from(zeros) },
  };
}

/** The spectra of such arrays, batch by batch, ascending. */
export function deflatedLevels({ arrays }: UnitResult): Float64Array[] {
  const all = arrays.levels.data as Float64Array;
  let end = 0;
  return Array.from(arrays['levels-per-batch'].data, (length) => {
    end += length;
    return all.subarray(end - length, end);
  });
}
