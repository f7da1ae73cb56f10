import { type CurveSeries, curves, type Panel, type Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { ratioSurmise, spacingRatios } from '@hessian-rmt/rmt';
import { largestRatio } from './authors-procedure.js';
import { independentDistance } from './independent-distance.js';
import { deviation, mean } from './mean-and-deviation.js';
import { leftOut, ownUnfoldings, type UnfoldingDistancesConfig, unfoldingDistances } from './unfolding-distances.js';

type Settings = Omit<UnfoldingDistancesConfig, 'ensemble'>;

/** Pools as large as the audit's, and up to some that leave little noise. */
const laptop: Settings = { size: 200, analysed: 12, pools: [6, 12, 24, 48, 100], draws: 20 };
const quick: Settings = { ...laptop, size: 100, pools: [6, 12, 24, 48], draws: 8 };
const smoke: Settings = { size: 60, analysed: 4, pools: [4, 8, 16, 32], draws: 3 };
const paper: Settings = { ...laptop, size: 1000, pools: [6, 12, 24, 48, 100, 400] };

const ensembles = [
  { ensemble: 'goe', name: 'GOE' },
  { ensemble: 'wishart', name: 'Wishart' },
] as const;

const unitOf = (settings: Settings, ensemble: UnfoldingDistancesConfig['ensemble']) =>
  unfoldingDistances.unit({ ...settings, ensemble }, { repetition: 0, threads: 1 });

/** Equations 6, 7, 10 to 12: unfolding by a pool and by other means, ratios, on levels whose law is known (sec. 5). */
export const unfolding = definePart<Settings>({
  id: 'unfolding',
  place: 'Eqs. 6, 7, 10-12',
  title: 'Unfolding of known ensembles',
  profiles: { smoke, quick, laptop, paper },
  units: (settings) => ensembles.map(({ ensemble }) => unitOf(settings, ensemble)),

  present(results, settings) {
    const { size, analysed, draws } = settings;
    const measured = ensembles.map((each) => ({ ...each, by: distancesOf(results, settings, each.ensemble) }));
    return {
      figures: [
        {
          id: 'unfolding',
          title: 'Unfolded spacings of known levels: distance from the Wigner surmise',
          caption:
            `Kolmogorov-Smirnov distance of the spacings of ${analysed} spectra of ${size} levels (a tenth left out at either end), mean and 95 % range of ` +
            `${draws} draws, by the number of spectra in the pool (equation 10). Lines: the same spectra unfolded by the exact law of their density, by ` +
            'a polynomial and a spline fitted to each, and by Gaussian broadening.',
          columns: 2,
          panels: measured.map(({ name, by }) => poolPanel(name, by, settings)),
        },
      ],
      tables: [distanceTable(measured, settings)],
      claims: [
        ...measured.flatMap((each) => distanceClaims(each, settings)),
        ...equationClaims(measured[0].by, settings),
      ],
    };
  },
});

type Distances = Readonly<Record<string, readonly number[]>>;
type Measured = (typeof ensembles)[number] & { readonly by: Distances };

function distancesOf(results: Results, settings: Settings, ensemble: UnfoldingDistancesConfig['ensemble']): Distances {
  const { arrays } = results.of(unitOf(settings, ensemble));
  return Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, [...data]]));
}

const common = { figure: 'figures/unfolding.svg', atPublishedSize: true } as const;
const inSection = { ...common, place: 'Eqs. 6-8, 10, sec. 5' } as const;
const spacingsIn = ({ size, analysed }: Settings) => Math.round(analysed * ((1 - 2 * leftOut) * size - 1));

/** How each way of unfolding is called. */
const waysOf = ({ pools }: Settings): readonly (readonly [key: string, text: string])[] => [
  ['law', 'the exact law of the density'],
  ...pools.map((count) => [`pool-${count}`, `a pool of ${count} spectra`] as const),
  ['polynomial', 'a polynomial fitted to each spectrum'],
  ['spline', 'a smoothing spline fitted to each spectrum'],
  ['broadening', 'Gaussian broadening of each spectrum'],
];

function distanceClaims({ ensemble, name, by }: Measured, settings: Settings): Claim[] {
  return [
    ...waysOf(settings).map(([key, text]) =>
      judge.law({
        ...inSection,
        id: `B4.${ensemble}-${key}`,
        statement: `spacings of ${name} levels unfolded by ${text} follow the Wigner surmise`,
        measure: 'Kolmogorov-Smirnov distance',
        samples: by[key],
        bound: 0.01 + independentDistance(spacingsIn(settings)),
        because:
          'as for the surmise itself (B2.any-size): one spacing in a hundred on the wrong side, and the sampling error; what an unfolding adds is not allowed for',
      }),
    ),
    judge.trend({
      ...inSection,
      id: `B4.${ensemble}-pool-size`,
      statement: `a large pool approximates the mean cumulative of ${name} levels accurately`,
      direction: 'decreasing',
      along: { name: 'number of spectra in the pool', samples: settings.pools },
      samples: by.law.map((_, draw) => settings.pools.map((count) => by[`pool-${count}`][draw])),
      because: 'the same spectra analysed, the same pool growing, draw by draw',
    }),
    judge.order({
      ...inSection,
      id: `B4.${ensemble}-ratios-closer`,
      statement: `ratios agree more closely than unfolded spacings, owing to the approximation in unfolding (${name} levels, pool of ${pooled(settings)})`,
      larger: { name: 'distance of the spacings from the surmise', samples: by[`pool-${pooled(settings)}`] },
      smaller: { name: 'distance of the ratios from theirs', samples: by.ratios },
      inAtLeast: 0.9,
      because: 'in nine draws of ten (our choice), each distance having a sampling error',
    }),
  ];
}

