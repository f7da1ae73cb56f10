import type { Mark, Panel, Table } from '@hessian-rmt/plotting';
import { curves } from '@hessian-rmt/plotting';
import { type Claim, definePart, judge, type Results } from '@hessian-rmt/replication';
import { kolmogorovSmirnovBetween } from '@hessian-rmt/rmt';
import { agreementByEye } from './autoencoder.js';
import { autoencoderFreeSum, type FreeSumConfig, type Moment, moments } from './autoencoder-free-sum.js';
import { images, imagesText } from './images-available.js';

type Settings = Omit<FreeSumConfig, 'source'> & { readonly repetitions: number };

/** 20 hidden units and 150 images of 4 x 4 pixels are the paper's, from a public extract; rate and steps are ours. */
const laptop: Settings = { side: 4, hidden: 20, samples: 150, rate: 0.1, steps: 5000, rotations: 10, repetitions: 4 };
const quick: Settings = { ...laptop, steps: 2000, rotations: 3, repetitions: 1 };
const smoke: Settings = { ...quick, hidden: 8, samples: 60, steps: 300 };

const unitsOf = ({ repetitions, ...config }: Settings) =>
  Array.from({ length: repetitions }, (_, repetition) =>
    autoencoderFreeSum.unit({ ...config, source: images }, { repetition, threads: 1 }),
  );

const when: Readonly<Record<Moment, string>> = {
  start: 'at the random start',
  end: 'after training',
  'end-without-rescaling': 'after training, rescalings left out',
};

/** Our reading of `minimal`: the sum of matrices that share their eigenvectors is at least this many times farther off. */
const factor = 2;

/** Figure 2: are H_0 and H_1 freely independent (sec. 5.2)? */
export const figure2 = definePart<Settings>({
  id: 'figure-2',
  place: 'Figure 2',
  title: 'Eigenvalues of H0 + H1 against H0 + Q H1 Q^T',
  profiles: { smoke, quick, laptop, paper: { ...laptop, rotations: 20, repetitions: 10 } },
  units: unitsOf,

  present(results, settings) {
    const { side, hidden, samples, rate, steps, rotations, repetitions } = settings;
    const sums = {
      start: sumsOf(results, settings, 'start'),
      end: sumsOf(results, settings, 'end'),
      'end-without-rescaling': sumsOf(results, settings, 'end-without-rescaling'),
    };
    return {
      figures: [
        {
          id: 'figure-2',
          title: 'Figure 2: are $H$_{0} and $H$_{1} freely independent?',
          caption:
            `Autoencoder ${side ** 2}-${hidden}-${side ** 2}, ReLU, no biases, on ${samples} ${imagesText} of ${side} x ${side} pixels, ` +
            `before and after ${steps} steps of gradient descent with rate ${rate}; repetition 1 of ${repetitions}, ${rotations} random rotations $Q$ together. ` +
            'Line: free convolution of the two measured spectra, averaged over each bin. The range ends where 95 % of the eigenvalues lie below. ' +
            'Lower row: cumulative distribution less that of the rotated sums; commuting: the same two spectra, added in random pairs. ' +
            'Right: only directions orthogonal to the rescaling of the weights into a unit against those out of it, which is null for $H$_{0}, and at a minimum for $H$.',
          columns: 3,
          panels: [
            ...moments.map((moment) => densityPanel(sums[moment][0], when[moment])),
            ...moments.map((moment) => differencePanel(sums[moment][0], when[moment])),
          ],
        },
      ],
      tables: [distanceTable(sums)],
      claims: [
        ...moments.flatMap((moment) => claimsAt(moment, sums[moment], settings)),
        weightsClaim(results, settings),
      ],
    };
  },
});

interface Sums {
  readonly energy: number;
  /** Eigenvalues of H_0 + H_1. */
  readonly whole: Float64Array;
  /** Those of H_0 + Q H_1 Q^T, one spectrum for each Q. */
  readonly rotated: readonly Float64Array[];
  readonly commuting: readonly Float64Array[];
  /** Edges of the histograms' bins, and the cumulative of the free convolution there. */
  readonly edges: Float64Array;
  readonly free: Float64Array;
  /** Mass of the free convolution below zero. */
  readonly freeIndex: number;
  /** Kolmogorov-Smirnov distances from all rotated sums together; of one rotated sum, from the others together. */
  readonly distance: Readonly<Record<'whole' | 'oneRotated' | 'commuting' | 'free', number>>;
}

