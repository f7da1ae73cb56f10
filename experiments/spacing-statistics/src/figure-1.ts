import type { Mark, Panel } from '@hessian-rmt/plotting';
import { definePart, judge, type Results } from '@hessian-rmt/replication';
import { kolmogorovSmirnov, semicircle } from '@hessian-rmt/rmt';
import { joined } from './authors-procedure.js';
import { deflatedLevels } from './batch-spectra.js';
import { batchesThere, type Condition, deflatedUnit, describe } from './conditions.js';
import { ensembleLevels } from './ensemble-levels.js';
import { images } from './images-available.js';
import type { NetworkName } from './networks.js';

type Settings = {
  readonly inputs: number;
  readonly batch: number;
  readonly batches: number;
  readonly epochs: readonly number[];
  /** Size of the GOE matrices. */
  readonly size: number;
};

const laptop: Settings = { inputs: 784, batch: 64, batches: 12, epochs: [0, 1, 5, 30], size: 2000 };
const quick: Settings = { inputs: 49, batch: 16, batches: 6, epochs: [0, 1, 5], size: 500 };

const networks: readonly NetworkName[] = ['MLP 10-100', 'softmax regression'];

function conditionOf({ inputs, batch, epochs }: Settings, network: NetworkName): Condition {
  const last = epochs[epochs.length - 1];
  return { network, images: images.digits, inputs, epochs: last, keep: epochs, epoch: last, split: 'test', batch };
}

const unitOf = (settings: Settings, network: NetworkName) =>
  deflatedUnit(conditionOf(settings, network), settings.batches, 0);
const goeOf = ({ size }: Settings) =>
  ensembleLevels.unit({ ensemble: 'goe', size, draws: 10 }, { repetition: 0, threads: 1 });

/** Figure 1: spectra of a GOE, of a perceptron and of softmax regression on MNIST: no semicircle (sec. 1). */
export const figure1 = definePart<Settings>({
  id: 'figure-1',
  place: 'Figure 1',
  title: 'Spectra of networks and of the GOE',
  profiles: {
    smoke: { ...quick, batches: 6, epochs: [0, 1], size: 100 },
    quick,
    laptop,
    paper: { ...laptop, batches: 156, epochs: [0, 1, 5, 20, 60, 150, 300] },
  },
  units: (settings) => [goeOf(settings), ...networks.map((network) => unitOf(settings, network))],

  present(results, settings) {
    const goe = [...(results.of(goeOf(settings)).arrays.levels.data as Float64Array)].sort((a, b) => a - b);
    const spectra = networks.map((network) => ({ network, ...spectrumOf(results, settings, network) }));
    return {
      figures: [
        {
          id: 'figure-1',
          title: 'Figure 1: the spectra of networks are not the semicircle',
          caption:
            `Eigenvalues of GOE matrices of size ${settings.size}, and of the Hessians of ${batchesThere(conditionOf(settings, networks[0]), settings.batches)} batches of ${settings.batch} test digits, trained for ${settings.epochs.at(-1)} epochs, ` +
            'structural zeros included. Shares of all eigenvalues, logarithmic; what lies beyond the range is left out, as in the paper.',
          columns: 3,
          panels: [panelOf('GOE', goe), ...spectra.map(({ network, values }) => panelOf(network, values))],
        },
      ],
      claims: spectra.flatMap(({ network, values, zeros }) => {
        const condition = conditionOf(settings, network);
        const common = {
          place: 'Figure 1',
          figure: 'figures/figure-1.svg',
          atPublishedSize: settings.inputs === 784 && images.digits.published,
          difference: `${describe(condition)}, ${settings.inputs} inputs`,
        };
        const id = network.toLowerCase().replaceAll(' ', '-');
        const { deviation } = momentsOf(values);
        const largest = values[values.length - 1];
        return [
          judge.order({
            ...common,
            id: `B1.semicircle-${id}`,
            statement: `the spectrum of the ${network} does not follow the semicircle`,
            larger: {
              name: 'its Kolmogorov-Smirnov distance from the semicircle of its mean and variance',
              samples: [distance(values)],
            },
            smaller: { name: 'that of the sampled GOE, ten times', samples: [10 * distance(goe)] },
            because: 'ten times is beyond what the size of the GOE matrices explains',
          }),
          judge.order({
            ...common,
            id: `B1.zeros-${id}`,
            statement: `it has a large peak at zero (${network})`,
            larger: { name: 'share of exact zeros', samples: [zeros] },
            smaller: { name: 'a half', samples: [0.5] },
            because: 'a peak is large when most eigenvalues are in it (our reading)',
          }),
          judge.order({
            ...common,
            id: `B1.outliers-${id}`,
            statement: `it has outliers (${network})`,
            larger: {
              name: 'largest eigenvalue, in standard deviations of the spectrum',
              samples: [largest / deviation],
            },
            smaller: { name: 'the edge of the semicircle, five times', samples: [10] },
            because: 'the semicircle ends at two standard deviations',
          }),
        ];
      }),
    };
  },
});

function spectrumOf(results: Results, settings: Settings, network: NetworkName): { values: number[]; zeros: number } {
  const found = results.of(unitOf(settings, network));
  const spectra = deflatedLevels(found);
  const levels = joined(spectra);
  const all = spectra.length * (found.numbers.parameters as number);
  const values = new Array<number>(all).fill(0);
  levels.forEach((level, i) => {
    values[i] = level;
  });
  return { values: values.sort((a, b) => a - b), zeros: 1 - levels.length / all };
}

function panelOf(title: string, sorted: readonly number[]): Panel {
  // As in the paper a few outliers are left out, so that the bulk is seen.
  const tail = Math.ceil(sorted.length / 1000);
  const [low, high] = [sorted[tail], sorted[sorted.length - 1 - tail]];
  const bins = 60;
  const edges = Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  const heights = new Array<number>(bins).fill(0);
  for (const value of sorted) {
    const bin = Math.floor((bins * (value - low)) / (high - low));
    if (bin >= 0 && bin < bins) heights[bin] += 1 / sorted.length;
  }
  const marks: readonly Mark[] = [{ kind: 'histogram', edges, heights, label: 'eigenvalues' }];
  return {
    title,
    x: { label: 'eigenvalue' },
    y: { label: 'share of the eigenvalues', scale: 'log' },
    marks,
    legend: 'none',
  };
}

function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

/** From the semicircle of the same mean and variance. */
function distance(sorted: readonly number[]): number {
  const { mean, deviation } = momentsOf(sorted);
  return kolmogorovSmirnov(
    Float64Array.from(sorted, (value) => (value - mean) / deviation),
    semicircle({ variance: 1 }),
  );
}
