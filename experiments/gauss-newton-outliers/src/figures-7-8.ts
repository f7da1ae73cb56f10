import { elbow, spectrumOf } from '@hessian-rmt/curvature';
import { edgeByRank, type Table } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { type Edge, edgeOf } from './collapse.js';
import { type ConvnetConfig, convnetSpectrum } from './convnet-spectrum.js';
import { largeCriteria } from './growing-width.js';

type Settings = Omit<ConvnetConfig, 'batch'> & {
  readonly repetitions: number;
  readonly batches: { readonly large: number; readonly small: number };
};

/**
 * Sizes, batches and rate are lost or not given; the rate was chosen by the training loss of both alone, with 300 digits and
 * batches of 150 and 10 (README). A product with the Hessian for each parameter makes time go with the digits.
 */
const laptop: Settings = {
  repetitions: 3,
  samples: 200,
  side: 14,
  channels: [6, 12],
  batches: { large: 100, small: 10 },
  rate: 0.1,
  steps: 2000,
};
const quick: Settings = { ...laptop, repetitions: 1, side: 7 };
const smoke: Settings = { ...quick, channels: [2, 3], samples: 60, batches: { large: 30, small: 6 }, steps: 300 };
const paper: Settings = {
  ...laptop,
  repetitions: 5,
  samples: 1000,
  channels: [8, 16],
  batches: { large: 500, small: 10 },
};

type Which = 'large' | 'small';
const batchesOf: readonly Which[] = ['large', 'small'];

const unitsOf = ({ repetitions, batches, ...config }: Settings, which: Which) =>
  Array.from({ length: repetitions }, (_, repetition) =>
    convnetSpectrum.unit({ ...config, batch: batches[which] }, { repetition, threads: 1 }),
  );

interface Run {
  readonly parameters: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly gradientNorm: number;
  readonly values: Float64Array;
  readonly roundingFloor: number;
  readonly left: Edge;
  readonly right: Edge;
}

/** Figures 7 and 8: the spectrum of a convolutional network after training with large and with small batches (sec. 3.3). */
export const figures7And8 = definePart<Settings>({
  id: 'figures-7-8',
  place: 'Figures 7 and 8',
  title: 'Spectrum after training with large and small batches',
  profiles: { smoke, quick, laptop, paper },
  units: (settings) => batchesOf.flatMap((which) => unitsOf(settings, which)),

  present(results, settings) {
    const runs = { large: measure(results, settings, 'large'), small: measure(results, settings, 'small') };
    const sizes = sizesOf(settings, runs.large[0].parameters);
    const panels = (edge: 'left' | 'right', top: number) => [
      edgeByRank(
        batchesOf.map((which) => ({
          label: `batch of ${settings.batches[which]}`,
          values: runs[which][0][edge].magnitudes,
        })),
        {
          edge: 'right',
          top,
          x: { label: edge === 'right' ? 'rank' : 'rank from the left edge' },
          y: { label: edge === 'right' ? 'eigenvalue $λ$' : 'magnitude $−λ$', scale: 'log' },
          legend: 'top-right',
        },
      ),
    ];
    const shown = `repetition 1 of ${settings.repetitions}. ${sizes}.`;
    return {
      figures: [
        {
          id: 'figure-7',
          title: 'Figure 7: right edge of the spectrum, large and small batch',
          caption: `The largest eigenvalues of the exact Hessian by rank, at most 60, above the rounding floor; ${shown}`,
          panels: panels('right', 60),
        },
        {
          id: 'figure-8',
          title: 'Figure 8: left edge of the spectrum, large and small batch',
          caption: `Magnitudes of the negative eigenvalues, the most negative first, above the rounding floor; ${shown}`,
          panels: panels('left', Number.MAX_SAFE_INTEGER),
        },
      ],
      tables: [tableOf(runs, settings, sizes)],
      arrays: Object.fromEntries(
        batchesOf.flatMap((which) =>
          runs[which].map(({ values }, i) => [`convnet-${which}-batch-${i}`, { shape: [values.length], data: values }]),
        ),
      ),
      claims: claimsOf(runs, sizes),
    };
  },
});

function measure(results: Results, settings: Settings, which: Which): Run[] {
  return unitsOf(settings, which).map((unit) => {
    const { numbers, arrays } = results.of(unit);
    const { parameters, loss, accuracy, gradientNorm, roundingFloor } = numbers as { readonly [name: string]: number };
    const values = arrays.spectrum.data as Float64Array;
    const edge = (side: 'left' | 'right') => edgeOf(values, side, roundingFloor);
    return {
      parameters,
      loss,
      accuracy,
      gradientNorm,
      values,
      roundingFloor,
      left: edge('left'),
      right: edge('right'),
    };
  });
}

const sizesOf = ({ samples, side, channels, batches, rate, steps }: Settings, parameters: number) =>
  `${samples} MNIST digits of ${side} x ${side} pixels, convolutions of ${channels.join(' and ')} channels, P = ${parameters}, SGD with rate ${rate} for ${steps} steps, batches of ${batches.large} and ${batches.small}`;

type Runs = Readonly<Record<Which, readonly Run[]>>;

/** The elbow by the rule of Table 1, among the eigenvalues of one sign; in units of the eigenvalue. */
function elbowOf({ magnitudes }: Edge): number {
  return magnitudes.length === 0 ? 0 : (elbow(spectrumOf(magnitudes.slice().sort()), { among: 200 }).cutoff ?? 0);
}

