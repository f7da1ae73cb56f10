import type { Split } from '@hessian-rmt/models';
import { type Mark, type Panel, spectrumHistogram } from '@hessian-rmt/plotting';
import { definePart, judge } from '@hessian-rmt/replication';
import { kolmogorovSmirnov, type MeanEstimate, ratioSurmise, spacingRatios } from '@hessian-rmt/rmt';
import { deflatedLevels } from './batch-spectra.js';
import { type Condition, describe, weightsFor } from './conditions.js';
import { images } from './images-available.js';
import { foldedRatios, meanRatio, meanRatioOf, resolvedLevels } from './level-statistics.js';
import { type NetworkName, parametersOf } from './networks.js';
import { goeRule, ratioLabel, ratioPoints } from './ratio-points.js';
import { wholeSetSpectrum } from './whole-set-spectrum.js';

type Settings = {
  readonly network: NetworkName;
  readonly inputs: number;
  readonly epochs: readonly number[];
  readonly split: Split;
  readonly threads: number;
};

const laptop: Settings = {
  network: 'MLP 10-100',
  inputs: 196,
  epochs: [0, 1, 5, 30],
  split: 'test',
  threads: 1,
};
const quick: Settings = { ...laptop, network: 'softmax regression', inputs: 49, epochs: [0, 1, 5] };

function conditionOf({ network, inputs, epochs, split }: Settings): Condition {
  const last = epochs[epochs.length - 1];
  const found = images.fashion ?? images.digits;
  return { network, images: found, inputs, epochs: last, keep: epochs, epoch: last, split, batch: 64 };
}

const unitOf = (settings: Settings) =>
  wholeSetSpectrum.unit(
    { weights: weightsFor(conditionOf(settings)), split: settings.split },
    { repetition: 0, threads: settings.threads },
  );

/** X3: the exact spectrum of a whole data set, and its statistics; at `paper` P = 20,060 on 60,000 images. */
export const fullSpectrum = definePart<Settings>({
  id: 'full-spectrum',
  place: 'sec. 4, sec. 6',
  title: 'The exact spectrum of a whole data set',
  profiles: {
    smoke: { ...quick, epochs: [0, 1] },
    quick,
    laptop,
    paper: {
      network: 'MLP 10-100-100',
      inputs: 784,
      epochs: [0, 1, 5, 20, 60, 150, 300],
      split: 'train',
      threads: 2,
    },
  },
  units: (settings) => [unitOf(settings)],

  present(results, settings) {
    const found = results.of(unitOf(settings));
    const [all] = deflatedLevels(found);
    const levels = resolvedLevels(all);
    const condition = conditionOf(settings);
    const size = parametersOf(settings.network, settings.inputs);
    const negative = levels.filter((level) => level < 0);
    const positive = levels.filter((level) => level > 0);
    const parts = [
      { name: 'negative', id: 'negative', levels: negative },
      { name: 'positive', id: 'positive', levels: positive },
      ...Array.from({ length: 5 }, (_, i) => ({
        name: `positive, ${['lowest', 'second', 'third', 'fourth', 'highest'][i]} fifth`,
        id: `fifth-${i + 1}`,
        levels: positive.subarray(Math.floor((i * positive.length) / 5), Math.floor(((i + 1) * positive.length) / 5)),
      })),
    ].flatMap((part) => {
      const ratio = part.levels.length < 100 ? null : meanRatio([foldedRatios(part.levels)]);
      return ratio ? [{ ...part, ratio }] : [];
    });
    const what = `${describe(condition)}, P = ${size.toLocaleString('en')}, ${(found.numbers.samples as number).toLocaleString('en')} images`;
    const common = {
      place: 'sec. 6',
      figure: 'figures/full-spectrum.svg',
      atPublishedSize: size === 20_060 && condition.images.published,
      difference: what,
    };
    return {
      figures: [
        {
          id: 'full-spectrum',
          title: 'The exact spectrum of a whole data set',
          caption: `${what}; ${(size - all.length).toLocaleString('en')} structural zeros removed exactly, ${all.length - levels.length} levels not told from zero by float64.`,
          columns: 2,
          panels: [
            spectrumHistogram(levels, {
              edges: symmetricDecades(levels),
              logY: true,
              label: 'eigenvalues',
              title: 'density',
              x: { label: 'eigenvalue', scale: 'symlog', linearWithin: smallestMagnitude(levels) },
            }),
            scree(negative, positive),
            ratioPanel(positive),
            partsPanel(parts),
          ],
        },
      ],
      tables: [
        {
          id: 'full-spectrum',
          title: 'Statistics of the whole-set spectrum',
          caption: `${what}. Standard errors from blocks of one spectrum; GOE 0.5307.`,
          columns: [
            { header: 'levels' },
            { header: 'number', format: ',d' },
            { header: 'mean of min(r, 1/r)', format: '.4f' },
            { header: 'standard error', format: '.4f' },
            { header: 'distance of ratios from the surmise', format: '.4f' },
          ],
          rows: parts.map(({ name, levels: part, ratio }) => [
            name,
            part.length,
            ratio.mean,
            ratio.standardError,
            kolmogorovSmirnov(spacingRatios(part).sort(), ratioSurmise({ beta: 1 })),
          ]),
        },
      ],
      arrays: { 'full-spectrum': { shape: [all.length], data: all } },
      claims: parts
        .filter(({ id }) => id === 'negative' || id === 'positive')
        .map(({ name, id, ratio }) =>
          judge.law({
            ...common,
            id: `X3.${id}`,
            statement: `the ${name} levels of the whole data set are those of the GOE (${what})`,
            measure: 'distance of the mean of min(r, 1/r) from 0.5307',
            samples: [Math.abs(ratio.mean - meanRatioOf.goe)],
            bound: 3 * ratio.standardError,
            because: 'three standard errors, from blocks of the one spectrum',
          }),
        ),
    };
  },
});

