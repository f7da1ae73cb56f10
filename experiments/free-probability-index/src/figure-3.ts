import type { Panel } from '@hessian-rmt/plotting';
import { curves, spectrumHistogram } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { productWishart } from '@hessian-rmt/rmt';
import { agreementByEye } from './autoencoder.js';
import { autoencoderResidual, type ResidualConfig } from './autoencoder-residual.js';
import { images, imagesText } from './images-available.js';
import { phiOf } from './memorisation.js';

type Settings = {
  /** Sides of the images; the histograms are those of the first. */
  readonly sides: readonly number[];
  /** Independent networks at each setting. */
  readonly runs: number;
};

const laptop: Settings = { sides: [4, 6, 8], runs: 20 };
const quick: Settings = { sides: [4, 6], runs: 10 };
const smoke: Settings = { ...quick, runs: 4 };

/** The paper's two phi and its noise are lost in our text. The spectrum scales with the square root of the energy. */
const ratios = [1 / 2, 1];
const energy = 1 / 2;
/** Where sizes, and the laws of the noise, are compared. */
const comparedAt = ratios[0];

const configOf = (
  { runs }: Settings,
  side: number,
  ratio: number,
  residuals: ResidualConfig['residuals'],
  source: ResidualConfig['source'] = images,
): ResidualConfig => ({ source, side, samples: Math.round((2 * side ** 2) / ratio), residuals, energy, runs });

const unitOf = (config: ResidualConfig) => autoencoderResidual.unit(config, { repetition: 0, threads: 1 });

const sources = { images, normal: 'normal' } as const;
type SourceName = keyof typeof sources;
const sourceNames = Object.keys(sources) as SourceName[];
const sourceTexts = { images: imagesText, normal: 'standard normal inputs' };

/** Figure 3: the spectrum of H_1 at the start against the product Wishart law (sec. 6.1), and how it changes with n (sec. 5.1). */
export const figure3 = definePart<Settings>({
  id: 'figure-3',
  place: 'Figure 3',
  title: 'Spectrum of H1 at the start against the product Wishart law',
  profiles: { smoke, quick, laptop, paper: { sides: [4, 6, 8, 10], runs: 50 } },
  units: (settings) => [
    ...ratios.flatMap((ratio) =>
      (['normal', 'own'] as const).map((residuals) => unitOf(configOf(settings, settings.sides[0], ratio, residuals))),
    ),
    unitOf(configOf(settings, settings.sides[0], comparedAt, 'signs')),
    ...sourceNames.flatMap((source) =>
      settings.sides.map((side) => unitOf(configOf(settings, side, comparedAt, 'normal', sources[source]))),
    ),
  ],

  present(results, settings) {
    const { sides, runs } = settings;
    const n = sides[0] ** 2;
    return {
      figures: [
        {
          id: 'figure-3',
          title: 'Figure 3: spectrum of $H$_{1} against the product Wishart law',
          caption:
            `Square ReLU autoencoders with $n$ = ${n} at the random start, ${imagesText} of ${sides[0]} x ${sides[0]} pixels; ${runs} networks together. ` +
            `Left: residuals overwritten by normal noise of energy $ε$ = ${energy}. Middle: the network's own residuals, and the law of their energy. ` +
            `Top right: distance of one network's spectrum from the law against $n$, mean and range of ${runs} networks, residuals overwritten by normal noise, $φ$ = ${comparedAt}.`,
          columns: 3,
          panels: [
            spectrumPanel(results, configOf(settings, sides[0], ratios[0], 'normal'), 'noise'),
            spectrumPanel(results, configOf(settings, sides[0], ratios[0], 'own'), 'own residuals'),
            sizePanel(results, settings),
            spectrumPanel(results, configOf(settings, sides[0], ratios[1], 'normal'), 'noise'),
            spectrumPanel(results, configOf(settings, sides[0], ratios[1], 'own'), 'own residuals'),
            spectrumPanel(results, configOf(settings, sides[0], comparedAt, 'signs'), 'two-valued noise'),
          ],
        },
      ],
      claims: [
        ...ratios.map((ratio) => lawClaim(results, configOf(settings, sides[0], ratio, 'normal'))),
        lawClaim(results, configOf(settings, sides[0], comparedAt, 'signs')),
        ...ratios.map((ratio) => ownClaim(results, configOf(settings, sides[0], ratio, 'own'))),
        ...sourceNames.map((source) => sizeClaim(results, settings, source)),
      ],
    };
  },
});

