import { csvParseRows } from 'd3-dsv';
import { relativeDifference } from './compare-numbers.js';
import { pairUp } from './pair-up.js';

export interface TableDifference {
  readonly table: string;
  /** Cells that differ, of the rows and columns that both have. */
  readonly cells: number;
  /** Largest relative difference among the numbers; 0 where only texts differ. */
  readonly relative: number;
  /** The cell where it is: the row's first cell, the column, and both contents; null where no cell differs. */
  readonly at: {
    readonly row: string;
    readonly column: string;
    readonly before: string;
    readonly after: string;
  } | null;
  readonly rows: readonly [before: number, after: number];
  /** Headers of columns that only one of the two has. */
  readonly columnsOnlyBefore: readonly string[];
  readonly columnsOnlyAfter: readonly string[];
}

/**
 * What differs between two tables as CSV with a header line. Columns are paired by their headers; rows by their place, or,
 * where there are more or fewer of them, by their first cell.
 *
 * @param tolerance  largest relative difference of numbers that is let pass
 * @returns undefined when nothing differs
 */
export function compareTables(
  table: string,
  before: string,
  after: string,
  tolerance: number,
): TableDifference | undefined {
  const [headerBefore = [], ...rowsBefore] = csvParseRows(before);
  const [headerAfter = [], ...rowsAfter] = csvParseRows(after);
  const columns = pairUp(
    headerBefore.map((name, index) => ({ name, index })),
    headerAfter.map((name, index) => ({ name, index })),
    ({ name }) => name,
    () => false,
  );
  const rows =
    rowsBefore.length === rowsAfter.length
      ? rowsAfter.map((row, i) => [rowsBefore[i], row] as const)
      : pairUp(
          rowsBefore,
          rowsAfter,
          ([first]) => first,
          () => false,
        ).pairs;
  let cells = 0;
  let relative = 0;
  let at: TableDifference['at'] = null;
  for (const [was, is] of rows) {
    for (const [from, to] of columns.pairs) {
      const difference = cellDifference(was[from.index], is[to.index]);
      if (difference <= tolerance) continue;
      cells++;
      const isLargest = Number.isFinite(difference) && difference > relative;
      if (isLargest) relative = difference;
      if (isLargest || at === null) at = { row: is[0], column: to.name, before: was[from.index], after: is[to.index] };
    }
  }
  const columnsOnlyBefore = columns.onlyBefore.map(({ name }) => name);
  const columnsOnlyAfter = columns.onlyAfter.map(({ name }) => name);
  const isSame =
    cells === 0 &&
    rowsBefore.length === rowsAfter.length &&
    columnsOnlyBefore.length === 0 &&
    columnsOnlyAfter.length === 0;
  if (isSame) return undefined;
  const lengths = [rowsBefore.length, rowsAfter.length] as const;
  return { table, cells, relative, at, rows: lengths, columnsOnlyBefore, columnsOnlyAfter };
}

/** Relative for two numbers; for texts 0 or infinite. */
function cellDifference(before: string, after: string): number {
  if (before === after) return 0;
  const [was, is] = [before, after].map((cell) => (cell.trim() === '' ? Number.NaN : Number(cell)));
  return Number.isFinite(was) && Number.isFinite(is) ? relativeDifference(was, is) : Number.POSITIVE_INFINITY;
}
