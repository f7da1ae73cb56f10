import type { Results, Unit } from '@hessian-rmt/replication';
import { distinctLevels, foldedSpacingRatios } from '@hessian-rmt/rmt';
import { goeRatios } from './goe-ratios.js';
import {
  type ProcessPanel,
  type ProcessSettings,
  processPanels,
  processSpectra,
  processUnit,
} from './process-panels.js';
import { type RatioStatistics, ratioStatistics } from './ratio-statistics.js';

/** Of the caption: k'(0) = 1. */
const firstDerivative = 1;
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

export const figure6Units = (settings: ProcessSettings): Unit[] => [
  ...processPanels.map((panel) => processUnit(settings, panel, firstDerivative)),
  ...processPanels.filter(isAltered).map((panel) => processUnit(settings, plainOf(panel), firstDerivative)),
  goeUnit(settings),
];

const isAltered = (panel: ProcessPanel) => panel.degenerate || panel.outliers !== undefined;

/** The published routine draws its matrix without the degenerate directions and outliers that were asked for. */
function plainOf({ degenerate: _, outliers: __, ...panel }: ProcessPanel): ProcessPanel {
  return panel;
}

/** Without structural zeros, one spectrum a sample. */
export const levelsOf = (results: Results, settings: ProcessSettings, panel: ProcessPanel) =>
  processSpectra(results, settings, panel, firstDerivative).levels;

export function measureFigure6(results: Results, settings: ProcessSettings): MeasuredFigure6 {
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
