import type { Panel } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { andersonDarling, lawOfDensity } from '@hessian-rmt/rmt';
import { type ElementNoiseConfig, elementNoise } from './element-noise.js';
import { deviation, mean } from './mean-and-deviation.js';
import { powerFit, rootMeanSquare } from './power-fit.js';

type Settings = ElementNoiseConfig;

const laptop: Settings = {
  model: {
    generator: { signal: 4, nuisance: 2, classes: 3, spread: 1, labelNoise: 0.1 },
    hidden: [5],
  },
  trueSamples: 1_000_000,
  sizes: [1, 4, 16, 64, 256, 1024],
  draws: 400,
  elements: 60,
};
const quick: Settings = { ...laptop, trueSamples: 200_000, draws: 200 };
const smoke: Settings = { ...laptop, trueSamples: 20_000, sizes: [1, 8, 64], draws: 60, elements: 20 };

const unitOf = (settings: Settings) => elementNoise.unit(settings, { repetition: 0, threads: 1 });

/** Lemma 2: elements of the empirical Hessian less the true one are asymptotically normal, of variance ~ 1/N. */
export const lemma2 = definePart<Settings>({
  id: 'lemma-2',
  place: 'Lemma 2',
  title: 'Elements of the difference between empirical and true Hessian',
  profiles: { smoke, quick, laptop, paper: { ...laptop, sizes: [...laptop.sizes, 4096], draws: 1000 } },
  units: (settings) => [unitOf(settings)],

  present(results, settings) {
    const { sizes, draws, elements, trueSamples } = settings;
    const found = measure(results, settings);
    return {
      figures: [
        {
          id: 'lemma-2',
          title: 'Lemma 2: elements of the empirical less the true Hessian',
          caption:
            `A perceptron of ${found.parameters} parameters at initial weights, true Hessian from ${trueSamples} fresh samples; ${elements} elements, ${draws} samples of each size. ` +
            'Left: root mean square of the whole difference. Middle: Anderson-Darling statistic of each element, standardised, against the normal law. Right: correlations of pairs of elements at the largest $N$.',
          panels: [normPanel(found, sizes), normalPanel(found, sizes), correlationPanel(found, draws)],
        },
      ],
      claims: claimsOf(found, settings),
    };
  },
});

interface Found {
  readonly parameters: number;
  /** Norm of the difference, sizes x draws. */
  readonly norms: readonly (readonly number[])[];
  /** Anderson-Darling statistics, sizes x elements. */
  readonly statistics: readonly (readonly number[])[];
  /** Of all pairs, at the largest size. */
  readonly correlations: readonly number[];
  /** Of the elements at the largest size, ascending. */
  readonly variances: readonly number[];
}

function measure(results: Results, settings: Settings): Found {
  const { numbers, arrays } = results.of(unitOf(settings));
  const { sizes, draws, elements } = settings;
  const series = (s: number, e: number) =>
    Array.from({ length: draws }, (_, draw) => arrays.noise.data[(s * draws + draw) * elements + e]);
  const standardised = (values: readonly number[]) => {
    const [centre, spread] = [mean(values), deviation(values)];
    return values.map((value) => (value - centre) / spread);
  };
  const last = sizes.length - 1;
  // A place may be drawn twice, and an element may be the mirror of another: the same number is no pair.
  const all = Array.from({ length: elements }, (_, e) => series(last, e));
  const columns = all.filter((values, e) => all.findIndex(([first]) => first === values[0]) === e).map(standardised);
  const correlations = columns.flatMap((one, i) =>
    columns.slice(i + 1).map((other) => one.reduce((sum, x, k) => sum + x * other[k], 0) / (draws - 1)),
  );
  return {
    parameters: numbers.parameters as number,
    norms: sizes.map((_, s) => Array.from(arrays.norms.data.subarray(s * draws, (s + 1) * draws), Math.sqrt)),
    statistics: sizes.map((_, s) =>
      Array.from({ length: elements }, (_, e) => normalStatistic(standardised(series(s, e)))),
    ),
    correlations,
    variances: all.map((values) => deviation(values) ** 2).sort((a, b) => a - b),
  };
}

/** The tails beyond nine standard deviations hold 2e-19. */
const standardNormal = lawOfDensity({
  name: 'standard normal',
  support: [[-9, 9]],
  density: (x) => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI),
});

/** With mean and variance estimated from the values: Stephens' correction for their number (D'Agostino & Stephens 1986, sec. 4.8). */
function normalStatistic(standardised: readonly number[]): number {
  const n = standardised.length;
  // Single samples have elements twenty deviations away; at the end of the law the statistic is huge enough.
  const values = Float64Array.from(standardised, (x) => Math.max(-8.5, Math.min(8.5, x))).sort();
  return andersonDarling(values, standardNormal) * (1 + 0.75 / n + 2.25 / n ** 2);
}

