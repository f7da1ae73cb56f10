import { elbow, largestGap, largestRatio, spectrumOf } from '@hessian-rmt/curvature';
import type { Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results, type Unit } from '@hessian-rmt/replication';
import { type ClusterConfig, clusterSpectrum } from './cluster-spectrum.js';
import { type Table1Row, table1Rows, withinOneOf } from './table-1-rows.js';

/**
 * What Table 1 leaves open, chosen once for all rows (see the README of this package; `choices.ts` varies it).
 * Sizes below the published ones serve the small profiles.
 */
export type Table1Settings = {
  readonly rows: readonly string[];
  readonly repetitions: number;
  readonly dimension: number;
  readonly hidden: readonly number[];
  readonly samples: number;
  readonly centreScale: number;
  readonly rate: number;
  readonly batch: number;
  readonly gdSteps: number;
  readonly sgdSteps: number;
};

const published: Table1Settings = {
  rows: table1Rows.map((row) => row.name),
  repetitions: 3,
  dimension: 100,
  hidden: [30, 30],
  samples: 1000,
  centreScale: 1,
  rate: 0.1,
  batch: 32,
  gdSteps: 4000,
  sgdSteps: 20000,
};

const small = { ...published, hidden: [8, 8], samples: 500, gdSteps: 1000, sgdSteps: 4000, repetitions: 1 };

export const table1Profiles = {
  smoke: {
    ...small,
    rows: ['gd-tanh-4022', 'gd-relu-4115', 'sgd-relu-4115', 'sgd-relu-4022-cov10'],
    samples: 200,
    gdSteps: 300,
    sgdSteps: 600,
  },
  quick: small,
  laptop: published,
  paper: { ...published, repetitions: 10 },
};

export function isPublishedSize({ dimension, hidden }: Table1Settings): boolean {
  return dimension === 100 && hidden.join() === '30,30';
}

export function clusterUnits(row: Table1Row, settings: Table1Settings): Unit[] {
  const { dimension, hidden, samples, centreScale, rate, batch, gdSteps, sgdSteps } = settings;
  const config: ClusterConfig = {
    clusters: row.clusters,
    covariance: row.covariance,
    samples,
    dimension,
    centreScale,
    hidden,
    activation: row.activation,
    algorithm: row.algorithm,
    batch: row.algorithm === 'gd' ? samples : batch,
    rate,
    steps: row.algorithm === 'gd' ? gdSteps : sgdSteps,
  };
  return Array.from({ length: settings.repetitions }, (_, repetition) =>
    clusterSpectrum.unit(config, { repetition, threads: 1 }),
  );
}

export const rowsOf = ({ rows }: Table1Settings) => table1Rows.filter((row) => rows.includes(row.name));

/** The three counts of Table 1 for one spectrum. */
export interface OutlierCounts {
  readonly gap: number;
  readonly ratio: number;
  readonly elbow: number;
  /** Eigenvalues above the paper's own threshold; null where it gives none. */
  readonly aboveCutoff: number | null;
  readonly mean: number;
}

/** Ratio and elbow are searched among this many largest eigenvalues (our choice; `choices.ts` varies it). */
export const searched = 200;

export function countOutliers(values: Float64Array, cutoff: number | null, among = searched): OutlierCounts {
  const spectrum = spectrumOf(values);
  return {
    gap: largestGap(spectrum).count,
    ratio: largestRatio(spectrum, { above: spectrum.roundingFloor, among }).count,
    elbow: elbow(spectrum, { among }).count,
    aboveCutoff: cutoff === null ? null : values.filter((value) => value > cutoff).length,
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  };
}

const criteria = ['gap', 'ratio', 'elbow'] as const;
type Criterion = (typeof criteria)[number];
const ruleOf: Record<Criterion, string> = {
  gap: 'largest consecutive gap',
  ratio: `largest consecutive ratio among the ${searched} largest`,
  elbow: 'elbow of the scree plot',
};

export const table1 = definePart<Table1Settings>({
  id: 'table-1',
  place: 'Table 1',
  title: 'Number of large eigenvalues of the Hessian, by three criteria',
  profiles: table1Profiles,
  units: (settings) => rowsOf(settings).flatMap((row) => clusterUnits(row, settings)),

  present(results, settings) {
    const measured = rowsOf(settings).map((row) => ({ row, counts: countsOf(row, results, settings) }));
    return {
      tables: [tableOf(measured, settings)],
      arrays: Object.fromEntries(
        rowsOf(settings).flatMap((row) =>
          clusterUnits(row, settings).map((unit, i) => [`table-1-${row.name}-${i}`, results.of(unit).arrays.spectrum]),
        ),
      ),
      claims: [...measured.flatMap((cell) => cellClaims(cell, settings)), ...totalClaims(measured, settings)],
    };
  },
});

interface MeasuredRow {
  readonly row: Table1Row;
  /** One a repetition. */
  readonly counts: readonly OutlierCounts[];
}

function countsOf(row: Table1Row, results: Results, settings: Table1Settings): OutlierCounts[] {
  return clusterUnits(row, settings).map((unit) =>
    countOutliers(results.of(unit).arrays.spectrum.data as Float64Array, row.cutoff),
  );
}

