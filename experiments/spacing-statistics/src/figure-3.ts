import { type Panel, spectrumHistogram, type Table } from '@hessian-rmt/plotting';
import { definePart } from '@hessian-rmt/replication';
import { poissonSpacing, ratioSurmise, wignerSurmise } from '@hessian-rmt/rmt';
import { largestRatio } from './authors-procedure.js';
import { type Features, featuresFor } from './features-available.js';
import { claimsOf } from './figure-3-claims.js';
import {
  batch,
  embeddingSize,
  type Figure3,
  type Measured,
  measure,
  type Settings,
  unitsFor,
} from './figure-3-measure.js';

const smoke: Settings = {
  embedding: { training: 320, testing: 192, epochs: 1 },
  width: 2,
  epochs: 1,
  full: 3,
  deflated: 3,
  wholeSetInFloat32: false,
  draws: 2,
};
const quick: Settings = {
  ...smoke,
  embedding: { training: 2000, testing: 768, epochs: 3 },
  width: 4,
  epochs: 10,
  deflated: 12,
};
const laptop: Settings = {
  embedding: { training: 10_000, testing: 2000, epochs: 10 },
  width: 16,
  epochs: 10,
  full: 3,
  deflated: 24,
  wholeSetInFloat32: false,
  draws: 3,
};
/** All whole batches of 10,000 samples; the last 16 make none. */
const paper: Settings = {
  embedding: { training: 50_000, testing: 10_000, epochs: 60 },
  width: 16,
  epochs: 300,
  full: 156,
  deflated: 156,
  wholeSetInFloat32: true,
  draws: 10,
};

/** Figure 3: softmax regression on embedded CIFAR-10: features that the user brings, else those of a network trained here. */
export const figure3 = definePart<Settings>({
  id: 'figure-3',
  place: 'Figure 3',
  title: 'Softmax regression on an embedding: unfolded spacings of batches, ratios of the whole test set',
  profiles: { smoke, quick, laptop, paper },
  units: (settings) => Object.values(unitsFor(settings, featuresFor(embeddingSize(settings)))).flat(),

  present(results, settings) {
    const features = featuresFor(embeddingSize(settings));
    const measured = measure(results, settings, features);
    return {
      figures: [figureOf(measured, settings, features)],
      tables: [tableOf(measured)],
      claims: claimsOf(measured, differenceOf(settings, features)),
    };
  },
});

function figureOf(measured: Figure3, { epochs }: Settings, { origin, testing, inputs, classes }: Features) {
  const { spacings, deflatedSpacings, ratios, deflatedRatios } = measured;
  const [third, thirdDeflated] = [spacings, deflatedSpacings].map(({ spectra }) => Math.floor(spectra.length / 3));
  return {
    id: 'figure-3',
    title: 'Figure 3: softmax regression on an embedding',
    caption:
      `Softmax regression, $P$ = ${classes * (inputs + 1)}, on ${origin}, ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, Hessians over ${testing} test samples. ` +
      `Unfolded spacings of batches of ${batch}: ${third} of ${spacings.spectra.length} in float32 and cut at 1e-20, ${thirdDeflated} of ` +
      `${deflatedSpacings.spectra.length} without structural zeros; the others are the pool. Ratios: whole test set` +
      `${ratios ? ', in float32 cut at 1e-5, and' : ','} without structural zeros.`,
    columns: 2,
    panels: [
      spacingPanel(spacings),
      spacingPanel(deflatedSpacings),
      ...(ratios ? [ratioPanel(ratios)] : []),
      ratioPanel(deflatedRatios),
    ],
  };
}

const spacingPanel = ({ name, shown, spectra }: Measured): Panel =>
  spectrumHistogram(shown, {
    title: name,
    edges: spacingEdges(spectra.length - Math.floor(spectra.length / 3)),
    label: 'spacings',
    law: [
      { density: wignerSurmise({ beta: 1 }).density, label: 'Wigner surmise' },
      { density: poissonSpacing().density, label: 'Poisson' },
    ],
    x: { label: 'unfolded spacing $s$' },
    legend: 'top-right',
  });

/**
 * Bins up to 4, a tenth wide or as wide as the unfolding tells apart: spacings by a pool are multiples of 1/spectra, and each
 * bin must hold equally many of these.
 */
function spacingEdges(pool: number): number[] {
  const multiples = Math.ceil(pool / 10);
  const bins = Math.floor((4 * pool) / multiples);
  return Array.from({ length: bins + 1 }, (_, i) => (i === 0 ? 0 : (i * multiples - 0.5) / pool));
}

const ratioLaw = ratioSurmise({ beta: 1 });

const ratioPanel = ({ name, shown }: Measured): Panel =>
  spectrumHistogram(shown, {
    title: name,
    range: [0, 5],
    bins: 50,
    label: 'ratios',
    law: { density: (r) => ratioLaw.density(r) / ratioLaw.cumulative(largestRatio), label: 'surmise of Atas et al.' },
    x: { label: 'ratio $r$ of consecutive spacings' },
    legend: 'top-right',
  });

function tableOf({ spacings, deflatedSpacings, ratios, deflatedRatios }: Figure3): Table {
  return {
    id: 'figure-3',
    title: 'Figure 3 in numbers',
    caption:
      'Distances are Kolmogorov-Smirnov: of unfolded spacings of batches from the Wigner surmise, of ratios up to 10 of the whole set ' +
      'from that of Atas et al. Mean of min(r, 1/r) with its 95 % interval: GOE 0.5307, independent levels 0.3863.',
    columns: [
      { header: 'levels' },
      { header: 'spectra' },
      { header: 'levels in a spectrum', format: ',.1f' },
      { header: 'distance', format: '.4f' },
      { header: 'of GOE spectra, the same way', format: '.4f' },
      { header: 'mean ratio', format: '.4f' },
      { header: 'from', format: '.4f' },
      { header: 'to', format: '.4f' },
    ],
    rows: [spacings, deflatedSpacings, ratios, deflatedRatios].flatMap((measured) => {
      if (!measured) return [];
      const { name, spectra, distance, goe, ratio } = measured;
      const levels = spectra.reduce((sum, { length }) => sum + length, 0) / spectra.length;
      const ofGoe = goe.length === 0 ? null : goe.reduce((sum, value) => sum + value, 0) / goe.length;
      return [
        [name, spectra.length, levels, distance, ofGoe, ratio?.mean ?? null, ...(ratio?.interval95 ?? [null, null])],
      ];
    }),
  };
}

/** What is not as published: no features here are those of the paper's ResNet-34. */
function differenceOf({ epochs }: Settings, { origin, samples, inputs, classes }: Features): string {
  const data = `${origin}: ${samples} samples of ${inputs} features and ${classes} classes, published 60,000 of 512 and 10 by a ResNet-34 trained on ImageNet`;
  return epochs === paper.epochs ? data : `${data}; ${paper.epochs} epochs published, here ${epochs}`;
}
