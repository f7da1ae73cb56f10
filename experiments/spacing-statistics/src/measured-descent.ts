import type { QuadraticDescent } from './descent-norms.js';

/** Norms at the checkpoints, one row a run, with the setting that the formulas are for. */
export interface MeasuredDescent {
  readonly name: string;
  readonly text: string;
  readonly steps: readonly number[];
  /** last[run][checkpoint]. */
  readonly last: readonly (readonly number[])[];
  readonly average: readonly (readonly number[])[];
  readonly descent: QuadraticDescent;
}

export interface MeasuredTheorem {
  readonly quadratic: readonly MeasuredDescent[];
  /** Norms of the last iterate, one a run, at each size. */
  readonly bySize: readonly { readonly parameters: number; readonly norms: readonly number[] }[];
  /** With one variance for all directions, as the theorem has it, and with that of each. */
  readonly softmax: MeasuredDescent & { readonly own: QuadraticDescent };
  readonly settings: string;
}
