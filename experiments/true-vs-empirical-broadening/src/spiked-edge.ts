import { defineUnitKind } from '@hessian-rmt/replication';
import { betaHermiteEigenvalues } from '@hessian-rmt/rmt';

export type SpikedEdgeConfig = {
  readonly size: number;
  /** In units of the threshold sqrt(q) sigma; one matrix with one spike each. */
  readonly spikes: readonly number[];
  readonly draws: number;
};

/**
 * The largest eigenvalue of a GOE matrix (semicircle from -2 to 2) with one spike, from its tridiagonal form:
 * spikes x draws. The draws of one spike are those of the others.
 */
export const spikedEdge = defineUnitKind<SpikedEdgeConfig>({
  name: 'spiked-edge',
  module: import.meta.url,

  async run({ size, spikes, draws }, { random, linearAlgebra, progress }) {
    const largest = new Float64Array(spikes.length * draws);
    for (const [s, spike] of spikes.entries()) {
      for (let draw = 0; draw < draws; draw++) {
        progress((s * draws + draw) / largest.length, `spike ${spike}`);
        const own = random.stream(`size-${size}`).stream(`draw-${draw}`);
        const values = await betaHermiteEigenvalues({ size, beta: 1, spike }, own, linearAlgebra);
        largest[s * draws + draw] = values[size - 1];
      }
    }
    return { numbers: {}, arrays: { largest: { shape: [spikes.length, draws], data: largest } } };
  },

  cost: ({ size, spikes, draws }) => ({
    flops: 0,
    seconds: spikes.length * draws * (size * 1e-6 + size * size * 1.2e-8),
  }),
});
