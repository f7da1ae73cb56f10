import type { Table } from '@hessian-rmt/plotting';
import { kolmogorovSmirnov } from '@hessian-rmt/rmt';
import type { Json, UnitResult } from '../experiment.js';
import { exactFigures } from './exact-figures.js';
import type { SpectrumNumbers } from './exact-spectrum.js';
import { type JudgedSpectrum, judge } from './judged-spectrum.js';
import { type LawOverlay, lawOverlay, parametersText } from './law-overlay.js';
import { meanRatio, meanRatioOf } from './levels.js';
import { type MatrixText, ruleText } from './matrix-text.js';
import { number } from './number-text.js';
import type { SpectrumPlan } from './plan.js';
import type { OutlierRule, SpectrumRequest } from './request.js';
import type { SpectrumPresentation } from './spectrum-presentation.js';

/** Figures, tables and numbers of exact spectra. */
export function exactPresentation(
  plan: SpectrumPlan,
  request: SpectrumRequest,
  results: readonly UnitResult[],
  text: MatrixText,
): SpectrumPresentation {
  const judged = results.flatMap(({ numbers, arrays }) =>
    (numbers.spectra as SpectrumNumbers[]).map((spectrum, i) =>
      judge(spectrum, arrays[`levels-${i}`].data as Float64Array, request.outliers),
    ),
  );
  const ratios = meanRatio(judged.map((one) => one.foldedRatios));
  const law = request.law && withDistance(lawOf(request, judged), judged);
  const summary: SpectrumPresentation['summary'] = {
    spectra: judged.map(({ numbers }) => numbers),
    spacingRatios: ratios && {
      mean: ratios.mean,
      standardError: ratios.standardError,
      interval95: [...ratios.interval95],
      count: ratios.count,
      ...meanRatioOf,
    },
    outlierRule: request.outliers,
    law: law && { name: law.name, parameters: law.parameters, source: law.source, distance: law.distance },
  };
  const lines = linesOf(judged, summary, law);
  const { size } = judged[0].spectrum;
  const values = new Float64Array(judged.length * size);
  for (const [i, { all }] of judged.entries()) values.set(all, i * size);
  const batched = plan.of.kind === 'network' && plan.of.batches !== null;
  return {
    summary,
    lines,
    figures: exactFigures(judged, { text, law, ratios, rule: request.outliers }),
    tables: [
      summaryTable(lines, text),
      largestTable(judged, text, request.outliers),
      ...(batched ? [batchTable(judged, text)] : []),
    ],
    arrays: { eigenvalues: { shape: batched ? [judged.length, size] : [size], data: values } },
  };
}

/** Of all spectra together, each without its outliers. */
function lawOf({ law }: SpectrumRequest, judged: readonly JudgedSpectrum[]): LawOverlay {
  const bulk = judged.flatMap(({ all, outliers }) => [...all.subarray(0, all.length - outliers)]);
  const left = judged.reduce((sum, { outliers }) => sum + outliers, 0);
  const weights = new Float64Array(bulk.length).fill(1 / bulk.length);
  const what = left === 0 ? 'all eigenvalues' : `all eigenvalues but the ${left} largest`;
  return lawOverlay(law!, { nodes: Float64Array.from(bulk), weights }, what);
}

/** Largest difference of the cumulatives of law and eigenvalues, zeros and outliers included. */
function withDistance(law: LawOverlay, judged: readonly JudgedSpectrum[]): LawOverlay & { readonly distance: number } {
  const values = Float64Array.from(judged.flatMap(({ all }) => [...all])).sort();
  const atomTolerance = Math.max(...judged.map((one) => one.resolution));
  return { ...law, distance: kolmogorovSmirnov(values, law.law, { atomTolerance }) };
}

