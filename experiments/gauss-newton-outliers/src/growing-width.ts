import type { Table } from '@hessian-rmt/plotting';
import type { Results, StoredArray } from '@hessian-rmt/replication';
import { type Edge, edgeOf } from './collapse.js';
import { countOutliers } from './outlier-counts.js';
import { type WidthConfig, widthSpectrum } from './width-spectrum.js';

/** Networks of one depth, the narrowest first. */
export type Family = { readonly name: 'one-layer' | 'two-layers'; readonly hidden: readonly (readonly number[])[] };

export type WidthSettings = Omit<WidthConfig, 'hidden'> & {
  readonly families: readonly Family[];
  readonly repetitions: number;
};

/**
 * Digits of 14 x 14 pixels (2 x 2 block averages), so that widths of 8 and more hidden units have Hessians of a size
 * whose whole spectrum is exact; widths double. Below ln 2 / N no sample can be misclassified: one that is adds
 * at least ln 2 / N to the mean loss.
 */
const laptop: WidthSettings = {
  families: [
    {
      name: 'two-layers',
      hidden: [
        [8, 8],
        [16, 16],
        [32, 32],
      ],
    },
    { name: 'one-layer', hidden: [[9], [18], [36]] },
  ],
  repetitions: 3,
  samples: 1000,
  side: 14,
  batch: 32,
  rate: 0.1,
  lossBelow: Math.LN2 / 1000,
  atMost: 400_000,
};
const paper: WidthSettings = {
  ...laptop,
  families: [
    {
      name: 'two-layers',
      hidden: [
        [8, 8],
        [16, 16],
        [32, 32],
        [64, 64],
      ],
    },
    { name: 'one-layer', hidden: [[9], [18], [36], [72]] },
  ],
};
const quick: WidthSettings = {
  ...laptop,
  families: [
    {
      name: 'two-layers',
      hidden: [
        [6, 6],
        [12, 12],
        [24, 24],
      ],
    },
    { name: 'one-layer', hidden: [[8], [16], [32]] },
  ],
  repetitions: 1,
  samples: 300,
  side: 7,
  lossBelow: Math.LN2 / 300,
  atMost: 200_000,
};
const smoke: WidthSettings = {
  ...quick,
  families: [
    {
      name: 'two-layers',
      hidden: [
        [6, 6],
        [12, 12],
      ],
    },
    { name: 'one-layer', hidden: [[6], [12]] },
  ],
  samples: 100,
  lossBelow: Math.LN2 / 100,
};
export const widthProfiles = { smoke, quick, laptop, paper };

export const familyName = { 'one-layer': 'one hidden layer', 'two-layers': 'two hidden layers' };

const unitsOfNetwork = (settings: WidthSettings, hidden: readonly number[]) => {
  const { families: _, repetitions, ...config } = settings;
  return Array.from({ length: repetitions }, (_, repetition) =>
    widthSpectrum.unit({ ...config, hidden }, { repetition, threads: 1 }),
  );
};

export const widthUnits = (settings: WidthSettings) =>
  settings.families.flatMap(({ hidden }) => hidden.flatMap((widths) => unitsOfNetwork(settings, widths)));

/** One trained network. */
export interface Run {
  readonly steps: number;
  readonly loss: number;
  readonly accuracy: number;
  /** Null when the stopping condition was not met: such a network is told, and neither drawn nor judged. */
  readonly spectrum: { readonly values: Float64Array; readonly left: Edge; readonly right: Edge } | null;
}

export interface MeasuredNetwork {
  readonly hidden: readonly number[];
  readonly parameters: number;
  /** One a repetition. */
  readonly runs: readonly Run[];
}

export interface MeasuredFamily {
  readonly name: Family['name'];
  readonly networks: readonly MeasuredNetwork[];
  /** Why the family cannot be judged; null when every network met the stopping condition. */
  readonly incomplete: string | null;
}

export function measureFamilies(results: Results, settings: WidthSettings): MeasuredFamily[] {
  return settings.families.map(({ name, hidden }) => {
    const networks = hidden.map((widths) => {
      const units = unitsOfNetwork(settings, widths).map((unit) => results.of(unit));
      return {
        hidden: widths,
        parameters: units[0].numbers.parameters as number,
        runs: units.map(({ numbers, arrays }): Run => {
          const { steps, loss, accuracy, roundingFloor } = numbers as { readonly [name: string]: number };
          const values = arrays.spectrum?.data as Float64Array | undefined;
          const edge = (side: 'left' | 'right') => edgeOf(values!, side, roundingFloor);
          const spectrum = values ? { values, left: edge('left'), right: edge('right') } : null;
          return { steps, loss, accuracy, spectrum };
        }),
      };
    });
    const runs = networks.flatMap((network) => network.runs);
    const missing = runs.filter(({ spectrum }) => spectrum === null).length;
    const incomplete =
      missing === 0
        ? null
        : `${missing} of ${runs.length} networks did not meet the stopping condition in ${settings.atMost} steps`;
    return { name, networks, incomplete };
  });
}

