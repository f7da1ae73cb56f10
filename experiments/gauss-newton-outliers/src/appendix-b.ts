import type { Panel } from '@hessian-rmt/plotting';
import { spectrumHistogram } from '@hessian-rmt/plotting';
import { definePart, judge } from '@hessian-rmt/replication';
import { kolmogorovSmirnov, marchenkoPastur, spikedWishart } from '@hessian-rmt/rmt';
import { type LinearModelConfig, linearModel } from './linear-model.js';

type Settings = {
  readonly repetitions: number;
  /** Samples of the tall case (M < N); the wide case has M and N exchanged. */
  readonly samples: number;
  readonly parameters: number;
  /** One model with one spike each. */
  readonly spikes: readonly number[];
};

/** gamma = M / N = 1/2, so the transition lies at 1 + sqrt(1/2) = 1.71. */
const laptop: Settings = { repetitions: 3, samples: 2000, parameters: 1000, spikes: [1.2, 1.5, 2, 2.5, 3, 4, 6] };
const quick: Settings = { ...laptop, repetitions: 1, samples: 600, parameters: 300 };
const smoke: Settings = { ...quick, samples: 300, parameters: 150, spikes: [1.2, 3] };

const unitsOf = (settings: Settings, config: LinearModelConfig) =>
  Array.from({ length: settings.repetitions }, (_, repetition) => linearModel.unit(config, { repetition, threads: 1 }));

const tall = ({ parameters, samples }: Settings): LinearModelConfig => ({ parameters, samples, spikes: [] });
const wide = ({ parameters, samples }: Settings): LinearModelConfig => ({
  parameters: samples,
  samples: parameters,
  spikes: [],
});
const spiked = ({ parameters, samples }: Settings, spike: number): LinearModelConfig => ({
  parameters,
  samples,
  spikes: [spike],
});
/** Bloemendal et al.: several outliers at once, each where it would stand alone. */
const several: readonly number[] = [6, 4, 3];

