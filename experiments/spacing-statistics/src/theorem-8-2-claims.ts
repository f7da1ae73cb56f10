import { type Claim, judge } from '@hessian-rmt/replication';
import { printedBound } from './averaging-bound.js';
import { kernelOf, meanCovariance } from './kernels.js';
import { deviation, mean } from './mean-and-deviation.js';
import type { Trajectory } from './trajectories.js';

/** One way to weight the gradients, at every distance. */
export interface MeasuredWeighting {
  readonly name: string;
  readonly text: string;
  readonly parameters: number;
  readonly points: number;
  readonly distances: readonly number[];
  /** k'(0), the variance of a component of one gradient. */
  readonly scale: number;
  readonly exact: readonly number[];
  readonly printedWithTraceNorm: readonly number[];
  readonly printedWithOperatorNorm: readonly number[];
  readonly safe: readonly number[];
  /** One mean a block of fields, at each distance. */
  readonly sampled: readonly (readonly number[])[];
}

export function theorem82Claims(
  weightings: readonly MeasuredWeighting[],
  trajectories: readonly Trajectory[],
  settings: string,
): Claim[] {
  return [
    ...weightings.flatMap(boundClaims),
    ...weightings.filter(({ name }) => name === 'identity').flatMap(identityClaims),
    ...trajectoryClaims(trajectories, settings),
  ];
}

const theorem = { place: 'Theorem 8.2, Eq. 19', figure: 'figures/theorem-8-2.svg', atPublishedSize: true };

function boundClaims(measured: MeasuredWeighting): Claim[] {
  const { name, text, exact, scale, sampled, distances, parameters, points } = measured;
  const setting = `${text.replaceAll(/[${}]/g, '')}, P = ${parameters}, T = ${points}, k = exp, ${distances.length} distances from ${distances[0]} to ${distances[distances.length - 1]}`;
  const excess = (bound: readonly number[]) => [
    Math.max(0, ...exact.map((variance, d) => (variance - bound[d]) / scale)),
  ];
  const bounds = [
    {
      id: 'trace-norm',
      statement: 'equation 19 bounds the variance of the weighted average, a the largest trace norm',
      bound: measured.printedWithTraceNorm,
    },
    {
      id: 'operator-norm',
      statement:
        "equation 19 read with the largest operator norm for a, which is the norm that the proof's step needs, bounds it",
      bound: measured.printedWithOperatorNorm,
    },
    {
      id: 'safe',
      statement:
        "not in the paper: with |k' - k'' d^2| for the covariance along the line and the operator norm it is bounded always",
      bound: measured.safe,
    },
  ];
  return [
    ...bounds.map(({ id, statement, bound }) =>
      judge.law({
        ...theorem,
        id: `B10.bound-${id}.${name}`,
        statement: `${statement} (${setting})`,
        measure: "largest excess of the exact variance over the bound, in units of k'(0), 0 where it holds",
        samples: excess(bound),
        bound: 1e-12,
        because: 'a bound has no exceptions; rounding of sums of a few dozen terms',
      }),
    ),
    judge.law({
      ...theorem,
      id: `B10.sampled.${name}`,
      statement: `the variance computed from equation 16 is that of sampled random fields (${setting})`,
      measure: 'largest distance of the mean over the distances, in standard errors',
      samples: [
        Math.max(
          ...sampled.map(
            (values, d) => (Math.abs(mean(values) - exact[d]) * Math.sqrt(values.length)) / deviation(values),
          ),
        ),
      ],
      bound: 5,
      because:
        'sampling error: chance passes five standard errors of 20 blocks once in 12,000 times, and there are eight distances',
    }),
  ];
}

function identityClaims({
  exact,
  printedWithTraceNorm,
  printedWithOperatorNorm,
  parameters,
}: MeasuredWeighting): Claim[] {
  const ratio = (bound: readonly number[], expected: number) => [
    Math.max(...exact.map((variance, d) => Math.abs(bound[d] / variance / expected - 1))),
  ];
  const because = 'an identity, up to the rounding of sums of a few dozen terms';
  return [
    judge.law({
      ...theorem,
      id: 'B10.looseness',
      statement: 'not in the paper: for A_i = 1, whose trace norm is P, the printed bound is P^2 times the variance',
      measure: `largest relative distance of the ratio from ${parameters}^2`,
      samples: ratio(printedWithTraceNorm, parameters ** 2),
      bound: 1e-12,
      because,
    }),
    judge.law({
      ...theorem,
      id: 'B10.equality',
      statement: 'not in the paper: for A_i = a 1 and the operator norm equation 19 is an equality',
      measure: 'largest relative distance of the ratio from 1',
      samples: ratio(printedWithOperatorNorm, 1),
      bound: 1e-12,
      because,
    }),
  ];
}