/** One a network. */
const numbersOf = (results: Results, config: ResidualConfig, name: 'distances' | 'energies') =>
  results.of(unitOf(config)).numbers[name] as readonly number[];

const common = { place: 'Figure 3, sec. 6.1', figure: 'figures/figure-3.svg', atPublishedSize: false };
const differenceOf = ({ side, source }: ResidualConfig) =>
  `n = ${side ** 2}, ${source === 'normal' ? sourceTexts.normal : imagesText}; the paper's width, phi and noise are lost`;

function lawClaim(results: Results, config: ResidualConfig): Claim {
  const ratio = phiOf(config.side ** 2, config.samples);
  const signs = config.residuals === 'signs';
  return judge.law({
    ...common,
    ...(signs && { place: 'sec. 5.1' }),
    id: signs ? `P11.two-valued-noise-phi-${ratio}` : `P5.law-phi-${ratio}`,
    statement: signs
      ? `residuals of two values give the spectrum of normal ones (phi = ${ratio})`
      : `the spectrum of H1 with residuals overwritten by noise follows the product Wishart law (phi = ${ratio})`,
    measure: "Kolmogorov-Smirnov distance of one network's spectrum from the law",
    samples: numbersOf(results, config, 'distances'),
    bound: agreementByEye.distance,
    because: agreementByEye.because,
    difference: differenceOf(config),
  });
}

function ownClaim(results: Results, config: ResidualConfig): Claim {
  return judge.notComparable({
    ...common,
    id: `P5.own-residuals-phi-${phiOf(config.side ** 2, config.samples)}`,
    statement:
      "with the network's own residuals at the start: distance of the spectrum of H1 from the law of their energy",
    samples: numbersOf(results, config, 'distances'),
    why: 'the derivation asks for random residuals, and the paper overwrites them',
  });
}

function sizeClaim(results: Results, settings: Settings, source: SourceName): Claim {
  const { sides, runs } = settings;
  const configs = sides.map((side) => configOf(settings, side, comparedAt, 'normal', sources[source]));
  const distances = configs.map((config) => numbersOf(results, config, 'distances'));
  return judge.trend({
    ...common,
    place: 'sec. 5.1',
    id: `P11.size-${source}`,
    statement: `the spectrum of H1 comes nearer to the law as n grows, ${sourceTexts[source]}`,
    direction: 'decreasing',
    along: { name: 'n', samples: sides.map((side) => side ** 2) },
    samples: Array.from({ length: runs }, (_, run) => distances.map((series) => series[run])),
    monotone: true,
    because: 'finite-size corrections are largest for small matrices; residuals overwritten by normal noise',
    difference: `n up to ${sides[sides.length - 1] ** 2}, ${sourceTexts[source]}`,
  });
}

function spectrumPanel(results: Results, config: ResidualConfig, what: string): Panel {
  const ratio = phiOf(config.side ** 2, config.samples);
  const energies = numbersOf(results, config, 'energies');
  const { density } = productWishart({ ratio, energy: energies.reduce((sum, e) => sum + e, 0) / energies.length });
  return spectrumHistogram(results.of(unitOf(config)).arrays.eigenvalues.data as Float64Array, {
    bins: 80,
    law: { density, label: 'product Wishart' },
    title: `$φ$ = ${ratio}, ${what}`,
    label: '$H$_{1}',
    legend: 'above',
  });
}

function sizePanel(results: Results, settings: Settings): Panel {
  const x = settings.sides.map((side) => side ** 2);
  return curves(
    sourceNames.map((source) => {
      const distances = settings.sides.map((side) =>
        numbersOf(results, configOf(settings, side, comparedAt, 'normal', sources[source]), 'distances'),
      );
      return {
        label: { images: 'images', normal: 'normal inputs' }[source],
        x,
        y: distances.map((series) => series.reduce((sum, d) => sum + d, 0) / series.length),
        low: distances.map((series) => Math.min(...series)),
        high: distances.map((series) => Math.max(...series)),
        dots: true,
      };
    }),
    {
      title: 'Universality and size',
      x: { label: '$n$', scale: 'log', ticks: x.map((at) => ({ at, label: `${at}` })) },
      y: { label: 'Kolmogorov-Smirnov distance', scale: 'log' },
    },
  );
}
