import { type Panel, spectrumHistogram, type Table } from '@hessian-rmt/plotting';
import { definePart } from '@hessian-rmt/replication';
import { ratioSurmise } from '@hessian-rmt/rmt';
import { figure6Claims } from './figure-6-claims.js';
import { figure6Units, levelsOf, type MeasuredFigure6, measureFigure6 } from './figure-6-measure.js';
import {
  type ProcessPanel,
  type ProcessSettings,
  processPanels,
  processProfiles,
  processText,
} from './process-panels.js';
import { pooledRatios } from './ratio-statistics.js';

/** Where the paper cuts its histograms of ratios. */
const cut = 10;

/** Figure 6: ratios of consecutive spacings of the Hessians of Gaussian processes. */
export const figure6 = definePart<ProcessSettings>({
  id: 'figure-6',
  place: 'Figure 6',
  title: 'Spacing ratios of Gaussian-process Hessians',
  profiles: processProfiles,
  units: figure6Units,

  present(results, settings) {
    const measured = measureFigure6(results, settings);
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
