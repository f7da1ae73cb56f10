import type { Panel } from '@hessian-rmt/plotting';
import { spectrumHistogram } from '@hessian-rmt/plotting';
import { definePart, judge } from '@hessian-rmt/replication';
import { digitSpectrum } from './digit-spectrum.js';

type Settings = {
  readonly repetitions: number;
  readonly samples: number;
  readonly side: number;
  readonly hidden: readonly number[];
  readonly rate: number;
  readonly steps: number;
};

const laptop: Settings = { repetitions: 3, samples: 1000, side: 28, hidden: [6], rate: 0.1, steps: 2000 };
const quick: Settings = { ...laptop, repetitions: 1, samples: 500, side: 14, hidden: [6], steps: 1000 };
const smoke: Settings = { ...quick, samples: 200, side: 7, steps: 300 };

const unitsOf = ({ repetitions, ...config }: Settings) =>
  Array.from({ length: repetitions }, (_, repetition) => digitSpectrum.unit(config, { repetition, threads: 1 }));

/** Our reading of `at or near zero`: below one hundredth of the largest eigenvalue in magnitude. */
const nearZero = 0.01;
/** Our reading of `almost all`. */
const almostAll = 0.95;
/** Our reading of `a few`: not more than two a class. */
const few = 20;

/** Figure 1: the full spectrum of a two-layer network at the random start and at the end of training (sec. 1.2). */
export const figure1 = definePart<Settings>({
  id: 'figure-1',
  place: 'Figure 1',
  title: 'Spectrum of the Hessian at the random start and after training',
  profiles: { smoke, quick, laptop, paper: { ...laptop, repetitions: 9 } },
  units: unitsOf,

  present(results, settings) {
    const runs = unitsOf(settings).map((unit) => {
      const { arrays } = results.of(unit);
      return { start: arrays.start.data as Float64Array, end: arrays.end.data as Float64Array };
    });
    const network = `${settings.side ** 2}-${settings.hidden.join('-')}-10`;
    const size = runs[0].start.length;
    const moments = ['start', 'end'] as const;
    const when = { start: 'at the random start', end: 'at the end of training' };
    const common = {
      place: 'Figure 1, sec. 1.2',
      figure: 'figures/figure-1.svg',
      // The size is lost in our text of the paper, and the statement is made for every network.
      atPublishedSize: false,
      difference: `${network} chosen here, P = ${size}; the paper's size is lost`,
    };
    return {
      figures: [
        {
          id: 'figure-1',
          title: 'Figure 1: full spectrum of the Hessian, before and after training',
          caption:
            `Network ${network}, ReLU, P = ${size}, ${settings.samples} MNIST digits, gradient descent with rate ${settings.rate} ` +
            `for ${settings.steps} steps; repetition 1 of ${settings.repetitions}. Density on a logarithmic axis.`,
          panels: moments.map((moment) => histogram(runs[0][moment], when[moment])),
        },
      ],
      arrays: Object.fromEntries(
        runs.flatMap((run, i) =>
          moments.map((moment) => [`figure-1-${moment}-${i}`, { shape: [size], data: run[moment] }]),
        ),
      ),
      claims: [
        ...moments.map((moment) =>
          judge.order({
            ...common,
            id: `S1.near-zero-${moment}`,
            statement: `almost all eigenvalues are at or near zero ${when[moment]}`,
            larger: {
              name: `share of eigenvalues below ${nearZero} of the largest`,
              samples: runs.map((run) => shareNearZero(run[moment])),
            },
            smaller: { name: '"almost all"', samples: runs.map(() => almostAll) },
            because: `near zero and almost all are read as ${nearZero} of the largest and ${almostAll} (our choice)`,
          }),
        ),
        judge.order({
          ...common,
          id: 'S1.few-large-positive',
          statement: 'after training a few eigenvalues are large and positive',
          larger: { name: '"a few"', samples: runs.map(() => few + 1) },
          smaller: {
            name: 'eigenvalues above a tenth of the largest',
            samples: runs.map(({ end }) => countLarge(end)),
          },
          because: `a few is read as at most ${few}, two a class (our choice)`,
        }),
        judge.notComparable({
          ...common,
          id: 'S1.large-at-start',
          statement: 'for comparison, eigenvalues above a tenth of the largest at the random start',
          samples: runs.map(({ start }) => countLarge(start)),
          why: 'the paper makes no statement on them',
        }),
        judge.order({
          ...common,
          id: 'S1.positive-outweighs-negative',
          statement: 'the large eigenvalues after training are positive',
          larger: { name: 'largest eigenvalue', samples: runs.map(({ end }) => end[end.length - 1]) },
          smaller: { name: 'magnitude of the smallest', samples: runs.map(({ end }) => Math.abs(end[0])) },
          factor: 10,
          because: 'no negative eigenvalue may count as large: ten times smaller (our choice)',
        }),
      ],
    };
  },
});

function histogram(values: Float64Array, title: string): Panel {
  return spectrumHistogram(values, { bins: 100, logY: true, title });
}

function countLarge(values: Float64Array): number {
  return values.filter((value) => value > 0.1 * values[values.length - 1]).length;
}

function shareNearZero(values: Float64Array): number {
  const largest = Math.max(Math.abs(values[0]), Math.abs(values[values.length - 1]));
  return values.filter((value) => Math.abs(value) <= nearZero * largest).length / values.length;
}
