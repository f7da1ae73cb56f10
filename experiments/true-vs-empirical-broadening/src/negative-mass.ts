import { negativeMass } from '@hessian-rmt/curvature';
import type { Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import { comparison, oneRun } from './comparison.js';
import { type MeasuredRow, mainUnits, measuredRows, missingRows, slugOf } from './main-spectra.js';
import { describe, type NetworkSettings, networkProfiles, whyNotRun } from './network-settings.js';
import type { MeasuredSpectrum } from './network-spectrum.js';
import type { PrintedRow } from './printed.js';

const kinds = ['empirical', 'augmented'] as const;

/** Secs. 5.3, 6.1 to 6.3: how much of the spectra is negative. */
export const negativeSpectralMass = definePart<NetworkSettings>({
  id: 'negative-mass',
  place: 'Secs. 5.3, 6.1-6.3',
  title: 'Negative Ritz values and their weight',
  profiles: networkProfiles,
  units: mainUnits,

  present(results, settings) {
    const rows = measuredRows(results, settings);
    return {
      tables: [tableOf(rows, settings)],
      claims: [
        ...rows.flatMap((row) => [...orderClaims(row, settings), ...valueClaims(row, settings)]),
        ...missingRows(settings).flatMap((row) =>
          printedValues(row).map(({ of: _, ...value }) =>
            judge.notRun({ ...value, why: whyNotRun(settings, row.set) }),
          ),
        ),
      ],
    };
  },
});

/** Of a Ritz spectrum: how many are negative and well apart from the origin, of how many, and their weight. */
const negative = (spectrum: MeasuredSpectrum) => negativeMass(spectrum);

function tableOf(rows: readonly MeasuredRow[], settings: NetworkSettings): Table {
  return {
    id: 'negative-mass',
    title: 'Negative Ritz values well apart from the origin, and their weight',
    caption:
      `Printed (secs. 6.1 to 6.3; not given for the empirical Hessian of CIFAR-10, Overfit), and measured in the first repetition. Well apart (sec. 5.3) is read as ` +
      `below -${negative(rows[0].empirical[0]).separation} times the smallest magnitude; in brackets all negative ones. Measured: ${[...new Set(rows.map(({ condition }) => describe(settings, condition)))].join('; ')}.`,
    columns: [
      { header: 'data' },
      { header: 'schedule' },
      { header: 'Hessian' },
      { header: 'printed' },
      { header: 'printed weight', format: '.3g' },
      { header: 'measured' },
      { header: 'measured weight', format: '.3g' },
      { header: 'weight of all negative', format: '.3g' },
    ],
    rows: rows.flatMap((row) =>
      kinds.map((kind) => {
        const { printed } = row;
        const here = negative(row[kind][0]);
        const published = printed[kind].negative;
        return [
          printed.set,
          printed.schedule,
          kind,
          published ? `${published.count} of ${kind === 'empirical' ? 100 : 80}` : null,
          published?.weight ?? null,
          `${here.count} (${here.allCount}) of ${here.nodes}`,
          here.mass,
          here.allMass,
        ];
      }),
    ),
  };
}

function printedValues(row: PrintedRow) {
  const { set, schedule } = row;
  return kinds.flatMap((kind) => {
    const published = row[kind].negative;
    if (!published) return [];
    const steps = kind === 'empirical' ? 100 : 80;
    const where = `(${kind} Hessian, ${set}, ${schedule})`;
    const common = { place: `Secs. 6.1-6.3, ${set}, ${schedule}` };
    return [
      {
        ...common,
        id: `G6.${slugOf(row)}.${kind}-count`,
        statement: `share of the Ritz values that are negative, ${published.count} of ${steps} ${where}`,
        published: published.count / steps,
        of: kind,
      },
      {
        ...common,
        id: `G6.${slugOf(row)}.${kind}-weight`,
        statement: `weight of the negative Ritz values ${where}`,
        published: published.weight,
        of: kind,
      },
    ];
  });
}

function valueClaims(row: MeasuredRow, settings: NetworkSettings): Claim[] {
  return printedValues(row.printed).map(({ of: kind, ...value }) =>
    judge.value({
      ...value,
      ...oneRun,
      ...comparison(settings, row.condition),
      figure: 'tables/negative-mass.md',
      samples: row[kind].map((spectrum) => {
        const { count, nodes, mass } = negative(spectrum);
        return value.id.endsWith('count') ? count / nodes : mass;
      }),
    }),
  );
}

function orderClaims(row: MeasuredRow, settings: NetworkSettings): Claim[] {
  const { set, schedule } = row.printed;
  const common = {
    place: `Secs. 6.1-6.3, ${set}, ${schedule}`,
    figure: 'tables/negative-mass.md',
    ...comparison(settings, row.condition),
    because: 'the paper calls the drop sharp and has it in every spectrum for which it prints both numbers',
  };
  const of = (kind: 'empirical' | 'augmented', f: (found: ReturnType<typeof negative>) => number) =>
    row[kind].map((spectrum) => f(negative(spectrum)));
  return [
    judge.order({
      ...common,
      id: `G6.${slugOf(row.printed)}.share-falls`,
      statement: `a smaller share of the Ritz values is negative in the augmented Hessian than in the empirical one (${set}, ${schedule})`,
      larger: { name: 'negative share, empirical', samples: of('empirical', ({ count, nodes }) => count / nodes) },
      smaller: { name: 'negative share, augmented', samples: of('augmented', ({ count, nodes }) => count / nodes) },
    }),
    judge.order({
      ...common,
      id: `G6.${slugOf(row.printed)}.weight-falls`,
      statement: `the negative Ritz values have less weight in the augmented Hessian than in the empirical one (${set}, ${schedule})`,
      larger: { name: 'negative weight, empirical', samples: of('empirical', ({ mass }) => mass) },
      smaller: { name: 'negative weight, augmented', samples: of('augmented', ({ mass }) => mass) },
    }),
  ];
}
