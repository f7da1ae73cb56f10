import { largestWeights } from '@hessian-rmt/curvature';
import type { Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import { comparison, oneRun } from './comparison.js';
import { type MeasuredRow, mainUnits, measuredRows, missingRows, slugOf } from './main-spectra.js';
import { describe, type NetworkSettings, networkProfiles, whyNotRun } from './network-settings.js';
import type { MeasuredSpectrum } from './network-spectrum.js';
import { type PrintedRow, printedRows } from './printed.js';

const kinds = ['empirical', 'augmented'] as const;

/** Ritz values in a row of the table. */
const shown = 3;

/** Table 3: the three Ritz values of largest weight (sec. 6.3). */
export const table3 = definePart<NetworkSettings>({
  id: 'table-3',
  place: 'Table 3',
  title: 'The heaviest Ritz values',
  profiles: networkProfiles,
  units: mainUnits,

  present(results, settings) {
    const rows = measuredRows(results, settings);
    return {
      tables: [tableOf(rows, settings)],
      claims: [
        ...rows.flatMap((row) => [...orderClaims(row, settings), ...valueClaims(row, settings)]),
        ...missingRows(settings).flatMap((row) =>
          printedValues(row).map((value) => judge.notRun({ ...value, why: whyNotRun(settings, row.set) })),
        ),
      ],
    };
  },
});

const heaviest = (spectrum: MeasuredSpectrum) => largestWeights(spectrum, shown);
const total = (values: readonly { readonly weight: number }[]) => values.reduce((sum, { weight }) => sum + weight, 0);

/** The smallest sum of three printed weights, 0.979: what the paper calls about 0.99. */
const leastTotal = Math.min(
  ...printedRows.flatMap(({ empirical, augmented }) => [total(empirical.heaviest), total(augmented.heaviest)]),
);

function tableOf(rows: readonly MeasuredRow[], settings: NetworkSettings): Table {
  const pairs = Array.from({ length: shown }, (_, i) => i + 1);
  const cells = (values: readonly { readonly weight: number; readonly value: number }[]) =>
    values.flatMap(({ weight, value }) => [weight, value]);
  return {
    id: 'table-3',
    title: 'Table 3: weights and places of the three heaviest Ritz values',
    caption: `Printed, and measured in the first repetition. Measured: ${[...new Set(rows.map(({ condition }) => describe(settings, condition)))].join('; ')}.`,
    columns: [
      { header: 'data' },
      { header: 'schedule' },
      { header: 'Hessian' },
      { header: '' },
      ...pairs.flatMap((i) => [
        { header: `weight ${i}`, format: '.3g' },
        { header: `value ${i}`, format: '.3g' },
      ]),
      { header: 'sum of weights', format: '.4g' },
    ],
    rows: rows.flatMap(({ printed, ...measured }) =>
      kinds.flatMap((kind) => {
        const here = heaviest(measured[kind][0]).map(({ node, weight }) => ({ weight, value: node }));
        const head = [printed.set, printed.schedule, kind] as const;
        const published = printed[kind].heaviest;
        return [
          [...head, 'printed', ...cells(published), total(published)],
          [...head, 'measured', ...cells(here), total(here)],
        ];
      }),
    ),
  };
}

function printedValues(row: PrintedRow) {
  const { set, schedule } = row;
  return kinds.flatMap((kind) =>
    row[kind].heaviest.flatMap(({ weight, value }, i) => {
      const common = { place: `Table 3, ${set}, ${schedule}, ${kind}` };
      const of = `of the Ritz value that is number ${i + 1} by weight (${kind} Hessian, ${set}, ${schedule})`;
      const id = `G7.${slugOf(row)}.${kind}-${i + 1}`;
      return [
        { ...common, id: `${id}-weight`, statement: `weight ${of}`, published: weight },
        { ...common, id: `${id}-value`, statement: `place ${of}`, published: value },
      ];
    }),
  );
}

/** In the order of `printedValues`. */
function valueClaims(row: MeasuredRow, settings: NetworkSettings): Claim[] {
  const samples = kinds.flatMap((kind) => {
    const repetitions = row[kind].map(heaviest);
    return Array.from({ length: shown }, (_, i) => [
      repetitions.map((values) => values[i].weight),
      repetitions.map((values) => values[i].node),
    ]).flat();
  });
  return printedValues(row.printed).map((value, i) =>
    judge.value({
      ...value,
      ...oneRun,
      ...comparison(settings, row.condition),
      figure: 'tables/table-3.md',
      samples: samples[i],
    }),
  );
}

function orderClaims(row: MeasuredRow, settings: NetworkSettings): Claim[] {
  const { set, schedule } = row.printed;
  return kinds.flatMap((kind) => {
    const spectra = row[kind];
    const common = {
      place: `Table 3, sec. 6.3, ${set}, ${schedule}`,
      figure: 'tables/table-3.md',
      ...comparison(settings, row.condition),
    };
    return [
      judge.order({
        ...common,
        id: `G7.${slugOf(row.printed)}.${kind}-three`,
        statement: `three Ritz values carry about 0.99 of the mass (${kind} Hessian, ${set}, ${schedule}); the printed weights sum to 0.979 to 0.996`,
        larger: { name: 'sum of the three largest weights', samples: spectra.map((one) => total(heaviest(one))) },
        smaller: { name: 'the smallest printed sum', samples: spectra.map(() => leastTotal) },
        because: 'about 0.99 is read as what the paper prints under that name',
      }),
      judge.order({
        ...common,
        id: `G7.${slugOf(row.printed)}.${kind}-at-origin`,
        statement: `the heaviest of them lies at the origin (${kind} Hessian, ${set}, ${schedule})`,
        larger: {
          name: 'a hundredth of the largest eigenvalue',
          samples: spectra.map(({ largest }) => largest / 100),
        },
        smaller: {
          name: 'magnitude of the heaviest Ritz value',
          samples: spectra.map((one) => Math.abs(heaviest(one)[0].node)),
        },
        because: 'in the printed spectra it lies within a thousandth of it; a hundredth is our choice',
      }),
    ];
  });
}
