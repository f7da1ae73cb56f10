import { setImmediate } from 'node:timers/promises';
import type { Weights } from '@hessian-rmt/models';
import { type LossAt, meanOverSamples, type SampleLosses } from './sample-losses.js';

/** The mean loss at a point of a line or a slice. */
export interface LossPoint {
  /** In units of the direction. */
  readonly position: number;
  readonly loss: number;
  /** Of the loss as an estimate from samples; points of one line share their samples, so their errors are alike. */
  readonly standardError: number;
  /** NaN for regression. */
  readonly accuracy: number;
}

export interface LandscapeOptions {
  /** Fraction done, 0 to 1. */
  readonly progress?: (fraction: number) => void;
  /** Stops between two points by throwing the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Losses at points of weight space, one after the other, so that the event loop gets its turn between two. */
export class LossWalk {
  private done = 0;

  constructor(
    private readonly lossAt: LossAt,
    private readonly points: number,
    private readonly options: LandscapeOptions,
  ) {}

  async at(weights: Weights): Promise<SampleLosses> {
    this.options.signal?.throwIfAborted();
    const losses = await this.lossAt(weights);
    this.options.progress?.(++this.done / this.points);
    await setImmediate();
    return losses;
  }
}

export function lossPoint(position: number, { losses, accuracy }: SampleLosses): LossPoint {
  const { mean, standardError } = meanOverSamples(losses);
  return { position, loss: mean, standardError, accuracy };
}

/** center + sum of coefficient times direction. */
export function moved(
  center: Weights,
  directions: readonly Float64Array[],
  coefficients: readonly number[],
): Float64Array {
  const point = center.slice();
  directions.forEach((direction, k) => {
    const coefficient = coefficients[k];
    for (let i = 0; i < point.length; i++) point[i] += coefficient * direction[i];
  });
  return point;
}

/** @throws RangeError naming the vector whose length is not that of the center */
export function checkLengths(where: string, center: Weights, vectors: Readonly<Record<string, Float64Array>>): void {
  for (const [name, { length }] of Object.entries(vectors)) {
    if (length !== center.length) {
      throw new RangeError(`${where}: expected ${center.length} elements in ${name}, found ${length}`);
    }
  }
}

/**
 * `points` positions at equal distances, both ends among them. One that misses an integer by rounding is that integer: 0
 * and 1 are end points of a line, not places between them.
 *
 * @throws RangeError unless from < to are finite and there are at least two points
 */
export function positionsBetween(where: string, from: number, to: number, points: number): Float64Array {
  if (!(Number.isFinite(from) && Number.isFinite(to) && from < to)) {
    throw new RangeError(`${where}: expected finite from < to, found ${from} and ${to}`);
  }
  if (!Number.isSafeInteger(points) || points < 2) {
    throw new RangeError(`${where}: points must be an integer, at least 2, found ${points}`);
  }
  const last = points - 1;
  const rounding = 4 * Number.EPSILON * Math.max(Math.abs(from), Math.abs(to));
  return Float64Array.from({ length: points }, (_, i) => {
    const position = (from * (last - i) + to * i) / last;
    const nearest = Math.round(position);
    return Math.abs(position - nearest) <= rounding ? nearest + 0 : position;
  });
}
