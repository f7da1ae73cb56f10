import type { Panel } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import { countOutliers } from './outlier-counts.js';
import { type Table1Row, table1Rows } from './table-1-rows.js';
import { atSize, clusterUnits, rowsOf, type Table1Settings, table1Profiles } from './table-1-settings.js';

/** Sec. 3.1: SGD on a ReLU network at covariance 1, k in {2, 5, 10, 20, 50}: the same runs as in Table 1. */
const rowNames = table1Rows.filter((row) => row.algorithm === 'sgd' && row.covariance === 1).map((row) => row.name);

const withRows = (settings: Table1Settings, rows = rowNames): Table1Settings => ({ ...settings, rows });

interface Measured {
  readonly row: Table1Row;
  readonly spectra: readonly Float64Array[];
  readonly principal: readonly Float64Array[];
}

/**
 * Figures 2 and 3: principal components of k Gaussian clusters beside the Hessian of the network trained on them. The
 * paper counts the eigenvalues above the gap by eye; here the gap is the largest ratio of neighbours.
 */
export const figures2And3 = definePart<Table1Settings>({
  id: 'figures-2-3',
  place: 'Figures 2 and 3',
  title: 'Principal components of the data and eigenvalues of the Hessian for k clusters',
  profiles: {
    smoke: withRows(table1Profiles.smoke, ['sgd-relu-4115']),
    quick: withRows(table1Profiles.quick),
    laptop: withRows(table1Profiles.laptop),
    paper: withRows(table1Profiles.paper),
  },
  units: (settings) => rowsOf(settings).flatMap((row) => clusterUnits(row, settings)),

  present(results, settings) {
    const measured = rowsOf(settings).map((row) => {
      const units = clusterUnits(row, settings).map((unit) => results.of(unit).arrays);
      return {
        row,
        spectra: units.map((arrays) => arrays.spectrum.data as Float64Array),
        principal: units.map((arrays) => arrays.principalComponents.data as Float64Array),
      };
    });
    const sizes = `Network ${settings.dimension}-${settings.hidden.join('-')}-k, ReLU, SGD, ${settings.samples} samples, repetition 1 of ${settings.repetitions}.`;
    return {
      figures: [
        {
          id: 'figure-2',
          title: 'Figure 2: large principal components of k Gaussian clusters',
          caption: `Eigenvalues of the data's covariance in descending order; the line stands after rank k. ${sizes}`,
          columns: 3,
          panels: measured.map(({ row, principal }) =>
            scree(principal[0], row, { label: 'variance of component', positive: false }),
          ),
        },
        {
          id: 'figure-3',
          title: 'Figure 3: large eigenvalues of the Hessian after training',
          caption: `Largest eigenvalues of the exact Hessian in descending order; the line stands after rank k. ${sizes}`,
          columns: 3,
          panels: measured.map(({ row, spectra }) =>
            scree(spectra[0], row, { label: 'eigenvalue $λ$', positive: true }),
          ),
        },
      ],
      claims: measured.length === 0 ? [] : claimsOf(measured, settings),
    };
  },
});

function scree(values: Float64Array, row: Table1Row, style: { label: string; positive: boolean }): Panel {
  const largest = Array.from(values)
    .reverse()
    .slice(0, Math.max(30, 2 * row.clusters));
  const shown = style.positive ? largest.filter((value) => value > 0) : largest;
  return {
    title: `$k$ = ${row.clusters}`,
    x: { label: 'rank' },
    y: { label: style.label, scale: style.positive ? 'log' : 'linear' },
    marks: [
      { kind: 'points', x: shown.map((_, i) => i + 1), y: shown, size: 3 },
      { kind: 'rule', x: row.clusters + 0.5, color: 'muted' },
    ],
    legend: 'none',
  };
}

/** Eigenvalues above the gap of Figure 3, which the paper sees by eye: the largest ratio of neighbours. */
const aboveGap = (values: Float64Array) => countOutliers(values, null).ratio;

function claimsOf(measured: readonly Measured[], settings: Table1Settings): Claim[] {
  const at = atSize(settings);
  const clusters = measured.map(({ row }) => row.clusters);
  const matched = (spectraOf: (cell: Measured) => readonly Float64Array[]) =>
    Array.from(
      { length: settings.repetitions },
      (_, i) => measured.filter((cell) => aboveGap(spectraOf(cell)[i]) === cell.row.clusters).length,
    );
  return [
    ...measured.map(({ row, spectra }) =>
      judge.count({
        ...at,
        id: `S3.hessian.k-${row.clusters}`,
        place: 'Figure 3, sec. 3.1',
        statement: `the number of large eigenvalues above the gap matches exactly the number of classes, ${row.clusters}`,
        published: row.clusters,
        samples: spectra.map(aboveGap),
        within: 0,
        because:
          "the paper says exactly (though of its own Table 1's 15 counts of these networks 2 equal k); gap by eye there, by the largest ratio here",
        figure: 'figures/figure-3.svg',
      }),
    ),
    ...measured.map(({ row, principal }) =>
      judge.notComparable({
        id: `S3.data.k-${row.clusters}`,
        place: 'Figure 2, sec. 3.1',
        statement: `large principal components at k = ${row.clusters}`,
        samples: principal.map(aboveGap),
        why: 'the paper prints no numbers; S3.components-miss-k judges its statement',
        figure: 'figures/figure-2.svg',
        atPublishedSize: at.atPublishedSize,
      }),
    ),
    judge.order({
      ...at,
      id: 'S3.components-miss-k',
      place: 'Figure 2, sec. 3.1',
      statement: 'the number of large principal components does not match the number of clusters exactly',
      larger: {
        name: `values of k of ${clusters.join(', ')}`,
        samples: matched(({ principal }) => principal).map(() => clusters.length),
      },
      smaller: { name: 'values of k that the components match', samples: matched(({ principal }) => principal) },
      because: 'not exactly: at least one k is missed; components of centred data, so one fewer than k is built in',
      figure: 'figures/figure-2.svg',
    }),
    judge.count({
      ...at,
      id: 'S3.hessian-matches-k',
      place: 'Figures 2 and 3, sec. 3.1',
      statement:
        'even where the principal components miss k, the large eigenvalues of the Hessian match it: at every k',
      published: clusters.length,
      samples: matched(({ spectra }) => spectra),
      within: 0,
      because: 'the paper says exactly, of all the k that it shows',
      figure: 'figures/figure-3.svg',
    }),
  ];
}
