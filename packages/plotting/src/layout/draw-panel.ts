import type { Tick } from '../axes/ticks.js';
import { drawMark } from '../marks/draw-marks.js';
import { axisWidth, fontSize, grid, ink } from '../style.js';
import { pixels, type SvgNode } from '../svg.js';
import { drawLines, drawText } from '../text/draw-text.js';
import { drawLegend } from './legend.js';
import { labelGap, labelLine, minorTickLength, type PanelPlan, tickGap, tickLength, titleLine } from './panel-plan.js';
import { drawRuleLabels } from './rule-labels.js';

/** A title higher than this over where it would stand alone, in pixels, no longer seems to belong to its panel. */
const farthestTitle = 40;

/**
 * Draws a panel into a group whose origin is the upper left corner of the area inside its axes.
 *
 * @param above  room above the axes in this row of panels, at the top of which their titles stand side by side
 */
export function drawPanel(parent: SvgNode, plan: PanelPlan, above: number): void {
  drawGrid(parent, plan);
  for (const mark of plan.marks) drawMark(parent, mark, plan.plot);
  drawAxes(parent, plan);
  drawRuleLabels(parent, plan.ruleLabels);
  drawLegend(parent, plan.legend);
  drawLines(parent, plan.title, {
    x: 0,
    y: -(above - plan.above <= farthestTitle ? above : plan.above) + fontSize.panelTitle,
    size: fontSize.panelTitle,
    bold: true,
    lineHeight: titleLine,
  });
}

function isMajor({ label }: Tick): boolean {
  return label !== undefined;
}

function drawGrid(parent: SvgNode, { plot, xTicks, yTicks }: PanelPlan): void {
  const vertical = xTicks.ticks.filter(isMajor).map(({ at }) => `M${pixels(plot.x.at(at))},0V${pixels(plot.height)}`);
  const horizontal = yTicks.ticks.filter(isMajor).map(({ at }) => `M0,${pixels(plot.y.at(at))}H${pixels(plot.width)}`);
  parent
    .append('path')
    .attr('d', [...vertical, ...horizontal].join(''))
    .attr('stroke', grid)
    .attr('stroke-width', axisWidth);
}

function drawAxes(parent: SvgNode, plan: PanelPlan): void {
  const { plot, xTicks, yTicks, xLabel, yLabel, yTickWidth } = plan;
  const { width, height } = plot;
  const down = xTicks.ticks.map((tick) => {
    return `M${pixels(plot.x.at(tick.at))},${pixels(height)}v${isMajor(tick) ? tickLength : minorTickLength}`;
  });
  const left = yTicks.ticks.map((tick) => {
    return `M0,${pixels(plot.y.at(tick.at))}h${-(isMajor(tick) ? tickLength : minorTickLength)}`;
  });
  parent
    .append('path')
    .attr('d', `M0,0V${pixels(height)}H${pixels(width)}${down.join('')}${left.join('')}`)
    .attr('fill', 'none')
    .attr('stroke', ink)
    .attr('stroke-width', axisWidth)
    .attr('stroke-linecap', 'square');

  const tickBaseline = height + tickLength + tickGap + 0.8 * fontSize.tick;
  for (const { at, label } of xTicks.ticks) {
    if (label) drawText(parent, label, { x: plot.x.at(at), y: tickBaseline, size: fontSize.tick, anchor: 'middle' });
  }
  for (const { at, label } of yTicks.ticks) {
    const y = plot.y.at(at) + 0.36 * fontSize.tick;
    if (label) drawText(parent, label, { x: -tickLength - tickGap, y, size: fontSize.tick, anchor: 'end' });
  }

  const labelBaseline = tickBaseline + 6 + fontSize.label;
  drawLines(parent, xLabel, {
    x: plan.xLabelAt,
    y: labelBaseline,
    size: fontSize.label,
    anchor: 'middle',
    lineHeight: labelLine,
  });
  const outermost = -tickLength - tickGap - yTickWidth - labelGap - (yLabel.length - 1) * labelLine;
  drawLines(parent, yLabel, {
    x: outermost,
    y: height / 2,
    size: fontSize.label,
    anchor: 'middle',
    upright: true,
    lineHeight: labelLine,
  });
  if (xTicks.multiplier) {
    drawText(parent, xTicks.multiplier, { x: width, y: labelBaseline, size: fontSize.tick, anchor: 'end' });
  }
  if (yTicks.multiplier) {
    drawText(parent, yTicks.multiplier, { x: 0, y: -8, size: fontSize.tick, anchor: 'end' });
  }
}
