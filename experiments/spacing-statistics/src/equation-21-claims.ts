import { type Claim, judge } from '@hessian-rmt/replication';
import { printedBound } from './averaging-bound.js';
import { type KernelConfig, kernelOf, plainKernelText } from './kernels.js';
import { type Trajectory, type TrajectorySettings, trajectoryText } from './trajectories.js';

/** Runs at one width and rate; one value a repetition. */
export interface MeasuredAlong {
  readonly width: number;
  readonly rate: number;
  readonly parameters: number;
  readonly runs: readonly Trajectory[];
  /** Means over all pairs of iterates. */
  readonly distance: readonly number[];
  readonly correlation: readonly number[];
  readonly varianceLeft: readonly number[];
}

interface Measured {
  readonly byWidth: readonly MeasuredAlong[];
  readonly byRate: readonly MeasuredAlong[];
  readonly kernels: readonly KernelConfig[];
  readonly exponents: readonly number[];
  readonly settings: TrajectorySettings;
}

/** Equation 21 over a^2 k'(0), T to infinity: k'(-P^(2 eta)/2) - P^(2 eta - 1) k''(-P^(2 eta)/2). */
export function crossTerm(kernel: KernelConfig, parameters: number, exponent: number): number {
  const { first, second } = kernelOf(kernel);
  const square = parameters ** (2 * exponent);
  return (first(-square / 2) - (square / parameters) * second(-square / 2)) / first(0);
}

/** Slope of log distance against log P, by least squares over the widths. */
export function widthExponent(byWidth: readonly Pick<MeasuredAlong, 'parameters' | 'distance'>[], run: number): number {
  const x = byWidth.map(({ parameters }) => Math.log(parameters));
  const y = byWidth.map(({ distance }) => Math.log(distance[run]));
  const [meanX, meanY] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length);
  const products = x.reduce((sum, value, i) => sum + (value - meanX) * (y[i] - meanY), 0);
  return products / x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
}

export function equation21Claims(measured: Measured): Claim[] {
  return [...lawClaims(measured), ...distanceClaims(measured), ...trendClaims(measured)];
}

function lawClaims({ kernels, exponents }: Measured): Claim[] {
  const common = { place: 'Eq. 21', figure: 'figures/equation-21-law.svg', atPublishedSize: true };
  const sizes = [1e2, 1e3, 1e4, 1e5, 1e6];
  const count = 50;
  const differences = kernels.flatMap((kernel) =>
    exponents.flatMap((exponent) =>
      sizes.map((parameters) => {
        const derivatives = kernelOf(kernel);
        const distances = new Array((count * (count - 1)) / 2).fill(parameters ** exponent);
        const bound = printedBound(derivatives, { parameters, count, distances }, 1) / derivatives.first(0);
        return Math.abs(bound - 1 / count - ((count - 1) / count) * crossTerm(kernel, parameters, exponent));
      }),
    ),
  );
  return [
    judge.law({
      ...common,
      id: 'B14.second-term',
      statement: `equation 21 is the second term of equation 19 when all distances are P^eta (T = ${count}; ${kernels.length} kernels, eta ${exponents.join(', ')}, P from 100 to 10^6)`,
      measure: 'largest difference, in units of the first term at T = 1',
      samples: [Math.max(...differences)],
      bound: 1e-12,
      because: 'an identity, up to the rounding of a sum of a thousand terms',
    }),
    ...kernels.map((kernel) =>
      judge.trend({
        ...common,
        id: `B14.cross-term-falls.${kernel.kind}`,
        statement:
          kernel.kind === 'floor'
            ? `not in the paper: for k = ${plainKernelText(kernel)} the cross term falls with P too, but to a half and not to zero`
            : `the cross term decays with P for k = ${plainKernelText(kernel)}`,
        direction: 'decreasing',
        along: { name: 'P', samples: sizes },
        samples: exponents.map((exponent) => sizes.map((parameters) => crossTerm(kernel, parameters, exponent))),
        monotone: true,
        because: 'a law of the formula: no sampling error',
      }),
    ),
    judge.order({
      ...common,
      id: 'B14.decaying-kernel-needed',
      statement:
        'the decay asks for a kernel whose derivatives decay: at P = 10^6 the cross term of (exp(s) + s)/2 is above a third, ten times that of the others at eta = 0.25 and 0.4',
      larger: {
        name: 'cross term of (exp(s) + s)/2',
        samples: [0.25, 0.4].map((exponent) => crossTerm({ kind: 'floor', variance: 1, length: 1 }, 1e6, exponent)),
      },
      smaller: {
        name: 'largest of the others',
        samples: [0.25, 0.4].map((exponent) =>
          Math.max(...kernels.filter(({ kind }) => kind !== 'floor').map((kernel) => crossTerm(kernel, 1e6, exponent))),
        ),
      },
      factor: 10,
      because: 'ten times is our reading of decays against does not',
    }),
  ];
}

