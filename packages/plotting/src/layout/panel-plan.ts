import { resolveAxes } from '../axes/extent.js';
import { makeScale, type ResolvedAxis, type Scale } from '../axes/scale.js';
import { chooseTicks, type Ticks } from '../axes/ticks.js';
import type { Panel } from '../figure.js';
import type { PlotArea } from '../marks/draw-marks.js';
import { type DrawnMark, drawnMarks } from '../marks/drawn-mark.js';
import { Ink } from '../marks/ink.js';
import { fontSize, lineSpacing } from '../style.js';
import { parseText, type RichText, widthOf, wrapEvenly } from '../text/rich-text.js';
import { type Legend, placeLegend } from './legend.js';
import { placeRuleLabels, type RuleLabel } from './rule-labels.js';

/** Lengths in pixels. */
export const tickLength = 4;
export const minorTickLength = 2.2;
export const tickGap = 3;
export const labelGap = 7;
export const labelLine = fontSize.label * lineSpacing;
export const titleLine = fontSize.panelTitle * lineSpacing;
/** Room above the axes where nothing stands there: half a tick label. */
const headroom = 6;

/** What a panel shows up and down: known before its width is. */
export interface PanelRows {
  readonly panel: Panel;
  readonly marks: readonly DrawnMark[];
  readonly xAxis: ResolvedAxis;
  readonly y: Scale;
  readonly yTicks: Ticks;
  readonly yLabel: readonly RichText[];
  /** Width of the widest tick label of y. */
  readonly yTickWidth: number;
  /** Room left of the area. */
  readonly left: number;
  readonly height: number;
}

export function planRows(panel: Panel, height: number): PanelRows {
  const axes = resolveAxes(panel);
  const y = makeScale(axes.y, [height, 0]);
  const yTicks = chooseTicks(panel.y, y, 'y');
  const yLabel = wrapEvenly(parseText(panel.y.label), yTicks.multiplier ? height : height + 16, fontSize.label);
  const labels = yTicks.ticks.flatMap(({ label }) => (label ? [label] : []));
  const yTickWidth = Math.max(0, ...labels.map((label) => widthOf(label, fontSize.tick)));
  const multiplierWidth = yTicks.multiplier ? widthOf(yTicks.multiplier, fontSize.tick) : 0;
  const left =
    Math.max(tickLength + tickGap + yTickWidth + labelGap + yLabel.length * labelLine, multiplierWidth + 4) + 2;
  return { panel, marks: drawnMarks(panel), xAxis: axes.x, y, yTicks, yLabel, yTickWidth, left, height };
}

export interface PanelPlan extends PanelRows {
  readonly plot: PlotArea;
  readonly title: readonly RichText[];
  readonly xTicks: Ticks;
  readonly xLabel: readonly RichText[];
  /** Its middle: that of the axis, or further left where a multiplier stands at the end. */
  readonly xLabelAt: number;
  readonly legend: Legend;
  readonly ruleLabels: readonly RuleLabel[];
  /** Room above and below the area. */
  readonly above: number;
  readonly below: number;
}

export function planPanel(rows: PanelRows, width: number): PanelPlan {
  const { panel, marks, y, height } = rows;
  const x = makeScale(rows.xAxis, [0, width]);
  const plot = { width, height, x, y };
  const xTicks = chooseTicks(panel.x, x, 'x');
  const multiplierWidth = xTicks.multiplier ? widthOf(xTicks.multiplier, fontSize.tick) + labelGap : 0;
  const xLabel = wrapEvenly(parseText(panel.x.label), width - multiplierWidth, fontSize.label);
  const labelWidth = Math.max(0, ...xLabel.map((line) => widthOf(line, fontSize.label)));
  const title = panel.title === undefined ? [] : wrapEvenly(parseText(panel.title), width, fontSize.panelTitle, true);

  const ink = new Ink(plot);
  for (const mark of marks) ink.add(mark);
  const legend = placeLegend(panel, marks, ink, width, height);
  const ruleLabels = placeRuleLabels(marks, ink, plot, legend.box ? [legend.box] : []);
  const multiplierHeight = rows.yTicks.multiplier ? fontSize.tick + 3 : 0;
  return {
    ...rows,
    plot,
    title,
    xTicks,
    xLabel,
    xLabelAt: Math.min(width / 2, width - multiplierWidth - labelWidth / 2),
    legend,
    ruleLabels,
    above:
      title.length * titleLine + Math.max(headroom, legend.above + (legend.above > 0 ? 2 : 0), multiplierHeight + 2),
    below: tickLength + tickGap + fontSize.tick + 4 + xLabel.length * labelLine,
  };
}
