import { pixels, type SvgNode } from '../svg.js';
import type { RichText, Run } from './rich-text.js';

export interface TextPlace {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
  readonly fill?: string;
  /** Turned to read upwards. */
  readonly upright?: boolean;
}

/**
 * Sets a text. Raised and lowered parts are moved by `dy`, since not every program that draws SVG knows
 * `baseline-shift`.
 */
export function drawText(parent: SvgNode, text: RichText, place: TextPlace): void {
  const { x, y, size, anchor, bold, fill, upright } = place;
  const node = parent.append('text').attr('x', pixels(x)).attr('y', pixels(y)).attr('font-size', size);
  if (anchor && anchor !== 'start') node.attr('text-anchor', anchor);
  if (bold) node.attr('font-weight', 'bold');
  if (fill) node.attr('fill', fill);
  if (upright) node.attr('transform', `rotate(-90 ${pixels(x)} ${pixels(y)})`);
  if (text.length === 1 && isPlain(text[0])) {
    node.text(text[0].text);
    return;
  }
  let rise = 0;
  for (const run of text) {
    const span = node.append('tspan').text(run.text);
    if (run.rise !== rise) span.attr('dy', pixels((rise - run.rise) * size));
    if (run.scale !== 1) span.attr('font-size', pixels(run.scale * size));
    if (run.italic) span.attr('font-style', 'italic');
    rise = run.rise;
  }
}

function isPlain(run: Run): boolean {
  return !run.italic && run.scale === 1 && run.rise === 0;
}

export function drawLines(
  parent: SvgNode,
  lines: readonly RichText[],
  place: TextPlace & { readonly lineHeight: number },
): void {
  lines.forEach((line, i) => {
    const offset = i * place.lineHeight;
    drawText(parent, line, place.upright ? { ...place, x: place.x + offset } : { ...place, y: place.y + offset });
  });
}
