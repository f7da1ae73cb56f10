import type { Panel } from '@hessian-rmt/plotting';
import { spectrumHistogram } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { kolmogorovSmirnov, marchenkoPastur, spikedWishart } from '@hessian-rmt/rmt';
import { type LinearModelConfig, linearModel } from './linear-model.js';

type Settings = {
  /** Samples of the tall case (M < N); the wide case has M and N exchanged. */
  readonly samples: number;
  readonly parameters: number;
  /** One model with one spike each. */
  readonly spikes: readonly number[];
  /** Independent matrices for each case. */
  readonly draws: number;
};

/** gamma = M / N = 1/2 throughout, so the transition lies at 1 + sqrt(1/2) = 1.71. */
const laptop: Settings = { samples: 2000, parameters: 1000, spikes: [1.2, 1.5, 2, 2.5, 3, 4, 6], draws: 20 };
/** Spikes so near to the transition that a small matrix cannot tell an outlier from the edge are left out. */
const quick: Settings = { samples: 600, parameters: 300, spikes: [1.2, 2, 2.5, 3, 4, 6], draws: 60 };
const smoke: Settings = { samples: 300, parameters: 150, spikes: [1.2, 3], draws: 20 };

const tall = (
  { spikes: _, ...rest }: Settings,
  spikes: readonly number[] = [],
  entries: LinearModelConfig['entries'] = 'normal',
): LinearModelConfig => ({ ...rest, spikes, entries });
const wide = ({ parameters, samples, draws }: Settings): LinearModelConfig => ({
  parameters: samples,
  samples: parameters,
  draws,
  spikes: [],
  entries: 'normal',
});
const unitOf = (config: LinearModelConfig) => linearModel.unit(config, { repetition: 0, threads: 1 });

/** Several outliers at once stand each where it would stand alone (Bloemendal et al. 2016). */
const several: readonly number[] = [6, 4, 3];

/** Appendix B: the Gauss-Newton matrix of a linear model on independent inputs is a sample covariance matrix. */
export const appendixB = definePart<Settings>({
  id: 'appendix-b',
  place: 'Appendix B',
  title: 'Spectrum of the generalised Gauss-Newton matrix of linear models',
  profiles: { smoke, quick, laptop, paper: { ...laptop, samples: 4000, parameters: 2000 } },
  units: (settings) => [
    unitOf(tall(settings)),
    unitOf(wide(settings)),
    unitOf(tall(settings, [], 'signs')),
    ...settings.spikes.map((spike) => unitOf(tall(settings, [spike]))),
    unitOf(tall(settings, several)),
  ],

  present(results, settings) {
    const { parameters: M, samples: N, draws } = settings;
    const gamma = M / N;
    const bulk = {
      tall: spectra(results, tall(settings)),
      wide: spectra(results, wide(settings)),
      signs: spectra(results, tall(settings, [], 'signs')),
    };
    const largest = settings.spikes.map((spike) => ({
      spike,
      values: spectra(results, tall(settings, [spike])).map((values) => values[M - 1]),
    }));
    return {
      figures: [
        {
          id: 'appendix-b',
          title: 'Appendix B: Marchenko-Pastur bulk and the BBP transition in a Gauss-Newton matrix',
          caption:
            'Exact Gauss-Newton matrices of linear regression on independent normal inputs. Left and middle: one matrix without spikes, ' +
            `against the Marchenko-Pastur law. Right: largest eigenvalue against one spike $l$ of the population covariance; theory: the edge (1 + √$γ$)^{2} up to $l$ = 1 + √$γ$, then $l$ (1 + $γ$/($l$ − 1)); $γ$ = M/N, M = ${M}, N = ${N}; ` +
            `median and range of ${draws} matrices.`,
          panels: [
            lawPanel(bulk.tall[0], `M = ${M}, N = ${N}`, gamma),
            lawPanel(bulk.wide[0], `M = ${N}, N = ${M}`, 1 / gamma),
            transitionPanel(largest, gamma),
          ],
        },
      ],
      claims: [
        ...bulkClaims(bulk, settings, floorOf(results, wide(settings))),
        ...largest.map(({ spike, values }) => spikeClaim(`S10.spike-${spike}`, spike, values, settings)),
        ...several.map((spike, i) => {
          const values = spectra(results, tall(settings, several)).map((s) => s[M - 1 - i]);
          return spikeClaim(`S10.several-${spike}`, spike, values, settings);
        }),
      ],
    };
  },
});

function spectra(results: Results, config: LinearModelConfig): Float64Array[] {
  const all = results.of(unitOf(config)).arrays.spectra.data as Float64Array;
  const { draws, parameters } = config;
  return Array.from({ length: draws }, (_, draw) => all.subarray(draw * parameters, (draw + 1) * parameters));
}

const floorOf = (results: Results, config: LinearModelConfig) =>
  results.of(unitOf(config)).numbers.roundingFloor as number;

const common = { place: 'Appendix B', figure: 'figures/appendix-b.svg' };
const atSize = ({ parameters, samples }: Settings) => ({
  atPublishedSize: false,
  difference: `a law in the limit, met at M = ${parameters}, N = ${samples}`,
});

