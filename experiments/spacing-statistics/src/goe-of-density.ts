import { defineUnitKind, type Unit } from '@hessian-rmt/replication';
import { betaHermiteEigenvalues, semicircle } from '@hessian-rmt/rmt';
import { joined } from './authors-procedure.js';
import { type BatchSpectraConfig, batchSpectra, deflatedLevels } from './batch-spectra.js';
import { resolvedLevels } from './level-statistics.js';

export type GoeOfDensityConfig = {
  readonly spectra: BatchSpectraConfig;
  /** GOE spectra for each batch. */
  readonly draws: number;
};

/** The density is taken at so many quantiles: between two of them lie several levels of a spectrum. */
const knots = 100;

/**
 * GOE spectra that were given the density of the positive levels of batch spectra: a control for ratios, which cancel a
 * density only where it is flat over three levels, while that of a Hessian goes over many powers of ten. The levels
 * are the middle half of matrices twice as large, so that no edge of the GOE is among them.
 */
export const goeOfDensity = defineUnitKind<GoeOfDensityConfig>({
  name: 'goe-of-density',
  module: import.meta.url,
  needs: ({ spectra }, repetition) => [spectraUnit(spectra, repetition)],

  async run({ spectra: from, draws }, { random, linearAlgebra, repetition, of }) {
    const found = deflatedLevels(await of(spectraUnit(from, repetition)));
    const positive = found.map((levels) => resolvedLevels(levels).filter((level) => level > 0));
    const logLevel = quantiles(joined(positive).map(Math.log).sort());
    const { cumulative } = semicircle({ variance: 1 });
    const spectra: Float64Array[] = [];
    for (let draw = 0; draw < draws; draw++) {
      for (const [i, { length: size }] of positive.entries()) {
        const stream = random.stream(`draw ${draw}`).stream(`spectrum ${i}`);
        const goe = await betaHermiteEigenvalues({ size: 2 * size, beta: 1 }, stream, linearAlgebra);
        const from = Math.floor(size / 2);
        const middle = goe.subarray(from, from + size);
        spectra.push(middle.map((level) => Math.exp(logLevel((2 * size * cumulative(level) - from) / size))));
      }
    }
    const levels = joined(spectra);
    return {
      numbers: {},
      arrays: {
        levels: { shape: [levels.length], data: levels },
        'levels-per-batch': { shape: [spectra.length], data: Int32Array.from(spectra, ({ length }) => length) },
      },
    };
  },

  cost: ({ spectra: { count }, draws }) => ({ flops: 0, seconds: 1 + draws * count * 0.04 }),
});

const spectraUnit = (spectra: BatchSpectraConfig, repetition: number): Unit =>
  batchSpectra.unit(spectra, { repetition, threads: 1 });

/** The quantile function of sorted values, linear between a hundred of its values and a little beyond them. */
function quantiles(sorted: Float64Array): (share: number) => number {
  const at = Array.from({ length: knots + 1 }, (_, i) => sorted[Math.round((i / knots) * (sorted.length - 1))]);
  return (share) => {
    const position = share * knots;
    const knot = Math.min(Math.max(Math.floor(position), 0), knots - 1);
    return at[knot] + (position - knot) * (at[knot + 1] - at[knot]);
  };
}
