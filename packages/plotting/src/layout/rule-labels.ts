import type { PlotArea } from '../marks/draw-marks.js';
import type { DrawnMark } from '../marks/drawn-mark.js';
import type { Box, Ink } from '../marks/ink.js';
import { fontSize, ground } from '../style.js';
import { pixels, type SvgNode } from '../svg.js';
import { drawText } from '../text/draw-text.js';
import { parseText, type RichText, widthOf } from '../text/rich-text.js';

/** A rule's label, written along it. */
export interface RuleLabel {
  readonly text: RichText;
  readonly box: Box;
  readonly upright: boolean;
  readonly color: string;
}

const size = fontSize.ruleLabel;
/** Room across the writing: from the deepest descender to the highest superscript. */
const thickness = 1.25 * size;
/** Between a label and its rule. */
const gap = 2;
const margin = 4;

/**
 * Places each label beside its rule where it covers the least ink and no other label, at one of several stations along
 * either side.
 */
export function placeRuleLabels(
  marks: readonly DrawnMark[],
  ink: Ink,
  plot: PlotArea,
  taken: readonly Box[],
): readonly RuleLabel[] {
  const boxes = [...taken];
  const labels: RuleLabel[] = [];
  for (const { mark, color } of marks) {
    if (mark.kind !== 'rule' || mark.label === undefined) continue;
    const upright = mark.x !== undefined;
    const value = upright ? mark.x : mark.y!;
    const scale = upright ? plot.x : plot.y;
    if (!scale.includes(value)) continue;
    const text = parseText(mark.label);
    const candidates = stations(scale.at(value), widthOf(text, size), upright, plot);
    let best = candidates[0];
    let least = Number.POSITIVE_INFINITY;
    candidates.forEach((box, i) => {
      const cost = ink.in(box) + 100 * boxes.reduce((sum, other) => sum + overlap(box, other), 0) + i;
      if (cost < least) {
        least = cost;
        best = box;
      }
    });
    boxes.push(best);
    labels.push({ text, box: best, upright, color });
  }
  return labels;
}

/** Boxes inside the area: along the rule from its upper or right end on, on both sides. */
function stations(at: number, length: number, upright: boolean, { width, height }: PlotArea): readonly Box[] {
  const found: Box[] = [];
  const along = upright ? height : width;
  const across = upright ? width : height;
  for (const fraction of [0, 1, 0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875]) {
    const free = Math.max(0, along - length - 2 * margin);
    const start = margin + (upright ? fraction : 1 - fraction) * free;
    for (const near of upright ? [at + gap, at - gap - thickness] : [at - gap - thickness, at + gap]) {
      found.push(
        upright
          ? { x: near, y: start, width: thickness, height: length }
          : { x: start, y: near, width: length, height: thickness },
      );
    }
  }
  const inside = found.filter((box) => {
    const near = upright ? box.x : box.y;
    return near >= 0 && near + thickness <= across;
  });
  return inside.length > 0 ? inside : found;
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, width) * Math.max(0, height);
}

export function drawRuleLabels(parent: SvgNode, labels: readonly RuleLabel[]): void {
  for (const { text, box, upright, color } of labels) {
    parent
      .append('rect')
      .attr('x', pixels(box.x))
      .attr('y', pixels(box.y))
      .attr('width', pixels(box.width))
      .attr('height', pixels(box.height))
      .attr('fill', ground)
      .attr('fill-opacity', 0.8);
    const place = upright
      ? { x: box.x + 0.85 * size, y: box.y + box.height, upright }
      : { x: box.x, y: box.y + 0.95 * size };
    drawText(parent, text, { ...place, size, fill: color });
  }
}