/** Exceeded by one normal sample in twenty. */
const critical = 0.752;
const rejected = (statistics: readonly number[]) =>
  statistics.filter((value) => value > critical).length / statistics.length;

function claimsOf({ norms, statistics, correlations, variances }: Found, settings: Settings): Claim[] {
  const { sizes, draws, elements } = settings;
  const { exponent, standardError } = powerFit(sizes, norms);
  const common = { figure: 'figures/lemma-2.svg', atPublishedSize: true } as const;
  const lemma = { ...common, place: 'Lemma 2' };
  const last = sizes[sizes.length - 1];
  return [
    judge.law({
      ...lemma,
      id: 'G2.variance',
      statement: 'the variance of the elements is proportional to 1/N',
      measure: 'fitted power of the mean square of the difference',
      published: -1,
      samples: [2 * exponent],
      bound: Math.max(6 * standardError, 0.01),
      because: 'three standard errors of the fit, and what the true Hessian’s own error bends',
    }),
    judge.order({
      ...lemma,
      id: 'G2.towards-normal',
      statement: 'the elements become normal as N grows',
      larger: { name: 'share of elements that are told from normal, N = 1', samples: [rejected(statistics[0])] },
      smaller: { name: `the same, N = ${last}`, samples: [rejected(statistics[statistics.length - 1])] },
      because: 'Anderson-Darling at 5 %',
    }),
    judge.law({
      ...lemma,
      id: 'G2.normal',
      statement: `at N = ${last} they are normal`,
      measure: 'share of elements that an Anderson-Darling test at 5 % tells from normal',
      samples: [rejected(statistics[statistics.length - 1])],
      bound: 0.05 + 3 * Math.sqrt((0.05 * 0.95) / elements),
      because: `three standard errors of a share of ${elements}, were they independent`,
    }),
    judge.law({
      ...common,
      place: 'Assumption 1',
      id: 'X2.independent-elements',
      statement: 'the elements of the difference are independent of each other',
      measure: 'root mean square correlation of two elements',
      samples: [rootMeanSquare(correlations)],
      bound: 1.2 / Math.sqrt(draws),
      because: `independent ones have 1/sqrt(${draws}) by sampling; a fifth more, our choice`,
    }),
    judge.law({
      ...common,
      place: 'Assumption 1',
      id: 'X2.identical-elements',
      statement: 'the elements of the difference have one variance',
      measure: 'ratio of the variances at the ninth and the first decile of the elements',
      samples: [variances[Math.floor(0.9 * elements)] / variances[Math.floor(0.1 * elements)]],
      published: 1,
      bound: 2 * 2 * 1.28 * Math.sqrt(2 / draws),
      because: 'twice what the sampling of equal variances makes of it',
    }),
  ];
}

function normPanel({ norms }: Found, sizes: readonly number[]): Panel {
  const { exponent, prefactor } = powerFit(sizes, norms);
  return {
    title: 'Size',
    x: { label: '$N$', scale: 'log' },
    y: { label: 'Frobenius norm', scale: 'log' },
    marks: [
      {
        kind: 'line',
        label: `fit: $N$^{${exponent.toFixed(3).replace('-', '−')}}`,
        x: sizes,
        y: sizes.map((size) => prefactor * size ** exponent),
      },
      { kind: 'points', label: 'measured', x: sizes, y: norms.map(rootMeanSquare) },
    ],
    legend: 'top-right',
  };
}

function normalPanel({ statistics }: Found, sizes: readonly number[]): Panel {
  return {
    title: 'Distance from normal',
    x: { label: '$N$', scale: 'log' },
    y: { label: 'Anderson-Darling statistic', scale: 'log' },
    marks: [
      {
        kind: 'points',
        size: 3,
        x: statistics.flatMap((values, s) => values.map((_, e) => sizes[s] * 1.3 ** ((2 * e) / values.length - 1))),
        y: statistics.flat(),
      },
      { kind: 'rule', y: critical, label: 'normal: one in twenty above' },
    ],
  };
}

function correlationPanel({ correlations }: Found, draws: number): Panel {
  const bins = 40;
  const heights = new Array<number>(bins).fill(0);
  for (const value of correlations) {
    heights[Math.min(bins - 1, Math.floor(((value + 1) / 2) * bins))] += bins / 2 / correlations.length;
  }
  const grid = Array.from({ length: 201 }, (_, i) => -1 + i / 100);
  const spread = 1 / Math.sqrt(draws);
  return {
    title: 'Dependence',
    x: { label: 'correlation of two elements', domain: [-1, 1] },
    y: { label: 'density' },
    marks: [
      {
        kind: 'histogram',
        label: 'measured',
        edges: Array.from({ length: bins + 1 }, (_, i) => -1 + (2 * i) / bins),
        heights,
      },
      { kind: 'line', label: 'independent', x: grid, y: grid.map((x) => standardNormal.density(x / spread) / spread) },
    ],
    legend: 'top-left',
  };
}
