import { type Figure, spectralStems, type Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import { comparison, oneRun } from './comparison.js';
import { type PrintedSet, printedSets } from './image-sets.js';
import { type MeasuredRow, mainUnits, measuredRows, missingRows, slugOf } from './main-spectra.js';
import { median } from './median.js';
import { describe, type NetworkSettings, networkProfiles, whyNotRun } from './network-settings.js';
import type { MeasuredSpectrum } from './network-spectrum.js';
import type { PrintedRow } from './printed.js';

/** Tables 1 and 2 with Figures 1 to 8: empirical and augmented Hessians at the end of two schedules (secs. 6.1, 6.2). */
export const tables12 = definePart<NetworkSettings>({
  id: 'tables-1-2',
  place: 'Tables 1, 2, Figures 1-8',
  title: 'Spectra of the empirical and of the augmented Hessian',
  profiles: networkProfiles,
  units: mainUnits,

  present(results, settings) {
    const rows = measuredRows(results, settings);
    const present = printedSets.filter((set) => rows.some(({ condition }) => condition.set === set));
    return {
      figures: present.map((set) => figureOf(set, rowsOf(rows, set), settings)),
      tables: present.map((set) => tableOf(set, rowsOf(rows, set), settings)),
      claims: [
        ...rows.flatMap((row) => [...orderClaims(row, settings), ...valueClaims(row, settings)]),
        ...missingRows(settings).flatMap((row) =>
          printedValues(row).map((value) => judge.notRun({ ...value, why: whyNotRun(settings, row.set) })),
        ),
      ],
    };
  },
});

const rowsOf = (rows: readonly MeasuredRow[], set: PrintedSet) => rows.filter(({ condition }) => condition.set === set);
const figureId = (set: PrintedSet) => (set === 'CIFAR-100' ? 'figures-1-4-5-7' : 'figures-2-3-6-8');
const tableNumber = { 'CIFAR-100': 1, 'CIFAR-10': 2 } as const;

function figureOf(set: PrintedSet, rows: readonly MeasuredRow[], settings: NetworkSettings): Figure {
  const [{ condition, empirical, augmented }] = rows;
  const panelOf = (row: MeasuredRow, kind: 'empirical' | 'augmented') => {
    const [first] = row[kind];
    return spectralStems([first], {
      title: `Figure ${row.printed[kind].figure}: ${row.printed.schedule}, ${kind}`,
      x: { label: 'eigenvalue' },
    });
  };
  const numbers = rows.flatMap((row) => [row.printed.empirical.figure, row.printed.augmented.figure]).sort();
  return {
    id: figureId(set),
    title: `Figures ${numbers.join(', ')}: spectra of the Hessian at the end of training, ${condition.images.name}`,
    caption:
      `Ritz values and their weights, one random vector, first repetition. ${describe(settings, condition)}. Empirical: N = ${count(empirical[0].samples)}, ` +
      `q = P/N = ${short(empirical[0].q)}, m = ${empirical[0].nodes.length}; augmented: N = ${count(augmented[0].samples)}, ` +
      `q = ${short(augmented[0].q)}, m = ${augmented[0].nodes.length}. Batch normalisation by mini-batches of ${settings.hessianBatch}.`,
    columns: 2,
    panels: rows.flatMap((row) => [panelOf(row, 'empirical'), panelOf(row, 'augmented')]),
  };
}

/** The columns of the paper: each printed number, and what is measured of it in every repetition. */
interface Column {
  readonly name: string;
  readonly header: string;
  readonly statement: (row: PrintedRow) => string;
  readonly printed: (row: PrintedRow) => number;
  readonly measured: (row: MeasuredRow) => readonly number[];
  /** What is wrong with the printed number. */
  readonly note?: (row: PrintedRow) => string | undefined;
}

const at = (schedule: PrintedRow['schedule'], set: PrintedSet) => `${set}, schedule ${schedule}`;
const extreme = (kind: 'empirical' | 'augmented', end: 'largest' | 'smallest', header: string): Column => ({
  name: `${kind}-${end}`,
  header,
  statement: ({ set, schedule }) => `${end} eigenvalue of the ${kind} Hessian (${at(schedule, set)})`,
  printed: (row) => row[kind][end],
  measured: (row) => row[kind].map((spectrum) => spectrum[end]),
  ...(kind === 'augmented' ? { note: ({ notes }: PrintedRow) => notes?.augmented } : {}),
});
const curve = (split: 'train' | 'test', quantity: 'accuracy' | 'loss'): Column => {
  const unit = quantity === 'accuracy' ? ', per cent' : '';
  return {
    name: `${split}-${quantity}`,
    header: `${split} ${quantity}${unit}`,
    statement: ({ set, schedule }) => `best ${split} ${quantity}${unit} (${at(schedule, set)})`,
    printed: (row) => row[`${split}${quantity === 'accuracy' ? 'Accuracy' : 'Loss'}`],
    measured: ({ curves }) =>
      curves.map((one) => {
        const values = one[split].map((point) => point[quantity]);
        return quantity === 'accuracy' ? 100 * Math.max(...values) : Math.min(...values);
      }),
    ...(quantity === 'accuracy' ? {} : { note: ({ notes }: PrintedRow) => notes?.losses }),
  };
};

const columns: readonly Column[] = [
  extreme('empirical', 'largest', 'λ′₁ (empirical)'),
  extreme('empirical', 'smallest', 'λ′ₙ'),
  extreme('augmented', 'largest', 'λ₁ (augmented)'),
  extreme('augmented', 'smallest', 'λₙ'),
  curve('test', 'accuracy'),
  curve('train', 'accuracy'),
  curve('test', 'loss'),
  curve('train', 'loss'),
];

function tableOf(set: PrintedSet, rows: readonly MeasuredRow[], settings: NetworkSettings): Table {
  return {
    id: `table-${tableNumber[set]}`,
    title: `Table ${tableNumber[set]}: extreme eigenvalues, accuracies and losses, ${set}`,
    caption: `Printed, and measured as the median over the repetitions. Measured: ${describe(settings, rows[0].condition)}. Accuracies and losses are the best of the training: test by the running statistics of batch normalisation, train of the augmented mini-batches.`,
    columns: [
      { header: 'schedule' },
      { header: '' },
      ...columns.map(({ header }) => ({ header, format: '.4g' })),
      { header: 'repetitions' },
    ],
    rows: rows.flatMap((row) => [
      [row.printed.schedule, 'printed', ...columns.map(({ printed }) => printed(row.printed)), 1],
      [row.printed.schedule, 'measured', ...columns.map(({ measured }) => median(measured(row))), row.empirical.length],
    ]),
  };
}

function printedValues(row: PrintedRow) {
  return columns.map((column) => {
    const note = column.note?.(row);
    return {
      id: `G5.${slugOf(row)}.${column.name}`,
      place: `${row.place}`,
      statement: column.statement(row) + (note === undefined ? '' : `; ${note}`),
      published: column.printed(row),
    };
  });
}

function valueClaims(row: MeasuredRow, settings: NetworkSettings): Claim[] {
  const { set } = row.condition;
  return printedValues(row.printed).map((value, i) =>
    judge.value({
      ...value,
      ...oneRun,
      ...comparison(settings, row.condition),
      figure: `tables/table-${tableNumber[set]}.md`,
      samples: columns[i].measured(row),
    }),
  );
}

/** What Theorem 1 says, as the paper sees it in its tables: both ends shrink towards 0. */
function orderClaims(row: MeasuredRow, settings: NetworkSettings): Claim[] {
  const { printed, condition, empirical, augmented } = row;
  const { schedule, set } = printed;
  const common = {
    place: `${printed.place}, Figs. ${printed.empirical.figure}, ${printed.augmented.figure}`,
    figure: `figures/${figureId(set)}.svg`,
    ...comparison(settings, condition),
    because: 'Theorem 1 and the paper state it without exception',
  };
  const of = (spectra: readonly MeasuredSpectrum[], f: (one: MeasuredSpectrum) => number) => spectra.map(f);
  return [
    judge.order({
      ...common,
      id: `G5.${slugOf(printed)}.largest-shrinks`,
      statement: `the largest eigenvalue of the augmented Hessian is smaller than that of the empirical one (${at(schedule, set)})`,
      larger: { name: 'largest, empirical', samples: of(empirical, ({ largest }) => largest) },
      smaller: { name: 'largest, augmented', samples: of(augmented, ({ largest }) => largest) },
    }),
    judge.order({
      ...common,
      id: `G5.${slugOf(printed)}.smallest-shrinks`,
      statement: `the smallest eigenvalue of the augmented Hessian is less negative than that of the empirical one (${at(schedule, set)})`,
      larger: { name: 'smallest, augmented', samples: of(augmented, ({ smallest }) => smallest) },
      smaller: { name: 'smallest, empirical', samples: of(empirical, ({ smallest }) => smallest) },
    }),
    judge.order({
      ...common,
      id: `G5.${slugOf(printed)}.negative-shrinks-more`,
      statement: `the negative end shrinks by a larger factor than the positive one (${at(schedule, set)})`,
      larger: {
        name: 'share of the largest eigenvalue that is left',
        samples: empirical.map((one, i) => shareLeft(augmented[i].largest, one.largest)),
      },
      smaller: {
        name: 'share of the smallest eigenvalue that is left',
        samples: empirical.map((one, i) => shareLeft(-augmented[i].smallest, -one.smallest)),
      },
      because: `the paper's numbers: ${short(printed.empirical.largest / printed.augmented.largest)} times at the upper end`,
    }),
  ];
}

/** 0 where the end has changed its sign. */
const shareLeft = (augmented: number, empirical: number) => Math.max(0, augmented) / empirical;

const short = (value: number) => String(Number(value.toPrecision(3)));
const count = (value: number) => value.toLocaleString('en');
