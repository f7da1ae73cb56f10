import type { Weights } from '@hessian-rmt/models';
import {
  checkLengths,
  type LandscapeOptions,
  type LossPoint,
  LossWalk,
  lossPoint,
  moved,
  positionsBetween,
} from './loss-points.js';
import type { LossAt } from './sample-losses.js';

export interface LossSliceOptions extends LandscapeOptions {
  /** The slice reaches so far to both sides, in lengths of the direction. */
  readonly radius: number;
  /** At equal distances; an odd number has the center among them. Default 41 (our choice). */
  readonly points?: number;
}

/**
 * The loss at center + t direction for t in [-radius, radius]. Along an eigenvector of the Hessian with eigenvalue
 * lambda it begins as loss + t <gradient, direction> + lambda t^2 / 2.
 *
 * Batch normalisation takes part as in `lossAlongLine`.
 *
 * @throws RangeError when the direction has another length than the weights, unless radius > 0 and points >= 2
 */
export async function lossSlice(
  lossAt: LossAt,
  center: Weights,
  direction: Float64Array,
  options: LossSliceOptions,
): Promise<readonly LossPoint[]> {
  checkLengths('lossSlice', center, { 'the direction': direction });
  const { radius, points = 41 } = options;
  const positions = positionsAround('lossSlice', radius, points);
  const walk = new LossWalk(lossAt, positions.length, options);
  const slice: LossPoint[] = [];
  for (const position of positions) {
    slice.push(lossPoint(position, await walk.at(moved(center, [direction], [position]))));
  }
  return slice;
}

export interface LossPlaneOptions extends LandscapeOptions {
  /** Along the first direction and along the second. */
  readonly radii: readonly [number, number];
  /** Default 21 x 21 (our choice). */
  readonly points?: readonly [number, number];
}

export interface LossPlane {
  /** Coefficients of the first direction and of the second, ascending. */
  readonly positions: readonly [Float64Array, Float64Array];
  /** losses[i * positions[1].length + j] belongs to positions[0][i], positions[1][j]; so with the two below. */
  readonly losses: Float64Array;
  readonly standardErrors: Float64Array;
  readonly accuracies: Float64Array;
}

/** The loss at center + s first + t second on a grid. @throws RangeError as `lossSlice` */
export async function lossPlane(
  lossAt: LossAt,
  center: Weights,
  [first, second]: readonly [Float64Array, Float64Array],
  options: LossPlaneOptions,
): Promise<LossPlane> {
  checkLengths('lossPlane', center, { 'the first direction': first, 'the second direction': second });
  const { radii, points = [21, 21] } = options;
  const [along, across] = radii.map((radius, k) => positionsAround('lossPlane', radius, points[k]));
  const size = along.length * across.length;
  const walk = new LossWalk(lossAt, size, options);
  const [losses, standardErrors, accuracies] = [0, 1, 2].map(() => new Float64Array(size));
  let at = 0;
  for (const s of along) {
    for (const t of across) {
      const point = lossPoint(t, await walk.at(moved(center, [first, second], [s, t])));
      losses[at] = point.loss;
      standardErrors[at] = point.standardError;
      accuracies[at++] = point.accuracy;
    }
  }
  return { positions: [along, across], losses, standardErrors, accuracies };
}

function positionsAround(where: string, radius: number, points: number): Float64Array {
  if (!(radius > 0 && radius < Infinity)) {
    throw new RangeError(`${where}: expected a positive, finite radius, found ${radius}`);
  }
  return positionsBetween(where, -radius, radius, points);
}
