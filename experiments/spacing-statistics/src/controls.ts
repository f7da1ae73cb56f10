import type { Figure, Panel, Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import type { MeanEstimate } from '@hessian-rmt/rmt';
import { type AuditSettings, auditProfiles } from './audit-settings.js';
import { cutOffs, passing } from './authors-procedure.js';
import { weightsFor } from './conditions.js';
import { type ControlMatrix, controlMatrices, controlSpectra, type Solver, solverNames } from './control-spectra.js';
import { images } from './images-available.js';
import { foldedRatios, meanRatio, meanRatioOf, unresolvedWithin } from './level-statistics.js';
import { goeRule, independentRule, ratioLabel, ratioPoints } from './ratio-points.js';

type Settings = {
  readonly inputs: number;
  readonly batch: number;
  /** Of the audit's training, whose network serves here too. */
  readonly epochs: readonly number[];
  /** Matrices of each kind. */
  readonly count: number;
  /** Solvers for the Hessian and for Wishart levels; all other matrices go through QL alone. */
  readonly solvers: readonly Solver[];
};

const sizesOf = ({ inputs, batch, epochs }: AuditSettings) => ({ inputs, batch, epochs });

const laptop: Settings = { ...sizesOf(auditProfiles.laptop), count: 4, solvers: solverNames };
const quick: Settings = { ...sizesOf(auditProfiles.quick), count: 4, solvers: ['QL', 'two-stage QL'] };
const smoke: Settings = { ...quick, ...sizesOf(auditProfiles.smoke), count: 2 };

/** Of the levels of the published batch spectra of softmax regression, the share that is not a structural zero. */
const realShare = 576 / 7850;

/** X1, controls: what rounding makes of exact zeros in matrices of known levels, by eigensolver (sec. 6). */
export const controls = definePart<Settings>({
  id: 'controls',
  place: 'sec. 6',
  title: 'Controls: zeros and levels of known kind',
  profiles: { smoke, quick, laptop, paper: { ...laptop, ...sizesOf(auditProfiles.paper), count: 2 } },
  units: (settings) => cases(settings).map((one) => unitOf(settings, one)),

  present(results, settings) {
    const measured = cases(settings).flatMap((one) => {
      const found = results.of(unitOf(settings, one));
      if (!found.numbers.solved) return [];
      const { shape, data } = found.arrays.values;
      const rows = Array.from({ length: shape[0] }, (_, i) => data.subarray(i * shape[1], (i + 1) * shape[1]));
      return [{ ...one, ...ratiosOf(rows as (Float64Array | Float32Array)[]) }];
    });
    return {
      figures: [controlsFigure(measured, settings)],
      tables: [controlsTable(measured)],
      claims: [
        ...solverClaims(measured, settings),
        ...matrixClaims(measured, settings),
        ...permutedClaims(results, settings),
      ],
    };
  },
});

interface Case {
  readonly matrix: ControlMatrix;
  readonly solver: Solver;
  readonly precision: 'float64' | 'float32';
}

const bySolver: readonly ControlMatrix[] = ['hessian', 'wishart levels'];

const cases = ({ solvers }: Settings): Case[] =>
  controlMatrices.flatMap((matrix) => [
    ...(bySolver.includes(matrix) ? solvers : (['QL'] as const)).map(
      (solver): Case => ({ matrix, solver, precision: 'float64' }),
    ),
    { matrix, solver: 'QL', precision: 'float32' } as const,
  ]);

function unitOf({ inputs, batch, epochs, count }: Settings, { matrix, solver, precision }: Case) {
  const last = epochs[epochs.length - 1];
  const weights = weightsFor({
    network: 'softmax regression',
    images: images.digits,
    inputs,
    epochs: last,
    keep: epochs,
    epoch: last,
    split: 'test',
    batch,
  });
  const rank = Math.round(realShare * 10 * (inputs + 1));
  const config = { matrix, weights, split: 'test', batch, count, rank, precision, solver } as const;
  return controlSpectra.unit(config, { repetition: 0, threads: 1 });
}

interface ControlRatios {
  /** float64: levels beyond the rounding of the largest; null in float32, where both kinds mix. */
  readonly real: MeanEstimate | null;
  readonly rounding: MeanEstimate | null;
  /** Of the levels taken for rounding, how many equal the one before. */
  readonly ties: number;
  /** All that pass the paper's cut-off for ratios. */
  readonly all: MeanEstimate | null;
}

type MeasuredCase = Case & ControlRatios;

function ratiosOf(spectra: readonly (Float64Array | Float32Array)[]): ControlRatios {
  const all = meanRatio(spectra.map((values) => foldedRatios(passing(values, cutOffs.ratios))));
  const inFloat64 = spectra.filter((values) => values instanceof Float64Array);
  if (inFloat64.length === 0) return { real: null, rounding: null, ties: 0, all };
  const split = inFloat64.map(parted);
  const below = split.flatMap(({ rounding }) => [...rounding].map((value, i) => i > 0 && value === rounding[i - 1]));
  return {
    real: meanRatio(split.map(({ real }) => foldedRatios(real))),
    rounding: meanRatio(split.map(({ rounding }) => foldedRatios(rounding))),
    ties: below.filter(Boolean).length / Math.max(1, below.length),
    all,
  };
}

/** Levels told from zero by float64, and those that are not. */
function parted(values: Float64Array): { real: Float64Array; rounding: Float64Array } {
  const floor = unresolvedWithin * Number.EPSILON * Math.max(-values[0], values[values.length - 1]);
  return {
    real: values.filter((value) => Math.abs(value) > floor),
    rounding: values.filter((value) => Math.abs(value) <= floor),
  };
}

function controlsFigure(measured: readonly MeasuredCase[], { inputs, batch, epochs, count }: Settings): Figure {
  const inFloat64 = measured.filter(({ precision }) => precision === 'float64');
  const panelOf = (title: string, labels: readonly string[], shown: readonly MeasuredCase[]): Panel => ({
    title,
    x: { label: '', domain: [-0.6, labels.length - 0.4], ticks: labels.map((label, at) => ({ at, label })) },
    y: { label: ratioLabel, domain: [0.35, 0.6] },
    legend: 'above',
    marks: [
      goeRule,
      independentRule,
      ratioPoints(
        'levels',
        'circle',
        shown.map(({ real }, at) => ({ x: at - 0.08, ratio: real })),
      ),
      ratioPoints(
        'rounding of zeros',
        'square',
        shown.map(({ rounding }, at) => ({ x: at + 0.08, ratio: rounding })),
      ),
    ],
  });
  const named = {
    QL: 'QL',
    'two-stage QL': '2-stage',
    'divide and conquer': 'D&C',
    MRRR: 'MRRR',
    bisection: 'bisection',
    'loose bisection': 'loose',
  } as const;
  const short = {
    hessian: 'Hessian',
    'permuted hessian': 'permuted',
    'equal factors': 'Kronecker',
    'wishart levels': 'Wishart',
    'independent levels': 'Poisson',
  } as const;
  const byMatrix = inFloat64.filter(({ solver }) => solver === 'QL');
  return {
    id: 'controls',
    title: 'What rounding makes of exact zeros, by matrix and eigensolver',
    caption:
      `Mean ratio of the levels that float64 tells from zero, and of those that are zero but for rounding. Softmax regression on ${inputs} inputs, ${epochs.at(-1)} epochs, batches of ${batch}, and matrices of the same size and known levels, ${count} of each: with equal factors for all samples (Kronecker), Wishart, and independent levels (Poisson). ` +
      "Loose bisection: to LAPACK's default tolerance, where nearly all are equal.",
    columns: 2,
    panels: [
      panelOf(
        'by matrix, QL',
        byMatrix.map(({ matrix }) => short[matrix]),
        byMatrix,
      ),
      ...bySolver.map((matrix) => {
        // Hardly two levels differ after loose bisection: a mean of few ratios, for the table.
        const shown = inFloat64.filter((one) => one.matrix === matrix && one.solver !== 'loose bisection');
        return panelOf(
          `${short[matrix]}, by eigensolver`,
          shown.map(({ solver }) => named[solver]),
          shown,
        );
      }),
    ],
  };
}

function controlsTable(measured: readonly MeasuredCase[]): Table {
  return {
    id: 'controls',
    title: 'Mean of min(r, 1/r) by matrix and eigensolver',
    caption:
      'Levels and rounding as in the figure; all: whatever passes the cut-off of 1e-10, as the published procedure has it.',
    columns: [
      { header: 'matrix' },
      { header: 'eigensolver' },
      { header: 'precision' },
      ...['levels', 'rounding', 'all'].flatMap((header) => [
        { header, format: '.4f' },
        { header: 'standard error', format: '.4f' },
      ]),
      { header: 'equal to the one before', format: '.3f' },
    ],
    rows: measured.map(({ matrix, solver, precision, real, rounding, all, ties }) => [
      matrix,
      solver,
      precision,
      ...[real, rounding, all].flatMap((ratio) => [ratio?.mean ?? null, ratio?.standardError ?? null]),
      ties,
    ]),
  };
}

const common = ({ inputs }: Settings) => ({
  place: 'sec. 6',
  figure: 'figures/controls.svg',
  atPublishedSize: inputs === 784 && images.digits.published,
  difference: `matrices of size ${10 * (inputs + 1)}`,
});

function solverClaims(measured: readonly MeasuredCase[], settings: Settings): Claim[] {
  return bySolver.flatMap((matrix) => {
    const of = (solver: Solver) =>
      measured.find((one) => one.matrix === matrix && one.solver === solver && one.precision === 'float64');
    const ql = of('QL');
    if (!ql?.rounding || !ql.real) return [];
    const id = matrix.replaceAll(' ', '-');
    const others = settings.solvers.filter((solver) => solver !== 'QL').flatMap((solver) => of(solver) ?? []);
    const distinct = others.flatMap(({ solver, rounding }) =>
      (solver === 'MRRR' || solver === 'divide and conquer') && rounding ? [{ solver, rounding }] : [],
    );
    return [
      ...distinct.map(({ solver, rounding }) =>
        judge.order({
          ...common(settings),
          id: `X1.solver-${solver.toLowerCase().replaceAll(' ', '-')}-${id}`,
          statement: `the statistics of rounded zeros are the eigensolver's: ${solver} does not give GOE where QL does (${matrix})`,
          larger: {
            name: 'mean of min(r, 1/r) of rounded zeros by QL, less three standard errors',
            samples: [ql.rounding!.mean - 3 * ql.rounding!.standardError],
          },
          smaller: {
            name: `by ${solver}, and three standard errors`,
            samples: [rounding.mean + 3 * rounding.standardError],
          },
          because: 'three standard errors on either side',
        }),
      ),
      judge.law({
        ...common(settings),
        id: `X1.solver-levels-${id}`,
        statement: `the levels of the matrix are the same whatever the eigensolver (${matrix})`,
        measure: 'largest difference between eigensolvers in the mean of min(r, 1/r)',
        samples: [Math.max(0, ...others.map(({ real }) => Math.abs(real!.mean - ql.real!.mean)))],
        bound: 0.001,
        because: 'a fifth of what the surmise itself is off; levels are far above the rounding',
      }),
    ];
  });
}

function matrixClaims(measured: readonly MeasuredCase[], settings: Settings): Claim[] {
  const of = (matrix: ControlMatrix, precision: Case['precision']) =>
    measured.find((one) => one.matrix === matrix && one.solver === 'QL' && one.precision === precision)!;
  const independent = of('independent levels', 'float64');
  const published = of('independent levels', 'float32');
  const equal = of('equal factors', 'float64');
  const hessian = of('hessian', 'float64');
  const half = (meanRatioOf.goe + meanRatioOf.poisson) / 2;
  return [
    ...(independent.real && published.all
      ? [
          judge.law({
            ...common(settings),
            id: 'X1.independent-levels',
            statement: 'levels that are independent by construction are seen to be so above the rounding floor',
            measure: 'distance of the mean of min(r, 1/r) from that of independent levels, 0.3863',
            samples: [Math.abs(independent.real.mean - meanRatioOf.poisson)],
            bound: 4 * independent.real.standardError,
            because: 'four standard errors, of few matrices',
          }),
          judge.order({
            ...common(settings),
            id: 'X1.independent-levels-published',
            statement:
              'the published procedure takes a matrix of independent levels for a GOE when nine tenths of its levels are rounded zeros',
            larger: {
              name: 'mean of min(r, 1/r) of all that passes the cut-off in float32',
              samples: [published.all.mean],
            },
            smaller: { name: 'half-way between independent levels and GOE', samples: [half] },
            because: 'nearer to the GOE than to what the levels are',
          }),
        ]
      : []),
    ...(equal.real && hessian.real
      ? [
          judge.order({
            ...common(settings),
            id: 'X1.equal-factors',
            statement:
              'superposed classes of symmetry are seen: with equal factors for all samples the levels of softmax regression do not repel',
            larger: { name: 'mean of min(r, 1/r) of the Hessian', samples: [hessian.real.mean] },
            smaller: { name: 'of the Kronecker product', samples: [equal.real.mean] },
            because: 'levels of a Kronecker product are products of independent ones',
          }),
        ]
      : []),
  ];
}

/** How far levels move, in their own spacing, when the parameters are put into another order. */
function permutedClaims(results: Results, settings: Settings): Claim[] {
  const rows = (matrix: ControlMatrix) => {
    const { shape, data } = results.of(unitOf(settings, { matrix, solver: 'QL', precision: 'float64' })).arrays.values;
    return Array.from({ length: shape[0] }, (_, i) =>
      parted(data.subarray(i * shape[1], (i + 1) * shape[1]) as Float64Array),
    );
  };
  const before = rows('hessian');
  const after = rows('permuted hessian');
  const moved = (which: 'real' | 'rounding') => before.map((one, i) => medianMove(one[which], after[i][which]));
  return [
    judge.order({
      ...common(settings),
      id: 'X1.permuted',
      figure: 'tables/controls.md',
      statement:
        'the rounded zeros are no property of the Hessian: another order of the parameters moves them by many spacings, and the levels by none',
      larger: { name: 'median move of rounded zeros in spacings', samples: moved('rounding') },
      smaller: { name: 'of levels, a million times', samples: moved('real').map((spacings) => 1e6 * spacings) },
      because: 'rank by rank, in units of the distance between the two neighbours, halved',
    }),
  ];
}

function medianMove(one: Float64Array, other: Float64Array): number {
  const n = Math.min(one.length, other.length);
  const moves = Array.from({ length: n - 2 }, (_, i) => {
    const spacing = (one[i + 2] - one[i]) / 2;
    return spacing > 0 ? Math.abs(one[i + 1] - other[i + 1]) / spacing : 0;
  }).sort((a, b) => a - b);
  return moves[Math.floor(moves.length / 2)];
}
