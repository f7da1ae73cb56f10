import type { Mark } from '../figure.js';
import type { PlotArea } from '../marks/draw-marks.js';
import { ground, ink, paleInk } from '../style.js';
import { pixels, type SvgNode } from '../svg.js';
import type { Reading } from './reading.js';

/** Draws where a reading stands: cross hairs to both axes and a dot, or the bar itself. */
export function drawReading(parent: SvgNode, reading: Reading, mark: Mark, color: string, plot: PlotArea): void {
  const [x, y] = reading.pixel;
  const hairs = [
    reading.x === undefined ? '' : `M${pixels(x)},0V${pixels(plot.height)}`,
    reading.y === undefined ? '' : `M0,${pixels(y)}H${pixels(plot.width)}`,
  ];
  parent
    .append('path')
    .attr('d', hairs.join(''))
    .attr('stroke', paleInk)
    .attr('stroke-width', 0.8)
    .attr('stroke-dasharray', '2,2')
    .attr('fill', 'none');
  if (mark.kind === 'histogram' && typeof reading.x === 'object') {
    const [left, right] = reading.x.map((edge) => Math.max(0, Math.min(plot.width, plot.x.at(edge))));
    parent
      .append('path')
      .attr('d', `M${pixels(left)},${pixels(y)}H${pixels(Math.max(right, left + 1))}`)
      .attr('stroke', ink)
      .attr('stroke-width', 2.5);
  }
  if (mark.kind === 'rule') return;
  parent
    .append('circle')
    .attr('cx', pixels(x))
    .attr('cy', pixels(y))
    .attr('r', 4.5)
    .attr('fill', color)
    .attr('stroke', ground)
    .attr('stroke-width', 1.5);
}

/** The part of a panel that is being marked out, from corner to corner. */
export function drawSelection(
  parent: SvgNode,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
): void {
  parent
    .append('rect')
    .attr('x', pixels(Math.min(x0, x1)))
    .attr('y', pixels(Math.min(y0, y1)))
    .attr('width', pixels(Math.abs(x1 - x0)))
    .attr('height', pixels(Math.abs(y1 - y0)))
    .attr('fill', paleInk)
    .attr('fill-opacity', 0.15)
    .attr('stroke', paleInk);
}
