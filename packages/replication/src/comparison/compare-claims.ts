import type { Claim } from '../claim.js';
import { relativeDifference } from './compare-numbers.js';

/** A claim that is not the same in two runs. */
export interface MovedClaim {
  readonly id: string;
  readonly before: Claim;
  readonly after: Claim;
  /**
   * What moved, the first of these that did: the `verdict`; the `measured` value; its `interval` alone; or what is
   * `stated`: the published value, the statement, what was allowed, and at which size it was judged.
   */
  readonly moved: 'verdict' | 'measured' | 'interval' | 'stated';
  /** after - before; null where one of them was not run. */
  readonly difference: number | null;
  /** Whether each measured value lies within the interval of the other run; null where one was not run. */
  readonly withinBoth: boolean | null;
}

export interface ClaimsComparison {
  readonly before: number;
  readonly after: number;
  /** Verdicts first, then measured values, intervals and statements; the largest relative differences first. */
  readonly moved: readonly MovedClaim[];
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

const order: readonly MovedClaim['moved'][] = ['verdict', 'measured', 'interval', 'stated'];

/** @param tolerance  largest relative difference of measured values and intervals that is let pass */
export function compareClaims(before: readonly Claim[], after: readonly Claim[], tolerance: number): ClaimsComparison {
  const idsBefore = new Map(before.map((claim) => [claim.id, claim]));
  const idsAfter = new Set(after.map(({ id }) => id));
  const moved = after.flatMap((claim) => {
    const former = idsBefore.get(claim.id);
    const what = former === undefined ? undefined : whatMoved(former, claim, tolerance);
    return what === undefined ? [] : [movedClaim(former!, claim, what)];
  });
  return {
    before: before.length,
    after: after.length,
    moved: moved.sort((a, b) => order.indexOf(a.moved) - order.indexOf(b.moved) || extent(b) - extent(a)),
    onlyBefore: before.map(({ id }) => id).filter((id) => !idsAfter.has(id)),
    onlyAfter: after.map(({ id }) => id).filter((id) => !idsBefore.has(id)),
  };
}

function whatMoved(before: Claim, after: Claim, tolerance: number): MovedClaim['moved'] | undefined {
  const same = (a: number | null, b: number | null) =>
    a === null || b === null ? a === b : relativeDifference(a, b) <= tolerance;
  if (before.verdict !== after.verdict) return 'verdict';
  if (!same(before.measured, after.measured)) return 'measured';
  if (![0, 1].every((end) => same(before.interval?.[end] ?? null, after.interval?.[end] ?? null))) return 'interval';
  const isStated =
    same(before.published, after.published) &&
    same(before.tolerance, after.tolerance) &&
    before.statement === after.statement &&
    before.judgedAt === after.judgedAt;
  return isStated ? undefined : 'stated';
}

function movedClaim(before: Claim, after: Claim, moved: MovedClaim['moved']): MovedClaim {
  const { measured: was, interval: wasWithin } = before;
  const { measured: is, interval: isWithin } = after;
  const within = (value: number, [low, high]: readonly [number, number]) => low <= value && value <= high;
  return {
    id: after.id,
    before,
    after,
    moved,
    difference: was === null || is === null ? null : is - was,
    withinBoth: wasWithin && isWithin ? within(is!, wasWithin) && within(was!, isWithin) : null,
  };
}

function extent({ before, after }: MovedClaim): number {
  if (before.measured === null || after.measured === null) return Number.POSITIVE_INFINITY;
  return relativeDifference(before.measured, after.measured);
}
