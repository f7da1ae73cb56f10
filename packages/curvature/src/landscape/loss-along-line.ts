import type { Weights } from '@hessian-rmt/models';
import {
  checkLengths,
  type LandscapeOptions,
  type LossPoint,
  LossWalk,
  lossPoint,
  positionsBetween,
} from './loss-points.js';
import { type LossAt, type MeanOverSamples, meanDifference, type SampleLosses } from './sample-losses.js';

export interface LossLineOptions extends LandscapeOptions {
  /** Where the line begins: 0 is the first end point, 1 the second. Default -0.5 (our choice: beyond both ends). */
  readonly from?: number;
  /** Default 1.5. */
  readonly to?: number;
  /** At equal distances from `from` to `to`. Default 41, which has both end points among them with the other defaults. */
  readonly points?: number;
}

/** How far the loss rises between two points of weight space. */
export interface Barrier {
  /**
   * Largest loss at a point strictly between the ends, less the loss of the higher end: negative where the loss lies
   * below that everywhere between, so where there is no barrier. As the largest of many it is biased upwards.
   */
  readonly height: number;
  /** Of that difference, paired sample by sample: most of the scatter of a loss is common to both points. */
  readonly standardError: number;
  /** Where between 0 and 1. */
  readonly position: number;
}

export interface LossLine {
  readonly points: readonly LossPoint[];
  /** Losses at the two ends, 0 and 1, whether they are among the points or not. */
  readonly ends: readonly [LossPoint, LossPoint];
  readonly barrier: Barrier;
}

/**
 * Loss and accuracy on the straight line (1 - t) a + t b (Goodfellow et al. 2015; Sagun et al. 2017, Fig. 10), and the
 * barrier between its ends.
 *
 * With batch normalisation in evaluation mode the statistics stay what they are along the line, which raises the loss
 * between networks that are otherwise connected; in training mode each mini-batch has its own at every point.
 *
 * @throws RangeError when a and b differ in length, unless from < to and points >= 2, and when no point lies between
 *   the ends
 */
export async function lossAlongLine(
  lossAt: LossAt,
  a: Weights,
  b: Weights,
  options: LossLineOptions = {},
): Promise<LossLine> {
  checkLengths('lossAlongLine', a, { 'the second end': b });
  const positions = positionsBetween('lossAlongLine', options.from ?? -0.5, options.to ?? 1.5, options.points ?? 41);
  if (!positions.some(isBetweenEnds)) {
    throw new RangeError(`lossAlongLine: no position lies between the ends, found ${positions.join(', ')}`);
  }
  const elsewhere = positions.filter((position) => position !== 0 && position !== 1);
  const walk = new LossWalk(lossAt, elsewhere.length + 2, options);
  const ends = [await walk.at(a), await walk.at(b)] as const;
  const [start, end] = ends.map((losses, t) => lossPoint(t, losses));
  const higher = ends[end.loss > start.loss ? 1 : 0];

  const between: { position: number; excess: MeanOverSamples }[] = [];
  const points: LossPoint[] = [];
  for (const position of positions) {
    if (position === 0 || position === 1) {
      points.push(position === 0 ? start : end);
      continue;
    }
    const losses: SampleLosses = await walk.at(onLine(a, b, position));
    points.push(lossPoint(position, losses));
    if (isBetweenEnds(position)) between.push({ position, excess: meanDifference(losses, higher) });
  }
  // A loss that is not a number stays: it would be no barrier otherwise.
  const { position, excess } = between.reduce((best, one) =>
    Number.isNaN(best.excess.mean) || best.excess.mean >= one.excess.mean ? best : one,
  );
  return {
    points,
    ends: [start, end],
    barrier: { height: excess.mean, standardError: excess.standardError, position },
  };
}

function isBetweenEnds(position: number): boolean {
  return position > 0 && position < 1;
}

/** (1 - t) a + t b: at 0 and 1 to the last bit the ends. */
function onLine(a: Weights, b: Weights, t: number): Float64Array {
  return a.map((from, i) => (1 - t) * from + t * b[i]);
}
