import { checkFigure } from './check-figure.js';
import type { Figure } from './figure.js';
import { drawPanel } from './layout/draw-panel.js';
import { fullCaption } from './layout/full-caption.js';
import { type PanelPlan, planPanel, planRows } from './layout/panel-plan.js';
import { figureWidths, fontFamily, fontSize, ink, lineSpacing, paleInk, plotHeights } from './style.js';
import { pixels, type SvgNode } from './svg.js';
import { createSvg } from './svg-document.js';
import { drawLines, drawText } from './text/draw-text.js';
import { parseText, plainText, widthOf, wrapText } from './text/rich-text.js';

/** Lengths in pixels. */
const margin = 12;
const columnGap = 14;
const rowGap = 16;
const titleLine = fontSize.title * lineSpacing;
const captionLine = fontSize.caption * lineSpacing;

/**
 * Draws a figure as an SVG document: the same figure gives the same bytes.
 *
 * Its width is 480 pixels for one column of panels, 720 for two, 900 for more; its height follows from what it holds.
 *
 * @throws Error for figures that cannot be drawn as they stand: the message names figure, panel and mark
 */
export function renderSvg(figure: Figure): string {
  checkFigure(figure);
  const columns = Math.min(figure.panels.length, figure.columns ?? 3);
  const width = chosen(figureWidths, columns);
  const grid = planGrid(figure, columns, width);
  const inner = width - 2 * margin;
  const marks = grid.flatMap((row) => row.panels.map(({ plan }) => plan.marks));

  const badge = figure.profile === undefined ? undefined : parseText(`profile: ${figure.profile}`);
  const badgeWidth = badge ? widthOf(badge, fontSize.badge) + 12 : 0;
  const title = wrapText(parseText(figure.title), inner - badgeWidth - (badge ? 12 : 0), fontSize.title, true);
  const caption = wrapText(parseText(fullCaption(figure, marks)), inner, fontSize.caption);

  const top = margin + title.length * titleLine + 8;
  const bottom = grid.reduce((sum, row) => sum + row.height, 0) + (grid.length - 1) * rowGap;
  const captionTop = top + bottom + (caption.length > 0 ? 12 : 0);
  const height = Math.ceil(captionTop + caption.length * captionLine + margin);

  const svg = createSvg(width, height, fontFamily);
  svg.root.append('title').text(plainText(figure.title));
  drawLines(svg.root, title, {
    x: margin,
    y: margin + fontSize.title,
    size: fontSize.title,
    bold: true,
    lineHeight: titleLine,
  });
  if (badge) drawBadge(svg.root, badge, width - margin - badgeWidth, badgeWidth);

  let y = top;
  for (const row of grid) {
    for (const { plan, x } of row.panels) {
      const place = `translate(${pixels(x)},${pixels(y + row.above)})`;
      drawPanel(svg.root.append('g').attr('transform', place), plan, row.above);
    }
    y += row.height + rowGap;
  }
  drawLines(svg.root, caption, {
    x: margin,
    y: captionTop + fontSize.caption,
    size: fontSize.caption,
    fill: ink,
    lineHeight: captionLine,
  });
  return svg.serialize();
}

function chosen(values: readonly number[], columns: number): number {
  return values[Math.min(columns, values.length) - 1];
}

interface Row {
  readonly panels: readonly { readonly plan: PanelPlan; readonly x: number }[];
  /** From the top of the row to the top of its axes. */
  readonly above: number;
  readonly height: number;
}

/** All areas are equally large; in a column, their left sides stand one under the other. */
function planGrid(figure: Figure, columns: number, width: number): readonly Row[] {
  const plotHeight = chosen(plotHeights, columns);
  const rows = figure.panels.map((panel) => planRows(panel, plotHeight));
  const lefts = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.filter((_, i) => i % columns === column).map(({ left }) => left)),
  );
  const used = lefts.reduce((sum, left) => sum + left, 0) + (columns - 1) * columnGap;
  const plotWidth = (width - 2 * margin - used - 6) / columns;
  const plans = rows.map((row) => planPanel(row, plotWidth));

  const grid: Row[] = [];
  for (let first = 0; first < plans.length; first += columns) {
    const inRow = plans.slice(first, first + columns);
    let x = margin;
    const panels = inRow.map((plan, column) => {
      const here = { plan, x: x + lefts[column] };
      x += lefts[column] + plotWidth + columnGap;
      return here;
    });
    const above = Math.max(...inRow.map((plan) => plan.above));
    const below = Math.max(...inRow.map((plan) => plan.below));
    grid.push({ panels, above, height: above + plotHeight + below });
  }
  return grid;
}

function drawBadge(parent: SvgNode, text: ReturnType<typeof parseText>, x: number, width: number): void {
  parent
    .append('rect')
    .attr('x', pixels(x))
    .attr('y', margin)
    .attr('width', pixels(width))
    .attr('height', 17)
    .attr('rx', 3)
    .attr('fill', 'none')
    .attr('stroke', paleInk)
    .attr('stroke-width', 0.8);
  drawText(parent, text, { x: x + 6, y: margin + 12.3, size: fontSize.badge, fill: paleInk });
}
