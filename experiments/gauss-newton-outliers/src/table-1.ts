import type { Table } from '@hessian-rmt/plotting';
import { definePart, type Results } from '@hessian-rmt/replication';
import { countOutliers, searched } from './outlier-counts.js';
import { type MeasuredRow, table1Claims } from './table-1-claims.js';
import { type Table1Row, withinOneOf } from './table-1-rows.js';
import { clusterUnits, rowsOf, type Table1Settings, table1Profiles } from './table-1-settings.js';

/** Table 1 (Sagun et al. 2017, App. A): large eigenvalues of the Hessian against the number of clusters. */
export const table1 = definePart<Table1Settings>({
  id: 'table-1',
  place: 'Table 1',
  title: 'Number of large eigenvalues of the Hessian, by three criteria',
  profiles: table1Profiles,
  units: (settings) => rowsOf(settings).flatMap((row) => clusterUnits(row, settings)),

  present(results, settings) {
    const measured = rowsOf(settings).map((row) => measure(row, results, settings));
    return {
      tables: [tableOf(measured, settings)],
      claims: table1Claims(measured, settings),
      arrays: Object.fromEntries(
        rowsOf(settings).flatMap((row) =>
          clusterUnits(row, settings).map((unit, i) => [`table-1-${row.name}-${i}`, results.of(unit).arrays.spectrum]),
        ),
      ),
    };
  },
});

function measure(row: Table1Row, results: Results, settings: Table1Settings): MeasuredRow {
  const runs = clusterUnits(row, settings).map((unit) => results.of(unit));
  const spectra = runs.map(({ arrays }) => arrays.spectrum.data as Float64Array);
  return {
    row,
    counts: spectra.map((values) => countOutliers(values, row.cutoff)),
    means: spectra.map(mean),
    losses: runs.map(({ numbers }) => numbers.loss as number),
    accuracies: runs.map(({ numbers }) => numbers.accuracy as number),
  };
}

function tableOf(measured: readonly MeasuredRow[], settings: Table1Settings): Table {
  const { repetitions, dimension, hidden, samples } = settings;
  return {
    id: 'table-1',
    title: 'Table 1: large eigenvalues of the Hessian against the number of clusters',
    caption:
      `Counts here (one a repetition, ${repetitions} in all), in brackets the published one; * marks a count within one of k. ` +
      `Network ${dimension}-${hidden.join('-')}-k, ${samples} samples; ratio and elbow among the ${searched} largest eigenvalues. ` +
      'The elbow is found by rule here and by eye in the paper; "above cut-off" counts the eigenvalues above the threshold that the paper put at its elbow. ' +
      'The paper does not say of what its mean&std are; the mean eigenvalue stands beside it.',
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
      { header: 'training loss', format: '.1e' },
      { header: 'training accuracy', format: '.3f' },
    ],
    rows: measured.map(({ row, counts, means, losses, accuracies }) => {
      const beside = (here: readonly (number | null)[], published: number | null) =>
        `${here.map((count) => marked(count!, row)).join(' ')} (${published === null ? 'N/A' : marked(published, row)})`;
      const counted = (name: keyof (typeof counts)[number]) => counts.map((count) => count[name]);
      return [
        `${row.algorithm.toUpperCase()} ${row.activation === 'relu' ? 'ReLU' : row.activation}`,
        row.covariance,
        row.clusters,
        parametersAt(row, settings),
        beside(counted('gap'), row.gap),
        beside(counted('ratio'), row.ratio),
        beside(counted('elbow'), row.elbow),
        row.cutoff,
        row.cutoff === null ? null : beside(counted('aboveCutoff'), row.elbow),
        row.meanAndStd,
        mean(means),
        mean(losses),
        mean(accuracies),
      ];
    }),
  };
}

function marked(count: number, row: Table1Row): string {
  return `${count}${withinOneOf(row.clusters, count) ? '*' : ''}`;
}

function parametersAt(row: Table1Row, { dimension, hidden }: Table1Settings): number {
  const widths = [dimension, ...hidden, row.clusters];
  return widths.slice(1).reduce((sum, width, l) => sum + width * (widths[l] + 1), 0);
}

function mean(values: readonly number[] | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
