import { type Panel, spectrumHistogram, type Table } from '@hessian-rmt/plotting';
import { definePart, type Results } from '@hessian-rmt/replication';
import { distinctLevels, foldedSpacingRatios, ratioSurmise } from '@hessian-rmt/rmt';
import { figure6Claims } from './figure-6-claims.js';
import { goeRatios } from './goe-ratios.js';
import {
  type ProcessPanel,
  type ProcessSettings,
  processPanels,
  processProfiles,
  processSpectra,
  processText,
  processUnit,
} from './process-panels.js';
import { pooledRatios, type RatioStatistics, ratioStatistics } from './ratio-statistics.js';

/** Of the caption: k'(0) = 1. */
const firstDerivative = 1;
/** Where the paper cuts its histograms of ratios. */
const cut = 10;

const goeUnit = ({ size, samples, references }: ProcessSettings) =>
  goeRatios.unit({ size, samples, draws: references }, { repetition: 0, threads: 1 });

/** One way to look at the levels of a panel. */
export interface MeasuredRatios extends RatioStatistics {
  /** `d.merged`. */
  readonly id: string;
  readonly panel: string;
  /** What is done with the levels. */
  readonly treatment: string;
}

export interface MeasuredFigure6 {
  readonly ratios: readonly MeasuredRatios[];
  /** Of the plain matrix of the same kernel: what the published routine showed for the panel. */
  readonly plain: readonly { readonly id: string; readonly mean: number }[];
  /** Largest difference of min(r, 1/r) between the panels without outliers, sample by sample and level by level. */
  readonly largestDifference: number;
  /** Statistics of as many GOE spectra of the same size, one a draw. */
  readonly goe: { readonly mean: readonly number[]; readonly distance: readonly number[] };
}

/** Figure 6: ratios of consecutive spacings of the Hessians of Gaussian processes. */
export const figure6 = definePart<ProcessSettings>({
  id: 'figure-6',
  place: 'Figure 6',
  title: 'Spacing ratios of Gaussian-process Hessians',
  profiles: processProfiles,
  units: (settings) => [
    ...processPanels.map((panel) => processUnit(settings, panel, firstDerivative)),
    ...processPanels.filter(isAltered).map((panel) => processUnit(settings, plainOf(panel), firstDerivative)),
    goeUnit(settings),
  ],

  present(results, settings) {
    const measured = measure(results, settings);
    const surmise = ratioSurmise({ beta: 1 });
    return {
      figures: [
        {
          id: 'figure-6',
          title: 'Figure 6: ratios of consecutive spacings of Gaussian-process Hessians',
          caption:
            `$k$′(0) = 1 as captioned, the spin glass with its own; ${processText(settings)}. Panels as captioned: (d) without its zeros, which structure tells, (e) and (f) with all levels. ` +
            `Line: surmise of Atas et al. (2013); ratios up to ${cut}, as in the paper.`,
          columns: 3,
          panels: processPanels.map((panel) => ratioPanel(panel, levelsOf(results, settings, panel), surmise.density)),
        },
      ],
      tables: [ratioTable(measured, settings)],
      claims: figure6Claims(measured, settings),
    };
  },
});

const isAltered = (panel: ProcessPanel) => panel.degenerate || panel.outliers !== undefined;

/** The published routine draws its matrix without the degenerate directions and outliers that were asked for. */
function plainOf({ degenerate: _, outliers: __, ...panel }: ProcessPanel): ProcessPanel {
  return panel;
}

const levelsOf = (results: Results, settings: ProcessSettings, panel: ProcessPanel) =>
  processSpectra(results, settings, panel, firstDerivative).levels;

