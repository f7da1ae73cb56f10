import type { Panel } from '@hessian-rmt/plotting';
import { screePlot, spectrumHistogram } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge } from '@hessian-rmt/replication';
import { kolmogorovSmirnov, type Law, marchenkoPastur } from '@hessian-rmt/rmt';
import { agreementByEye } from './autoencoder.js';
import {
  configsOf,
  type GaussNewtonSpectrum,
  type SizesSettings,
  sizesProfiles,
  spectraOf,
  unitOf,
} from './autoencoder-sizes.js';
import { imagesText } from './images-available.js';

/** m = 4 n, that is phi = 1/2; the paper's are lost. */
const samplesPerInput = 4;

const configOf = ({ sizes }: SizesSettings) => {
  const largest = sizes[sizes.length - 1];
  return configsOf(largest)[largest.samplesPerInput.indexOf(samplesPerInput)];
};

/** Smallest non-zero eigenvalues shown in the inset. */
const shown = 20;
/** Our reading of `heavy tail` and of `small gap`: twice the law's upper edge, half its lower one. */
const factor = 2;

/** Figure 4: the spectrum of H_0 at the start (sec. 6.2). */
export const figure4 = definePart<SizesSettings>({
  id: 'figure-4',
  place: 'Figure 4',
  title: 'Spectrum of H0 at the start',
  profiles: sizesProfiles,
  units: (settings) => [unitOf(configOf(settings))],

  present(results, settings) {
    const { side, samples, runs } = configOf(settings);
    const spectra = spectraOf(results, configOf(settings));
    const [first] = spectra;
    const values = withoutNull(first);
    return {
      figures: [
        {
          id: 'figure-4',
          title: 'Figure 4: spectrum of $H$_{0} at the start',
          caption:
            `Square ReLU autoencoder, $n$ = ${first.n}, on ${samples} ${imagesText} of ${side} x ${side} pixels, $φ$ = ${first.phi}; one network of ${runs}. ` +
            `The ${first.n} null directions of rescaling are left out. Line: Marchenko-Pastur law of the same mean. ` +
            `Right: the ${shown} smallest non-zero eigenvalues; dashed: lower edge of the law.`,
          panels: [
            spectrumHistogram(values, {
              bins: 80,
              logY: true,
              law: { density: lawOf(first).density, label: 'Marchenko-Pastur, same mean' },
              label: '$H$_{0}',
              legend: 'top-right',
            }),
            smallestPanel(values, lawOf(first)),
          ],
        },
      ],
      claims: claimsOf(spectra),
    };
  },
});

/** The spectrum without the n null directions of rescaling. */
const withoutNull = ({ n, values }: GaussNewtonSpectrum) => values.subarray(n);

/** Marchenko-Pastur of the spectrum's ratio and mean, zeros left out. */
function lawOf(spectrum: GaussNewtonSpectrum): Law {
  const values = withoutNull(spectrum);
  const scale = values.reduce((sum, value) => sum + value, 0) / values.length;
  return marchenkoPastur({ ratio: spectrum.phi, scale });
}

function claimsOf(spectra: readonly GaussNewtonSpectrum[]): Claim[] {
  const [{ n, phi }] = spectra;
  const common = {
    place: 'Figure 4, sec. 6.2',
    figure: 'figures/figure-4.svg',
    atPublishedSize: false,
    difference: `n = ${n}, phi = ${phi}, ${imagesText}; the paper's sizes are lost`,
  };
  const edges = spectra.map((spectrum) => lawOf(spectrum).support[0]);
  return [
    judge.law({
      ...common,
      id: 'P6.null-directions',
      statement:
        'H0 has null directions; the paper removes them, their number is lost: one for each hidden unit, its rescaling',
      measure: 'eigenvalues at the rounding floor',
      published: { expression: 'n', scope: { n } },
      samples: spectra.map(({ zeros }) => zeros),
      // Counts: anything below one is an exact match.
      bound: 0.5,
      because: 'weights into and out of a unit can be scaled against each other, and at this phi nothing else is free',
    }),
    judge.order({
      ...common,
      id: 'P6.positive-gap',
      statement: 'the smallest eigenvalue beside them is positive: there is a gap',
      larger: { name: 'smallest eigenvalue', samples: spectra.map(({ gap }) => gap) },
      smaller: {
        name: 'ten times the rounding floor',
        samples: spectra.map(({ roundingFloor }) => 10 * roundingFloor),
      },
      because: 'below the rounding floor nothing is known of an eigenvalue',
    }),
    judge.order({
      ...common,
      id: 'P6.not-marchenko-pastur',
      statement: 'the spectrum does not closely resemble the Marchenko-Pastur law',
      larger: {
        name: 'Kolmogorov-Smirnov distance from the law of the same mean',
        samples: spectra.map((spectrum) => kolmogorovSmirnov(withoutNull(spectrum), lawOf(spectrum))),
      },
      smaller: { name: '"closely"', samples: spectra.map(() => agreementByEye.distance) },
      because: agreementByEye.because,
    }),
    judge.order({
      ...common,
      id: 'P6.heavy-tail',
      statement: 'because of its heavy tail',
      larger: { name: 'largest eigenvalue', samples: spectra.map(({ values }) => values[values.length - 1]) },
      smaller: { name: 'upper edge of the law of the same mean', samples: edges.map(([, upper]) => upper) },
      factor,
      because: `a heavy tail is read as reaching ${factor} times beyond the edge (our choice)`,
    }),
    judge.order({
      ...common,
      id: 'P6.small-gap',
      statement: 'and because of its small gap',
      larger: { name: 'gap of the law of the same mean', samples: edges.map(([lower]) => lower) },
      smaller: { name: 'gap of H0', samples: spectra.map(({ gap, roundingFloor }) => Math.max(gap, roundingFloor)) },
      factor,
      because: `a small gap is read as ${factor} times smaller (our choice)`,
    }),
  ];
}

function smallestPanel(values: Float64Array, law: Law): Panel {
  const smallest = values.slice(0, shown);
  return {
    ...screePlot(smallest, { title: 'smallest eigenvalues' }),
    x: { label: '$k$' },
    y: {
      label: '$k$-th smallest non-zero eigenvalue',
      domain: [0, 1.1 * Math.max(smallest[shown - 1], law.support[0][0])],
    },
    marks: [
      { kind: 'rule', y: law.support[0][0], label: 'Marchenko-Pastur, same mean' },
      { kind: 'points', color: 0, x: Array.from(smallest, (_, i) => i + 1), y: [...smallest] },
    ],
  };
}
