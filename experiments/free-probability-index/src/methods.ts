import type { CriticalPointMethod } from '@hessian-rmt/curvature';
import { randomStream } from '@hessian-rmt/numerics';
import type { Figure, Mark, Panel, Table } from '@hessian-rmt/plotting';
import { definePart, type Results } from '@hessian-rmt/replication';
import { type Cell, cellOf, cellPhi, indexOf, type Search, searchesOf, unitsOf } from './critical-point-cells.js';
import { mean } from './figure-6-measure.js';
import { stepsToTolerance } from './steps-to-tolerance.js';
import { twoSampleTest } from './two-samples.js';

/** One method against Levenberg and Marquardt's, to the same criterion. */
interface Comparison {
  readonly size: number;
  readonly samples: number;
  readonly method: Exclude<CriticalPointMethod, 'levenberg-marquardt'>;
  /** Searches in a batch, and batches, of the method. */
  readonly runs: number;
  readonly batches: number;
  readonly maxIterations?: number;
}

type Settings = {
  readonly comparisons: readonly Comparison[];
  /** Gradient descent cut short: how many steps it would take is read from its trace. */
  readonly extrapolated: readonly { readonly size: number; readonly samples: number; readonly runs: number }[];
  readonly cutAt: number;
};

/**
 * Batches are those of `figure-6` and `confounders` where they can be: equal units are computed once. Gradient descent and
 * Barzilai and Borwein's are cut short, since few of their searches end within any number of steps that fits here; what
 * the first would take is extrapolated.
 */
const laptop: Settings = {
  comparisons: [
    { size: 4, samples: 16, method: 'gradient-descent', runs: 5, batches: 2, maxIterations: 200_000 },
    { size: 4, samples: 16, method: 'barzilai-borwein', runs: 10, batches: 2, maxIterations: 100_000 },
    { size: 4, samples: 16, method: 'l-bfgs', runs: 100, batches: 2 },
    { size: 8, samples: 32, method: 'l-bfgs', runs: 50, batches: 2 },
  ],
  extrapolated: [
    { size: 4, samples: 16, runs: 20 },
    { size: 8, samples: 32, runs: 10 },
    { size: 16, samples: 64, runs: 6 },
  ],
  cutAt: 2 ** 14,
};

export const methodsProfiles = {
  smoke: {
    comparisons: [{ size: 4, samples: 16, method: 'l-bfgs', runs: 6, batches: 1, maxIterations: 4000 }],
    extrapolated: [{ size: 4, samples: 16, runs: 2 }],
    cutAt: 2 ** 11,
  },
  quick: {
    comparisons: [
      { size: 4, samples: 16, method: 'gradient-descent', runs: 5, batches: 1, maxIterations: 200_000 },
      { size: 4, samples: 16, method: 'l-bfgs', runs: 20, batches: 1 },
    ],
    extrapolated: [
      { size: 4, samples: 16, runs: 5 },
      { size: 16, samples: 64, runs: 1 },
    ],
    cutAt: 2 ** 12,
  },
  laptop,
  // At least 200 accepted points of each method.
  paper: {
    ...laptop,
    comparisons: [
      { size: 4, samples: 16, method: 'gradient-descent', runs: 5, batches: 80, maxIterations: 4_000_000 },
      { size: 6, samples: 24, method: 'barzilai-borwein', runs: 5, batches: 120, maxIterations: 1_000_000 },
      { size: 8, samples: 32, method: 'barzilai-borwein', runs: 5, batches: 120, maxIterations: 1_000_000 },
      { size: 4, samples: 16, method: 'barzilai-borwein', runs: 10, batches: 40, maxIterations: 1_000_000 },
      { size: 4, samples: 16, method: 'l-bfgs', runs: 100, batches: 5 },
      { size: 8, samples: 32, method: 'l-bfgs', runs: 50, batches: 10 },
      { size: 16, samples: 64, method: 'l-bfgs', runs: 20, batches: 25 },
    ],
  },
} satisfies Record<string, Settings>;