/** Pairs of each run in this many groups of equal size, from the nearest to the farthest. */
const groups = 5;

function distanceClaims({ byWidth, byRate, settings }: Measured): Claim[] {
  const all = [...byWidth, ...byRate.filter(({ rate }) => rate !== settings.at.rate)];
  const curves = all.flatMap(({ runs }) =>
    runs.map(({ pairs }) => {
      const sorted = [...pairs].sort((a, b) => a.distance - b.distance);
      return Array.from({ length: groups }, (_, g) => {
        const part = sorted.slice(
          Math.floor((g * sorted.length) / groups),
          Math.floor(((g + 1) * sorted.length) / groups),
        );
        return part.reduce((sum, { correlation }) => sum + correlation, 0) / part.length;
      });
    }),
  );
  return [
    judge.trend({
      place: 'Sec. 8',
      figure: 'figures/equation-21.svg',
      id: 'B14.correlation-falls-with-distance',
      statement: 'gradients grow independent with the distance in weight space',
      direction: 'decreasing',
      along: { name: 'fifth of the pairs by distance', samples: Array.from({ length: groups }, (_, g) => g + 1) },
      samples: curves,
      because: 'pairs of one run are not independent; runs are',
      atPublishedSize: false,
      difference: trajectoryText(settings),
    }),
  ];
}

function trendClaims({ byWidth, byRate, settings }: Measured): Claim[] {
  const common = {
    place: 'Eq. 21, sec. 8',
    figure: 'figures/equation-21.svg',
    atPublishedSize: false,
    difference: trajectoryText(settings),
    because: 'the order over the settings, all repetitions together',
  };
  const perRun = (measured: readonly MeasuredAlong[], of: (each: MeasuredAlong) => readonly number[]) =>
    measured[0].runs.map((_, run) => measured.map((each) => of(each)[run]));
  const widths = {
    measured: byWidth,
    along: { name: 'P', samples: byWidth.map(({ parameters }) => parameters) },
    id: 'width',
    larger: 'larger networks',
  };
  const rates = {
    measured: byRate,
    along: { name: 'rate', samples: byRate.map(({ rate }) => rate) },
    id: 'rate',
    larger: 'larger rates',
  };
  return [
    ...[widths, rates].flatMap(({ measured, along, id, larger }) => [
      judge.trend({
        ...common,
        id: `B14.distance-by-${id}`,
        statement: `iterates of SGD are farther apart with ${larger} (the premise of equation 21)`,
        direction: 'increasing',
        along,
        samples: perRun(measured, ({ distance }) => distance),
      }),
      judge.trend({
        ...common,
        id: `B14.correlation-by-${id}`,
        statement: `the cross term falls: gradients at different iterates are less correlated with ${larger}`,
        direction: 'decreasing',
        along,
        samples: perRun(measured, ({ correlation }) => correlation),
      }),
      judge.trend({
        ...common,
        id: `B14.variance-by-${id}`,
        statement: `averaging reduces the variance of the gradients more with ${larger}`,
        direction: 'decreasing',
        along,
        samples: perRun(measured, ({ varianceLeft }) => varianceLeft),
      }),
    ]),
    judge.notComparable({
      place: 'Eq. 21',
      figure: 'tables/equation-21.md',
      id: 'B14.exponent',
      statement: `eta, where the mean distance of iterates grows as P^eta, at rate ${settings.at.rate} and the same number of steps`,
      samples: byWidth[0].runs.map((_, run) => widthExponent(byWidth, run)),
      atPublishedSize: false,
      why: 'the paper supposes 0 < eta <= 1/2 and measures none',
    }),
  ];
}
