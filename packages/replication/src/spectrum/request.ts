import type { LawRequest } from './law-overlay.js';
import type { OperatorSource } from './operator-spectrum.js';
import type { DataSource, NetworkSource } from './sources.js';

/** Which of the largest eigenvalues are outliers, left out of the bulk: by a rule, or so many. */
export type OutlierRule = 'gap' | 'ratio' | 'elbow' | number;

/** What is asked for, after the command line was understood. Paths are absolute. */
export interface SpectrumRequest {
  readonly of:
    | {
        readonly kind: 'network';
        readonly network: NetworkSource;
        readonly data: DataSource;
        readonly part: 'hessian' | 'gauss-newton';
        /** Patterns of names of tensors; null for all parameters. */
        readonly layers: readonly string[] | null;
        /** Batches of so many samples; null for the whole set. `count` null: as many as `defaultBatches`. */
        readonly batches: { readonly size: number; readonly count: number | null } | null;
        /** null: where it is possible. */
        readonly deflate: boolean | null;
      }
    | { readonly kind: 'operator'; readonly operator: Omit<OperatorSource, 'checksum'> };
  /** null: what memory and size allow. */
  readonly method: 'exact' | 'lanczos' | null;
  /** Lanczos: products for each vector. */
  readonly steps: number;
  readonly vectors: number;
  readonly law: LawRequest | null;
  readonly outliers: OutlierRule;
  /** BLAS threads of a unit; null: all cores for the whole set, one for batches, which run side by side. */
  readonly threads: number | null;
  readonly seed: number;
  /** Folder for the results. */
  readonly out: string;
  /** The command as it was given, for the manifest. */
  readonly command: string;
}

/** Granziol et al. 2020, sec. 5.1, take 100 steps, and sec. 5.2 argues for one vector. */
export const defaultSteps = 100;
export const defaultVectors = 1;
/** Batches that are taken when their number is not given, at most (our choice: eight tell how much spectra vary). */
export const defaultBatches = 8;