/** Appendix B: the Gauss-Newton matrix of a linear model on independent inputs is a sample covariance matrix. */
export const appendixB = definePart<Settings>({
  id: 'appendix-b',
  place: 'Appendix B',
  title: 'Spectrum of the generalised Gauss-Newton matrix of linear models',
  profiles: { smoke, quick, laptop, paper: { ...laptop, samples: 6000, parameters: 3000, repetitions: 10 } },
  units: (settings) => [
    ...unitsOf(settings, tall(settings)),
    ...unitsOf(settings, wide(settings)),
    ...settings.spikes.flatMap((spike) => unitsOf(settings, spiked(settings, spike))),
    ...unitsOf(settings, { ...tall(settings), spikes: several }),
  ],

  present(results, settings) {
    const spectraOf = (config: LinearModelConfig) =>
      unitsOf(settings, config).map((unit) => results.of(unit).arrays.spectrum.data as Float64Array);
    const { parameters: M, samples: N, repetitions } = settings;
    const gamma = M / N;
    const largest = settings.spikes.map((spike) => ({
      spike,
      values: spectraOf(spiked(settings, spike)).map((s) => s[s.length - 1]),
    }));
    const common = { place: 'Appendix B', figure: 'figures/appendix-b.svg', atPublishedSize: true };
    const edgeFormula = { expression: '(1 + sqrt(gamma))^2', scope: { gamma } };

    return {
      figures: [
        {
          id: 'appendix-b',
          title: 'Appendix B: Marchenko-Pastur bulk and the BBP transition in a Gauss-Newton matrix',
          caption:
            'Exact Gauss-Newton matrix of linear regression on independent normal inputs. Left and middle: without spikes, against the Marchenko-Pastur law. ' +
            `Right: largest eigenvalue against one spike l of the population covariance (M = ${M}, N = ${N}; mean and range of ${repetitions} runs).`,
          panels: [
            lawPanel(spectraOf(tall(settings))[0], `M = ${M}, N = ${N}`, gamma),
            lawPanel(spectraOf(wide(settings))[0], `M = ${N}, N = ${M}`, 1 / gamma),
            transitionPanel(largest, gamma),
          ],
        },
      ],
      claims: [
        judge.law({
          ...common,
          id: 'S10.marchenko-pastur',
          statement: 'for independent inputs the eigenvalues follow the Marchenko-Pastur law',
          measure: 'Kolmogorov-Smirnov distance',
          samples: spectraOf(tall(settings)).map((s) =>
            kolmogorovSmirnov(s, marchenkoPastur({ ratio: gamma, scale: 1 })),
          ),
          bound: 1.36 / Math.sqrt(M),
          because: 'the 95 % point for M independent draws; eigenvalues are more rigid than that',
        }),
        judge.value({
          ...common,
          id: 'S10.zeros',
          statement: `for more parameters than samples, M - N eigenvalues are zero (M = ${N}, N = ${M})`,
          published: { expression: 'M - N', scope: { M: N, N: M } },
          samples: unitsOf(settings, wide(settings)).map((unit) => {
            const { numbers, arrays } = results.of(unit);
            return (arrays.spectrum.data as Float64Array).filter(
              (value) => Math.abs(value) <= (numbers.roundingFloor as number),
            ).length;
          }),
          within: { absolute: 0 },
          because: 'exact for inputs in general position',
        }),
        ...largest.map(({ spike, values }) =>
          spike > spikedWishart({ ratio: gamma, spikes: [] }).thresholds.upper
            ? judge.value({
                ...common,
                id: `S10.outlier-${spike}`,
                statement: `a spike of ${spike}, above 1 + sqrt(gamma), gives an outlier at l (1 + gamma / (l - 1))`,
                published: { expression: 'l * (1 + gamma / (l - 1))', scope: { l: spike, gamma } },
                samples: values,
                within: { absolute: outlierTolerance(spike, gamma, N, repetitions) },
                because:
                  'three standard deviations of the outlier (its normal limit) over the root of the repetitions, and 5/N for the bias',
              })
            : judge.value({
                ...common,
                id: `S10.sticks-${spike}`,
                statement: `a spike of ${spike}, below 1 + sqrt(gamma), leaves the largest eigenvalue at the edge`,
                published: edgeFormula,
                samples: values,
                within: { absolute: 4 * tracyWidomScale(M, N) },
                because: 'four units of the Tracy-Widom scale of the edge',
              }),
        ),
        ...several.map((spike, i) =>
          judge.value({
            ...common,
            id: `S10.several-${spike}`,
            statement: `of the spikes ${several.join(', ')} together, ${spike} gives its own outlier`,
            published: { expression: 'l * (1 + gamma / (l - 1))', scope: { l: spike, gamma } },
            samples: spectraOf({ ...tall(settings), spikes: several }).map((s) => s[s.length - 1 - i]),
            within: { absolute: outlierTolerance(spike, gamma, N, repetitions) },
            because: 'as for one spike',
          }),
        ),
      ],
    };
  },
});

/** Paul 2007: the outlier is normal in the limit. 1.26 is what a median of few repetitions loses against their mean. */
function outlierTolerance(spike: number, gamma: number, N: number, repetitions: number): number {
  const [{ deviation }] = spikedWishart({ ratio: gamma, spikes: [spike] }).images;
  return (3 * 1.26 * deviation!) / Math.sqrt(N * repetitions) + 5 / N;
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
  });
}

function transitionPanel(largest: readonly { spike: number; values: readonly number[] }[], gamma: number): Panel {
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
        label: '$l$ (1 + $γ$/($l$ − 1)) above 1 + √$γ$',
      },
      {
        kind: 'points',
        x: largest.map(({ spike }) => spike),
        y: largest.map(({ values }) => values.reduce((sum, value) => sum + value, 0) / values.length),
        intervals: largest.map(({ values }) => [Math.min(...values), Math.max(...values)]),
        label: 'measured',
      },
      { kind: 'rule', x: 1 + Math.sqrt(gamma), label: '1 + √$γ$', color: 'muted' },
    ],
  };
}