/** Every printed count, and whether the paper marks it. */
function cellClaims({ row, counts }: MeasuredRow, settings: Table1Settings): Claim[] {
  const at = atSize(settings);
  return criteria
    .filter((criterion) => row[criterion] !== null)
    .flatMap((criterion) => {
      const printed = row[criterion]!;
      const samples = counts.map((count) => count[criterion]);
      const where = { place: `Table 1, ${rowLabel(row)}, ${criterion}`, figure: 'tables/table-1.md' };
      const marked = withinOneOf(row.clusters, printed);
      return [
        judge.count({
          ...where,
          ...at,
          id: `S4.${row.name}.${criterion}`,
          statement: `${printed} eigenvalues lie above the ${ruleOf[criterion]} at k = ${row.clusters}`,
          published: printed,
          samples,
          within: 1,
          because: 'the paper itself marks counts that are off by one',
        }),
        judge.count({
          ...where,
          ...at,
          id: `S4.${row.name}.${criterion}-marked`,
          statement: `the count by ${ruleOf[criterion]} is ${marked ? '' : 'not '}within one of k = ${row.clusters}`,
          published: marked ? 1 : 0,
          samples: samples.map((count) => (withinOneOf(row.clusters, count) ? 1 : 0)),
          within: 0,
          because: 'a mark is there (1) or not (0)',
        }),
      ];
    });
}

/** How many rows are within one of k, by each criterion: 12 of 19, 8 of 19, 13 of 15. */
function totalClaims(measured: readonly MeasuredRow[], settings: Table1Settings): Claim[] {
  return criteria.map((criterion) => {
    const rows = table1Rows.filter((row) => row[criterion] !== null);
    const printed = rows.filter((row) => withinOneOf(row.clusters, row[criterion]!)).length;
    const statement = {
      id: `S4.rows-within-one-of-k.${criterion}`,
      place: `Table 1, ${criterion}`,
      statement: `by the ${ruleOf[criterion]}, ${printed} of ${rows.length} rows are within one of k`,
      published: printed,
      figure: 'tables/table-1.md',
    };
    const run = measured.filter(({ row }) => row[criterion] !== null);
    if (run.length < rows.length)
      return judge.notRun({ ...statement, why: `${run.length} of ${rows.length} rows were run` });
    const samples = Array.from(
      { length: settings.repetitions },
      (_, i) => run.filter(({ row, counts }) => withinOneOf(row.clusters, counts[i][criterion])).length,
    );
    return judge.count({
      ...statement,
      ...atSize(settings),
      samples,
      // One network a row: a row is marked or not, so the total has a binomial error.
      within: Math.round(1.96 * Math.sqrt((printed * (rows.length - printed)) / rows.length)),
      because: 'binomial error (95 %) of a table with one network a row',
    });
  });
}

function tableOf(measured: readonly MeasuredRow[], settings: Table1Settings): Table {
  const both = (samples: readonly number[], printed: number | null, clusters: number) =>
    `${samples.map((count) => `${count}${withinOneOf(clusters, count) ? '*' : ''}`).join(' ')} (${printed ?? 'N/A'}${
      printed !== null && withinOneOf(clusters, printed) ? '*' : ''
    })`;
  return {
    id: 'table-1',
    title: 'Table 1: large eigenvalues of the Hessian against the number of clusters',
    caption:
      `Counts of each of ${settings.repetitions} runs, the published count in brackets; * marks a count within one of k. ` +
      `Network ${settings.dimension}-${settings.hidden.join('-')}-k, ${settings.samples} samples. ` +
      'The elbow is found by rule here and by eye in the paper; "above cut-off" counts the eigenvalues above the threshold that the paper read off its own scree plots. ' +
      'The paper does not say of what its mean&std are; the mean eigenvalue (trace over P) stands beside it.',
    columns: [
      { header: 'network' },
      { header: 'cov' },
      { header: 'k' },
      { header: 'P' },
      { header: 'gap' },
      { header: 'ratio' },
      { header: 'elbow' },
      { header: 'cut-off', format: '.3f' },
      { header: 'above cut-off' },
      { header: 'mean&std, published', format: '.2e' },
      { header: 'mean eigenvalue', format: '.2e' },
    ],
    rows: measured.map(({ row, counts }) => [
      `${row.algorithm.toUpperCase()} ${row.activation === 'relu' ? 'ReLU' : row.activation}`,
      row.covariance,
      row.clusters,
      parametersAt(row, settings),
      both(
        counts.map(({ gap }) => gap),
        row.gap,
        row.clusters,
      ),
      both(
        counts.map(({ ratio }) => ratio),
        row.ratio,
        row.clusters,
      ),
      both(
        counts.map((count) => count.elbow),
        row.elbow,
        row.clusters,
      ),
      row.cutoff,
      row.cutoff === null ? null : counts.map(({ aboveCutoff }) => aboveCutoff).join(' '),
      row.meanAndStd,
      counts.reduce((sum, { mean }) => sum + mean, 0) / counts.length,
    ]),
  };
}

function parametersAt(row: Table1Row, { dimension, hidden }: Table1Settings): number {
  const widths = [dimension, ...hidden, row.clusters];
  return widths.slice(1).reduce((sum, width, l) => sum + width * (widths[l] + 1), 0);
}

export function rowLabel(row: Table1Row): string {
  const activation = row.activation === 'relu' ? 'ReLU' : row.activation;
  return `${row.algorithm.toUpperCase()} ${activation} ${row.size}, cov ${row.covariance}`;
}

export function atSize(settings: Table1Settings): { atPublishedSize: boolean; difference?: string } {
  if (isPublishedSize(settings)) return { atPublishedSize: true };
  return {
    atPublishedSize: false,
    difference: `network ${settings.dimension}-${settings.hidden.join('-')}-k, published 100-30-30-k`,
  };
}
