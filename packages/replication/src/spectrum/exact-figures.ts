import { type Figure, type Panel, screePlot, spectrumHistogram } from '@hessian-rmt/plotting';
import { foldedPoissonRatio, foldedRatioSurmise, type MeanEstimate } from '@hessian-rmt/rmt';
import type { JudgedSpectrum } from './judged-spectrum.js';
import { type LawOverlay, parametersText } from './law-overlay.js';
import { meanRatioOf } from './levels.js';
import { type MatrixText, ruleText } from './matrix-text.js';
import type { OutlierRule } from './request.js';

export interface FigureOptions {
  readonly text: MatrixText;
  readonly law: (LawOverlay & { readonly distance: number }) | null;
  readonly ratios: MeanEstimate | null;
  readonly rule: OutlierRule;
}

/** Of the levels that are told from zero and are no outliers, the bulk's panel leaves this share out at each end. */
const tail = 0.02;
/** Fewer ratios make no histogram (our choice). */
const fewestRatios = 50;

/** The spectrum with the law, the largest eigenvalues, and the ratios of spacings. */
export function exactFigures(judged: readonly JudgedSpectrum[], options: FigureOptions): readonly Figure[] {
  const { text, ratios } = options;
  return [
    spectrumFigure(judged, options),
    screeFigure(judged, text),
    ...(ratios !== null && ratios.count >= fewestRatios ? [ratioFigure(judged, text, ratios)] : []),
  ];
}

function spectrumFigure(judged: readonly JudgedSpectrum[], { text, law, rule }: FigureOptions): Figure {
  const values = judged.flatMap(({ all }) => [...all]);
  const zeros = judged.reduce((sum, one) => sum + one.all.length - resolvedOf(one).length, 0);
  const drawn = law && {
    label: law.title,
    density: (x: number) => law.law.density(x),
    atoms: law.law.atoms,
  };
  const outliers = judged.reduce((sum, one) => sum + one.outliers, 0);
  const panels: readonly Panel[] = [
    spectrumHistogram(values, { title: 'All eigenvalues', logY: true, bins: 100, ...(drawn ? { law: drawn } : {}) }),
    spectrumHistogram(values, {
      title: 'The bulk',
      logY: true,
      bins: 100,
      range: bulkRange(judged, law),
      ...(drawn ? { law: drawn } : {}),
    }),
  ];
  const lawSentence = law
    ? ` ${law.title}, ${law.source}: ${parametersText(law)}; distance ${law.distance.toPrecision(3)}.`
    : '';
  return {
    id: 'spectrum',
    title: `Spectrum of the ${text.matrix}`,
    caption:
      `${text.sentence} ${values.length.toLocaleString('en')} eigenvalues, ${zeros.toLocaleString('en')} of them zero ` +
      `to rounding; ${outliers === 1 ? '1 outlier' : `${outliers} outliers`} ${ruleText(rule)}.${lawSentence}`,
    panels,
  };
}

function resolvedOf({ spectrum, resolution }: JudgedSpectrum): Float64Array {
  return spectrum.values.filter((level) => Math.abs(level) > resolution);
}

/** Where the bulk lies, and the law with it. */
function bulkRange(judged: readonly JudgedSpectrum[], law: LawOverlay | null): readonly [number, number] {
  const levels = judged
    .flatMap((one) => {
      const cut = one.outliers === 0 ? Number.POSITIVE_INFINITY : one.all[one.all.length - one.outliers];
      return [...resolvedOf(one)].filter((level) => level < cut);
    })
    .sort((a, b) => a - b);
  const at = (share: number) => levels[Math.round(share * (levels.length - 1))] ?? 0;
  const ends = law ? [law.law.support[0][0], law.law.support[law.law.support.length - 1][1]] : [];
  const [low, high] = [Math.min(0, at(tail), ...ends), Math.max(0, at(1 - tail), ...ends)];
  return low < high ? [low, high] : [low - 1, high + 1];
}

function screeFigure(judged: readonly JudgedSpectrum[], { matrix, sentence }: MatrixText): Figure {
  const [{ all, counts, resolution }] = judged;
  const rules = [
    { after: counts.gap, label: 'gap' },
    { after: counts.ratio, label: 'ratio' },
    { after: counts.elbow, label: 'elbow' },
  ];
  const top = Math.min(all.length, Math.max(30, ...rules.map(({ after }) => (after <= 200 ? 2 * after : 0))));
  const shown = rules.filter(({ after }) => after > 0 && after < top);
  // Rules that agree share a line.
  const markers = [...new Set(shown.map(({ after }) => after))].map((after) => ({
    after,
    label: `${shown
      .filter((one) => one.after === after)
      .map(({ label }) => label)
      .join(', ')}: ${after}`,
  }));
  const floorIsNear = all[all.length - top] < 100 * resolution;
  return {
    id: 'outliers',
    title: `Largest eigenvalues of the ${matrix}`,
    caption: `${sentence}${judged.length > 1 ? ' The first batch.' : ''} Lines: outliers by largest gap, largest ratio and elbow.`,
    panels: [
      screePlot(all, {
        top,
        markers,
        ...(floorIsNear && resolution > 0 ? { cutoff: { at: resolution, label: 'rounding' } } : {}),
      }),
    ],
  };
}

function ratioFigure(
  judged: readonly JudgedSpectrum[],
  { matrix, sentence }: MatrixText,
  ratios: MeanEstimate,
): Figure {
  const goe = foldedRatioSurmise({ beta: 1 });
  const poisson = foldedPoissonRatio();
  const values = judged.flatMap((one) => [...one.foldedRatios]);
  return {
    id: 'ratios',
    title: `Ratios of consecutive spacings of the ${matrix}`,
    caption:
      `${sentence} Levels above rounding, negative and positive ones apart: mean ${ratios.mean.toFixed(4)} +- ` +
      `${ratios.standardError.toFixed(4)} (GOE ${meanRatioOf.goe}, Poisson ${meanRatioOf.poisson.toFixed(4)}).`,
    panels: [
      spectrumHistogram(values, {
        bins: 20,
        range: [0, 1],
        x: { label: 'min(r, 1/r)' },
        label: `${values.length.toLocaleString('en')} ratios`,
        law: [
          { label: 'GOE (surmise)', density: (x) => goe.density(x) },
          { label: 'Poisson', density: (x) => poisson.density(x) },
        ],
      }),
    ],
  };
}
