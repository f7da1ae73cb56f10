import { defineUnitKind } from '@hessian-rmt/replication';
import { goeReference } from '@hessian-rmt/rmt';
import { ratioStatistics } from './ratio-statistics.js';

export type GoeRatiosConfig = {
  /** Levels of a spectrum, and spectra taken together. */
  readonly size: number;
  readonly samples: number;
  readonly draws: number;
};

/**
 * Ratio statistics of the GOE itself, over as many spectra of the same size: mean of min(r, 1/r) and distance (draws
 * each).
 */
export const goeRatios = defineUnitKind<GoeRatiosConfig>({
  name: 'goe-ratios',
  module: import.meta.url,

  async run({ size, samples, draws }, { random, linearAlgebra }) {
    const through = (spectra: readonly Float64Array[]) => {
      const { mean, distance } = ratioStatistics(spectra);
      return { mean, distance };
    };
    const sizes = new Array<number>(samples).fill(size);
    const { mean, distance } = await goeReference({ sizes, draws, through }, random, linearAlgebra);
    return {
      numbers: {},
      arrays: { mean: { shape: [draws], data: mean.values }, distance: { shape: [draws], data: distance.values } },
    };
  },

  cost: ({ size, samples, draws }) => ({ flops: 0, seconds: draws * samples * (4e-8 * size ** 2 + 1e-6 * size) }),
});
