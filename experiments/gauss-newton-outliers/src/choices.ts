import { definePart, type Unit } from '@hessian-rmt/replication';
import { type ClusterConfig, clusterSpectrum } from './cluster-spectrum.js';
import { countOutliers } from './outlier-counts.js';
import { table1Rows } from './table-1-rows.js';
import { clusterUnits, type Table1Settings, table1Profiles } from './table-1-settings.js';

/** The rows at k = 10: large enough for the three criteria to differ, in the middle of the table. */
const variedRows = ['gd-relu-4270', 'sgd-relu-4270'];

/** What the paper leaves open, each varied alone around our choice. */
const variations: readonly {
  readonly what: string;
  readonly changed: (config: ClusterConfig) => Partial<ClusterConfig>;
}[] = [
  { what: 'as in Table 1', changed: () => ({}) },
  { what: 'samples / 3', changed: (c) => withSamples(c, Math.round(c.samples / 3)) },
  { what: 'samples x 3', changed: (c) => withSamples(c, 3 * c.samples) },
  { what: 'cluster centres / 2', changed: (c) => ({ centreScale: c.centreScale / 2 }) },
  { what: 'cluster centres x 2', changed: (c) => ({ centreScale: c.centreScale * 2 }) },
  { what: 'rate / 2', changed: (c) => ({ rate: c.rate / 2 }) },
  { what: 'rate x 2', changed: (c) => ({ rate: c.rate * 2 }) },
  { what: 'steps / 16', changed: (c) => ({ steps: Math.round(c.steps / 16) }) },
  { what: 'steps / 4', changed: (c) => ({ steps: Math.round(c.steps / 4) }) },
  { what: 'steps x 2', changed: (c) => ({ steps: 2 * c.steps }) },
];

const withSamples = (config: ClusterConfig, samples: number): Partial<ClusterConfig> => ({
  samples,
  batch: config.algorithm === 'gd' ? samples : config.batch,
});

/** Ranges for ratio and elbow: the counts depend on where the search stops. */
const ranges = [50, 200, Number.POSITIVE_INFINITY];

function unitsOf(settings: Table1Settings): { row: (typeof table1Rows)[number]; what: string; unit: Unit }[] {
  return table1Rows
    .filter((row) => settings.rows.includes(row.name))
    .flatMap((row) => {
      const [unit] = clusterUnits(row, settings);
      const config = unit.config as ClusterConfig;
      return variations.map(({ what, changed }) => ({
        row,
        what,
        unit: clusterSpectrum.unit(
          { ...config, ...changed(config) },
          { repetition: unit.repetition, threads: unit.threads },
        ),
      }));
    });
}

/** How far the counts of Table 1 hang on what the paper leaves open (a table of ours). */
export const choices = definePart<Table1Settings>({
  id: 'choices',
  place: 'Appendix A',
  title: 'Counts of Table 1 when an open choice is varied',
  profiles: {
    smoke: { ...table1Profiles.smoke, rows: [] },
    quick: { ...table1Profiles.quick, rows: variedRows },
    // One row: the networks of Figures 2 and 3 are trained by SGD, and GD takes half as long again.
    laptop: { ...table1Profiles.laptop, rows: ['sgd-relu-4270'], repetitions: 1 },
    paper: { ...table1Profiles.paper, rows: variedRows, repetitions: 1 },
  },
  units: (settings) => unitsOf(settings).map(({ unit }) => unit),

  present(results, settings) {
    if (settings.rows.length === 0) return {};
    return {
      tables: [
        {
          id: 'choices',
          title: 'Large eigenvalues at k = 10 when one open choice is varied',
          caption:
            'Each choice varied alone, from the same start; one repetition. Ratio and elbow are searched among the 50, the 200 and all eigenvalues above the rounding floor.',
          columns: [
            { header: 'network' },
            { header: 'varied' },
            { header: 'k' },
            { header: 'gap' },
            ...['ratio', 'elbow'].flatMap((criterion) =>
              ranges.map((range) => ({ header: `${criterion}, ${Number.isFinite(range) ? range : 'all'}` })),
            ),
            { header: 'training loss', format: '.2e' },
            { header: 'largest eigenvalue', format: '.3g' },
          ],
          rows: unitsOf(settings).map(({ row, what, unit }) => {
            const { numbers, arrays } = results.of(unit);
            const values = arrays.spectrum.data as Float64Array;
            const counts = countOutliers(values, row.cutoff);
            return [
              row.algorithm.toUpperCase(),
              what,
              row.clusters,
              counts.gap,
              ...ranges.map((range) => countOutliers(values, row.cutoff, range).ratio),
              ...ranges.map((range) => countOutliers(values, row.cutoff, range).elbow),
              numbers.loss as number,
              values[values.length - 1],
            ];
          }),
        },
      ],
    };
  },
});
