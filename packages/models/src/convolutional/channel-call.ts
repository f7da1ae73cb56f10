import type { RealArray } from '@hessian-rmt/numerics';
import type { ChannelMap } from './channel-formulas.js';

/** What a map of channel-formulas.ts reads and writes, in the order in which the formula names it. */
export interface ChannelCall<T extends RealArray> {
  readonly streams: readonly T[];
  /** The output of the ReLU that belongs to the map, where one does; for `affine`, which computes it, anything. */
  readonly rectified?: T | undefined;
  /** By channel. */
  readonly coefficients?: readonly Float64Array[];
  readonly results?: readonly T[];
  /** By channel; overwritten. */
  readonly sums?: readonly Float64Array[];
  readonly images: number;
}

/** The maps over the pixels of planes of one shape: margins are left out, and zero in results. */
export type ChannelMaps<T extends RealArray> = Readonly<Record<ChannelMap, (call: ChannelCall<T>) => void>>;
