import { compareNumbers } from '../comparison/compare-numbers.js';
import { settingDifferences } from '../comparison/setting-differences.js';
import type { Json, StoredArray, UnitResult } from '../experiment.js';

/** A number or an array of a unit that is not what was stored. */
export interface ResultDifference {
  /** `numbers.gap`, `arrays.spectrum`. */
  readonly name: string;
  /** How many numbers or elements differ, and the largest difference; null where they cannot be compared one by one. */
  readonly count: number | null;
  readonly absolute: number | null;
  /** Relative to the larger of the two. */
  readonly relative: number | null;
  /** What no difference of numbers tells: other shapes, other texts. */
  readonly other: string | null;
}

/** Everything in which the bytes of a result computed again differ from those of the stored one. */
export function compareResults(stored: UnitResult, computed: UnitResult): readonly ResultDifference[] {
  const numbers = settingDifferences(stored.numbers, computed.numbers);
  const arrays = [...new Set([...Object.keys(stored.arrays), ...Object.keys(computed.arrays)])];
  return [
    ...numbers.map(({ path, before, after }) => numberDifference(`numbers.${path}`, before, after)),
    ...arrays.flatMap((name) => arrayDifference(`arrays.${name}`, stored.arrays[name], computed.arrays[name]) ?? []),
  ];
}

function numberDifference(name: string, before: Json, after: Json): ResultDifference {
  const [was, is] = [before, after].map((value) => (Array.isArray(value) ? value : [value]));
  const isNumeric = [...was, ...is].every((value) => typeof value === 'number') && was.length === is.length;
  const difference = isNumeric ? compareNumbers(was, is, 0) : undefined;
  if (difference === undefined) return unlike(name, `stored ${short(before)}, now ${short(after)}`);
  return { name, ...difference, other: null };
}

function arrayDifference(
  name: string,
  stored: StoredArray | undefined,
  computed: StoredArray | undefined,
): ResultDifference | undefined {
  if (stored === undefined) return unlike(name, 'not stored');
  if (computed === undefined) return unlike(name, 'not computed now');
  const [was, is] = [stored, computed];
  if (was.shape.join() !== is.shape.join()) {
    return unlike(name, `shape (${is.shape.join(', ')}), stored (${was.shape.join(', ')})`);
  }
  if (was.data.constructor !== is.data.constructor) return unlike(name, 'elements of another type');
  const difference = compareNumbers(was.data, is.data, 0);
  if (difference !== undefined) return { name, ...difference, other: null };
  // The bytes may differ all the same: 0 and -0.
  return is.data.every((element, i) => Object.is(element, was.data[i]))
    ? undefined
    : unlike(name, 'zeros of another sign');
}

function unlike(name: string, other: string): ResultDifference {
  return { name, count: null, absolute: null, relative: null, other };
}

function short(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 30 ? `${text.slice(0, 27)}...` : text;
}