const largest = ({ values }: Run) => values[values.length - 1];
/** Magnitude of the most negative eigenvalue, which is known no better than to the rounding floor. */
const mostNegative = ({ values, roundingFloor }: Run) => Math.max(-values[0], roundingFloor);
const sumOfTop = (count: number) => (run: Run) =>
  run.right.magnitudes.subarray(0, count).reduce((sum, value) => sum + value, 0);

function tableOf(runs: Runs, settings: Settings, sizes: string): Table {
  const each = (which: Which, of: (run: Run) => number, digits = 3) =>
    runs[which].map((run) => Number(of(run).toPrecision(digits))).join('; ');
  return {
    id: 'figures-7-8',
    title: 'Large and small batch: training, right edge and left edge',
    caption: `One value a repetition. ${sizes}.`,
    columns: [
      { header: 'batch' },
      { header: 'loss' },
      { header: 'accuracy' },
      { header: 'norm of the gradient' },
      { header: 'largest' },
      { header: 'sum of the ten largest' },
      { header: 'above a tenth of the largest' },
      { header: 'by ratio' },
      { header: 'by gap' },
      { header: 'smallest' },
      { header: 'elbow of the negative ones' },
    ],
    rows: batchesOf.map((which) => [
      settings.batches[which],
      each(which, ({ loss }) => loss),
      each(which, ({ accuracy }) => accuracy, 4),
      each(which, ({ gradientNorm }) => gradientNorm),
      each(which, largest),
      each(which, sumOfTop(10)),
      ...Object.values(largeCriteria).map((count) => each(which, ({ values }) => count(values))),
      each(which, ({ values }) => values[0]),
      each(which, ({ left }) => -elbowOf(left)),
    ]),
  };
}

const meaning = {
  tenth: 'above a tenth of the largest',
  ratio: 'up to the largest consecutive ratio',
  gap: 'up to the largest consecutive gap',
};

function claimsOf(runs: Runs, sizes: string): Claim[] {
  const place = 'Figures 7 and 8, sec. 3.3';
  const size = { atPublishedSize: false, difference: `${sizes}; the paper's sizes are lost` };
  const right = { place, figure: 'figures/figure-7.svg', ...size };
  const left = { place, figure: 'figures/figure-8.svg', ...size };
  const table = { place, figure: 'tables/figures-7-8.md' };
  const both = (of: (run: Run) => number) => runs.large.map((run, i) => [of(run), of(runs.small[i])] as const);
  return [
    ...Object.entries(largeCriteria).map(([criterion, count]) =>
      judge.law({
        ...right,
        id: `S7.count-${criterion}`,
        statement: `the number of large eigenvalues is the same for both batches (large: ${meaning[criterion as keyof typeof meaning]})`,
        measure: 'difference of the two numbers',
        samples: both(({ values }) => count(values)).map(([large, small]) => Math.abs(large - small)),
        bound: 1,
        because: "one, as the marks of the paper's Table 1 forgive one",
      }),
    ),
    judge.order({
      ...right,
      id: 'S7.larger-magnitudes',
      statement: 'the large batch finds points with larger positive eigenvalues: the largest',
      larger: { name: 'largest eigenvalue, large batch', samples: runs.large.map(largest) },
      smaller: { name: 'small batch', samples: runs.small.map(largest) },
      because: 'an order needs no tolerance',
    }),
    judge.order({
      ...right,
      id: 'S7.larger-magnitudes-ten',
      statement: 'the large batch finds points with larger positive eigenvalues: the ten largest',
      larger: { name: 'sum of the ten largest, large batch', samples: runs.large.map(sumOfTop(10)) },
      smaller: { name: 'small batch', samples: runs.small.map(sumOfTop(10)) },
      because: 'an order needs no tolerance; ten, one a class',
    }),
    ...batchesOf.map((which) =>
      judge.order({
        ...left,
        id: `S7.negative-${which}`,
        statement: `negative eigenvalues are orders of magnitude smaller than the large ones (${which} batch)`,
        larger: { name: 'largest eigenvalue', samples: runs[which].map(largest) },
        smaller: { name: 'magnitude of the most negative', samples: runs[which].map(mostNegative) },
        factor: 100,
        because: 'orders of magnitude, in the plural: a hundred (our reading)',
      }),
    ),
    judge.law({
      ...left,
      id: 'S7.similar-elbows',
      statement: 'the negative eigenvalues of both batches have their elbow at similar levels',
      measure: 'quotient of the two elbows, the larger over the smaller',
      samples: both(({ left: edge }) => elbowOf(edge)).map(([a, b]) =>
        Math.min(a, b) > 0 ? Math.max(a, b) / Math.min(a, b) : 1e6,
      ),
      bound: Math.sqrt(10),
      because: 'similar is read as within half a decade (our choice); the elbow by the rule of Table 1',
    }),
    ...batchesOf.map((which) =>
      judge.notComparable({
        ...table,
        id: `S7.loss-${which}`,
        statement: `training loss at the end, ${which} batch: whether both converge`,
        samples: runs[which].map(({ loss }) => loss),
        atPublishedSize: false,
        why: 'the paper prints no loss',
      }),
    ),
  ];
}
