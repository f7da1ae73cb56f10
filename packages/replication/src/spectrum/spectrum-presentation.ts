import type { Figure, Table } from '@hessian-rmt/plotting';
import type { Json, StoredArray } from '../experiment.js';

/** What becomes of the finished units: everything that is written, but manifest and record of the run. */
export interface SpectrumPresentation {
  /** For `spectrum.json` and --json. */
  readonly summary: { readonly [key: string]: Json };
  /** The same for people, a line each: what, and how much. */
  readonly lines: readonly (readonly [what: string, value: string])[];
  readonly figures: readonly Figure[];
  readonly tables: readonly Table[];
  /** Written to arrays/NAME.npy. */
  readonly arrays: Readonly<Record<string, StoredArray>>;
}
