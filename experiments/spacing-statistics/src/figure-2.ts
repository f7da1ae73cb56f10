import { type CurveSeries, curves, type Panel, spectrumHistogram } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { empiricalCumulative, kolmogorovSmirnov, type Law, poissonSpacing, wignerSurmise } from '@hessian-rmt/rmt';
import { type Ensemble, ensembleLevels, ensembleSpectra } from './ensemble-levels.js';
import { independentDistance } from './independent-distance.js';
import { scaledSpacings } from './scaled-spacings.js';

type Settings = {
  /** Matrices of size 2. */
  readonly pairs: number;
  /** Sizes of the larger GOE matrices; the last is that of the other ensembles too. */
  readonly sizes: readonly number[];
  /** Levels drawn of each size. */
  readonly levels: number;
};

const laptop: Settings = { pairs: 20_000, sizes: [3, 10, 30, 100, 300], levels: 100_000 };
const quick: Settings = { pairs: 10_000, sizes: [3, 10, 100], levels: 40_000 };
const smoke: Settings = { pairs: 2000, sizes: [3, 30], levels: 6000 };
const paper: Settings = { pairs: 200_000, sizes: [...laptop.sizes, 1000], levels: 1_000_000 };

const orthogonal = wignerSurmise({ beta: 1 });
const unitary = wignerSurmise({ beta: 2 });
const independent = poissonSpacing();

const unitOf = ({ levels }: Settings, ensemble: Ensemble, size: number) =>
  ensembleLevels.unit({ ensemble, size, draws: Math.round(levels / size) }, { repetition: 0, threads: 1 });
const pairsUnit = ({ pairs }: Settings) =>
  ensembleLevels.unit({ ensemble: 'goe matrices', size: 2, draws: pairs }, { repetition: 0, threads: 1 });
const largest = ({ sizes }: Settings) => sizes[sizes.length - 1];

/** Figure 2: Wigner's surmise, exact for 2 x 2 and near for any size, and the law of independent levels (sec. 3). */
export const figure2 = definePart<Settings>({
  id: 'figure-2',
  place: 'Figure 2',
  title: 'The Wigner surmise',
  profiles: { smoke, quick, laptop, paper },
  units: (settings) => [
    pairsUnit(settings),
    ...settings.sizes.map((size) => unitOf(settings, 'goe', size)),
    ...(['gue', 'poisson'] as const).map((ensemble) => unitOf(settings, ensemble, largest(settings))),
  ],

  present(results, settings) {
    const sampled = sampledSpacings(results, settings);
    const size = largest(settings);
    return {
      figures: [
        {
          id: 'figure-2',
          title: 'Figure 2: the Wigner surmise, and spacings of sampled levels',
          caption:
            `Spacings of ${settings.pairs} matrices of size 2 over their exact mean, and of GOE, GUE and independent levels (size ${size}), each over the ` +
            'mean of the spacing at its place. Last panel: share of spacings below $s$, less that of the surmise, for several $P$; the band is ±0.01.',
          columns: 2,
          panels: [
            histogramOf(sampled.pairs, '2 × 2', [{ ...orthogonal, label: 'surmise' }]),
            histogramOf(sampled.bySize[settings.sizes.length - 1], `GOE, $P$ = ${size}`, [
              { ...orthogonal, label: 'surmise' },
            ]),
            othersPanel(sampled),
            differencePanel(sampled, settings),
          ],
        },
      ],
      claims: claims(sampled, settings),
    };
  },
});

type Sampled = ReturnType<typeof sampledSpacings>;

function sampledSpacings(results: Results, settings: Settings) {
  const spectra = (ensemble: Ensemble, size: number) => ensembleSpectra(results.of(unitOf(settings, ensemble, size)));
  const size = largest(settings);
  return {
    // Of variance 1/2 off the diagonal and 1 on it: the spacing is the length of a plane normal vector of variance 2.
    pairs: Float64Array.from(
      ensembleSpectra(results.of(pairsUnit(settings))),
      ([low, high]) => (high - low) / Math.sqrt(Math.PI),
    ).sort(),
    bySize: settings.sizes.map((each) => scaledSpacings(spectra('goe', each), { mirrored: true })),
    gue: scaledSpacings(spectra('gue', size), { mirrored: true }),
    // Of n + 1 intervals between 0 and n with n independent levels, each has the mean n/(n + 1).
    poisson: Float64Array.from(
      spectra('poisson', size).flatMap((levels) =>
        Array.from({ length: size - 1 }, (_, i) => ((levels[i + 1] - levels[i]) * (size + 1)) / size),
      ),
    ).sort(),
  };
}

const common = { place: 'Figure 2, sec. 3', figure: 'figures/figure-2.svg', atPublishedSize: true } as const;