function sumsOf(results: Results, settings: Settings, moment: Moment): Sums[] {
  return unitsOf(settings).map((unit) => {
    const { numbers, arrays } = results.of(unit);
    const { freeDistance, freeIndex } = numbers[moment] as Record<string, number>;
    const array = (name: string) => arrays[`${moment}-${name}`].data as Float64Array;
    const rows = (name: string) => {
      const { shape, data } = arrays[`${moment}-${name}`];
      return Array.from(
        { length: shape[0] },
        (_, i) => data.subarray(i * shape[1], (i + 1) * shape[1]) as Float64Array,
      );
    };
    const whole = array('sum');
    const rotated = rows('rotated');
    const commuting = rows('commuting');
    const all = together(rotated);
    const others = (i: number) => together(rotated.filter((_, j) => j !== i));
    return {
      energy: numbers[moment === 'start' ? 'energyStart' : 'energyEnd'] as number,
      whole,
      rotated,
      commuting,
      edges: array('edges'),
      free: array('free'),
      freeIndex,
      distance: {
        whole: kolmogorovSmirnovBetween(whole, all),
        oneRotated: mean(rotated.map((values, i) => kolmogorovSmirnovBetween(values, others(i)))),
        commuting: mean(commuting.map((values) => kolmogorovSmirnovBetween(values, all))),
        free: freeDistance,
      },
    };
  });
}

function claimsAt(moment: Moment, sums: readonly Sums[], { side, hidden, samples, steps }: Settings): Claim[] {
  const common = {
    place: 'Figure 2, sec. 5.2',
    figure: 'figures/figure-2.svg',
    atPublishedSize: false,
    difference: `${imagesText}; ${side ** 2}-${hidden}-${side ** 2}, ${samples} samples, ${moment === 'start' ? 'untrained, the paper shows a trained network' : `${steps} steps of training, the paper's are lost`}`,
  };
  return [
    judge.law({
      ...common,
      id: `P4.agreement-${moment}`,
      statement: `H0 + H1 has nearly the spectrum of H0 + Q H1 Q^T with a random rotation Q, ${when[moment]}`,
      measure: 'Kolmogorov-Smirnov distance',
      samples: sums.map(({ distance }) => distance.whole),
      bound: agreementByEye.distance,
      because: agreementByEye.because,
    }),
    judge.order({
      ...common,
      id: `P4.against-commuting-${moment}`,
      statement: `the discrepancy is minimal: far smaller than if H0 and H1 had their eigenvectors in common, ${when[moment]}`,
      larger: {
        name: 'distance of the sum of commuting matrices from the rotated sums',
        samples: sums.map(({ distance }) => distance.commuting),
      },
      smaller: { name: 'distance of H0 + H1', samples: sums.map(({ distance }) => distance.whole) },
      factor,
      because: `"minimal" is read as ${factor} times smaller (our choice); Kolmogorov-Smirnov distances`,
    }),
    judge.law({
      ...common,
      id: `X6.measured-spectra-${moment}`,
      place: 'sec. 3.2',
      statement: `the free additive convolution of the measured spectra of H0 and H1 is the spectrum of H0 + Q H1 Q^T, ${when[moment]}`,
      measure: 'Kolmogorov-Smirnov distance of all rotated sums together',
      samples: sums.map(({ distance }) => distance.free),
      bound: 0.005,
      because: 'asked for by this project: three eigenvalues of 640; each rotated sum is rigid to about one',
    }),
  ];
}

function weightsClaim(results: Results, settings: Settings): Claim {
  const distances = unitsOf(settings).map((unit) => results.of(unit).numbers.weightDistances as readonly number[]);
  return judge.law({
    id: 'P11.trained-weights',
    place: 'sec. 5.2',
    statement: 'the weights of trained networks look random, and sometimes normal',
    measure: 'Kolmogorov-Smirnov distance from a normal law, the larger of both layers',
    samples: distances.map((layers) => Math.max(...layers)),
    bound: agreementByEye.distance,
    because: agreementByEye.because,
    atPublishedSize: false,
    difference: `${imagesText}; the network of Figure 2, the paper's supplement is lost`,
  });
}