/** The method's searches; Levenberg and Marquardt's from the same starts; and theirs from other problems. */
function cellsOf({ size, samples, method, runs, batches, maxIterations }: Comparison) {
  const common = { size, samples, runs, batches };
  return {
    own: cellOf({ ...common, method, ...(maxIterations && { maxIterations }) }),
    paired: cellOf(common),
    independent: cellOf({ ...common, from: batches }),
  };
}

const cutCell = ({ size, samples, runs }: Settings['extrapolated'][number], cutAt: number): Cell =>
  cellOf({ size, samples, runs, batches: 1, method: 'gradient-descent', maxIterations: cutAt });

const methodName: Record<CriticalPointMethod, string> = {
  'gradient-descent': 'gradient descent',
  'barzilai-borwein': 'Barzilai-Borwein',
  'l-bfgs': 'L-BFGS',
  'levenberg-marquardt': 'Levenberg-Marquardt',
};

/** The search of sec. 6.4 as the paper describes it, by gradient descent, against faster ones to the same criterion. */
export const methods = definePart<Settings>({
  id: 'methods',
  place: 'sec. 6.4',
  title: 'Critical points by different searches',
  profiles: methodsProfiles,
  units: ({ comparisons, extrapolated, cutAt }) => [
    ...comparisons.flatMap((comparison) => Object.values(cellsOf(comparison)).flatMap(unitsOf)),
    ...extrapolated.flatMap((at) => unitsOf(cutCell(at, cutAt))),
  ],

  present(results, settings) {
    return {
      figures: [figureOf(results, settings)],
      tables: [comparisonTable(results, settings), costTable(results, settings)],
    };
  },
});

function comparisonTable(results: Results, { comparisons }: Settings): Table {
  return {
    id: 'methods',
    title: 'Searches for critical points against Levenberg-Marquardt',
    caption:
      'Two-sample Kolmogorov-Smirnov distances of energy and index between the accepted points of the method and those of ' +
      'Levenberg-Marquardt on other problems (independent samples), p by permutation. Pairs: both accepted from the same start; ' +
      'index in eigenvalues. What a method rejects is missing from its sample, so a small p may be the selection and not the search.',
    columns: [
      { header: 'method' },
      { header: 'n' },
      { header: 'phi', format: '.2f' },
      { header: 'searches' },
      { header: 'accepted' },
      { header: 'median evaluations', format: ',.0f' },
      { header: 'LM accepted' },
      { header: 'energy, distance', format: '.3f' },
      { header: 'p', format: '.3f' },
      { header: 'index, distance', format: '.3f' },
      { header: 'p of index', format: '.3f' },
      { header: 'pairs' },
      { header: 'mean energy difference', format: '.4f' },
      { header: 'mean index difference', format: '.2f' },
      { header: 'sd', format: '.2f' },
      { header: 'same point' },
    ],
    rows: comparisons.map((comparison) => {
      const cells = cellsOf(comparison);
      const [own, paired, independent] = [cells.own, cells.paired, cells.independent].map((c) =>
        searchesOf(results, c),
      );
      const [one, other] = [own, independent].map((searches) => searches.filter(({ accepted }) => accepted));
      const random = randomStream(1, 'permutations', `${comparison.method} ${comparison.size}`);
      const test = (of: (search: Search) => number) =>
        one.length > 0 && other.length > 0
          ? twoSampleTest(one.map(of), other.map(of), random.stream(of.name))
          : { distance: null, pValue: null };
      const energy = test(function energy(search) {
        return search.energy;
      });
      const index = test(function index(search) {
        return indexOf(search);
      });
      const pairs = own.flatMap((search, i) => (search.accepted && paired[i].accepted ? [[search, paired[i]]] : []));
      const count = 2 * comparison.size ** 2;
      const differences = pairs.map(([a, b]) => (indexOf(a) - indexOf(b)) * count);
      return [
        methodName[comparison.method],
        comparison.size,
        cellPhi(cells.own),
        own.length,
        one.length,
        medianOf(one.map(({ evaluations }) => evaluations)),
        other.length,
        energy.distance,
        energy.pValue,
        index.distance,
        index.pValue,
        pairs.length,
        pairs.length > 0 ? mean(pairs.map(([a, b]) => a.energy - b.energy)) : null,
        pairs.length > 0 ? mean(differences) : null,
        pairs.length > 1 ? deviation(differences) : null,
        // Our choice of what counts as one point: far above the scatter of points below 1e-6, far below their spacing.
        pairs.filter(([a, b]) => Math.abs(a.energy - b.energy) < 1e-3).length,
      ];
    }),
  };
}