function claims({ pairs, bySize, gue, poisson }: Sampled, settings: Settings): Claim[] {
  const size = largest(settings);
  const goe = bySize[bySize.length - 1];
  const below = (values: Float64Array, s: number) => empiricalCumulative(values)(s);
  const distance = (values: Float64Array, law: Law) => [kolmogorovSmirnov(values, law)];
  return [
    judge.law({
      ...common,
      id: 'B2.surmise-2x2',
      place: 'Eqs. 5, 8, Figure 2',
      statement: 'the spacing of the two levels of a 2 x 2 GOE matrix follows the Wigner surmise exactly',
      measure: 'Kolmogorov-Smirnov distance',
      samples: distance(pairs, orthogonal),
      bound: independentDistance(pairs.length),
      because: 'what one in a thousand samples of independent spacings of the law exceeds',
    }),
    ...settings.sizes.map((each, i) =>
      judge.law({
        ...common,
        id: `B2.any-size-${each}`,
        statement: `the surmise holds to high accuracy for GOE matrices of any size: P = ${each}`,
        measure: 'Kolmogorov-Smirnov distance',
        samples: distance(bySize[i], orthogonal),
        bound: 0.01 + independentDistance(bySize[i].length),
        because:
          'high accuracy is read as one spacing in a hundred on the wrong side (the limit of large matrices is known to differ by 0.007), and the sampling error',
      }),
    ),
    judge.law({
      ...common,
      id: 'B2.poisson',
      statement: `the spacings of independent levels follow exp(-s)`,
      measure: 'Kolmogorov-Smirnov distance',
      samples: distance(poisson, independent),
      bound: independentDistance(poisson.length) + 2 / (Math.E ** 2 * size),
      because: 'sampling error, and 2/(e^2 n) by which spacings of n levels on a line of length n differ from the law',
    }),
    judge.order({
      ...common,
      id: 'B2.repulsion',
      statement: 'levels of the GOE repel each other: small spacings are far rarer than among independent levels',
      larger: { name: 'share of independent spacings below 0.1', samples: [below(poisson, 0.1)] },
      smaller: { name: `share of GOE spacings below 0.1 (P = ${size})`, samples: [below(goe, 0.1)] },
      factor: 5,
      because:
        'by the two laws 0.095 and 0.0078, a factor of 12; five leaves room for the sampling error at any profile',
    }),
    ...(
      [
        { id: 'goe', name: 'GOE', values: goe, near: orthogonal, far: unitary },
        { id: 'gue', name: 'GUE', values: gue, near: unitary, far: orthogonal },
      ] as const
    ).map(({ id, name, values, near, far }) =>
      judge.order({
        ...common,
        id: `B2.symmetry-${id}`,
        statement: `the spacing law tells the symmetry class: spacings of the ${name} are nearer to their own surmise`,
        larger: { name: `distance to ${far.name}`, samples: distance(values, far) },
        smaller: { name: `distance to ${near.name}`, samples: distance(values, near) },
        because: 'the two surmises are 0.10 apart in the cumulative',
      }),
    ),
  ];
}

const range = [0, 4] as const;

const histogramOf = (values: Float64Array, title: string, law: readonly (Law & { label: string })[]): Panel =>
  spectrumHistogram(values, { range, bins: 40, title, law, label: 'sampled', x: { label: 'spacing, $s$' } });

function othersPanel({ gue, poisson }: Sampled): Panel {
  const one = histogramOf(poisson, 'GUE and independent levels', [{ ...independent, label: 'exp(−$s$)' }]);
  const other = histogramOf(gue, '', [{ ...unitary, label: 'surmise, $β$ = 2' }]);
  const relabelled = (panel: Panel, label: string, color: number) =>
    panel.marks.map((mark) => ({ ...mark, color, ...(mark.kind === 'histogram' && { label }) }));
  return { ...one, marks: [...relabelled(one, 'independent', 0), ...relabelled(other, 'GUE', 1)] };
}

function differencePanel({ bySize, pairs }: Sampled, { sizes }: Settings): Panel {
  const x = Array.from({ length: 81 }, (_, i) => i / 20);
  const series = [pairs, ...bySize].map((values, i): CurveSeries => {
    const share = empiricalCumulative(values);
    return { label: String([2, ...sizes][i]), x, y: x.map((s) => share(s) - orthogonal.cumulative(s)), color: i };
  });
  const band: CurveSeries = {
    x: [0, 4],
    y: [0, 0],
    low: [-0.01, -0.01],
    high: [0.01, 0.01],
    color: 'muted',
  };
  return curves([band, ...series], {
    title: 'Difference from the surmise, by $P$',
    x: { label: 'spacing, $s$', domain: range },
    y: { label: 'difference of cumulatives' },
  });
}
