import type { Ensemble } from './spiked-noise.js';

export type Theorem1Settings = {
  /** P of the first panel. */
  readonly size: number;
  readonly draws: number;
  /** q, with sigma = 1. */
  readonly ratios: readonly number[];
  /** Eigenvalues of H_true, several at a time and at both ends. */
  readonly spikes: readonly number[];
  /** Of the second and third panel: P, and how many matrices of each. */
  readonly sizes: readonly (readonly [size: number, draws: number])[];
  readonly edge: { readonly sizes: readonly number[]; readonly spikes: readonly number[]; readonly draws: number };
};

const laptop: Theorem1Settings = {
  size: 1000,
  draws: 20,
  ratios: [0.25, 1, 4],
  spikes: [6, 4, 3, 1.5, -1.6, -3, -5],
  sizes: [
    [64, 1600],
    [128, 800],
    [256, 400],
    [512, 150],
    [1024, 60],
  ],
  edge: { sizes: [100, 1000], spikes: [0, 0.5, 0.8, 1, 1.2, 1.5, 2], draws: 60 },
};
const quick: Theorem1Settings = {
  ...laptop,
  size: 400,
  sizes: [
    [32, 1600],
    [64, 800],
    [128, 400],
    [256, 200],
  ],
  edge: { ...laptop.edge, sizes: [50, 400] },
};
const smoke: Theorem1Settings = {
  ...quick,
  size: 100,
  draws: 10,
  sizes: [
    [16, 100],
    [32, 100],
    [64, 60],
  ],
  edge: { sizes: [20, 80], spikes: [0, 1, 2], draws: 30 },
};

export const theorem1Profiles = {
  smoke,
  quick,
  laptop,
  paper: { ...laptop, size: 4000, sizes: [...laptop.sizes.slice(0, 4), [1024, 200], [2048, 100]] },
} as const;

/** One spike's eigenvalue over the draws, beside where the theorem puts it. */
export interface SpikeFound {
  readonly spike: number;
  readonly predicted: number;
  readonly samples: readonly number[];
}

export interface Deviations {
  readonly ensemble: Ensemble;
  /** sizes x draws: of the outlier, of the eigenvalue that sticks to the edge, of the whole spectrum (a distance). */
  readonly outlier: readonly (readonly number[])[];
  readonly edge: readonly (readonly number[])[];
  readonly spectrum: readonly (readonly number[])[];
}
