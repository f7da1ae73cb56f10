import type { NeededUnit } from './run-plan.js';
import type { UnitIngredients } from './unit-key.js';

/** A unit to compute, as plain data: it can be sent to another process or written into a file for another machine. */
export interface UnitTask {
  readonly key: string;
  /** `file:` URL of the built module that exports the unit's kind. */
  readonly module: string;
  readonly ingredients: UnitIngredients;
  /** The units it works with: those among the tasks come first, the others stand in the store. */
  readonly needs?: readonly NeededUnit[];
  /** Directory of the store that takes the result. */
  readonly store: string;
  /** Estimate of how long it takes, in seconds. */
  readonly expectedSeconds?: number;
  /** Estimate of what it holds when it holds most, in bytes. */
  readonly memory?: number;
}

export type TaskEvent =
  | { readonly type: 'started'; readonly key: string }
  | { readonly type: 'progress'; readonly key: string; readonly fraction: number; readonly doing: string }
  | { readonly type: 'finished'; readonly key: string; readonly seconds: number }
  | {
      readonly type: 'failed';
      readonly key: string;
      readonly reason: string;
      /** The disk does not take its result, nor will it take others: units that were not begun need not be. */
      readonly diskRefuses?: boolean;
    };

/**
 * Whoever runs units: child processes on this machine, or the jobs of a cluster. Experiments do not know which.
 *
 * A task is done when its unit stands in the store; each task ends with one `finished` or `failed`. A failing task does
 * not keep others from running, except those that need it, and all that were not begun when the disk takes no more
 * results: these end with `failed` too.
 */
export interface Executor {
  /** Cores that the units share: for estimates, and for people. */
  readonly cores: number;
  /** Resolves when every task has ended. Rejects with the signal's reason when aborted, after everything was stopped. */
  run(tasks: readonly UnitTask[], onEvent: (event: TaskEvent) => void, signal?: AbortSignal): Promise<void>;
}
