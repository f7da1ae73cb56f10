import type { Axis, Figure, Mark, Panel } from '@hessian-rmt/plotting';
import { relativeDifference } from './compare-numbers.js';
import { pairUp } from './pair-up.js';

/** How a series of a figure moved. */
export interface SeriesDifference {
  /** Title of the panel, or its number from 1 where it has none. */
  readonly panel: string;
  /** Label of the series, or its kind and number from 1. */
  readonly series: string;
  /** Numbers of points, bins or levels, before and after; the coordinates are compared only where they are the same. */
  readonly points: readonly [before: number, after: number];
  /** Points that moved by more than the tolerance. */
  readonly moved: number;
  /** Largest shift as a fraction of the axis as it is drawn, logarithmic or not; 0 where nothing moved. */
  readonly x: number;
  readonly y: number;
}

export interface FigureDifference {
  readonly figure: string;
  /** The series that moved, the largest shifts first. */
  readonly series: readonly SeriesDifference[];
  /** Panels and series that only one of the two has: `panel "A"`, `series "B" in panel "A"`. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** What else differs: `title`, `caption`, and of panels `labels`, `axes`, `style`. */
  readonly other: readonly string[];
}

/**
 * What differs between two drawings of a figure, by the data in them. The profile's name does not count.
 *
 * @param tolerance  a number counts as the same when it moved by no more than this, relative to itself or to the axis
 * @returns undefined when nothing differs
 */
export function compareFigures(before: Figure, after: Figure, tolerance: number): FigureDifference | undefined {
  const panels = pairUp(numbered(before.panels), numbered(after.panels), ({ name }) => name);
  const comparisons = panels.pairs.map(([was, is]) => comparePanels(was.panel, is.panel, is.name, tolerance));
  const texts = (['title', 'caption', 'columns'] as const).filter((field) => before[field] !== after[field]);
  const difference: FigureDifference = {
    figure: after.id,
    series: comparisons.flatMap(({ series }) => series).sort((a, b) => shift(b) - shift(a)),
    onlyBefore: [...panels.onlyBefore.map(({ name }) => name), ...comparisons.flatMap((panel) => panel.onlyBefore)],
    onlyAfter: [...panels.onlyAfter.map(({ name }) => name), ...comparisons.flatMap((panel) => panel.onlyAfter)],
    other: [...new Set([...texts, ...comparisons.flatMap(({ other }) => other)])],
  };
  const { series, onlyBefore, onlyAfter, other } = difference;
  return [series, onlyBefore, onlyAfter, other].every((list) => list.length === 0) ? undefined : difference;
}

function shift({ points, x, y }: SeriesDifference): number {
  return points[0] === points[1] ? Math.max(x, y) : Number.POSITIVE_INFINITY;
}

function numbered(panels: readonly Panel[]): { readonly name: string; readonly panel: Panel }[] {
  return panels.map((panel, i) => ({
    name: panel.title ? `panel "${panel.title}"` : panels.length === 1 ? 'the panel' : `panel ${i + 1}`,
    panel,
  }));
}

function comparePanels(before: Panel, after: Panel, name: string, tolerance: number) {
  const marks = pairUp(
    series(before),
    series(after),
    (mark) => `${mark.kind} ${mark.name}`,
    (was, is) => was.kind === is.kind,
  );
  const scales = { x: scaleOf([before, after], 'x'), y: scaleOf([before, after], 'y') };
  const other: string[] = [];
  if (['x', 'y'].some((axis) => !sameText(axisOf(before, axis), axisOf(after, axis)))) other.push('axes');
  if (before.legend !== after.legend) other.push('style');
  const moved = marks.pairs.flatMap(([was, is]): SeriesDifference[] => {
    if (was.mark.label !== is.mark.label) other.push('labels');
    if (!sameText(styleOf(was.mark), styleOf(is.mark))) other.push('style');
    const change = compareCoordinates(was.mark, is.mark, scales, tolerance);
    return change === undefined ? [] : [{ panel: name, series: is.name, ...change }];
  });
  const inPanel = (mark: Series) => `${mark.name} in ${name}`;
  return {
    series: moved,
    other,
    onlyBefore: marks.onlyBefore.map(inPanel),
    onlyAfter: marks.onlyAfter.map(inPanel),
  };
}

interface Series {
  readonly name: string;
  readonly kind: Mark['kind'];
  readonly mark: Mark;
}

