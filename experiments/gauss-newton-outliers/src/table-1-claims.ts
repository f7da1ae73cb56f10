import { type Claim, judge } from '@hessian-rmt/replication';
import type { OutlierCounts } from './outlier-counts.js';
import { type Table1Row, table1Rows, withinOneOf } from './table-1-rows.js';
import { atSize, type Table1Settings } from './table-1-settings.js';

export interface MeasuredRow {
  readonly row: Table1Row;
  /** One a repetition, as the others. */
  readonly counts: readonly OutlierCounts[];
  readonly means: readonly number[];
  readonly losses: readonly number[];
  readonly accuracies: readonly number[];
}

/** What a printed count is held against: a column of the table and the count here that answers to it. */
const criteria = [
  { name: 'gap', printed: 'gap', counted: 'gap', rule: 'largest consecutive gap' },
  { name: 'ratio', printed: 'ratio', counted: 'ratio', rule: 'largest consecutive ratio' },
  { name: 'cutoff', printed: 'elbow', counted: 'aboveCutoff', rule: 'cut-off of the scree plot' },
] as const;

const figure = 'tables/table-1.md';
/** Stands in every claim of counts: what the table leaves open decides over them. */
const open = 'training length, samples and centres are ours (README)';

export function table1Claims(measured: readonly MeasuredRow[], settings: Table1Settings): Claim[] {
  return [
    ...measured.flatMap((row) => rowClaims(row, settings)),
    ...criteria.flatMap((c) => columnClaims(c, measured, settings)),
  ];
}

function rowClaims({ row, counts, means }: MeasuredRow, settings: Table1Settings): Claim[] {
  const at = atSize(settings);
  const place = `Table 1, ${rowLabel(row)}`;
  const k = row.clusters;
  return [
    ...criteria
      .filter(({ printed }) => row[printed] !== null)
      .map(({ name, printed, counted, rule }) =>
        judge.count({
          ...at,
          id: `S4.${row.name}.${name}`,
          place: `${place}, ${printed}`,
          statement:
            name === 'cutoff'
              ? `${row.elbow} eigenvalues lie above the cut-off ${row.cutoff} (k = ${k})`
              : `${row[printed]} eigenvalues lie above the ${rule} (k = ${k})`,
          published: row[printed]!,
          samples: counts.map((count) => count[counted]!),
          within: 1,
          because: `one off is our choice, after the paper's marks, which forgive one; ${open}`,
          figure,
        }),
      ),
    ...(row.elbow === null
      ? []
      : [
          judge.notComparable({
            id: `S4.${row.name}.elbow`,
            place: `${place}, heuristic`,
            statement: `${row.elbow} eigenvalues lie before the elbow of the scree plot (k = ${k})`,
            published: row.elbow,
            samples: counts.map(({ elbow }) => elbow),
            why: 'the paper finds its elbows by eye and prints no rule; measured by ours',
            atPublishedSize: at.atPublishedSize,
            figure,
          }),
        ]),
    judge.notComparable({
      id: `S4.${row.name}.mean-std`,
      place: `${place}, mean&std`,
      statement: `mean&std is ${row.meanAndStd}, twice the same number`,
      published: row.meanAndStd,
      samples: means,
      why: 'the paper does not say of what; measured is the mean eigenvalue',
      atPublishedSize: at.atPublishedSize,
      figure,
    }),
  ];
}

/** Of a whole column: how many rows come within one of k, and whether they are the paper's. */
function columnClaims(
  { name, printed, counted, rule }: (typeof criteria)[number],
  measured: readonly MeasuredRow[],
  settings: Table1Settings,
): Claim[] {
  const rows = table1Rows.filter((row) => row[printed] !== null);
  const marked = (row: Table1Row) => withinOneOf(row.clusters, row[printed]!);
  const total = rows.filter(marked).length;
  const statement = { place: `Table 1, ${printed}`, figure };
  const totalOf = {
    ...statement,
    id: `S4.rows-within-one-of-k.${name}`,
    statement: `by the ${rule}, ${total} of ${rows.length} rows are within one of k`,
    published: total,
  };
  const agreement = {
    ...statement,
    id: `S4.same-rows.${name}`,
    statement: `the rows within one of k by the ${rule} are those that the paper marks`,
  };
  const run = measured.filter(({ row }) => row[printed] !== null);
  if (run.length < rows.length) {
    const why = `${run.length} of ${rows.length} rows were run`;
    return [judge.notRun({ ...totalOf, why }), judge.notRun({ ...agreement, why })];
  }
  const repetitions = Array.from({ length: settings.repetitions }, (_, i) =>
    run.map(({ row, counts }) => ({ row, here: withinOneOf(row.clusters, counts[i][counted]!) })),
  );
  const totals = repetitions.map((marks) => marks.filter(({ here }) => here).length);
  return [
    judge.count({
      ...totalOf,
      ...atSize(settings),
      samples: totals,
      within: Math.floor(1.96 * Math.sqrt((total * (rows.length - total)) / rows.length)),
      because: `the paper trained one network a row: at most the binomial error (95 %) of its own total; ${open}`,
    }),
    judge.order({
      ...agreement,
      ...atSize(settings),
      larger: {
        name: 'rows whose mark agrees with the paper',
        samples: repetitions.map((marks) => marks.filter(({ row, here }) => here === marked(row)).length),
      },
      smaller: {
        name: 'agreement that chance reaches at these totals in 95 % of tables',
        samples: totals.map((here) => agreementByChance(rows.length, total, here)),
      },
      because: `above the 95 % point of marks put at random, in every repetition; ${open}`,
    }),
  ];
}

/**
 * 95 % point (normal approximation) of the number of agreeing rows when the paper marks `printed` and we mark `here` of
 * them at random: the rows marked by both are hypergeometric, and agreement is twice them plus a constant.
 */
function agreementByChance(rows: number, printed: number, here: number): number {
  const mean = (printed * here + (rows - printed) * (rows - here)) / rows;
  const variance = (printed * here * (rows - printed) * (rows - here)) / (rows * rows * (rows - 1));
  return mean + 1.645 * 2 * Math.sqrt(variance);
}

function rowLabel(row: Table1Row): string {
  const activation = row.activation === 'relu' ? 'ReLU' : row.activation;
  return `${row.algorithm.toUpperCase()} ${activation} ${row.size}, cov ${row.covariance}`;
}