function bulkClaims(
  bulk: Readonly<Record<'tall' | 'wide' | 'signs', readonly Float64Array[]>>,
  settings: Settings,
  floor: number,
): Claim[] {
  const { parameters: M, samples: N } = settings;
  const law = (name: keyof typeof bulk, rows: number, ratio: number, entries = 'normal') =>
    judge.law({
      ...common,
      ...atSize(settings),
      id: `S10.marchenko-pastur-${name}`,
      statement: `for independent inputs the eigenvalues follow the Marchenko-Pastur law (gamma = ${ratio}, ${entries} inputs)`,
      measure: 'Kolmogorov-Smirnov distance',
      samples: bulk[name].map((values) =>
        kolmogorovSmirnov(values, marchenkoPastur({ ratio, scale: 1 }), { atomTolerance: floor }),
      ),
      bound: rigidityBound(M, rows),
      because:
        "eigenvalues are rigid: five standard deviations of the number of them below a point, sqrt(log M) / pi (Gustavsson 2005, O'Rourke 2010), and one for the step",
    });
  return [
    law('tall', M, M / N),
    law('wide', N, N / M),
    law('signs', M, M / N, '+1 and -1'),
    judge.law({
      ...common,
      ...atSize(settings),
      id: 'S10.zeros',
      statement: `with more parameters than samples there are M - N eigenvalues at zero (M = ${N}, N = ${M})`,
      measure: 'number of eigenvalues at the rounding floor',
      published: { expression: 'M - N', scope: { M: N, N: M } },
      samples: bulk.wide.map((values) => values.filter((value) => Math.abs(value) <= floor).length),
      // Counts: anything below one is an exact match.
      bound: 0.5,
      because: 'exact for inputs in general position',
    }),
  ];
}

/** Of `rows` eigenvalues min(M, N) are not forced to zero; the number of them below a point has this spread. */
function rigidityBound(rank: number, rows: number): number {
  return (1 + (5 * Math.sqrt(Math.log(rank))) / Math.PI) / rows;
}

/** An outlier above the transition, the edge below it; the median of the draws against its limit. */
function spikeClaim(id: string, spike: number, values: readonly number[], settings: Settings): Claim {
  const { parameters: M, samples: N, draws } = settings;
  const gamma = M / N;
  const [{ place, deviation }] = spikedWishart({ ratio: gamma, spikes: [spike] }).images;
  // A median of normal draws has a standard error of 1.253 standard deviations over the root of their number.
  const errors = (3 * 1.253) / Math.sqrt(draws);
  const judged = { ...common, ...atSize(settings), id, measure: 'largest eigenvalue', samples: values };
  if (place === 'above') {
    return judge.law({
      ...judged,
      statement: `a spike l = ${spike} of the population, above 1 + sqrt(gamma), gives an eigenvalue outside the bulk at l (1 + gamma / (l - 1))`,
      published: { expression: 'l * (1 + gamma / (l - 1))', scope: { l: spike, gamma } },
      bound: (errors * deviation!) / Math.sqrt(N),
      because: `three standard errors of the median of ${draws} outliers, their normal limit (Paul 2007, Thm. 3)`,
    });
  }
  return judge.law({
    ...judged,
    statement: `a spike l = ${spike} of the population, below 1 + sqrt(gamma), leaves the largest eigenvalue at the edge`,
    published: { expression: '(1 + sqrt(gamma))^2', scope: { gamma } },
    // The Tracy-Widom law (beta = 1) has median -1.269 and standard deviation 1.268 in units of this scale.
    bound: (1.269 + errors * 1.268) * tracyWidomScale(M, N),
    because: `the median of the Tracy-Widom law lies 1.27 of its scale inside the edge; three standard errors of ${draws} draws`,
  });
}

/** Johnstone 2001: scale of the fluctuations of the largest eigenvalue of X X^T / N. */
function tracyWidomScale(M: number, N: number): number {
  return ((Math.sqrt(N) + Math.sqrt(M)) / N) * (1 / Math.sqrt(N) + 1 / Math.sqrt(M)) ** (1 / 3);
}

function lawPanel(values: Float64Array, title: string, ratio: number): Panel {
  const { density, atoms } = marchenkoPastur({ ratio, scale: 1 });
  // The atom of the wide case dwarfs the bulk on a linear axis.
  return spectrumHistogram(values, {
    logY: atoms.length > 0,
    law: { density, atoms, label: 'Marchenko-Pastur' },
    title,
    legend: 'top-right',
  });
}

function transitionPanel(
  largest: readonly { readonly spike: number; readonly values: readonly number[] }[],
  gamma: number,
): Panel {
  const last = Math.max(...largest.map(({ spike }) => spike));
  const grid = Array.from({ length: 101 }, (_, i) => 1 + ((last - 1) * i) / 100);
  return {
    title: 'BBP transition',
    x: { label: 'population spike $l$' },
    y: { label: 'largest eigenvalue' },
    marks: [
      {
        kind: 'line',
        x: grid,
        y: spikedWishart({ ratio: gamma, spikes: grid }).images.map(({ at }) => at),
        label: 'theory',
      },
      {
        kind: 'points',
        x: largest.map(({ spike }) => spike),
        y: largest.map(({ values }) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]),
        intervals: largest.map(({ values }) => [Math.min(...values), Math.max(...values)]),
        label: 'measured',
      },
      { kind: 'rule', x: 1 + Math.sqrt(gamma), label: '1 + √$γ$', color: 'muted' },
    ],
    legend: 'bottom-right',
  };
}
