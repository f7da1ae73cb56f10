import { readFile } from 'node:fs/promises';
import { readNpy, toFloat64 } from '@hessian-rmt/numerics';
import { compareNumbers } from './compare-numbers.js';

export interface ArrayDifference {
  /** Its name, without `.npy`. */
  readonly array: string;
  readonly shapes: readonly [before: readonly number[], after: readonly number[]];
  /** Elements that differ; null where the shapes do, and nothing is compared. */
  readonly elements: number | null;
  /** The largest difference, in units of the elements, and relative to the larger of the two elements. */
  readonly absolute: number | null;
  readonly relative: number | null;
}

/**
 * What differs between two .npy files.
 *
 * @param tolerance  largest relative difference of elements that is let pass
 * @returns undefined when nothing differs
 */
export async function compareArrays(
  array: string,
  before: string,
  after: string,
  tolerance: number,
): Promise<ArrayDifference | undefined> {
  const [bytesBefore, bytesAfter] = await Promise.all([readFile(before), readFile(after)]);
  if (bytesBefore.equals(bytesAfter)) return undefined;
  const [was, is] = await Promise.all([readNpy(before), readNpy(after)]);
  const shapes = [was.shape, is.shape] as const;
  if (was.shape.join() !== is.shape.join()) return { array, shapes, elements: null, absolute: null, relative: null };
  const difference = compareNumbers(toFloat64(was), toFloat64(is), tolerance);
  if (difference === undefined) return undefined;
  const { count, absolute, relative } = difference;
  return { array, shapes, elements: count, absolute, relative };
}
