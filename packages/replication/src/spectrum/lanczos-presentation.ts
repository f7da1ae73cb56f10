import { massUpTo, pooled, type Quadrature } from '@hessian-rmt/curvature';
import { curves, type Figure, type Panel, spectralStems, type Table } from '@hessian-rmt/plotting';
import type { UnitResult } from '../experiment.js';
import type { AtWeights } from './at-weights.js';
import type { QuadratureNumbers } from './lanczos-spectrum.js';
import { type LawOverlay, lawOverlay, parametersText } from './law-overlay.js';
import type { MatrixText } from './matrix-text.js';
import { number } from './number-text.js';
import type { SpectrumPlan } from './plan.js';
import type { SpectrumRequest } from './request.js';
import type { SpectrumPresentation } from './spectrum-presentation.js';

/** What one random vector tells of one matrix. */
interface RitzRule extends Quadrature {
  /** Number of the batch and of the vector, from 0. */
  readonly spectrum: number;
  readonly vector: number;
  readonly residuals: Float64Array;
}

/** Figures, tables and numbers of spectra by Lanczos quadrature. */
export function lanczosPresentation(
  _plan: SpectrumPlan,
  { law: asked }: SpectrumRequest,
  results: readonly UnitResult[],
  text: MatrixText,
): SpectrumPresentation {
  const numbers: (Partial<AtWeights> & QuadratureNumbers)[] = [];
  const rules: RitzRule[] = [];
  for (const result of results) {
    (result.numbers.spectra as typeof numbers).forEach((spectrum, i) => {
      for (let vector = 0; vector < spectrum.vectors; vector++) {
        const of = (name: string) => result.arrays[`${name}-${i}-${vector}`].data as Float64Array;
        const [nodes, weights, residuals] = ['nodes', 'weights', 'residuals'].map(of);
        rules.push({ spectrum: numbers.length, vector, nodes, weights, residuals });
      }
      numbers.push(spectrum);
    });
  }
  const law = asked && lawOverlay(asked, pooled(rules), 'the quadrature, outliers included');
  const spectra = numbers.map((spectrum, i) =>
    withExtremes(
      spectrum,
      rules.filter((rule) => rule.spectrum === i),
    ),
  );
  const lines = linesOf(spectra, law);
  return {
    summary: { spectra, law: law && { name: law.name, parameters: law.parameters, source: law.source } },
    lines,
    figures: [stemFigure(rules, text, law)],
    tables: [summaryTable(lines, text), ritzTable(rules, text)],
    arrays: arraysOf(rules),
  };
}

type Extremes = Partial<AtWeights> &
  QuadratureNumbers & {
    readonly largest: number;
    readonly largestResidual: number;
    readonly smallest: number;
    readonly smallestResidual: number;
  };

/** The outermost Ritz values over the vectors: each vector's lie inside the spectrum. */
function withExtremes(numbers: Partial<AtWeights> & QuadratureNumbers, rules: readonly RitzRule[]): Extremes {
  const ends = rules.map(({ nodes, residuals }) => {
    const last = nodes.length - 1;
    return { low: [nodes[0], residuals[0]], high: [nodes[last], residuals[last]] };
  });
  const [smallest, smallestResidual] = ends.map(({ low }) => low).reduce((a, b) => (b[0] < a[0] ? b : a));
  const [largest, largestResidual] = ends.map(({ high }) => high).reduce((a, b) => (b[0] > a[0] ? b : a));
  return { ...numbers, largest, largestResidual, smallest, smallestResidual };
}

function linesOf(spectra: readonly Extremes[], law: LawOverlay | null): readonly (readonly [string, string])[] {
  const lines = spectra.flatMap((spectrum, i): (readonly [string, string])[] => {
    const of = spectra.length > 1 ? `batch ${i + 1}: ` : '';
    const { size, trace, traceStandardError } = spectrum;
    // A residual of the recurrence can fall below what float64 resolves.
    const within = (value: number, residual: number) =>
      `${number(value)} (${residual > Number.EPSILON * Math.abs(value) ? `residual ${residual.toPrecision(2)}` : 'to rounding'})`;
    const known = (what: string, value: number | null | undefined): [string, string][] =>
      value === undefined || value === null ? [] : [[of + what, number(value)]];
    return [
      ...known('loss', spectrum.loss),
      ...known('gradient norm', spectrum.gradientNorm),
      ...known('accuracy', spectrum.accuracy),
      ...known('order of the matrix', size),
      [`${of}largest Ritz value`, within(spectrum.largest, spectrum.largestResidual)],
      [`${of}smallest Ritz value`, within(spectrum.smallest, spectrum.smallestResidual)],
      [
        `${of}trace`,
        `${number(trace)}${traceStandardError === null ? '' : ` +- ${traceStandardError.toPrecision(2)}`}`,
      ],
      ...known('mass of negative Ritz values apart from zero', spectrum.negativeMass),
      ...known('products', spectrum.products),
    ];
  });
  return law === null ? lines : [...lines, [`${law.title}, ${law.source}`, parametersText(law)]];
}

