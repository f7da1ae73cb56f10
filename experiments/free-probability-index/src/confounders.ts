import type { Figure, Mark, Table } from '@hessian-rmt/plotting';
import { definePart, type Results } from '@hessian-rmt/replication';
import {
  type Cell,
  cellOf,
  cellPhi,
  type PointSelection,
  pointsOf,
  searchesOf,
  unitsOf,
} from './critical-point-cells.js';
import { mean, minimaOf } from './figure-6-measure.js';
import { networkName } from './figure-6-settings.js';
import { type FittedLaw, fitLaw, published, spoken, theoryExponent } from './fitted-law.js';
import { minimisers } from './minimisers.js';

/** One size at which the confounders are varied, phi = 1/2, tanh. Batches of the base are those of Figure 6. */
interface Base {
  readonly size: number;
  readonly runs: number;
  readonly batches: number;
  /** Batches of each variation that needs searches of its own; 0 for none. */
  readonly variations: number;
}

type Settings = {
  readonly bases: readonly Base[];
  readonly upTo: number;
};

/**
 * Searches of their own only where enough of them can be afforded: 40 at n = 16 left intervals of the exponent a unit wide,
 * 20 at n = 24 none at all. `paper` has them.
 */
const laptop: Settings = {
  bases: [
    { size: 4, runs: 100, batches: 5, variations: 2 },
    { size: 8, runs: 50, batches: 6, variations: 2 },
    { size: 16, runs: 20, batches: 4, variations: 0 },
  ],
  upTo: 0.15,
};

export const confounderProfiles = {
  smoke: { ...laptop, bases: [{ size: 4, runs: 30, batches: 1, variations: 1 }] },
  quick: {
    ...laptop,
    bases: [
      { size: 4, runs: 60, batches: 1, variations: 1 },
      { size: 8, runs: 24, batches: 1, variations: 0 },
    ],
  },
  laptop,
  paper: {
    ...laptop,
    bases: [
      { size: 4, runs: 100, batches: 20, variations: 10 },
      { size: 8, runs: 100, batches: 25, variations: 10 },
      { size: 16, runs: 50, batches: 90, variations: 10 },
      { size: 24, runs: 10, batches: 60, variations: 6 },
      { size: 32, runs: 4, batches: 50, variations: 0 },
    ],
  },
} satisfies Record<string, Settings>;

/** What differs from the base in one variation. */
interface Variation {
  readonly group: 'base' | 'index threshold' | 'points kept' | 'tolerance' | 'start' | 'method' | 'range of index';
  readonly name: string;
  readonly cell: Cell;
  readonly selection?: PointSelection;
  readonly upTo?: number;
}

const baseCell = ({ size, runs, batches }: Base): Cell => cellOf({ size, samples: 4 * size, runs, batches });

function variationsOf(base: Base): Variation[] {
  const cell = baseCell(base);
  const selected = (group: Variation['group'], name: string, rest: Omit<Variation, 'group' | 'name' | 'cell'>) => ({
    group,
    name,
    cell,
    ...rest,
  });
  const searched = (group: Variation['group'], name: string, change: Partial<Cell>): Variation[] =>
    base.variations === 0
      ? []
      : [
          {
            group,
            name,
            cell: cellOf({
              size: base.size,
              samples: 4 * base.size,
              runs: base.runs,
              batches: base.variations,
              ...change,
            }),
          },
        ];
  return [
    { group: 'base', name: 'as in Figure 6', cell },
    ...[1e-6, 1e-5, 1e-4, 1e-3, 1e-2].map((ofLargest) =>
      selected('index threshold', `above ${ofLargest.toExponential(0)} of the largest`, {
        selection: { threshold: { ofLargest } },
      }),
    ),
    ...[0.1, 1].map((ofGradient) =>
      selected('index threshold', `above ${ofGradient} |g|`, { selection: { threshold: { ofGradient } } }),
    ),
    ...[1e-6, 1e-4, 1e-2].map((curvatureShare) =>
      selected('points kept', `curvature along g above ${curvatureShare.toExponential(0)} of the largest`, {
        selection: { curvatureShare },
      }),
    ),
    ...[0.02, 0.05, 0.1, 0.2].map((upTo) => selected('range of index', `up to ${upTo}`, { upTo })),
    ...searched('tolerance', 'J_g at most 1e-9', { tolerance: 1e-9 }),
    ...searched('tolerance', 'J_g at most 1e-12', { tolerance: 1e-12 }),
    ...searched('start', 'low levels, 0.2 to 0.5', { start: 'low' }),
    ...searched('start', 'initial weights', { start: 'initial' }),
    ...searched('method', 'L-BFGS', { method: 'l-bfgs' }),
  ];
}

