import { type Claim, judge } from '@hessian-rmt/replication';
import type { MeasuredFigure6, MeasuredRatios } from './figure-6-measure.js';
import { deviation, mean } from './mean-and-deviation.js';
import { atPublishedSizes, type ProcessSettings, processText } from './process-panels.js';

/** Panels whose levels are one another's to rounding are judged once. */
const judged: readonly (readonly [id: string, statement: string])[] = [
  ['b', 'the ratios of the Hessian of a Gaussian process are those of the GOE'],
  ['d', 'with degenerate directions the ratios are those of the GOE, the zeros removed by structure'],
  ['d.merged', 'the same with the zeros merged into one level'],
  [
    'd.rounded',
    'not in the paper: the same with the zeros kept as rounding leaves them in a basis that does not know them',
  ],
  ['e', "with outliers near the bulk (k''(0) = 0.1) the ratios of all levels are those of the GOE"],
  ['e.bulk', 'the same without as many levels at the top as there are outliers'],
  ['f', "with outliers far from the bulk (k''(0) = 0.01) the ratios of all levels are those of the GOE"],
  ['f.bulk', 'the same without the outliers: in the bulk, as section 7 has it'],
];

export function figure6Claims(
  { ratios, plain, largestDifference, goe }: MeasuredFigure6,
  settings: ProcessSettings,
): Claim[] {
  const text = processText(settings).replaceAll('$', '');
  const size = atPublishedSizes(settings) ? { atPublishedSize: true } : { atPublishedSize: false, difference: text };
  const common = { place: 'Figure 6, sec. 7', figure: 'figures/figure-6.svg', ...size };
  const table = { ...common, figure: 'tables/figure-6.md' };
  const of = (id: string) => ratios.find((each) => each.id === id)!;
  const goeMean = mean(goe.mean);
  const errorsAway = ({ mean: measured, standardError }: MeasuredRatios) =>
    Math.abs(measured - goeMean) / Math.hypot(standardError, deviation(goe.mean) / Math.sqrt(goe.mean.length));
  return [
    judge.law({
      ...common,
      id: 'B9.ratios-identity',
      statement:
        "by equation 17 the kernel scales a GOE matrix and shifts it as a whole: with the same draws the ratios of all kernels and of the degenerate panel are the same numbers, the GOE's. The panels without outliers show one histogram, and no kernel could have shown another",
      measure: 'largest difference of min(r, 1/r) between panels, level by level',
      samples: [largestDifference],
      bound: 1e-6,
      because: 'rounding: spacings of a thousandth of the mean one, known to n epsilon of the largest eigenvalue',
    }),
    ...judged.map(([id, statement]) =>
      judge.law({
        ...table,
        id: `B9.ratios-mean.${id}`,
        statement: `${statement} (mean of min(r, 1/r))`,
        measure:
          "distance of the mean from that of the GOE's spectra of the same size, in standard errors over samples and reference",
        samples: [errorsAway(of(id))],
        bound: 4,
        because:
          'sampling error: with 50 samples and more chance passes four standard errors once in 5,000 times, and there are eight such claims',
      }),
    ),
    ...judged.map(([id, statement]) =>
      judge.law({
        ...table,
        id: `B9.ratios-distance.${id}`,
        statement: `${statement} (distance from the surmise)`,
        measure: 'Kolmogorov-Smirnov distance of all ratios from the surmise of Atas et al.',
        samples: [of(id).distance],
        bound: mean(goe.distance) + 4 * deviation(goe.distance),
        because: `the GOE's own distance through the same procedure, its mean and four standard deviations over ${goe.distance.length} draws`,
      }),
    ),
    ...(['e', 'f'] as const).map((id) =>
      judge.order({
        ...table,
        id: `B9.outlier-levels.${id}`,
        statement: `not in the paper: the levels of the outliers of (${id}) repel each other less than those of the bulk`,
        larger: { name: 'mean ratio of the bulk', samples: [of(`${id}.bulk`).mean] },
        smaller: { name: 'mean ratio of the outliers', samples: [of(`${id}.outliers`).mean] },
        because: 'their places are drawn independently of each other, and only the noise of the bulk makes them repel',
      }),
    ),
    ...plain.map(({ id, mean: shown }) =>
      judge.notComparable({
        place: common.place,
        figure: table.figure,
        id: `B9.published-routine.${id}`,
        statement: `mean of min(r, 1/r) that the published routine shows for panel (${id}): it drops the degenerate directions and outliers that it is asked for`,
        samples: [shown],
        atPublishedSize: common.atPublishedSize,
        why: `the matrix as captioned has ${of(id).mean.toFixed(4)}, standard error ${of(id).standardError.toFixed(4)}`,
      }),
    ),
  ];
}
