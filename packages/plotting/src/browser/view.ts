import { resolveAxes } from '../axes/extent.js';
import { inverseSymlog, kindOf, makeScale, type ResolvedAxis, type Scale, symlog } from '../axes/scale.js';
import type { Axis, Mark, Panel } from '../figure.js';
import { drawnMarks } from '../marks/drawn-mark.js';

export type AxisName = 'x' | 'y';
export type Domain = readonly [number, number];

/** What a reader has chosen to see of a panel. */
export interface View {
  readonly x: AxisView;
  readonly y: AxisView;
}

export interface AxisView {
  readonly kind: Scale['kind'];
  /** Undefined: the whole, as the figure has it. */
  readonly domain?: Domain;
}

export function initialView(panel: Panel): View {
  return { x: { kind: kindOf(panel.x) }, y: { kind: kindOf(panel.y) } };
}

/** What the switch of an axis leads to from the scale that the figure has; undefined where there is nothing to switch. */
export function otherKind(panel: Panel, name: AxisName): Scale['kind'] | undefined {
  if (panel[name].ticks !== undefined) return undefined;
  if (kindOf(panel[name]) !== 'linear') return 'linear';
  let [positive, negative] = [false, false];
  for (const value of panel.marks.flatMap((mark) => valuesOf(mark, name))) {
    if (value > 0) positive = true;
    if (value < 0) negative = true;
  }
  if (negative) return 'symlog';
  if (!positive) return undefined;
  // Bars have no place for an edge at 0 on a logarithmic axis.
  const edgeAtZero = panel.marks.some((mark) => mark.kind === 'histogram' && mark.edges[0] <= 0);
  return name === 'x' && edgeAtZero ? 'symlog' : 'log';
}

function valuesOf(mark: Mark, name: AxisName): readonly number[] {
  switch (mark.kind) {
    case 'histogram':
      return name === 'x' ? mark.edges : mark.heights;
    case 'band':
      return name === 'x' ? mark.x : mark.high;
    case 'rule':
      return [];
    default:
      return mark[name];
  }
}

/**
 * The axis on this scale. A stated domain is the figure's on its own scale; on another it holds along x where it has a
 * place.
 */
function axisOn(axis: Axis, kind: Scale['kind'], name: AxisName): Axis {
  if (kind === kindOf(axis)) return axis;
  const { domain, linearWithin: _, ...rest } = axis;
  const keeps = name === 'x' && domain !== undefined && (kind !== 'log' || domain[0] > 0);
  return { ...rest, scale: kind, ...(keeps ? { domain } : {}) };
}

/** Both axes as the figure has them, on the scales of the view. */
export function homeAxes(panel: Panel, view: View): Record<AxisName, ResolvedAxis> {
  return resolveAxes({ ...panel, x: axisOn(panel.x, view.x.kind, 'x'), y: axisOn(panel.y, view.y.kind, 'y') });
}

/** Both axes over all that the panel holds, of which a stated domain may show a part. */
export function boundsOf(panel: Panel, view: View): Record<AxisName, ResolvedAxis> {
  const home = homeAxes(panel, view);
  const all = resolveAxes({ ...panel, x: unbounded(panel.x, view.x.kind), y: unbounded(panel.y, view.y.kind) });
  const union = (name: AxisName): ResolvedAxis => ({
    ...home[name],
    domain: [Math.min(home[name].domain[0], all[name].domain[0]), Math.max(home[name].domain[1], all[name].domain[1])],
  });
  return { x: union('x'), y: union('y') };
}

function unbounded({ domain: _, ...axis }: Axis, kind: Scale['kind']): Axis {
  return { ...axis, scale: kind };
}

/**
 * A panel to be drawn with the layout of all figures: axes as the view says, every mark in the colour that it has among
 * all.
 */
