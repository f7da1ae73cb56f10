import { curves, type Panel, type Table } from '@hessian-rmt/plotting';
import { definePart, type Results } from '@hessian-rmt/replication';
import { crossTerm, equation21Claims, type MeasuredAlong, widthExponent } from './equation-21-claims.js';
import { type KernelConfig, kernelText } from './kernels.js';
import { mean } from './mean-and-deviation.js';
import {
  type Trajectory,
  type TrajectorySettings,
  trajectoriesOf,
  trajectoryProfiles,
  trajectoryText,
  trajectoryUnit,
  varianceLeft,
} from './trajectories.js';

const kernels: readonly KernelConfig[] = (['exponential', 'power', 'floor'] as const).map((kind) => ({
  kind,
  variance: 1,
  length: 1,
}));
const exponents = [0.1, 0.25, 0.4];

/** Equation 21: the cross term of the bound against P, and gradients that decorrelate with distance along SGD. */
export const equation21 = definePart<TrajectorySettings>({
  id: 'equation-21',
  place: 'Eq. 21, sec. 8',
  title: 'Decorrelation of gradients with distance, width and rate',
  profiles: trajectoryProfiles,
  units: (settings) => {
    const runs = [
      ...settings.widths.map((width) => [width, settings.at.rate] as const),
      ...settings.rates.filter((rate) => rate !== settings.at.rate).map((rate) => [settings.at.width, rate] as const),
    ];
    return runs.flatMap(([width, rate]) =>
      Array.from({ length: settings.repetitions }, (_, repetition) =>
        trajectoryUnit(settings, width, rate, repetition),
      ),
    );
  },

  present(results, settings) {
    const { at } = settings;
    const byWidth = settings.widths.map((width) => measure(results, settings, width, at.rate));
    const byRate = settings.rates.map((rate) => measure(results, settings, at.width, rate));
    const text = trajectoryText(settings);
    return {
      figures: [
        {
          id: 'equation-21-law',
          title: 'Equation 21: the cross term when distances grow as $P$^{η}',
          caption:
            "The second term of the variance bound over its first at $T$ = 1, for $T$ → ∞ and all distances $P$^{η}. It decays with the kernel's derivatives, and not where the gradients keep a common part.",
          panels: kernels.map((kernel) => lawPanel(kernel, kernel.kind === 'floor' ? 'bottom-left' : 'none')),
        },
        {
          id: 'equation-21',
          title: 'Gradient noise along SGD: correlation of iterates, and what averaging leaves',
          caption: `Top: by width at rate ${at.rate}; bottom: by rate at ${at.width} hidden units. Means and ranges over the repetitions: ${text}. Left: all pairs of iterates.`,
          columns: 3,
          panels: [
            pairPanel(byWidth, ({ width }) => `${width} hidden units`),
            ...summaryPanels(byWidth, ({ parameters }) => parameters, 'parameters, $P$'),
            pairPanel(byRate, ({ rate }) => `rate ${rate}`),
            ...summaryPanels(byRate, ({ rate }) => rate, 'rate, $α$'),
          ],
        },
      ],
      tables: [tableOf([...byWidth, ...byRate.filter(({ rate }) => rate !== at.rate)], byWidth, text)],
      claims: equation21Claims({ byWidth, byRate, kernels, exponents, settings }),
    };
  },
});

function measure(results: Results, settings: TrajectorySettings, width: number, rate: number): MeasuredAlong {
  const runs = trajectoriesOf(results, settings, width, rate);
  const overPairs = (of: (pair: Trajectory['pairs'][number]) => number) => runs.map(({ pairs }) => mean(pairs.map(of)));
  return {
    width,
    rate,
    parameters: runs[0].parameters,
    runs,
    distance: overPairs(({ distance }) => distance),
    correlation: overPairs(({ correlation }) => correlation),
    varianceLeft: runs.map(varianceLeft),
  };
}

function lawPanel(kernel: KernelConfig, legend: 'bottom-left' | 'none'): Panel {
  const sizes = Array.from({ length: 61 }, (_, i) => 10 ** (1 + i / 10));
  return curves(
    exponents.map((exponent) => {
      const x = sizes.filter((size) => crossTerm(kernel, size, exponent) > 1e-7);
      return { label: `$η$ = ${exponent}`, x, y: x.map((size) => crossTerm(kernel, size, exponent)) };
    }),
    {
      title: `$k$($s$) = ${kernelText(kernel)}`,
      x: { label: 'parameters, $P$', scale: 'log' },
      y: { label: 'cross term', scale: 'log', domain: [1e-6, 1.5] },
      legend,
    },
  );
}

function pairPanel(measured: readonly MeasuredAlong[], label: (each: MeasuredAlong) => string): Panel {
  return {
    x: { label: 'distance of iterates, $d_{ij}$' },
    y: { label: 'correlation of gradients' },
    legend: 'bottom-left',
    marks: measured.map((each, color) => ({
      kind: 'points',
      label: label(each),
      color,
      size: 3,
      x: each.runs.flatMap(({ pairs }) => pairs.map(({ distance }) => distance)),
      y: each.runs.flatMap(({ pairs }) => pairs.map(({ correlation }) => correlation)),
    })),
  };
}

function summaryPanels(
  measured: readonly MeasuredAlong[],
  along: (each: MeasuredAlong) => number,
  label: string,
): Panel[] {
  const x = measured.map(along);
  const panel = (name: string, of: (each: MeasuredAlong) => readonly number[]) =>
    curves([{ x, y: measured.map((each) => mean(of(each))), dots: true, ...range(measured.map(of)) }], {
      x: { label, scale: 'log' },
      y: { label: name },
    });
  return [
    panel('mean distance', ({ distance }) => distance),
    panel('mean correlation', ({ correlation }) => correlation),
  ];
}

const range = (samples: readonly (readonly number[])[]) => ({
  low: samples.map((values) => Math.min(...values)),
  high: samples.map((values) => Math.max(...values)),
});

function tableOf(measured: readonly MeasuredAlong[], byWidth: readonly MeasuredAlong[], text: string): Table {
  return {
    id: 'equation-21',
    title: 'Gradient noise along SGD by width and rate',
    caption:
      `Means over pairs of iterates and repetitions: ${text}. Variance left: of the mean of the gradients, over the mean of their variances. ` +
      `Distances grow as P to the power ${byWidth[0].runs.map((_, run) => widthExponent(byWidth, run).toFixed(2)).join(', ')} (one a repetition).`,
    columns: [
      { header: 'hidden' },
      { header: 'P' },
      { header: 'rate' },
      { header: 'distance', format: '.3g' },
      { header: 'correlation', format: '.3f' },
      { header: 'variance left', format: '.3f' },
    ],
    rows: measured.map(({ width, parameters, rate, distance, correlation, varianceLeft }) => [
      width,
      parameters,
      rate,
      mean(distance),
      mean(correlation),
      mean(varianceLeft),
    ]),
  };
}