const minimaUnit = ({ size }: Base) =>
  minimisers.unit(
    { size, samples: 4 * size, activation: 'tanh', tasks: 8, starts: 3, maxIterations: 5000 },
    { repetition: 0, threads: 1 },
  );

interface Measured extends Variation {
  readonly base: Base;
  readonly runs: number;
  readonly accepted: number;
  readonly law: FittedLaw;
  readonly range: number;
  /** Of the rejected searches, the share that ended within 2 % of the energy of minima. */
  readonly rejectedNearMinima: number | null;
}

/** What moves the exponent and eps_c of Figure 6 when it alone is changed. */
export const confounders = definePart<Settings>({
  id: 'confounders',
  place: 'Figure 6, sec. 6.4',
  title: 'What the exponent of the index law depends on',
  profiles: confounderProfiles,
  units: ({ bases }) =>
    bases.flatMap((base) => [...variationsOf(base).flatMap(({ cell }) => unitsOf(cell)), minimaUnit(base)]),

  present(results, settings) {
    const measured = settings.bases.flatMap((base) => {
      const lowest = mean(minimaOf(results, minimaUnit(base)).energies);
      return variationsOf(base).map((variation) => measure(results, base, variation, settings.upTo, lowest));
    });
    return { figures: [figureOf(measured), rangeFigure(measured)], tables: [tableOf(measured, settings)] };
  },
});

function measure(results: Results, base: Base, variation: Variation, upTo: number, lowest: number): Measured {
  const searches = searchesOf(results, variation.cell);
  const rejected = searches.filter(({ accepted }) => !accepted);
  const range = variation.upTo ?? upTo;
  const points = pointsOf(searches, variation.selection);
  return {
    ...variation,
    base,
    runs: searches.length,
    accepted: points.length,
    law: fitLaw(points, range, `${base.size} ${variation.group} ${variation.name}`),
    range,
    rejectedNearMinima:
      rejected.length === 0 ? null : rejected.filter(({ energy }) => energy < 1.02 * lowest).length / rejected.length,
  };
}

function tableOf(measured: readonly Measured[], { upTo }: Settings): Table {
  return {
    id: 'confounders',
    title: 'Exponent and eps_c as one thing changes at a time',
    caption:
      `${networkName.tanh}, phi = 1/2. Base: Levenberg-Marquardt to J_g of at most 1e-6 from levels drawn uniformly, negative eigenvalues below minus the ` +
      `computed rounding floor, fitted up to alpha = ${upTo}. 95 % bootstrap intervals in brackets; no interval where a fit failed in a tenth of ` +
      "the draws. p, theory: the improved model's exact index, fitted over the same range.",
    columns: [
      { header: 'n' },
      { header: 'what' },
      { header: 'variation' },
      { header: 'searches' },
      { header: 'points' },
      { header: 'fitted' },
      { header: 'p', format: '.2f' },
      { header: 'of p' },
      { header: 'p, theory', format: '.2f' },
      { header: 'eps_c at 3/2', format: '.3f' },
      { header: 'of eps_c' },
      { header: 'eps_c at p', format: '.3f' },
      { header: 'lack of fit', format: '.4f' },
      { header: 'rejected near minima', format: '.2f' },
    ],
    rows: measured.map(({ base, group, name, cell, runs, accepted, law, range, rejectedNearMinima }) => [
      base.size,
      group,
      name,
      runs,
      accepted,
      law.points,
      law.free?.exponent ?? null,
      spoken(law.exponent, 2),
      theoryExponent(cellPhi(cell), range) ?? null,
      law.fixed?.criticalEnergy ?? null,
      spoken(law.criticalEnergy),
      law.free?.criticalEnergy ?? null,
      law.lack ?? null,
      rejectedNearMinima,
    ]),
  };
}

