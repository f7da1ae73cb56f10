import { type DecayFit, type DecayLaw, fitDecay, type Point } from './decay-law.js';
import type { Curve } from './training-curves.js';

export const quantities = ['loss', 'error'] as const;
export type Quantity = (typeof quantities)[number];
export const quantityName = { loss: 'validation loss', error: 'validation error' };

/** The best epoch of a run by either, and how good it was: t counts the epochs done, from 1. */
export interface BestEpoch {
  readonly loss: Point;
  readonly error: Point;
  /** Test error at the epoch of the best validation error, which no choice has touched. */
  readonly testError: number;
}

/** The sweep of our own: seeds[repetition][budget]. */
export type Sweep = readonly (readonly BestEpoch[])[];

/** The first of equal ones. */
export function bestEpoch({ epochs, validationLoss, validationError, testError }: Curve): BestEpoch {
  const best = (values: readonly number[]) => values.indexOf(Math.min(...values));
  const [byLoss, byError] = [best(validationLoss), best(validationError)];
  return {
    loss: { t: epochs[byLoss], y: validationLoss[byLoss] },
    error: { t: epochs[byError], y: validationError[byError] },
    testError: testError[byError],
  };
}

export type LawFits = Readonly<Record<DecayLaw, DecayFit>>;

/** Both laws through the same points. */
export function fitBoth(points: readonly Point[]): LawFits {
  return { exponential: fitDecay(points, 'exponential'), power: fitDecay(points, 'power') };
}

/** null when the runs are all at their best at one or two epochs: nothing is left of a law then. */
export function fitSweep(sweep: Sweep, quantity: Quantity): LawFits | null {
  const points = sweep.flatMap((seed) => seed.map((best) => best[quantity]));
  return new Set(points.map(({ t }) => t)).size < 3 ? null : fitBoth(points);
}
