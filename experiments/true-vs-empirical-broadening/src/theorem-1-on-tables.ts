import type { Panel, Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import { type PrintedRow, printedRows } from './printed.js';

/** Of PreResNet-110 (sec. 6): q = P/N over the training set and over the augmented one. */
const parameters = { 'CIFAR-100': 1_169_972, 'CIFAR-10': 1_146_842 } as const;
const samples = { empirical: 50_000, augmented: 1_500_000 } as const;

/** Theorem 1 on the printed numbers: computed where it is shown. */
export const theorem1OnTables = definePart<Readonly<Record<string, never>>>({
  id: 'theorem-1-on-tables',
  place: 'Theorem 1, Tables 1, 2, added',
  title: 'What Theorem 1 makes of the printed extreme eigenvalues',
  profiles: { smoke: {}, quick: {}, laptop: {}, paper: {} },
  units: () => [],

  present() {
    const rows = printedRows.map((row) => ({ row, allowed: allowedBy(row) }));
    return {
      figures: [
        {
          id: 'theorem-1-on-tables',
          title: 'Theorem 1 on Tables 1 and 2: what augmentation can do',
          caption:
            'C100, C10: CIFAR; N, O: Normal, Overfit. By the theorem an edge is never beyond the extreme eigenvalues, so the smallest eigenvalue of the empirical Hessian bounds σ, and σ how far the largest can have moved. ' +
            'q = 23.4 and 22.9 over 50,000 samples, 0.78 and 0.76 over 1,500,000 augmented ones, taken as independent as the paper does.',
          panels: (['largest', 'smallest'] as const).map((end) => panelOf(rows, end)),
        },
      ],
      tables: [tableOf(rows)],
      claims: rows.flatMap(({ row, allowed }) => claimsOf(row, allowed)),
    };
  },
});

interface Allowed {
  /** Largest sqrt(q) sigma of the empirical Hessian. */
  readonly threshold: number;
  /** Least largest eigenvalue of the augmented Hessian, and its greatest smallest one. */
  readonly largest: number;
  readonly smallest: number;
}

/**
 * The nearest to zero that both ends can come when q falls, over all true eigenvalues and sigma that give the printed
 * empirical ones.
 *
 * Either case of Theorem 1 leaves |lambda'| >= 2 sqrt(q) sigma at both ends: with s = sqrt(q) sigma, s <= |lambda'_P|/2. The
 * largest eigenvalue, beyond 2 s, is then an outlier of lambda = (lambda' + sqrt(lambda'^2 - 4 s^2))/2, which is the less the
 * larger s is, and stays beyond lambda at any q. The smallest is nearest to zero when it is the edge, which falls as sqrt(q):
 * an outlier of the same size has a smaller s, and a true eigenvalue beyond s at which it stays.
 */
function allowedBy({ empirical }: PrintedRow): Allowed {
  const threshold = Math.min(empirical.largest, -empirical.smallest) / 2;
  const { largest } = empirical;
  const lambda = (largest + Math.sqrt(largest ** 2 - 4 * threshold ** 2)) / 2;
  const shrunk = (threshold * samples.empirical) / samples.augmented;
  return {
    threshold,
    largest: lambda + (shrunk * threshold) / lambda,
    smallest: -2 * threshold * Math.sqrt(samples.empirical / samples.augmented),
  };
}

const nameOf = ({ set, schedule }: PrintedRow) => `${set} ${schedule}`;

function panelOf(
  rows: readonly { readonly row: PrintedRow; readonly allowed: Allowed }[],
  end: 'largest' | 'smallest',
): Panel {
  const x = rows.map((_, i) => i);
  const sizes = (of: (at: (typeof rows)[number]) => number) => rows.map((row) => Math.abs(of(row)));
  return {
    title: `${end} eigenvalue`,
    x: {
      label: '',
      domain: [-0.5, rows.length - 0.5],
      ticks: rows.map(({ row }, at) => ({ at, label: `${row.set.replace('IFAR-', '')}-${row.schedule[0]}` })),
    },
    y: { label: 'magnitude', scale: 'log', domain: end === 'largest' ? [0.02, 1000] : [1e-5, 20] },
    marks: [
      { kind: 'points', label: 'printed, empirical', x, y: sizes(({ row }) => row.empirical[end]) },
      { kind: 'points', label: 'printed, augmented', x, y: sizes(({ row }) => row.augmented[end]) },
      {
        kind: 'points',
        label: 'nearest to zero by Theorem 1',
        symbol: 'cross',
        x,
        y: sizes(({ allowed }) => allowed[end]),
      },
    ],
    legend: end === 'largest' ? 'bottom-left' : 'none',
  };
}

function tableOf(rows: readonly { readonly row: PrintedRow; readonly allowed: Allowed }[]): Table {
  return {
    id: 'theorem-1-on-tables',
    title: 'Theorem 1 on Tables 1 and 2',
    caption: 'Extreme eigenvalues as printed, and the nearest to zero that the augmented ones can be by Theorem 1.',
    columns: [
      { header: 'run' },
      { header: 'q, empirical', format: '.3g' },
      { header: 'q, augmented', format: '.3g' },
      { header: 'largest, empirical', format: '.4g' },
      { header: 'largest, augmented', format: '.4g' },
      { header: 'by Theorem 1 at least', format: '.4g' },
      { header: 'smallest, empirical', format: '.4g' },
      { header: 'smallest, augmented', format: '.2g' },
      { header: 'by Theorem 1 at most', format: '.4g' },
    ],
    rows: rows.map(({ row, allowed }) => [
      nameOf(row),
      parameters[row.set] / samples.empirical,
      parameters[row.set] / samples.augmented,
      row.empirical.largest,
      row.augmented.largest,
      allowed.largest,
      row.empirical.smallest,
      row.augmented.smallest,
      allowed.smallest,
    ]),
  };
}

function claimsOf(row: PrintedRow, allowed: Allowed): Claim[] {
  const id = nameOf(row).toLowerCase().replaceAll(' ', '-');
  const common = {
    place: `Theorem 1, ${row.place}`,
    figure: 'figures/theorem-1-on-tables.svg',
    atPublishedSize: true,
    because: 'a bound; a hundredth less, for the digits that are printed',
  } as const;
  const within = (end: 'largest' | 'smallest') =>
    judge.order({
      ...common,
      id: `X2.printed-${end}-${id}`,
      statement: `the printed fall of the ${end} eigenvalue from empirical to augmented is what Theorem 1 allows (${nameOf(row)})`,
      larger: { name: 'printed magnitude, augmented', samples: [Math.abs(row.augmented[end])] },
      smaller: { name: 'least magnitude by Theorem 1', samples: [0.99 * Math.abs(allowed[end])] },
    });
  return [within('largest'), within('smallest')];
}