function figureOf(measured: readonly Measured[]): Figure {
  const sizes = [...new Set(measured.map(({ base }) => base.size))];
  const names = [...new Set(measured.map(({ name }) => name))];
  const captions = names.map((name, i) => {
    const { group } = measured.find((m) => m.name === name)!;
    return `${i}: ${group === 'base' ? '' : `${group}, `}${name.replaceAll('J_g', '$J_g$')}`;
  });
  const marks = (
    value: (law: FittedLaw) => number | undefined,
    interval: (law: FittedLaw) => readonly [number, number] | undefined,
  ) =>
    sizes.map((size, color): Mark => {
      const shown = measured.filter((m) => m.base.size === size && value(m.law) !== undefined && interval(m.law));
      return {
        kind: 'points',
        x: shown.map(({ name }) => names.indexOf(name) + 0.15 * (color - (sizes.length - 1) / 2)),
        y: shown.map(({ law }) => value(law)!),
        intervals: shown.map(({ law }) => interval(law)!),
        label: `n = ${size}`,
        color,
      };
    });
  const x = {
    label: 'variation, numbered in the caption',
    ticks: names.map((_, at) => ({ at, label: String(at) })),
    domain: [-0.6, names.length - 0.4] as const,
  };
  return {
    id: 'confounders',
    title: 'Exponent and $ε$_{c} as one thing changes at a time',
    caption:
      `95 % bootstrap intervals; $φ$ = 1/2, tanh. ${captions.join('; ')}. Intervals are cut off at 4. ` +
      'Where a size has no point, too few critical points lie in the range for a fit with an interval.',
    columns: 1,
    panels: [
      {
        x,
        y: { label: 'fitted exponent', domain: [0, 4] },
        marks: [
          ...marks(
            ({ free }) => free?.exponent,
            ({ exponent }) => exponent,
          ),
          { kind: 'rule', y: published.exponent, label: '3/2' },
        ],
      },
      {
        x,
        y: { label: '$ε$_{c} at exponent 3/2' },
        marks: [
          ...marks(
            ({ fixed }) => fixed?.criticalEnergy,
            ({ criticalEnergy }) => criticalEnergy,
          ),
          { kind: 'rule', y: 1 / 8, label: '$(1 - φ)^2/2$' },
        ],
      },
    ],
  };
}

/** The exponent against the range of the fit, measured and in theory: how far down the 3/2 law reaches. */
function rangeFigure(measured: readonly Measured[]): Figure {
  const sizes = [...new Set(measured.map(({ base }) => base.size))];
  const ranges = Array.from({ length: 25 }, (_, i) => 10 ** (-5 + (i * (Math.log10(0.2) + 5)) / 24));
  return {
    id: 'exponent-by-range',
    title: 'Exponent of the index law against the range it is fitted over',
    caption:
      "Line: the improved model's exact index ($φ$ = 1/2), fitted up to the index on the axis; points: critical points of tanh networks, with 95 % bootstrap intervals. " +
      'Rules: one negative eigenvalue at n = 16 and at n = 8; below them no network of that size has a point.',
    panels: [
      {
        x: { label: 'largest index in the fit', scale: 'log' },
        y: { label: 'fitted exponent' },
        legend: 'bottom-left',
        marks: [
          { kind: 'line', x: ranges, y: ranges.map((range) => theoryExponent(1 / 2, range)!), label: 'improved model' },
          ...sizes.flatMap((size): Mark[] => {
            const shown = measured.filter(
              ({ base, group, law }) =>
                base.size === size && (group === 'base' || group === 'range of index') && law.free && law.exponent,
            );
            return shown.length === 0
              ? []
              : [
                  {
                    kind: 'points',
                    x: shown.map(({ range }) => range),
                    y: shown.map(({ law }) => law.free!.exponent),
                    intervals: shown.map(({ law }) => law.exponent!),
                    label: `n = ${size}`,
                  },
                ];
          }),
          { kind: 'rule', y: published.exponent, label: '3/2' },
          { kind: 'rule', x: 1 / 512, label: '1/P, n = 16' },
          { kind: 'rule', x: 1 / 128, label: '1/P, n = 8' },
        ],
      },
    ],
  };
}