/** Equation 16 and the bound along a run of SGD on a real loss. */
function trajectoryClaims(trajectories: readonly Trajectory[], settings: string): Claim[] {
  const [{ parameters }] = trajectories;
  const place = 'Eq. 16, Theorem 8.2';
  const difference = `P = ${parameters}: ${settings}`;
  const common = { place, atPublishedSize: false, difference };
  /** A_i = a (1 - 0.1)^i 1, as for iterate averaging with weight decay. */
  const weighted = trajectories.map(({ traces, variances: { length } }) => {
    let [variance, bound] = [0, 0];
    for (let i = 0; i < length; i++) {
      for (let j = 0; j < length; j++) {
        variance += 0.9 ** (i + j) * traces[i * length + j];
        bound += traces[i * length + j];
      }
    }
    return { variance: variance / length ** 2, bound: bound / length ** 2 };
  });
  const kernels = (['exponential', 'power'] as const).map((kind) => ({
    kind,
    compared: trajectories.map((trajectory) => withKernel(trajectory, kind)),
  }));
  const closest = trajectories.map(({ pairs }) => pairs.reduce((a, b) => (b.distance < a.distance ? b : a)));
  const farthest = trajectories.map(({ pairs }) => pairs.reduce((a, b) => (b.distance > a.distance ? b : a)));
  const assumption = { place: 'Eq. 16', atPublishedSize: false, difference };
  return [
    judge.order({
      ...common,
      id: 'B10.trajectory-bound',
      statement:
        'along a run of SGD the variance of the weighted average is below the bound, A_i = 0.9^i 1, covariances of the noise as measured in place of those of a kernel',
      larger: { name: 'bound', samples: weighted.map(({ bound }) => bound) },
      smaller: { name: 'variance', samples: weighted.map(({ variance }) => variance) },
      because: 'a bound has no exceptions',
    }),
    ...kernels.map(({ kind, compared }) =>
      judge.order({
        ...common,
        id: `B10.trajectory-distances.${kind}`,
        statement: `at the distances of the iterates of a run of SGD the variance is below equation 19, a the operator norm, for A_i = 0.9^i 1 and (-1)^i 1 and a kernel (${kind}) of their median distance for length, in units of k'(0)`,
        larger: { name: 'bound', samples: compared.map(({ bound }) => bound) },
        smaller: { name: 'larger variance of the two', samples: compared.map(({ variance }) => variance) },
        because: 'a bound has no exceptions',
      }),
    ),
    judge.law({
      ...assumption,
      id: 'B10.trajectory-stationary',
      statement: 'the variance of the noise is the same all along a run (a stationary kernel): last iterate over first',
      measure: 'Tr Cov of the last over that of the first',
      samples: trajectories.map(({ variances }) => variances[variances.length - 1] / variances[0]),
      published: 1,
      bound: 0.2,
      because: 'sampling error: traces over some hundred samples of heavy tails are known to a tenth each',
    }),
    judge.law({
      ...assumption,
      id: 'B10.trajectory-isotropic',
      statement:
        'near by the noise has the same covariance along the line between two iterates as across it (equation 16 as d goes to 0), closest iterates',
      measure: 'covariance along the line over the mean of all directions',
      samples: closest.map(({ alongOverMean }) => alongOverMean),
      published: 1,
      bound: 0.3,
      because: 'sampling error: variances over some hundred samples of heavy tails are known to a tenth or two',
    }),
    judge.notComparable({
      place: 'Eq. 16',
      id: 'B10.trajectory-along-far',
      statement:
        "the same for the iterates farthest apart, where equation 16 has (k' - k'' d^2) / k', negative for exp beyond its length",
      samples: farthest.map(({ alongOverMean }) => alongOverMean),
      atPublishedSize: false,
      why: 'the paper names no kernel',
    }),
  ];
}

/** Exact variance, the larger of two weightings by numbers of magnitude at most 1, and the printed bound, over k'(0). */
function withKernel({ parameters, pairs, variances: { length: count } }: Trajectory, kind: 'exponential' | 'power') {
  const distances = pairs.map(({ distance }) => distance);
  const median = [...distances].sort((a, b) => a - b)[Math.floor(distances.length / 2)];
  const kernel = kernelOf({ kind, variance: 1, length: median });
  const scale = kernel.first(0);
  const weighted = [(i: number) => 0.9 ** i, (i: number) => (-1) ** i].map((weight) => {
    let sum = 0;
    let pair = 0;
    for (let i = 0; i < count; i++) {
      sum += weight(i) ** 2 * scale;
      for (let j = 0; j < i; j++) {
        sum += 2 * weight(i) * weight(j) * meanCovariance(kernel, distances[pair++], parameters);
      }
    }
    return sum / count ** 2 / scale;
  });
  return { variance: Math.max(...weighted), bound: printedBound(kernel, { parameters, count, distances }, 1) / scale };
}
