import { max } from 'd3-array';
import type { Axis, Mark, Panel } from '../figure.js';
import { inverseSymlog, kindOf, type ResolvedAxis, symlog } from './scale.js';

/** Free room at each end of an axis, over its length. */
const air = 0.04;

/**
 * Kind and domain of both axes of a panel. Without a stated domain: the extent of the marks with a little air. Bars and
 * stems of a linear axis stand on 0. On a log axis the lower end is half the lowest bar where there are bars, since the
 * tail of a law has no lower end worth showing; otherwise it is the smallest positive value.
 */
export function resolveAxes(panel: Panel): { readonly x: ResolvedAxis; readonly y: ResolvedAxis } {
  return {
    x: resolve(panel.x, panel.marks.flatMap(valuesAlongX), false),
    y: resolve(panel.y, panel.marks.flatMap(valuesAlongY(panel)), panel.marks.some(standsOnZero)),
  };
}

function standsOnZero(mark: Mark): boolean {
  return mark.kind === 'histogram' || mark.kind === 'stem';
}

function valuesAlongX(mark: Mark): readonly number[] {
  switch (mark.kind) {
    case 'histogram':
      return mark.edges;
    case 'rule':
      return mark.x === undefined ? [] : [mark.x];
    default:
      return mark.x;
  }
}

function valuesAlongY(panel: Panel): (mark: Mark) => readonly number[] {
  const logarithmic = kindOf(panel.y) === 'log';
  const hasBars = panel.marks.some((mark) => mark.kind === 'histogram');
  return (mark) => {
    switch (mark.kind) {
      case 'histogram':
        return logarithmic ? mark.heights.flatMap((height) => [height / 2, height]) : [0, ...mark.heights];
      case 'stem':
        return logarithmic ? mark.y : [0, ...mark.y];
      case 'band':
        return [...mark.low, ...mark.high];
      case 'points':
        return mark.intervals ? [...mark.y, ...mark.intervals.flat()] : mark.y;
      case 'line':
        return logarithmic && hasBars ? [max(mark.y) ?? 0] : mark.y;
      case 'rule':
        return mark.y === undefined ? [] : [mark.y];
    }
  };
}

function resolve(axis: Axis, values: readonly number[], barsStandOnZero: boolean): ResolvedAxis {
  const kind = kindOf(axis);
  const linearWithin = axis.linearWithin ?? (kind === 'symlog' ? smallestMagnitude(values) : 1);
  if (axis.domain) return { kind, domain: axis.domain, linearWithin };

  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (kind === 'log' && value <= 0) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { kind, domain: withAir(kind, low, high, linearWithin, barsStandOnZero), linearWithin };
}

function smallestMagnitude(values: readonly number[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  let largest = 0;
  for (const value of values) {
    const magnitude = Math.abs(value);
    if (magnitude > 0 && magnitude < smallest) smallest = magnitude;
    if (magnitude > largest) largest = magnitude;
  }
  return largest > 0 ? Math.max(smallest, 1e-6 * largest) : 1;
}

function withAir(
  kind: ResolvedAxis['kind'],
  low: number,
  high: number,
  linearWithin: number,
  barsStandOnZero: boolean,
): readonly [number, number] {
  if (kind === 'log') {
    if (low === high) return [low / 2, high * 2];
    const factor = (high / low) ** air;
    return [low / factor, high * factor];
  }
  if (kind === 'symlog') {
    const ends = [symlog(low, linearWithin), symlog(high, linearWithin)];
    const room = ends[0] === ends[1] ? 1 : (ends[1] - ends[0]) * air;
    return [inverseSymlog(ends[0] - room, linearWithin), inverseSymlog(ends[1] + room, linearWithin)];
  }
  const room = low === high ? Math.abs(low) / 2 || 1 : (high - low) * air;
  return [barsStandOnZero && low === 0 ? 0 : low - room, barsStandOnZero && high === 0 ? 0 : high + room];
}
