import type { PrintedSet } from './image-sets.js';

/** The schedules of sec. 6. */
export const scheduleNames = ['Normal', 'Overfit'] as const;
export type ScheduleName = (typeof scheduleNames)[number];

/** A Ritz value and its weight, as in Table 3. */
export interface PrintedRitzValue {
  readonly weight: number;
  readonly value: number;
}

/** What is printed of a spectrum of PreResNet-110 at the end of its training. */
export interface PrintedSpectrum {
  readonly figure: number;
  readonly largest: number;
  readonly smallest: number;
  /** Negative Ritz values and their weight (secs. 6.1 to 6.3), where they are given. */
  readonly negative?: { readonly count: number; readonly weight: number };
  /** Table 3, the heaviest first. */
  readonly heaviest: readonly PrintedRitzValue[];
}

/** A row of Tables 1 and 2 with what figures, text and Table 3 add. */
export interface PrintedRow {
  readonly set: PrintedSet;
  readonly schedule: ScheduleName;
  readonly place: string;
  readonly empirical: PrintedSpectrum;
  readonly augmented: PrintedSpectrum;
  /** In per cent, as printed. */
  readonly testAccuracy: number;
  readonly trainAccuracy: number;
  readonly testLoss: number;
  readonly trainLoss: number;
  /** Where the paper contradicts itself; the number above is then the one of the text. */
  readonly notes?: { readonly augmented?: string; readonly losses?: string };
}

const ritz = (...pairs: readonly (readonly [weight: number, value: number])[]): PrintedRitzValue[] =>
  pairs.map(([weight, value]) => ({ weight, value }));

export const printedRows: readonly PrintedRow[] = [
  {
    set: 'CIFAR-100',
    schedule: 'Normal',
    place: 'Table 1, Normal',
    empirical: {
      figure: 1,
      largest: 20.56,
      smallest: -6.54,
      negative: { count: 43, weight: 0.05 },
      heaviest: ritz([0.92, 0.0014], [0.05, -0.03], [0.018, 0.06]),
    },
    augmented: {
      figure: 4,
      largest: 3.026,
      smallest: -0.014,
      negative: { count: 5, weight: 0.00016 },
      heaviest: ritz([0.84, 0.0017], [0.1, -0.0007], [0.045, 0.003]),
    },
    testAccuracy: 77.24,
    trainAccuracy: 99.85,
    testLoss: 0.99,
    trainLoss: 0.021,
  },
  {
    set: 'CIFAR-100',
    schedule: 'Overfit',
    place: 'Table 1, Overfit',
    empirical: {
      figure: 5,
      largest: 281.32,
      smallest: -7.33,
      negative: { count: 43, weight: 0.032 },
      heaviest: ritz([0.65, -0.026], [0.34, 0.05], [0.006, 0.58]),
    },
    augmented: {
      figure: 7,
      largest: 45.68,
      smallest: 2e-5,
      negative: { count: 0, weight: 0 },
      heaviest: ritz([0.86, 1.67e-5], [0.1, 0.0039], [0.019, 0.018]),
    },
    testAccuracy: 56.85,
    trainAccuracy: 99.62,
    testLoss: 1.85,
    trainLoss: 0.026,
  },
  {
    set: 'CIFAR-10',
    schedule: 'Normal',
    place: 'Table 2, Normal',
    empirical: {
      figure: 2,
      largest: 6.82,
      smallest: -1.37,
      negative: { count: 35, weight: 0.09 },
      heaviest: ritz([0.88, 0.007], [0.085, -0.01], [0.023, 0.02]),
    },
    augmented: {
      figure: 3,
      largest: 0.5825,
      smallest: -0.0061,
      negative: { count: 3, weight: 0.03 },
      heaviest: ritz([0.88, -3.87e-6], [0.073, 0.0006], [0.03, -0.0007]),
    },
    testAccuracy: 95.32,
    trainAccuracy: 99.98,
    testLoss: 0.18,
    trainLoss: 0.0034,
    notes: {
      augmented:
        'the number of sec. 6.1; the axis of Fig. 3 has 0.56 and -0.01, and Table 2 repeats 3.025 and -0.014 of CIFAR-100',
    },
  },
  {
    set: 'CIFAR-10',
    schedule: 'Overfit',
    place: 'Table 2, Overfit',
    empirical: {
      figure: 6,
      largest: 184.4,
      smallest: -2.9,
      heaviest: ritz([0.77, 0.01], [0.22, -0.04], [0.005, 0.32]),
    },
    augmented: {
      figure: 8,
      largest: 15.6,
      smallest: -9e-4,
      negative: { count: 1, weight: 0.086 },
      heaviest: ritz([0.89, 0.00013], [0.086, -0.00094], [0.016, 0.0058]),
    },
    testAccuracy: 86.46,
    trainAccuracy: 99.91,
    testLoss: 1.85,
    trainLoss: 0.026,
    notes: { losses: 'the losses of Table 2, Overfit, are those of Table 1, Overfit, so perhaps a copy' },
  },
];

