import { area, line } from 'd3-shape';
import type { Scale } from '../axes/scale.js';
import type { Mark } from '../figure.js';
import { dashes, dots, lineWidth, ruleWidth } from '../style.js';
import { pixels, type SvgNode } from '../svg.js';
import { nearStretches } from './clip-line.js';
import type { DrawnMark } from './drawn-mark.js';
import { thinLine, thinPoints } from './thin.js';

/** The area inside a panel's axes. Pixels count from its upper left corner. */
export interface PlotArea {
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
}

type MarkOf<Kind extends Mark['kind']> = Extract<Mark, { kind: Kind }>;

/** Draws one mark into a group whose origin is the upper left corner of the area. */
export function drawMark(parent: SvgNode, drawn: DrawnMark, plot: PlotArea): void {
  const { mark } = drawn;
  switch (mark.kind) {
    case 'histogram':
      drawHistogram(clipped(parent, plot), mark, drawn, plot);
      break;
    case 'line':
      drawLine(clipped(parent, plot), mark, drawn, plot);
      break;
    case 'band':
      drawBand(clipped(parent, plot), mark, drawn, plot);
      break;
    case 'stem':
      drawStems(parent, mark, drawn, plot);
      break;
    case 'points':
      drawPoints(parent, mark, drawn, plot);
      break;
    case 'rule':
      drawRule(parent, mark, drawn, plot);
      break;
  }
}

/** An inner `svg` cuts off what juts out, and unlike a `clipPath` needs no id. Half an axis line of room on each side. */
function clipped(parent: SvgNode, { width, height }: PlotArea): SvgNode {
  return parent
    .append('svg')
    .attr('x', -1)
    .attr('y', -1)
    .attr('width', pixels(width + 2))
    .attr('height', pixels(height + 2))
    .attr('viewBox', `-1 -1 ${pixels(width + 2)} ${pixels(height + 2)}`);
}

/** Far beyond the area, a coordinate is brought near: its line still crosses the border within a fraction of a pixel. */
function near(pixel: number, length: number): number {
  return Math.max(-100 * length, Math.min(101 * length, pixel));
}

/** Pixel of y; where a log axis has no place for it, far below. */
function pixelOfY(plot: PlotArea, value: number): number {
  const pixel = plot.y.at(value);
  return Number.isNaN(pixel) ? 101 * plot.height : near(pixel, plot.height);
}

/** Pixel on which bars and stems stand: 0, or the lower end of the axis. */
export function baseline({ y, height }: PlotArea): number {
  return y.kind === 'log' ? height : Math.max(0, Math.min(height, y.at(0)));
}

function drawHistogram(parent: SvgNode, mark: MarkOf<'histogram'>, { color }: DrawnMark, plot: PlotArea): void {
  const outline = histogramOutline(mark, plot);
  if (outline === '') return;
  parent
    .append('path')
    .attr('d', outline)
    .attr('fill', color)
    .attr('fill-opacity', 0.25)
    .attr('stroke', color)
    .attr('stroke-width', 1);
}

/** One closed outline for each unbroken run of bars that are not empty. */
function histogramOutline({ edges, heights }: MarkOf<'histogram'>, plot: PlotArea): string {
  const foot = pixels(baseline(plot));
  const xOf = (edge: number): number => pixels(near(plot.x.at(edge), plot.width));
  let path = '';
  heights.forEach((height, i) => {
    if (height === 0) return;
    const runBegins = i === 0 || heights[i - 1] === 0;
    const runEnds = i === heights.length - 1 || heights[i + 1] === 0;
    if (runBegins) path += `M${xOf(edges[i])},${foot}`;
    path += `V${pixels(pixelOfY(plot, height))}H${xOf(edges[i + 1])}`;
    if (runEnds) path += `V${foot}Z`;
  });
  return path;
}

function drawLine(parent: SvgNode, mark: MarkOf<'line'>, { color, turn }: DrawnMark, plot: PlotArea): void {
  const vertices = mark.x.map((x, i) => [plot.x.at(x), plot.y.at(mark.y[i])] as const);
  const path = nearStretches(vertices, plot.width, plot.height)
    .map(({ x, y }) => {
      const kept = thinLine(x, y);
      return (
        line<number>(
          (i) => x[i],
          (i) => y[i],
        ).digits(2)(kept) ?? ''
      );
    })
    .join('');
  if (path === '') return;
  const node = parent
    .append('path')
    .attr('d', path)
    .attr('fill', 'none')
    .attr('stroke', color)
    .attr('stroke-width', lineWidth)
    .attr('stroke-linejoin', 'round');
  const dash = dashOf(mark.dash ?? false, turn);
  if (dash) node.attr('stroke-dasharray', dash);
}

/** Dashes of a line; a colour used for the second time is dotted. */
export function dashOf(dash: boolean, turn: number): string | undefined {
  if (dash) return dashes;
  return turn > 0 ? dots : undefined;
}

function drawBand(parent: SvgNode, mark: MarkOf<'band'>, { color }: DrawnMark, plot: PlotArea): void {
  const shown = mark.x.map((_, i) => i).filter((i) => !Number.isNaN(plot.x.at(mark.x[i])));
  const path = area<number>()
    .x((i) => near(plot.x.at(mark.x[i]), plot.width))
    .y0((i) => pixelOfY(plot, mark.low[i]))
    .y1((i) => pixelOfY(plot, mark.high[i]))
    .digits(2)(shown);
  if (path) parent.append('path').attr('d', path).attr('fill', color).attr('fill-opacity', 0.2);
}

