import type { RandomStream } from '@hessian-rmt/numerics';
import { defineUnitKind, type StoredArray, type Unit } from '@hessian-rmt/replication';
import {
  betaHermiteEigenvalues,
  distinctLevels,
  type LongRangePoint,
  numberVariance,
  spectralRigidity,
} from '@hessian-rmt/rmt';
import { type BatchSpectraConfig, batchSpectra, deflatedLevels } from './batch-spectra.js';
import { resolvedLevels } from './level-statistics.js';
import { longRangeUnfoldings, unfoldedByLaw, unfoldedByThirds } from './long-range-unfolding.js';

export type BatchLongRangeConfig = {
  readonly spectra: BatchSpectraConfig;
  /** Levels of this sign: across the null space two levels are no neighbours. */
  readonly sign: 'positive' | 'negative';
  /** How many times as many GOE spectra as batches are drawn to compare with. */
  readonly references: number;
};

/** Lengths of windows in mean spacings, as far as a quarter of every spectrum reaches. */
const lengths = [0.5, 1, 2, 3, 5, 8, 12, 20, 30, 50];

/**
 * Number variance and spectral rigidity of the deflated spectra of batches, and of GOE spectra as many and as long through the
 * same unfoldings; GOE spectra also unfolded by their law. Arrays lengths x 5: length, value, standard error, ends of the
 * 95 % band.
 */
export const batchLongRange = defineUnitKind<BatchLongRangeConfig>({
  name: 'batch-long-range',
  module: import.meta.url,
  needs: ({ spectra }, repetition) => [spectraUnit(spectra, repetition)],

  async run({ spectra: from, sign, references }, { random, linearAlgebra, progress, of, repetition }) {
    const network = deflatedLevels(await of(spectraUnit(from, repetition))).map((levels) => ofSign(levels, sign));
    const arrays: Record<string, StoredArray> = {};
    const measure = (name: string, unfolded: readonly Float64Array[]) => {
      const stream = random.stream(`resampling, ${name}`);
      const reach = Math.min(...unfolded.map((levels) => levels[levels.length - 1] - levels[0])) / 4;
      const parameters = { spectra: unfolded, lengths: lengths.filter((length) => length <= reach) };
      arrays[`${name}-variance`] = stored(numberVariance(parameters, stream.stream('variance')));
      arrays[`${name}-rigidity`] = stored(spectralRigidity(parameters, stream.stream('rigidity')));
    };
    for (const by of longRangeUnfoldings) measure(`network-${by}`, unfoldedByThirds(network, by));

    const sets: Float64Array[][] = [];
    for (let set = 0; set < references; set++) {
      progress((set + 1) / (references + 2), `GOE spectra, set ${set + 1} of ${references}`);
      const draw = (levels: Float64Array, i: number) =>
        betaHermiteEigenvalues({ size: levels.length, beta: 1 }, goeStream(random, set, i), linearAlgebra);
      sets.push(await Promise.all(network.map(draw)));
    }
    for (const by of longRangeUnfoldings) {
      measure(
        `goe-${by}`,
        sets.flatMap((set) => unfoldedByThirds(set, by)),
      );
    }
    measure('goe-law', unfoldedByLaw(sets.flat()));
    return { numbers: { levels: network.map(({ length }) => length) }, arrays };
  },

  cost({ spectra: { batch, count, weights }, references }) {
    // Levels of a sign, roughly, and 60 us for one: eigenvalues and unfolding.
    const levels = weights.training.network === 'softmax regression' ? 9 * batch : 16 * batch;
    return { flops: 0, seconds: count * (references + 1) * levels * 6e-5 };
  },
});

const spectraUnit = (config: BatchSpectraConfig, repetition: number): Unit =>
  batchSpectra.unit(config, { repetition, threads: 1 });

const goeStream = (random: RandomStream, set: number, spectrum: number) =>
  random.stream('GOE').stream(`set ${set}`).stream(`spectrum ${spectrum}`);

/** Resolved levels of a sign, equal ones once. */
function ofSign(levels: Float64Array, sign: 'positive' | 'negative'): Float64Array {
  return distinctLevels(resolvedLevels(levels).filter((level) => level > 0 === (sign === 'positive'))).levels;
}

function stored(points: readonly LongRangePoint[]): StoredArray {
  const rows = points.flatMap(({ length, value, standardError, interval95 }) => [
    length,
    value,
    standardError,
    ...interval95,
  ]);
  return { shape: [points.length, 5], data: Float64Array.from(rows) };
}

/** What such an array holds. */
export function longRangePoints({ shape, data }: StoredArray): Omit<LongRangePoint, 'bias'>[] {
  return Array.from({ length: shape[0] }, (_, i) => {
    const [length, value, standardError, low, high] = data.subarray(5 * i, 5 * i + 5);
    return { length, value, standardError, interval95: [low, high] };
  });
}
