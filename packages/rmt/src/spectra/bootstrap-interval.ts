import type { RandomStream } from '@hessian-rmt/numerics';
import { requireInteger } from '../checks.js';
import { blocksOf, defaultResamples, drawBlocks, drawParts, estimateOf, type ResampledEstimate } from './resampling.js';

export interface BootstrapParameters {
  /** One array for every spectrum: its ratios, spacings or levels, in the order in which they stand in it. */
  readonly groups: readonly Float64Array[];
  /** Of groups, as many as are given: of all values together, say, or of one group after the other. */
  readonly statistic: (groups: readonly Float64Array[]) => number;
  /** Default 1000, our choice: the standard error is then known to 2 %. */
  readonly resamples?: number;
  /**
   * For a single group: how many consecutive values stay together, far more than are correlated. Default the cube root of
   * their number, the rate that suits a variance best (Hall, Horowitz & Jing 1995); its factor of 1 is our choice.
   */
  readonly blockLength?: number;
}

/**
 * The sampling error of a statistic of spectra, by resampling whole spectra with replacement: what stands in one spectrum
 * depends on its neighbours, so single values must not be drawn. A single spectrum is resampled in moving blocks of
 * consecutive values (Künsch 1989).
 *
 * For statistics that are smooth in the distribution of the values: means, variances, fitted parameters. A distance to a
 * law is not: resampled spectra lie farther from every law than the spectra themselves, by about what these do, as the `bias`
 * shows. Take `distanceInterval` for those.
 *
 * @throws RangeError if there are no groups or an empty one, if a single group is shorter than two blocks, if there are
 *   fewer than two resamples, or if the statistic is not finite
 */
export function bootstrapInterval(parameters: BootstrapParameters, random: RandomStream): ResampledEstimate {
  const { groups, statistic, resamples = defaultResamples } = parameters;
  requireGroups(groups);
  requireInteger('the number of resamples', resamples, 2);
  const finite = (value: number) => {
    if (!Number.isFinite(value)) throw new RangeError(`a resampled statistic must be finite, found ${value}`);
    return value;
  };
  const value = finite(statistic(groups));
  if (groups.length > 1) {
    const resampled = Float64Array.from({ length: resamples }, () =>
      finite(statistic(Array.from(drawParts(groups.length, random), (g) => groups[g]))),
    );
    return estimateOf(value, resampled, groups.length);
  }
  const [group] = groups;
  const { blockLength: length = defaultBlockLength(group.length) } = parameters;
  const cut = blocksOf(group.length, length);
  const { blocks, blockLength } = cut;
  const resampled = Float64Array.from({ length: resamples }, () => {
    const joined = new Float64Array(blocks * blockLength);
    drawBlocks(group.length, cut, random).forEach((start, i) => {
      joined.set(group.subarray(start, start + blockLength), i * blockLength);
    });
    return finite(statistic([joined]));
  });
  return estimateOf(value, resampled, blocks);
}

export const defaultBlockLength = (values: number): number => Math.ceil(Math.cbrt(values));

/** @throws RangeError if there are no groups, or an empty one */
export function requireGroups(groups: readonly Float64Array[]): void {
  if (groups.length === 0) throw new RangeError('resampling needs at least one group of values, found none');
  const empty = groups.findIndex((group) => group.length === 0);
  if (empty >= 0) throw new RangeError(`the groups to resample must hold values, found none in group ${empty}`);
}
