import type { Mark } from '../figure.js';
import { baseline, type PlotArea } from '../marks/draw-marks.js';

type Place = readonly [number, number];

/** A value that can be read off a panel. */
export interface Reading {
  /** Position of its mark among the marks that are drawn. */
  readonly mark: number;
  /** Position among the mark's data: 0 for a rule. Undefined between two vertices of a line. */
  readonly index?: number;
  /** Where it is pointed at, from the upper left corner of the area. */
  readonly pixel: Place;
  /** A number, or both ends of a bin. Undefined for a rule across. */
  readonly x?: number | readonly [number, number];
  /** A number, or both rims of a band. Undefined for a rule upright. */
  readonly y?: number | readonly [number, number];
  /** Error bar, in units of y. */
  readonly interval?: readonly [number, number];
  /** Read off the straight line between two vertices. */
  readonly between?: true;
}

/** A reading and how far from the pointer it is, in pixels. */
interface Candidate {
  readonly reading: Reading;
  readonly distance: number;
}

/** Inside a bar or band, what lies over it within this distance comes first. */
const insideArea = 12;
/** A vertex nearer than this to the place on a line is read instead of the place. */
const snap = 8;

/** The reading nearest to a place in the area, over all marks; undefined where none is drawn. */
export function nearestReading(marks: readonly Mark[], plot: PlotArea, place: Place): Reading | undefined {
  let best: Candidate | undefined;
  marks.forEach((mark, i) => {
    const candidate = nearestOf(mark, i, plot, place);
    if (candidate && (best === undefined || candidate.distance < best.distance)) best = candidate;
  });
  return best?.reading;
}

function nearestOf(mark: Mark, position: number, plot: PlotArea, place: Place): Candidate | undefined {
  switch (mark.kind) {
    case 'line':
      return onLine(mark, position, plot, place);
    case 'histogram':
      return atBar(mark, position, plot, place);
    case 'band':
      return atBand(mark, position, plot, place);
    default:
      return nearestDatum(readingsOf(mark, position, plot), mark, plot, place);
  }
}

function nearestDatum(
  readings: readonly Reading[],
  mark: Mark,
  plot: PlotArea,
  [px, py]: Place,
): Candidate | undefined {
  let best: Candidate | undefined;
  for (const reading of readings) {
    const [x, y] = reading.pixel;
    let distance = Math.hypot(x - px, y - py);
    if (mark.kind === 'rule') distance = 1 + Math.abs(mark.x === undefined ? y - py : x - px);
    if (mark.kind === 'stem') {
      const foot = baseline(plot);
      const beside = py >= Math.min(y, foot) && py <= Math.max(y, foot);
      if (beside) distance = Math.min(distance, 2 + Math.abs(x - px));
    }
    if (best === undefined || distance < best.distance) best = { reading, distance };
  }
  if (mark.kind !== 'rule' || best === undefined) return best;
  // A rule is pointed at where the pointer is.
  const pixel = mark.x === undefined ? ([px, best.reading.pixel[1]] as const) : ([best.reading.pixel[0], py] as const);
  return { ...best, reading: { ...best.reading, pixel } };
}

/** The bar under the pointer or over it. */
function atBar(
  mark: Extract<Mark, { kind: 'histogram' }>,
  position: number,
  plot: PlotArea,
  [px, py]: Place,
): Candidate | undefined {
  const value = plot.x.valueAt(px);
  const index = mark.heights.findIndex((_, i) => mark.edges[i] <= value && value < mark.edges[i + 1]);
  const reading = index < 0 ? undefined : readingAt(mark, index, position, plot);
  if (reading === undefined) return undefined;
  return { reading, distance: insideArea + beyond(py, reading.pixel[1], baseline(plot)) };
}

/** The rims of the band under the pointer or over it: at a vertex that is near, else between two. */
function atBand(
  mark: Extract<Mark, { kind: 'band' }>,
  position: number,
  plot: PlotArea,
  [px, py]: Place,
): Candidate | undefined {
  const pixelsOf = (i: number): readonly [number, number, number] => [
    plot.x.at(mark.x[i]),
    lowestPixel(mark.low[i], plot),
    lowestPixel(mark.high[i], plot),
  ];
  for (let i = 1; i < mark.x.length; i++) {
    const [x0, low0, high0] = pixelsOf(i - 1);
    const [x1, low1, high1] = pixelsOf(i);
    if (!(Math.min(x0, x1) <= px && px <= Math.max(x0, x1))) continue;
    const t = x1 === x0 ? 0 : (px - x0) / (x1 - x0);
    const [low, high] = [low0 + t * (low1 - low0), high0 + t * (high1 - high0)];
    const distance = insideArea + beyond(py, high, low);
    const vertex = Math.abs(px - x0) <= Math.abs(px - x1) ? i - 1 : i;
    const reading = Math.abs(px - pixelsOf(vertex)[0]) <= snap ? readingAt(mark, vertex, position, plot) : undefined;
    if (reading) return { reading, distance };
    const pixel = [px, Math.max(0, Math.min(plot.height, (low + high) / 2))] as const;
    const y = [plot.y.valueAt(low), plot.y.valueAt(high)] as const;
    return { reading: { mark: position, pixel, x: plot.x.valueAt(px), y, between: true }, distance };
  }
  return undefined;
}