function distanceTable(sums: Readonly<Record<Moment, readonly Sums[]>>): Table {
  return {
    id: 'figure-2',
    title: 'Figure 2: distances between the sums, and their negative eigenvalues',
    caption:
      'Kolmogorov-Smirnov distances from the rotated sums H0 + Q H1 Q^T, all rotations together; that of one rotation, from the others, is what chance leaves.',
    columns: [
      { header: 'weights' },
      { header: 'repetition' },
      { header: 'energy', format: '.3g' },
      { header: 'H0 + H1', format: '.4f' },
      { header: 'one rotation', format: '.4f' },
      { header: 'commuting', format: '.4f' },
      { header: 'free convolution', format: '.4f' },
      { header: 'negative, H0 + H1', format: '.4f' },
      { header: 'negative, rotated', format: '.4f' },
      { header: 'negative, free convolution', format: '.4f' },
    ],
    rows: moments.flatMap((moment) =>
      sums[moment].map(({ energy, whole, rotated, freeIndex, distance }, i) => [
        when[moment],
        i + 1,
        energy,
        distance.whole,
        distance.oneRotated,
        distance.commuting,
        distance.free,
        shareNegative(whole),
        shareNegative(together(rotated)),
        freeIndex,
      ]),
    ),
  };
}

/** The free convolution is averaged over each bin: of two measured spectra it has a bump for every eigenvalue. */
function densityPanel({ whole, rotated, edges, free }: Sums, title: string): Panel {
  const bars = (values: Float64Array, label: string): Mark => ({
    kind: 'histogram',
    label,
    edges: [...edges],
    heights: perBin(edges, (x) => countUpTo(values, x) / values.length),
  });
  const middles = Array.from(edges.subarray(1), (edge, i) => (edge + edges[i]) / 2);
  return {
    title,
    x: { label: 'eigenvalue', domain: [edges[0], edges[edges.length - 1]] },
    y: { label: 'density' },
    legend: 'above',
    marks: [
      bars(whole, '$H$_{0} + $H$_{1}'),
      bars(together(rotated), '$H$_{0} + $Q H$_{1} $Q$^{T}'),
      { kind: 'line', label: 'free convolution', x: middles, y: perBin(edges, (_, i) => free[i]) },
    ],
  };
}

/** Mean density of each bin, from a cumulative at the edges. */
function perBin(edges: Float64Array, cumulative: (x: number, i: number) => number): number[] {
  const below = Array.from(edges, cumulative);
  return below.slice(1).map((share, i) => (share - below[i]) / (edges[i + 1] - edges[i]));
}

function differencePanel({ whole, rotated, commuting }: Sums, title: string): Panel {
  const all = together(rotated);
  const steps = 400;
  const at = Array.from({ length: steps }, (_, i) => all[Math.floor(((i + 0.5) / steps) * all.length)]);
  const below = (values: Float64Array) => at.map((x) => countUpTo(values, x) / values.length);
  const reference = below(all);
  const less = (values: Float64Array) => below(values).map((share, i) => share - reference[i]);
  return curves(
    [
      { label: '$H$_{0} + $H$_{1}', x: reference, y: less(whole), color: 0 },
      { label: 'one rotation', x: reference, y: less(rotated[0]), color: 1 },
      { label: 'commuting', x: reference, y: less(commuting[0]), color: 'muted' },
    ],
    {
      title,
      x: { label: 'share of eigenvalues of the rotated sums below', domain: [0, 1] },
      y: { label: 'difference of cumulatives' },
      legend: 'above',
    },
  );
}

function countUpTo(ascending: Float64Array, x: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}

const together = (spectra: readonly Float64Array[]) =>
  Float64Array.from(spectra.flatMap((values) => [...values])).sort();
const shareNegative = (values: Float64Array) => values.filter((value) => value < 0).length / values.length;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