/** edges[repetition][width] of a complete family. */
export function edgesOf({ networks }: MeasuredFamily, side: 'left' | 'right'): Edge[][] {
  return networks[0].runs.map((_, repetition) => networks.map(({ runs }) => runs[repetition].spectrum![side]));
}

export const networkLabel = ({ hidden, parameters }: MeasuredNetwork) => `${hidden.join('-')}, $P$ = ${parameters}`;

/** Stands under every figure and claim of growing width. */
export function sizesOf({ samples, side, batch, rate, lossBelow }: WidthSettings): string {
  return (
    `${samples} MNIST digits of ${side} x ${side} pixels, ReLU, SGD with rate ${rate} and batches of ${batch}, ` +
    `stopped at a training loss below ln 2 / ${samples} = ${lossBelow.toPrecision(2)}`
  );
}

/** Of a figure: which networks are not in it. */
export function missingFrom(families: readonly MeasuredFamily[]): string {
  return families
    .flatMap(({ name, incomplete }) => (incomplete === null ? [] : [` Not shown, ${familyName[name]}: ${incomplete}.`]))
    .join('');
}

/** The spectra, for results/arrays. */
export function spectraOf(families: readonly MeasuredFamily[]): Record<string, StoredArray> {
  return Object.fromEntries(
    families.flatMap(({ networks }) =>
      networks.flatMap(({ hidden, runs }) =>
        runs.flatMap(({ spectrum }, i) =>
          spectrum === null
            ? []
            : [[`width-${hidden.join('-')}-${i}`, { shape: [spectrum.values.length], data: spectrum.values }] as const],
        ),
      ),
    ),
  );
}

/** The number of large eigenvalues: those above a tenth of the largest, and by the two rules of Table 1 that are stated. */
export const largeCriteria = {
  tenth: (values: Float64Array) => values.filter((value) => value > 0.1 * values[values.length - 1]).length,
  ratio: (values: Float64Array) => countOutliers(values, null).ratio,
  gap: (values: Float64Array) => countOutliers(values, null).gap,
};

/** Every network with its training and the numbers that the claims are made of, one value a repetition. */
export function widthTable(families: readonly MeasuredFamily[], settings: WidthSettings): Table {
  return {
    id: 'growing-width',
    title: 'Growing width: training, right edge and left edge',
    caption:
      `One value a repetition. ${sizesOf(settings)}. A network without eigenvalues did not meet the condition in ${settings.atMost} steps. ` +
      'Large eigenvalues: above a tenth of the largest; up to the largest ratio of neighbours among the 200 largest; up to the largest gap. Negative: below minus the rounding floor.',
    columns: [
      { header: 'hidden' },
      { header: 'P' },
      { header: 'steps' },
      { header: 'loss' },
      { header: 'accuracy' },
      { header: 'largest' },
      { header: 'large: tenth, ratio, gap' },
      { header: 'smallest' },
      { header: 'negative' },
      { header: 'share negative' },
    ],
    rows: families.flatMap(({ networks }) =>
      networks.map(({ hidden, parameters, runs }) => {
        const each = (text: (run: Run) => string) => runs.map(text).join('; ');
        const ofSpectrum = (text: (spectrum: NonNullable<Run['spectrum']>) => string) =>
          each(({ spectrum }) => (spectrum === null ? '-' : text(spectrum)));
        return [
          hidden.join('-'),
          parameters,
          each(({ steps }) => `${steps}`),
          each(({ loss }) => loss.toExponential(2)),
          each(({ accuracy }) => accuracy.toFixed(3)),
          ofSpectrum(({ values }) => values[values.length - 1].toPrecision(3)),
          ofSpectrum(({ values }) =>
            Object.values(largeCriteria)
              .map((count) => count(values))
              .join(', '),
          ),
          ofSpectrum(({ values }) => values[0].toExponential(2)),
          ofSpectrum(({ left }) => `${left.magnitudes.length}`),
          ofSpectrum(({ left }) => (left.magnitudes.length / parameters).toFixed(4)),
        ];
      }),
    ),
  };
}