function series({ marks }: Panel): Series[] {
  return marks.map((mark, i) => ({
    name: mark.label ? `"${mark.label}"` : `${mark.kind} ${i + 1}`,
    kind: mark.kind,
    mark,
  }));
}

type Scale = (value: number) => number;

/** Where a mark stands, list by list; of a list of one axis all have the number of the points (edges one more). */
function coordinatesOf(mark: Mark): {
  readonly x: readonly (readonly number[])[];
  readonly y: readonly (readonly number[])[];
} {
  switch (mark.kind) {
    case 'histogram':
      return { x: [mark.edges], y: [mark.heights] };
    case 'band':
      return { x: [mark.x], y: [mark.low, mark.high] };
    case 'rule':
      return { x: [mark.x === undefined ? [] : [mark.x]], y: [mark.y === undefined ? [] : [mark.y]] };
    case 'points': {
      const { x, y, intervals = [] } = mark;
      return { x: [x], y: [y, intervals.map(([low]) => low), intervals.map(([, high]) => high)] };
    }
    default:
      return { x: [mark.x], y: [mark.y] };
  }
}

function compareCoordinates(
  before: Mark,
  after: Mark,
  scales: { readonly x: Scale; readonly y: Scale },
  tolerance: number,
): Pick<SeriesDifference, 'points' | 'moved' | 'x' | 'y'> | undefined {
  const was = coordinatesOf(before);
  const is = coordinatesOf(after);
  const lengths = (of: typeof was) => [...of.x, ...of.y].map(({ length }) => length);
  const points = [countOf(was), countOf(is)] as const;
  if (!sameText(lengths(was), lengths(is))) return { points, moved: 0, x: 0, y: 0 };
  const moved = new Set<number>();
  const largest = { x: 0, y: 0 };
  for (const axis of ['x', 'y'] as const) {
    is[axis].forEach((values, list) => {
      values.forEach((value, i) => {
        const former = was[axis][list][i];
        const along = Math.abs(scales[axis](value) - scales[axis](former));
        if (relativeDifference(former, value) <= tolerance || along <= tolerance) return;
        moved.add(i);
        largest[axis] = Math.max(largest[axis], along);
      });
    });
  }
  return moved.size === 0 ? undefined : { points, moved: moved.size, ...largest };
}

function countOf({ x, y }: ReturnType<typeof coordinatesOf>): number {
  return Math.max(...[...x, ...y].map(({ length }) => length));
}

/**
 * Turns a value into its place along an axis, as a fraction of it. The axis is that of the later panel, over the data of
 * both. On `log` all values that cannot be drawn stand at its beginning.
 */
function scaleOf([before, after]: readonly [Panel, Panel], axis: 'x' | 'y'): Scale {
  const { scale = 'linear', domain, linearWithin } = after[axis];
  const lists = [before, after].flatMap(({ marks }) => marks.flatMap((mark) => coordinatesOf(mark)[axis]));
  const values = [...lists.flat(), ...(domain ?? [])].filter((value) => scale !== 'log' || value > 0);
  const smallest = values.reduce((least, value) => (value === 0 ? least : Math.min(least, Math.abs(value))), Infinity);
  const bend = linearWithin ?? smallest;
  const place: Scale =
    scale === 'log'
      ? (value) => Math.log10(value)
      : scale === 'symlog'
        ? (value) => Math.sign(value) * Math.log1p(Math.abs(value) / bend)
        : (value) => value;
  const shown = domain ?? values;
  const places = shown.map(place);
  const low = places.reduce((least, one) => Math.min(least, one), Infinity);
  const high = places.reduce((most, one) => Math.max(most, one), -Infinity);
  const extent = high > low ? high - low : 1;
  return (value) => (scale === 'log' && !(value > 0) ? 0 : (place(value) - low) / extent);
}

function axisOf(panel: Panel, axis: string): Axis {
  return panel[axis as 'x' | 'y'];
}

/** What of a mark is neither its name nor where it stands. */
function styleOf(mark: Mark): object {
  const { kind: _kind, label: _label, ...rest } = mark;
  const data = ['x', 'y', 'edges', 'heights', 'low', 'high', 'intervals'];
  return Object.fromEntries(Object.entries(rest).filter(([field]) => !data.includes(field)));
}

function sameText(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
