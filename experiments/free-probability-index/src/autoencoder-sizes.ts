import type { Results } from '@hessian-rmt/replication';
import { autoencoderGaussNewton, type GaussNewtonConfig } from './autoencoder-gauss-newton.js';
import { images } from './images-available.js';
import { phiOf } from './memorisation.js';

/** Square autoencoders of one size. */
export type Size = {
  /** Of the images: n = side^2. */
  readonly side: number;
  /** Independent networks at each phi. */
  readonly runs: number;
  /** m / n = 2 / phi, from the smallest phi to the largest. */
  readonly samplesPerInput: readonly number[];
};

/** Figures 4 and 5 look at the same matrices. The largest size comes last. */
export type SizesSettings = { readonly sizes: readonly Size[] };

/** phi = 1/8 to 8/9: at 1 a good half of the units are on for fewer samples than there are inputs. */
const small: Size = { side: 4, runs: 50, samplesPerInput: [16, 8, 6, 5, 4, 3.5, 3, 2.5, 2.25] };
/** Samples are a small part of the images at any phi, or they would have the covariance of all of them. */
const middle: Size = { side: 6, runs: 6, samplesPerInput: [8, 6, 5, 4, 3, 2.5] };

export const sizesProfiles = {
  smoke: { sizes: [{ ...small, runs: 4, samplesPerInput: [16, 8, 4, 2.5] }] },
  quick: { sizes: [{ ...small, runs: 8 }] },
  laptop: { sizes: [small, middle] },
  paper: {
    sizes: [
      { ...small, runs: 200 },
      { ...middle, runs: 40 },
    ],
  },
} satisfies Record<string, SizesSettings>;

export const configsOf = ({ side, runs, samplesPerInput }: Size): GaussNewtonConfig[] =>
  samplesPerInput.map((times) => ({ source: images, side, samples: Math.round(times * side ** 2), runs }));

export const unitOf = (config: GaussNewtonConfig) => autoencoderGaussNewton.unit(config, { repetition: 0, threads: 1 });

/** H_0 of one network. */
export interface GaussNewtonSpectrum {
  readonly n: number;
  readonly phi: number;
  /** Ascending. */
  readonly values: Float64Array;
  readonly roundingFloor: number;
  /** Eigenvalues at the rounding floor. */
  readonly zeros: number;
  /** Null directions that there must be. */
  readonly expectedZeros: number;
  /**
   * The smallest eigenvalue when the n null directions of rescaling are left out; 0 where more eigenvalues than these n are
   * at the rounding floor.
   */
  readonly gap: number;
}

export function spectraOf(results: Results, config: GaussNewtonConfig): GaussNewtonSpectrum[] {
  const { numbers, arrays } = results.of(unitOf(config));
  const [runs, size] = arrays.eigenvalues.shape;
  const all = arrays.eigenvalues.data as Float64Array;
  const n = config.side ** 2;
  return Array.from({ length: runs }, (_, run) => {
    const values = all.subarray(run * size, (run + 1) * size);
    const [roundingFloor, zeros, expectedZeros] = (['roundingFloors', 'zeros', 'expectedZeros'] as const).map(
      (name) => (numbers[name] as readonly number[])[run],
    );
    const gap = values[n] > roundingFloor ? values[n] : 0;
    return { n, phi: phiOf(n, config.samples), values, roundingFloor, zeros, expectedZeros, gap };
  });
}

/** sigma (1 - sqrt(phi))^2: the gap of a Marchenko-Pastur law. */
export const marchenkoPasturGap = (phi: number, sigma = 1): number => sigma * (1 - Math.sqrt(phi)) ** 2;