export const printedNetworks = ['PreResNet-110', 'VGG-16'] as const;
export type PrintedNetwork = (typeof printedNetworks)[number];

/** A spectrum of the appendices, by the ends of its axis (signs restored from the equal steps between its labels). */
export interface PrintedFigure {
  readonly figure: number;
  readonly network: PrintedNetwork;
  readonly set: PrintedSet;
  readonly epoch: number;
  readonly samples: 'empirical' | 'augmented';
  readonly smallest: number;
  readonly largest: number;
  readonly note?: string;
}

const along = (
  network: PrintedNetwork,
  set: PrintedSet,
  ...figures: readonly (readonly [figure: number, epoch: number, smallest: number, largest: number, note?: string])[]
): PrintedFigure[] =>
  figures.map(([figure, epoch, smallest, largest, note]) => ({
    figure,
    network,
    set,
    epoch,
    samples: 'empirical',
    smallest,
    largest,
    ...(note === undefined ? {} : { note }),
  }));

const beyond = 'epoch 300 is beyond the 225 epochs of the schedule Normal';
const threefold = 'Figures 19, 20 and 29 are one and the same, the last of them called VGG';

/** Appendices H (CIFAR-100, PreResNet), I (CIFAR-100, VGG-16), J (CIFAR-10, PreResNet) and K (CIFAR-10, VGG-16). */
export const printedFigures: Readonly<Record<'H' | 'I' | 'J' | 'K', readonly PrintedFigure[]>> = {
  H: [
    {
      figure: 13,
      network: 'PreResNet-110',
      set: 'CIFAR-100',
      epoch: 300,
      samples: 'augmented',
      smallest: -0.77,
      largest: 12.4,
      note: beyond,
    },
    ...along(
      'PreResNet-110',
      'CIFAR-100',
      [14, 0, -194.5, 0.7],
      [15, 25, -1.501, 6.742],
      [16, 50, -3.34, 7.14],
      [17, 75, -1.413, 5.967],
      [18, 125, -2.24, 10.54],
      [19, 150, -6.37, 22.47, threefold],
    ),
  ],
  I: [
    ...along('VGG-16', 'CIFAR-100', [21, 300, -6.59, 23.73]),
    {
      figure: 22,
      network: 'VGG-16',
      set: 'CIFAR-100',
      epoch: 300,
      samples: 'augmented',
      smallest: -0.344,
      largest: 6.737,
    },
    ...along(
      'VGG-16',
      'CIFAR-100',
      [23, 0, -2.799, 3.245],
      [24, 25, -0.595, 2.786],
      [25, 50, -0.33, 3.763],
      [26, 75, -0.312, 2.518],
      [27, 125, -0.635, 4.372],
      [28, 150, -1.522, 8.239],
    ),
  ],
  J: along('PreResNet-110', 'CIFAR-10', [30, 50, -2.273, 5.416], [31, 300, -3.03, 9.43, beyond]),
  K: along('VGG-16', 'CIFAR-10', [32, 0, -1.647, 5.114], [33, 300, -1.11, 6.709]),
};