/** A pool of middling size: the audit's, where it is among them. */
const pooled = ({ pools }: Settings) => pools[Math.floor(pools.length / 2)];

/** What the equations say as printed. */
function equationClaims(by: Distances, settings: Settings): Claim[] {
  const { size, pools, analysed } = settings;
  const equation10 = { ...common, place: 'Eqs. 7, 10', published: 1, within: { absolute: 1 / (size - 1) } };
  const because = 'a level to spare at the ends of a spectrum, over its spacings';
  const surmise = ratioSurmise({ beta: 1 });
  const evenly = Float64Array.from({ length: size }, (_, i) => i);
  return [
    judge.value({
      ...equation10,
      id: 'B4.mean-spacing-as-printed',
      statement:
        'the mean of the unfolded spacings is unity: equation 10 as printed, divided by the number of all levels of the pool',
      samples: by['mean-spacing'].map((spacing) => spacing / size),
      because,
    }),
    judge.value({
      ...equation10,
      id: 'B4.mean-spacing-times-p',
      statement: 'the mean of the unfolded spacings is unity: P times equation 10',
      samples: by['mean-spacing'],
      because,
    }),
    judge.count({
      ...common,
      id: 'B4.number-of-ratios',
      place: 'Equation 11',
      statement: `P levels have P - 1 ratios, i = 2 to P (P = ${size}); equation 11 needs the level i - 2, so i starts at 3`,
      published: size - 1,
      samples: [spacingRatios(evenly).length],
      within: 0,
      because: 'a count',
    }),
    judge.value({
      ...common,
      id: 'B4.ratios-below-10',
      place: 'Eq. 12, sec. 6',
      statement: 'around 0.985 of the mass of the surmise for ratios lies below 10',
      published: 0.985,
      samples: [surmise.cumulative(largestRatio)],
      within: { absolute: 0.0005 },
      because: 'half of the last digit printed',
    }),
    judge.law({
      ...common,
      id: 'B4.ratios-follow-surmise',
      place: 'Eqs. 11, 12',
      statement: 'ratios of consecutive spacings of GOE levels follow the surmise of Atas et al.',
      measure: 'Kolmogorov-Smirnov distance of the ratios up to 10',
      samples: by.ratios,
      bound: 0.01 + independentDistance((analysed + pools[pools.length - 1]) * (size - 2)),
      because: 'one ratio in a hundred on the wrong side, as for the spacings, and the sampling error',
    }),
    judge.value({
      ...common,
      id: 'B4.independent-draws',
      place: 'sec. 5, after Eq. 8',
      statement:
        'unfolded spacings look like independent draws: neighbouring ones are not correlated (GOE levels, unfolded exactly)',
      published: 0,
      samples: by['neighbour-correlation'],
      within: { absolute: 4 / Math.sqrt(spacingsIn(settings)) },
      because: 'four standard errors of the correlation in one draw, were they independent',
    }),
  ];
}

function poolPanel(name: string, by: Distances, { pools }: Settings): Panel {
  const ends = [pools[0], pools[pools.length - 1]];
  const lines = (['law', ...ownUnfoldings] as const).map(
    (key, i): CurveSeries => ({
      label: key === 'law' ? 'exact law' : key,
      x: ends,
      y: [mean(by[key]), mean(by[key])],
      dash: key !== 'law',
      color: i + 1,
    }),
  );
  const panel = curves(lines, {
    title: name,
    x: { label: 'spectra in the pool', scale: 'log', ticks: pools.map((at) => ({ at, label: String(at) })) },
    y: { label: 'distance from the surmise', scale: 'log' },
  });
  const points = {
    kind: 'points' as const,
    label: 'pool',
    color: 0,
    x: pools,
    y: pools.map((count) => mean(by[`pool-${count}`])),
    intervals: pools.map((count) => rangeOf(by[`pool-${count}`])),
  };
  return { ...panel, marks: [...panel.marks, points] };
}

/** 95 % of single draws, by mean and deviation: draws are too few for quantiles. */
const rangeOf = (values: readonly number[]) =>
  [Math.max(1e-4, mean(values) - 2 * deviation(values)), mean(values) + 2 * deviation(values)] as const;

function distanceTable(measured: readonly Measured[], settings: Settings): Table {
  return {
    id: 'unfolding',
    title: 'Distance of unfolded spacings from the Wigner surmise',
    caption: `Mean and standard deviation of ${settings.draws} draws, each of ${settings.analysed} spectra of ${settings.size} levels.`,
    columns: [
      { header: 'ensemble' },
      { header: 'unfolded by' },
      { header: 'distance', format: '.3f' },
      { header: 'deviation of a draw', format: '.2g' },
    ],
    rows: measured.flatMap(({ name, by }) =>
      waysOf(settings).map(([key, text]) => [name, text, mean(by[key]), deviation(by[key])]),
    ),
  };
}