function measure(results: Results, settings: ProcessSettings): MeasuredFigure6 {
  const goe = results.of(goeUnit(settings)).arrays;
  const unaltered = processPanels.filter((panel) => panel.outliers === undefined);
  const folded = unaltered.map((panel) => levelsOf(results, settings, panel).map(foldedSpacingRatios));
  const largestDifference = Math.max(
    ...folded
      .slice(1)
      .flatMap((spectra) =>
        spectra.map((ratios, sample) => Math.max(...ratios.map((r, i) => Math.abs(r - folded[0][sample][i])))),
      ),
  );
  return {
    ratios: processPanels.flatMap((panel) => treatments(results, settings, panel)),
    plain: processPanels.filter(isAltered).map((panel) => ({
      id: panel.id,
      mean: ratioStatistics(levelsOf(results, settings, plainOf(panel))).mean,
    })),
    largestDifference,
    goe: { mean: Array.from(goe.mean.data), distance: Array.from(goe.distance.data) },
  };
}

function treatments(results: Results, settings: ProcessSettings, panel: ProcessPanel): MeasuredRatios[] {
  const { levels, whole, rotated } = processSpectra(results, settings, panel, firstDerivative);
  const { outliers } = settings;
  const of = (id: string, treatment: string, spectra: readonly Float64Array[]): MeasuredRatios => ({
    id: id === '' ? panel.id : `${panel.id}.${id}`,
    panel: panel.text.replaceAll(/[${}]/g, ''),
    treatment,
    ...ratioStatistics(spectra),
  });
  if (panel.degenerate) {
    // Rounding may leave a zero anywhere within n epsilon of the largest: these are one level.
    const merged = whole.map((values) => {
      const largest = Math.max(-values[0], values[values.length - 1]);
      return distinctLevels(values, { tolerance: values.length * Number.EPSILON * largest }).levels;
    });
    return [
      of('', 'zeros removed by structure', levels),
      of('merged', 'zeros merged into one level', merged),
      of(
        'rounded',
        `in a random basis, the zeros kept as rounding left them (${rotated.length} samples)`,
        rotated.map((values) => distinctLevels(values).levels),
      ),
    ];
  }
  if (panel.outliers === undefined) return [of('', 'all levels', levels)];
  return [
    of('', 'all levels', levels),
    of(
      'bulk',
      `without the ${outliers} largest levels`,
      levels.map((values) => values.subarray(0, values.length - outliers)),
    ),
    of(
      'outliers',
      `the ${outliers} largest levels`,
      levels.map((values) => values.subarray(values.length - outliers)),
    ),
  ];
}

function ratioPanel(panel: ProcessPanel, levels: readonly Float64Array[], density: (r: number) => number): Panel {
  return spectrumHistogram(pooledRatios(levels), {
    range: [0, cut],
    bins: 50,
    law: { label: 'surmise', density },
    title: `${panel.id.length === 1 ? `(${panel.id}) ` : ''}${panel.text}`,
    label: 'sampled',
    x: { label: 'ratio of spacings, $r$' },
  });
}

function ratioTable({ ratios, plain, goe }: MeasuredFigure6, settings: ProcessSettings): Table {
  const goeMean = goe.mean.reduce((sum, x) => sum + x, 0) / goe.mean.length;
  return {
    id: 'figure-6',
    title: 'Figure 6: mean ratios and their distance from the surmise',
    caption:
      `${processText(settings).replaceAll('$', '')}. Mean of min(r, 1/r) with its standard error over the samples; distance of all r from the surmise (Kolmogorov-Smirnov). ` +
      `The GOE itself, as many spectra of the same size: mean ${goeMean.toFixed(4)}, distance ${Math.min(...goe.distance).toFixed(4)} to ${Math.max(...goe.distance).toFixed(4)}. ` +
      'The last column is the plain matrix that the published routine drew in place of the captioned one.',
    columns: [
      { header: 'panel' },
      { header: 'levels' },
      { header: 'mean ratio', format: '.4f' },
      { header: 'standard error', format: '.4f' },
      { header: 'distance', format: '.4f' },
      { header: 'mean ratio by the published routine', format: '.4f' },
    ],
    rows: ratios.map(({ id, panel, treatment, mean, standardError, distance }) => [
      panel,
      treatment,
      mean,
      standardError,
      distance,
      plain.find((each) => each.id === id)?.mean ?? null,
    ]),
  };
}