function costTable(results: Results, { extrapolated, cutAt }: Settings): Table {
  return {
    id: 'methods-cost',
    title: 'Steps that gradient descent on J_g would take to 1e-6, extrapolated',
    caption:
      `EXTRAPOLATED, not run: J_g is taken to fall on as the power of the step that it follows from ${cutAt / 2} to ${cutAt} steps; ` +
      'quartiles over the searches. A search whose J_g has a positive minimum never ends.',
    columns: [
      { header: 'n' },
      { header: 'phi', format: '.2f' },
      { header: 'searches' },
      { header: 'accepted before' },
      { header: 'median J_g there', format: '.1e' },
      { header: 'median power', format: '.2f' },
      { header: 'first quartile of steps', format: '.1e' },
      { header: 'median', format: '.1e' },
      { header: 'third quartile', format: '.1e' },
    ],
    rows: extrapolated.map((at) => {
      const cell = cutCell(at, cutAt);
      const searches = searchesOf(results, cell);
      const running = searches.filter(({ accepted }) => !accepted);
      const steps = searches.map((search) =>
        search.accepted ? search.iterations : stepsToTolerance(search.trace, cutAt, cell.tolerance).steps,
      );
      return [
        at.size,
        cellPhi(cell),
        searches.length,
        searches.length - running.length,
        medianOf(running.map(({ halfSquaredGradient }) => halfSquaredGradient)),
        medianOf(running.map(({ trace }) => stepsToTolerance(trace, cutAt, cell.tolerance).power)),
        ...[0.25, 0.5, 0.75].map((share) => {
          const at = quantileOf(steps, share);
          return at === Infinity ? 'never' : at;
        }),
      ];
    }),
  };
}

function figureOf(results: Results, { comparisons, extrapolated, cutAt }: Settings): Figure {
  const clouds = comparisons.map((comparison): Panel => {
    const { own, independent } = cellsOf(comparison);
    const cloud = (cell: Cell, color: number): Mark => {
      const points = searchesOf(results, cell).filter(({ accepted }) => accepted);
      return {
        kind: 'points',
        x: points.map(({ energy }) => energy),
        y: points.map((point) => indexOf(point)),
        label: methodName[cell.method],
        symbol: color === 0 ? 'circle' : 'cross',
        color,
      };
    };
    return {
      title: `n = ${comparison.size}, $φ$ = ${cellPhi(own)}`,
      x: { label: 'energy $ε$ over the mean of $y^2$' },
      y: { label: 'index $α$' },
      marks: [cloud(independent, 0), cloud(own, 1)],
    };
  });
  const traces: Panel = {
    title: 'gradient descent on $J_g$',
    x: { label: 'step', scale: 'log' },
    y: { label: '$J_g$', scale: 'log' },
    marks: [
      ...extrapolated.flatMap((at, color): Mark[] =>
        searchesOf(results, cutCell(at, cutAt)).map((search, i) => {
          const values = Array.from(search.trace).filter((value) => value > 0);
          return {
            kind: 'line',
            x: values.map((_, k) => 2 ** k),
            y: values,
            color,
            ...(i === 0 && { label: `n = ${at.size}` }),
          };
        }),
      ),
      { kind: 'rule', y: 1e-6, label: 'accepted' },
    ],
  };
  return {
    id: 'methods',
    title: 'Critical points by different searches',
    caption:
      'Accepted points of each search against those of Levenberg-Marquardt on other problems; last panel: $J_g$ along gradient descent, cut short.',
    panels: [...clouds, traces],
  };
}

const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);

/** null for no values. */
function quantileOf(values: readonly number[], share: number): number | null {
  return values.length === 0 ? null : ascending(values)[Math.min(values.length - 1, Math.floor(share * values.length))];
}

const medianOf = (values: readonly number[]) => quantileOf(values, 0.5);

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
