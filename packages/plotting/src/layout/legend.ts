import { format } from 'd3-format';
import type { Panel } from '../figure.js';
import { dashOf, diameterOf, drawSymbols } from '../marks/draw-marks.js';
import { type DrawnMark, dataCount } from '../marks/drawn-mark.js';
import type { Box, Ink } from '../marks/ink.js';
import { fontSize, ground, lineSpacing, lineWidth } from '../style.js';
import { pixels, type SvgNode } from '../svg.js';
import { drawLines } from '../text/draw-text.js';
import { parseText, type RichText, widthOf, wrapEvenly } from '../text/rich-text.js';

/** Lengths in pixels. */
export const sampleWidth = 18;
const sampleGap = 5;
const columnGap = 16;
const padding = 5;
/** Between the legend and the axes. */
const inset = 6;
const lineHeight = fontSize.legend * lineSpacing;

interface Entry {
  readonly drawn: DrawnMark;
  readonly lines: readonly RichText[];
  readonly width: number;
  readonly height: number;
}

/** An entry's place, from the upper left corner of the plot area. */
interface PlacedEntry extends Entry {
  readonly x: number;
  readonly y: number;
}

export interface Legend {
  readonly entries: readonly PlacedEntry[];
  /** Ground of a legend that stands inside the axes. */
  readonly box?: Box;
  /** Height of a legend that stands above the axes, else 0. */
  readonly above: number;
}

const noLegend: Legend = { entries: [], above: 0 };

/**
 * Places the legend where the panel says, else in the first empty one of the corners (upper right, upper left, lower
 * right, lower left) or of the middles of the sides, else above the panel: it never covers data by itself.
 */
export function placeLegend(
  panel: Panel,
  marks: readonly DrawnMark[],
  ink: Ink,
  width: number,
  height: number,
): Legend {
  const labelled = marks.filter(({ mark }) => mark.kind !== 'rule' && mark.label !== undefined);
  if (panel.legend === 'none' || labelled.length === 0) return noLegend;

  const entries = labelled.map((drawn) => makeEntry(drawn, 0.6 * width));
  const boxWidth = Math.max(...entries.map((entry) => entry.width)) + 2 * padding;
  const boxHeight = entries.reduce((sum, entry) => sum + entry.height, 0) + 2 * padding;
  const boxAt = (horizontal: number, vertical: number): Box => ({
    x: inset + horizontal * (width - boxWidth - 2 * inset),
    y: inset + vertical * (height - boxHeight - 2 * inset),
    width: boxWidth,
    height: boxHeight,
  });

  if (panel.legend !== undefined && panel.legend !== 'above') {
    const [horizontal, vertical] = corners[panel.legend];
    return inside(entries, boxAt(horizontal, vertical));
  }
  const hasRoom = boxWidth <= width - 2 * inset && boxHeight <= height - 2 * inset;
  if (panel.legend === undefined && hasRoom) {
    const clearance = 4;
    for (const [horizontal, vertical] of [...Object.values(corners), ...sides]) {
      const box = boxAt(horizontal, vertical);
      const around = {
        x: box.x - clearance,
        y: box.y - clearance,
        width: boxWidth + 2 * clearance,
        height: boxHeight + 2 * clearance,
      };
      if (ink.in(around) === 0) return inside(entries, box);
    }
  }
  return above(
    labelled.map((drawn) => makeEntry(drawn, width)),
    width,
  );
}

/** Fractions of the free width and height, in order of preference. */
const corners = {
  'top-right': [1, 0],
  'top-left': [0, 0],
  'bottom-right': [1, 1],
  'bottom-left': [0, 1],
} as const;
const sides = [
  [0.5, 0],
  [1, 0.5],
  [0, 0.5],
  [0.5, 1],
  [0.25, 0],
  [0.75, 0],
  [1, 0.25],
  [0, 0.25],
] as const;

function makeEntry(drawn: DrawnMark, widest: number): Entry {
  const lines = wrapEvenly(parseText(entryText(drawn)), widest - sampleWidth - sampleGap, fontSize.legend);
  const textWidth = Math.max(...lines.map((line) => widthOf(line, fontSize.legend)));
  return { drawn, lines, width: sampleWidth + sampleGap + textWidth, height: lines.length * lineHeight };
}

/** What the legend says of a labelled mark. */
export function entryText({ mark, hidden }: DrawnMark): string {
  if (dataCount(mark) === 0) return `${mark.label} (no values)`;
  return hidden > 0 ? `${mark.label} (${hiddenNote(hidden)})` : mark.label!;
}