function drawStems(parent: SvgNode, mark: MarkOf<'stem'>, { color }: DrawnMark, plot: PlotArea): void {
  const foot = pixels(baseline(plot));
  let stems = '';
  let heads = '';
  for (let i = 0; i < mark.x.length; i++) {
    const y = plot.y.at(mark.y[i]);
    if (!plot.x.includes(mark.x[i]) || Number.isNaN(y)) continue;
    const x = pixels(plot.x.at(mark.x[i]));
    stems += `M${x},${foot}V${pixels(Math.max(0, Math.min(plot.height, y)))}`;
    if (plot.y.includes(mark.y[i])) heads += `M${x},${pixels(y)}h0`;
  }
  if (stems !== '') parent.append('path').attr('d', stems).attr('stroke', color).attr('stroke-width', 1.3);
  if (heads !== '') {
    parent
      .append('path')
      .attr('d', heads)
      .attr('stroke', color)
      .attr('stroke-width', 4.4)
      .attr('stroke-linecap', 'round');
  }
}

/** Default diameter: many points are drawn smaller. */
export function diameterOf(mark: MarkOf<'points'>): number {
  if (mark.size !== undefined) return mark.size;
  if (mark.x.length <= 60) return 5;
  return mark.x.length <= 600 ? 4 : 3.2;
}

function drawPoints(parent: SvgNode, mark: MarkOf<'points'>, { color }: DrawnMark, plot: PlotArea): void {
  const inside = mark.x.map((_, i) => i).filter((i) => plot.x.includes(mark.x[i]) && plot.y.includes(mark.y[i]));
  const x = inside.map((i) => plot.x.at(mark.x[i]));
  const y = inside.map((i) => plot.y.at(mark.y[i]));
  if (mark.intervals) drawIntervals(clipped(parent, plot), mark, color, plot);
  const kept = thinPoints(x, y);
  if (kept.length === 0) return;
  drawSymbols(
    parent,
    kept.map((i) => [x[i], y[i]] as const),
    mark.symbol ?? 'circle',
    diameterOf(mark),
    color,
  );
}

/** All symbols of a mark are one path. Circles and squares are dots of a round or square pen, at 12 bytes a point. */
export function drawSymbols(
  parent: SvgNode,
  points: readonly (readonly [number, number])[],
  symbol: 'circle' | 'cross' | 'square' | 'triangle',
  diameter: number,
  color: string,
): void {
  const at = (dx: number, dy: number): string =>
    points.map(([x, y]) => `M${pixels(x + dx)},${pixels(y + dy)}${strokes[symbol](diameter)}`).join('');
  const path = parent.append('path');
  const r = diameter / 2;
  if (symbol === 'circle' || symbol === 'square') {
    path
      .attr('d', at(0, 0))
      .attr('stroke', color)
      .attr('stroke-width', pixels(symbol === 'circle' ? diameter : diameter * 0.9))
      .attr('stroke-linecap', symbol === 'circle' ? 'round' : 'square');
  } else if (symbol === 'triangle') {
    path.attr('d', at(0, -1.15 * r)).attr('fill', color);
  } else {
    path
      .attr('d', at(-0.9 * r, -0.9 * r))
      .attr('stroke', color)
      .attr('stroke-width', 1.3);
  }
}

/** What a symbol's pen does from its starting point. */
const strokes = {
  circle: () => 'h0',
  square: () => 'h0',
  triangle: (d: number) => `l${pixels(0.55 * d)},${pixels(0.95 * d)}h${pixels(-1.1 * d)}Z`,
  cross: (d: number) =>
    `l${pixels(0.9 * d)},${pixels(0.9 * d)}m0,${pixels(-0.9 * d)}l${pixels(-0.9 * d)},${pixels(0.9 * d)}`,
} as const;

function drawIntervals(parent: SvgNode, mark: MarkOf<'points'>, color: string, plot: PlotArea): void {
  const cap = 3;
  let path = '';
  mark.intervals!.forEach(([low, high], i) => {
    const x = plot.x.at(mark.x[i]);
    if (!plot.x.includes(mark.x[i]) || (plot.y.kind === 'log' && high <= 0)) return;
    const bottom = pixels(pixelOfY(plot, low));
    const top = pixels(pixelOfY(plot, high));
    const left = pixels(x - cap);
    path += `M${pixels(x)},${bottom}V${top}M${left},${bottom}h${2 * cap}M${left},${top}h${2 * cap}`;
  });
  if (path !== '') parent.append('path').attr('d', path).attr('stroke', color).attr('stroke-width', 1.1);
}

function drawRule(parent: SvgNode, mark: MarkOf<'rule'>, { color }: DrawnMark, plot: PlotArea): void {
  const path = rulePath(mark, plot);
  if (path === undefined) return;
  parent
    .append('path')
    .attr('d', path)
    .attr('fill', 'none')
    .attr('stroke', color)
    .attr('stroke-width', ruleWidth)
    .attr('stroke-dasharray', '4,2.5');
}

/** Undefined for rules beyond the domain. */
function rulePath({ x, y }: MarkOf<'rule'>, plot: PlotArea): string | undefined {
  if (x !== undefined) return plot.x.includes(x) ? `M${pixels(plot.x.at(x))},0V${pixels(plot.height)}` : undefined;
  return plot.y.includes(y!) ? `M0,${pixels(plot.y.at(y!))}H${pixels(plot.width)}` : undefined;
}