export function shownPanel(panel: Panel, view: View, visible: readonly boolean[]): Panel {
  const home = homeAxes(panel, view);
  const axis = (name: AxisName): Axis => ({
    ...panel[name],
    scale: view[name].kind,
    domain: view[name].domain ?? home[name].domain,
    linearWithin: home[name].linearWithin,
  });
  const { title: _, ...rest } = panel;
  const marks = drawnMarks(panel)
    .map(({ mark, number }) => (number === undefined ? mark : { ...mark, color: number }))
    .filter((_, i) => visible[i]);
  return { ...rest, legend: 'none', x: axis('x'), y: axis('y'), marks };
}

/** The y axis that shows what the marks have within this part of the x axis; undefined where they have nothing. */
export function fittingY(panel: Panel, view: View, x: Domain): Domain | undefined {
  const marks = panel.marks.map((mark) => within(mark, x)).filter((mark) => mark !== undefined);
  if (marks.length === 0) return undefined;
  const { domain } = resolveAxes({ ...panel, marks, y: unbounded(panel.y, view.y.kind) }).y;
  return domain.every(Number.isFinite) && domain[0] < domain[1] ? domain : undefined;
}

/** The part of a mark that lies within this part of the x axis. Rules frame nothing. */
function within(mark: Mark, [low, high]: Domain): Mark | undefined {
  if (mark.kind === 'rule') return undefined;
  if (mark.kind === 'histogram') {
    const bins = mark.heights.flatMap((height, i) =>
      height !== 0 && mark.edges[i + 1] > low && mark.edges[i] < high ? [i] : [],
    );
    if (bins.length === 0) return undefined;
    const [first, last] = [bins[0], bins[bins.length - 1]];
    return { ...mark, edges: mark.edges.slice(first, last + 2), heights: mark.heights.slice(first, last + 1) };
  }
  const kept = mark.x.map((_, i) => i).filter((i) => mark.x[i] >= low && mark.x[i] <= high);
  if (kept.length === 0) return undefined;
  const part = <Value>(values: readonly Value[]): readonly Value[] => kept.map((i) => values[i]);
  if (mark.kind === 'band') return { ...mark, x: part(mark.x), low: part(mark.low), high: part(mark.high) };
  const { x, y } = mark;
  if (mark.kind === 'points' && mark.intervals) {
    return { ...mark, x: part(x), y: part(y), intervals: part(mark.intervals) };
  }
  return { ...mark, x: part(x), y: part(y) };
}

/** Nearer than this share of the whole, or of the values themselves, float64 and the names of ticks leave nothing to see. */
const leastShare = 1e-6;
const leastRelative = 1e-8;

/**
 * The part of an axis between two of its pixels, kept within what there is to see; undefined where it would be all of
 * the figure's own or too short to look into.
 */
export function zoomed(scale: Scale, pixels: Domain, bounds: ResolvedAxis): Domain | undefined {
  const along = makeScale(bounds, [0, 1]);
  const values = pixels.map(scale.valueAt).sort((a, b) => a - b);
  const low = Math.max(bounds.domain[0], values[0]);
  const high = Math.min(bounds.domain[1], values[1]);
  const tooShort =
    along.at(high) - along.at(low) < leastShare ||
    high - low < leastRelative * Math.max(Math.abs(low), Math.abs(high)) ||
    !(low < high);
  return tooShort ? undefined : [low, high];
}

/** An axis with a little air at both ends, on its own scale. */
export function withRoom({ kind, linearWithin: c }: ResolvedAxis, [low, high]: Domain, share = 0.04): Domain {
  if (kind === 'log') {
    const factor = (high / low) ** share;
    return [low / factor, high * factor];
  }
  const [from, to] = kind === 'symlog' ? [symlog(low, c), symlog(high, c)] : [low, high];
  const room = (to - from) * share;
  const back = (position: number): number => (kind === 'symlog' ? inverseSymlog(position, c) : position);
  return [back(from - room), back(to + room)];
}