const smallestMagnitude = (levels: Float64Array) =>
  levels.reduce((least, level) => Math.min(least, Math.abs(level)), Infinity);

/** Bins of equal width on the logarithmic axis, on both sides of zero. */
function symmetricDecades(levels: Float64Array): number[] {
  const largest = Math.max(-levels[0], levels[levels.length - 1]);
  const smallest = Math.max(smallestMagnitude(levels), 1e-12 * largest);
  const steps = 40;
  const side = Array.from({ length: steps + 1 }, (_, i) => smallest * (largest / smallest) ** (i / steps));
  const negative = levels[0] < 0 ? side.map((edge) => -edge).reverse() : [0];
  return [...negative, ...side];
}

function scree(negative: Float64Array, positive: Float64Array): Panel {
  const line = (label: string, values: readonly number[]): Mark => ({
    kind: 'line',
    x: values.map((_, i) => i + 1),
    y: values,
    label,
  });
  return {
    title: 'by rank',
    x: { label: 'rank', scale: 'log' },
    y: { label: 'magnitude', scale: 'log' },
    marks: [
      line('positive', [...positive].reverse()),
      ...(negative.length > 0
        ? [
            line(
              'negative',
              [...negative].map((value) => -value),
            ),
          ]
        : []),
    ],
  };
}

function ratioPanel(levels: Float64Array): Panel {
  const panel = spectrumHistogram(spacingRatios(levels), {
    bins: 40,
    range: [0, 5],
    label: 'positive levels',
    title: 'ratios of consecutive spacings',
    law: { density: ratioSurmise({ beta: 1 }).density, label: 'Atas et al.' },
    x: { label: 'ratio' },
  });
  return panel;
}

function partsPanel(parts: readonly { readonly id: string; readonly ratio: MeanEstimate }[]): Panel {
  return {
    title: 'mean ratio: −, + and the fifths of +',
    x: {
      label: '',
      domain: [-0.6, parts.length - 0.4],
      ticks: parts.map(({ id }, at) => ({
        at,
        label: { negative: '−', positive: '+' }[id] ?? id.replace('fifth-', '+'),
      })),
    },
    y: { label: ratioLabel },
    marks: [
      goeRule,
      ratioPoints(
        '95 % intervals',
        'circle',
        parts.map(({ ratio }, x) => ({ x, ratio })),
      ),
    ],
  };
}
