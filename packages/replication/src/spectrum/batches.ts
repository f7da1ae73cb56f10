import { type Dataset, slice } from '@hessian-rmt/models';

/** Which samples a unit takes: the whole set, or consecutive batches of it in the order of the file. */
export type Batches = {
  /** Samples in a batch; null for the whole set. */
  readonly size: number | null;
  /** Number of the first batch, from 0, and how many. */
  readonly first: number;
  readonly count: number;
};

export const wholeSet: Batches = { size: null, first: 0, count: 1 };

/**
 * Batches a unit takes, at most: a process starts in half a second, and what is finished is not lost when a run is killed
 * (our choice).
 */
const batchesAUnit = 8;

/** The first `count` batches of a set as the units take them. */
export function batchesOfUnits(size: number, count: number): readonly Batches[] {
  return Array.from({ length: Math.ceil(count / batchesAUnit) }, (_, i) => {
    const first = i * batchesAUnit;
    return { size, first, count: Math.min(batchesAUnit, count - first) };
  });
}

/** The samples of the unit's batch number `i`, from 0. */
export function batchOf(data: Dataset, { size, first }: Batches, i: number): Dataset {
  return size === null ? data : slice(data, (first + i) * size, (first + i + 1) * size);
}