/** How far a place lies outside of what reaches from one end to the other; 0 within. */
function beyond(place: number, one: number, other: number): number {
  return Math.max(0, Math.min(one, other) - place, place - Math.max(one, other));
}

/** Pixel of y; where a log axis has no place for it, the lower end. */
function lowestPixel(value: number, plot: PlotArea): number {
  const pixel = plot.y.at(value);
  return Number.isNaN(pixel) ? plot.height : pixel;
}

/** The nearest place on the line within the area; a vertex where one is near it, else the value between two. */
function onLine(
  mark: Extract<Mark, { kind: 'line' }>,
  position: number,
  plot: PlotArea,
  [px, py]: Place,
): Candidate | undefined {
  let best: { at: Place; distance: number; segment: number } | undefined;
  let from: Place | undefined;
  for (let i = 0; i < mark.x.length; i++) {
    const to = [plot.x.at(mark.x[i]), plot.y.at(mark.y[i])] as const;
    if (Number.isNaN(to[0]) || Number.isNaN(to[1])) {
      from = undefined;
      continue;
    }
    const at = closest(from ?? to, to, [px, py]);
    const distance = Math.hypot(at[0] - px, at[1] - py);
    if (isWithin(at, plot) && (best === undefined || distance < best.distance)) best = { at, distance, segment: i };
    from = to;
  }
  if (best === undefined) return undefined;
  const { at, distance, segment } = best;
  for (const index of [segment, segment - 1]) {
    const vertex = index >= 0 ? readingAt(mark, index, position, plot) : undefined;
    if (vertex && Math.hypot(vertex.pixel[0] - at[0], vertex.pixel[1] - at[1]) <= snap) {
      return { reading: vertex, distance };
    }
  }
  const [x, y] = [plot.x.valueAt(at[0]), plot.y.valueAt(at[1])];
  return { reading: { mark: position, pixel: at, x, y, between: true }, distance };
}

function closest([x0, y0]: Place, [x1, y1]: Place, [px, py]: Place): Place {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((px - x0) * dx + (py - y0) * dy) / length));
  return [x0 + t * dx, y0 + t * dy];
}

function isWithin([x, y]: Place, { width, height }: PlotArea): boolean {
  return x >= -0.5 && x <= width + 0.5 && y >= -0.5 && y <= height + 0.5;
}

/** All readings of a mark that are in sight, from left to right. Empty bins are passed over. */
export function readingsOf(mark: Mark, position: number, plot: PlotArea): readonly Reading[] {
  if (mark.kind === 'rule') {
    const pixel = [
      mark.x === undefined ? plot.width / 2 : plot.x.at(mark.x),
      mark.y === undefined ? plot.height / 2 : plot.y.at(mark.y),
    ] as const;
    if (!isWithin(pixel, plot)) return [];
    const { x, y } = mark;
    return [{ mark: position, index: 0, pixel, ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }) }];
  }
  const count = mark.kind === 'histogram' ? mark.heights.length : mark.x.length;
  const found: Reading[] = [];
  for (let i = 0; i < count; i++) {
    if (mark.kind === 'histogram' && mark.heights[i] === 0) continue;
    const reading = readingAt(mark, i, position, plot);
    if (reading) found.push(reading);
  }
  return found.sort((one, other) => one.pixel[0] - other.pixel[0]);
}

/** Undefined for a datum that the axes do not show. */
function readingAt(
  mark: Exclude<Mark, { kind: 'rule' }>,
  i: number,
  position: number,
  plot: PlotArea,
): Reading | undefined {
  if (mark.kind === 'histogram') {
    const left = Math.max(0, plot.x.at(mark.edges[i]));
    const right = Math.min(plot.width, plot.x.at(mark.edges[i + 1]));
    if (!(left <= right)) return undefined;
    const top = mark.heights[i] === 0 ? baseline(plot) : plot.y.at(mark.heights[i]);
    const y = Math.max(0, Math.min(plot.height, top));
    return {
      mark: position,
      index: i,
      pixel: [(left + right) / 2, y],
      x: [mark.edges[i], mark.edges[i + 1]],
      y: mark.heights[i],
    };
  }
  const x = plot.x.at(mark.x[i]);
  if (mark.kind === 'band') {
    const middle = (lowestPixel(mark.low[i], plot) + plot.y.at(mark.high[i])) / 2;
    const pixel = [x, Math.max(0, Math.min(plot.height, middle))] as const;
    if (!isWithin(pixel, plot)) return undefined;
    return { mark: position, index: i, pixel, x: mark.x[i], y: [mark.low[i], mark.high[i]] };
  }
  const y = plot.y.at(mark.y[i]);
  const pixel = [x, mark.kind === 'stem' ? Math.max(0, Math.min(plot.height, y)) : y] as const;
  if (!isWithin(pixel, plot)) return undefined;
  const interval = mark.kind === 'points' ? mark.intervals?.[i] : undefined;
  return { mark: position, index: i, pixel, x: mark.x[i], y: mark.y[i], ...(interval ? { interval } : {}) };
}