/** More series are not told apart. */
const mostSeries = 4;

function stemFigure(rules: readonly RitzRule[], { matrix, sentence }: MatrixText, law: LawOverlay | null): Figure {
  const shown = rules.slice(0, mostSeries);
  const several = new Set(rules.map(({ spectrum }) => spectrum)).size > 1;
  const stems = spectralStems(
    shown.map(({ nodes, weights, spectrum, vector }) => ({
      nodes,
      weights,
      ...(shown.length === 1
        ? {}
        : { label: several ? `batch ${spectrum + 1}, vector ${vector + 1}` : `vector ${vector + 1}` }),
    })),
    { title: 'Ritz values and weights', floor: 1e-8 },
  );
  const lawSentence = law ? ` ${law.title}, ${law.source}: ${parametersText(law)}.` : '';
  return {
    id: 'spectrum',
    title: `Spectrum of the ${matrix}`,
    caption:
      `${sentence} Lanczos quadrature, ${rules.length === 1 ? 'one vector' : `${rules.length} vectors`} of ` +
      `${rules[0].nodes.length} steps${shown.length < rules.length ? ` (${shown.length} shown)` : ''}.${lawSentence}`,
    panels: [stems, cumulativePanel(pooled(rules), law)],
  };
}

/** The distribution function, a step at each node, with the law's. */
function cumulativePanel(quadrature: Quadrature, law: LawOverlay | null): Panel {
  const { nodes } = quadrature;
  const support = law?.law.support ?? [];
  const low = Math.min(nodes[0], ...support.map(([left]) => left));
  const high = Math.max(nodes[nodes.length - 1], ...support.map(([, right]) => right));
  const room = 0.02 * (high - low) || Math.abs(high) || 1;
  const x = [low - room, ...[...nodes].flatMap((node) => [node, node]), high + room];
  const y = [
    0,
    ...[...nodes].flatMap((node, i) => [massUpTo(quadrature, nodes[i - 1] ?? -Infinity), massUpTo(quadrature, node)]),
    1,
  ];
  const grid = Array.from({ length: 600 }, (_, i) => low - room + ((high - low + 2 * room) * i) / 599);
  return curves(
    [
      { label: 'quadrature', x, y },
      ...(law ? [{ label: law.title, x: grid, y: grid.map((at) => law.law.cumulative(at)) }] : []),
    ],
    {
      title: 'Mass up to an eigenvalue',
      x: { label: 'eigenvalue' },
      y: { label: 'share of eigenvalues', domain: [0, 1] },
    },
  );
}

function summaryTable(lines: readonly (readonly [string, string])[], { matrix, sentence }: MatrixText): Table {
  return {
    id: 'summary',
    title: `Spectrum of the ${matrix}`,
    caption: `${sentence} By Lanczos quadrature: an eigenvalue is at most a residual away from its Ritz value.`,
    columns: [{ header: 'quantity' }, { header: 'value' }],
    rows: lines,
  };
}

function ritzTable(rules: readonly RitzRule[], { matrix, sentence }: MatrixText): Table {
  return {
    id: 'ritz-values',
    title: `Ritz values of the ${matrix}`,
    caption: `${sentence} The largest first.`,
    columns: [
      { header: 'spectrum' },
      { header: 'vector' },
      { header: 'Ritz value', format: '.6g' },
      { header: 'weight', format: '.3g' },
      { header: 'residual', format: '.2g' },
    ],
    rows: rules.flatMap(({ spectrum, vector, nodes, weights, residuals }) =>
      Array.from(nodes, (node, i) => [spectrum + 1, vector + 1, node, weights[i], residuals[i]]).reverse(),
    ),
  };
}

/** End to end, as rules may end early; `rules` says of which batch and vector each node is. */
function arraysOf(rules: readonly RitzRule[]): SpectrumPresentation['arrays'] {
  const joined = (of: (rule: RitzRule) => Float64Array) => {
    const data = Float64Array.from(rules.flatMap((rule) => [...of(rule)]));
    return { shape: [data.length], data };
  };
  const origin = rules.flatMap(({ spectrum, vector, nodes }) => Array.from(nodes, () => [spectrum, vector])).flat();
  return {
    nodes: joined(({ nodes }) => nodes),
    weights: joined(({ weights }) => weights),
    residuals: joined(({ residuals }) => residuals),
    origin: { shape: [origin.length / 2, 2], data: Int32Array.from(origin) },
  };
}