/** How a legend, or a sentence of the caption, says that a log axis leaves values out. */
export function hiddenNote(hidden: number, sentence = false): string {
  const [noun, verb] = hidden === 1 ? ['value', 'is'] : ['values', 'are'];
  return `${format(',')(hidden)}\u00a0${noun}\u00a0≤\u00a00 ${sentence ? `${verb} ` : ''}not shown`;
}

function inside(entries: readonly Entry[], box: Box): Legend {
  let y = box.y + padding;
  const placed = entries.map((entry) => {
    const here = { ...entry, x: box.x + padding, y };
    y += entry.height;
    return here;
  });
  return { entries: placed, box, above: 0 };
}

/** In one row where that is wide enough, else in columns of equal width, read from left to right. */
function above(entries: readonly Entry[], width: number): Legend {
  const widest = Math.max(...entries.map((entry) => entry.width));
  const inOneRow = entries.reduce((sum, entry) => sum + entry.width + columnGap, -columnGap) <= width;
  const most = inOneRow ? entries.length : Math.max(1, Math.floor((width + columnGap) / (widest + columnGap)));
  const columns = Math.ceil(entries.length / Math.ceil(entries.length / most));
  const placed: PlacedEntry[] = [];
  let y = 0;
  for (let first = 0; first < entries.length; first += columns) {
    const row = entries.slice(first, first + columns);
    let x = 0;
    for (const entry of row) {
      placed.push({ ...entry, x, y });
      x += (inOneRow ? entry.width : widest) + columnGap;
    }
    y += Math.max(...row.map((entry) => entry.height));
  }
  const total = y + padding;
  return { entries: placed.map((entry) => ({ ...entry, y: entry.y - total })), above: total };
}

/** Draws the legend into a group whose origin is the upper left corner of the plot area. */
export function drawLegend(parent: SvgNode, legend: Legend): void {
  if (legend.entries.length === 0) return;
  const group = parent.append('g');
  if (legend.box) {
    const { x, y, width, height } = legend.box;
    group
      .append('rect')
      .attr('x', pixels(x))
      .attr('y', pixels(y))
      .attr('width', pixels(width))
      .attr('height', pixels(height))
      .attr('fill', ground)
      .attr('fill-opacity', 0.85);
  }
  for (const { drawn, lines, x, y } of legend.entries) {
    drawSample(group, drawn, x, y + lineHeight / 2);
    const baseline = y + lineHeight / 2 + 0.36 * fontSize.legend;
    drawLines(group, lines, { x: x + sampleWidth + sampleGap, y: baseline, size: fontSize.legend, lineHeight });
  }
}

/** A piece of the mark, centred on the height y. */
export function drawSample(parent: SvgNode, { mark, color, turn }: DrawnMark, x: number, y: number): void {
  const middle = x + sampleWidth / 2;
  if (mark.kind === 'points') {
    const diameter = Math.max(4, diameterOf(mark));
    if (mark.intervals) {
      parent
        .append('path')
        .attr('d', `M${pixels(middle)},${pixels(y - 5.5)}v11`)
        .attr('stroke', color)
        .attr('stroke-width', 1.1);
    }
    drawSymbols(parent, [[middle, y]], mark.symbol ?? 'circle', diameter, color);
  } else if (mark.kind === 'line') {
    const path = parent
      .append('path')
      .attr('d', `M${pixels(x)},${pixels(y)}h${sampleWidth}`)
      .attr('stroke', color)
      .attr('stroke-width', lineWidth);
    const dash = dashOf(mark.dash ?? false, turn);
    if (dash) path.attr('stroke-dasharray', dash);
  } else if (mark.kind === 'stem') {
    parent
      .append('path')
      .attr('d', `M${pixels(middle)},${pixels(y + 5)}v-9`)
      .attr('stroke', color)
      .attr('stroke-width', 1.3);
    drawSymbols(parent, [[middle, y - 4]], 'circle', 4.4, color);
  } else {
    const patch = parent
      .append('rect')
      .attr('x', pixels(x + 2))
      .attr('y', pixels(y - 4.5))
      .attr('width', sampleWidth - 4)
      .attr('height', 9)
      .attr('fill', color)
      .attr('fill-opacity', mark.kind === 'band' ? 0.2 : 0.25);
    if (mark.kind === 'histogram') patch.attr('stroke', color).attr('stroke-width', 1);
  }
}