/** What is printed, and stands in the table: of several spectra the mean, with the smallest and the largest. */
function linesOf(
  judged: readonly JudgedSpectrum[],
  summary: SpectrumPresentation['summary'],
  law: (LawOverlay & { readonly distance: number }) | null,
): readonly (readonly [string, string])[] {
  const line = (what: string, of: (one: JudgedSpectrum) => Json): [string, string][] => {
    const values = judged.map(of).filter((value): value is number => typeof value === 'number');
    return values.length === 0 ? [] : [[what, spread(values)]];
  };
  const named = (what: string, name: string) => line(what, ({ numbers }) => numbers[name]);
  const zeros = judged[0].numbers.structuralZeros as { readonly [cause: string]: number } | null;
  const ratios = summary.spacingRatios as { mean: number; standardError: number; count: number } | null;
  return [
    ...named('loss', 'loss'),
    ...named('gradient norm', 'gradientNorm'),
    ...named('accuracy', 'accuracy'),
    ...named('order of the matrix', 'size'),
    ...named('largest eigenvalue', 'largest'),
    ...named('smallest eigenvalue', 'smallest'),
    ...named('trace', 'trace'),
    ...named('rank', 'rank'),
    ...named('negative eigenvalues', 'negative'),
    ...named('share of negative eigenvalues', 'negativeShare'),
    ...named('rounding: not told from zero below', 'resolution'),
    ...(zeros === null
      ? []
      : Object.entries(zeroNames).flatMap(([cause, name]) =>
          line(name, ({ numbers }) => (numbers.structuralZeros as Record<string, number>)[cause]),
        )),
    ...line('outliers by the largest gap', ({ counts }) => counts.gap),
    ...line('outliers by the largest ratio', ({ counts }) => counts.ratio),
    ...line('outliers by the elbow', ({ counts }) => counts.elbow),
    ...(ratios === null
      ? []
      : ([
          [
            'mean of min(r, 1/r)',
            `${ratios.mean.toFixed(4)} +- ${ratios.standardError.toFixed(4)} over ${ratios.count} ratios ` +
              `(GOE ${meanRatioOf.goe}, Poisson ${meanRatioOf.poisson.toFixed(4)})`,
          ],
        ] as [string, string][])),
    ...(law === null
      ? []
      : ([
          [`${law.title}, ${law.source}`, parametersText(law)],
          ['Kolmogorov-Smirnov distance to it', number(law.distance)],
        ] as [string, string][])),
  ];
}

const zeroNames: Readonly<Record<string, string>> = {
  total: 'structural zeros',
  shift: '- common shift of all logits',
  inputSpan: '- orthogonal to all inputs',
  deadUnits: '- units without a slope on any sample',
  fewSamples: '- units active on few samples',
};

function spread(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? number(low) : `${number(mean)} (${number(low)} to ${number(high)})`;
}

function summaryTable(lines: readonly (readonly [string, string])[], { matrix, sentence }: MatrixText): Table {
  return {
    id: 'summary',
    title: `Spectrum of the ${matrix}`,
    caption: `${sentence} Of several batches the mean, with the smallest and the largest.`,
    columns: [{ header: 'quantity' }, { header: 'value' }],
    rows: lines,
  };
}

/** Our choice: as many as one looks at. */
const listed = 50;

function largestTable(judged: readonly JudgedSpectrum[], { matrix, sentence }: MatrixText, rule: OutlierRule): Table {
  return {
    id: 'largest-eigenvalues',
    title: `Largest eigenvalues of the ${matrix}`,
    caption: `${sentence} The ${listed} largest of each spectrum; outliers ${ruleText(rule)}.`,
    columns: [
      { header: 'spectrum' },
      { header: 'rank' },
      { header: 'eigenvalue', format: '.6g' },
      { header: 'outlier' },
    ],
    rows: judged.flatMap(({ all, outliers }, i) =>
      Array.from({ length: Math.min(listed, all.length) }, (_, rank) => [
        i + 1,
        rank + 1,
        all[all.length - 1 - rank],
        rank < outliers,
      ]),
    ),
  };
}

function batchTable(judged: readonly JudgedSpectrum[], { matrix, sentence }: MatrixText): Table {
  const columns = [
    'loss',
    'gradientNorm',
    'accuracy',
    'largest',
    'smallest',
    'trace',
    'rank',
    'negative',
    'resolution',
  ] as const;
  return {
    id: 'batches',
    title: `Spectra of the ${matrix}, batch by batch`,
    caption: sentence,
    columns: [{ header: 'batch' }, ...columns.map((header) => ({ header, format: '.6g' })), { header: 'outliers' }],
    rows: judged.map(({ numbers, outliers }, i) => [
      i + 1,
      ...columns.map((name) => numbers[name] as number),
      outliers,
    ]),
  };
}
