import type { Axis, Mark, Panel } from '../figure.js';
import { type PanelOptions, panelOf } from './panel-options.js';

export interface CurveSeries {
  readonly label?: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Both or neither: a band around the curve, as the spread over seeds. The caption says which. */
  readonly low?: ArrayLike<number>;
  readonly high?: ArrayLike<number>;
  readonly dash?: boolean;
  /** Dots on the values, for curves through few points. */
  readonly dots?: boolean;
  /** Default: the position among the series. */
  readonly color?: number | 'muted';
}

export interface CurvesOptions extends PanelOptions {
  readonly x: Axis;
  readonly y: Axis;
}

/** Curves over common axes, with bands under them where series have `low` and `high`. */
export function curves(series: readonly CurveSeries[], options: CurvesOptions): Panel {
  const bands: Mark[] = [];
  const lines: Mark[] = [];
  series.forEach(({ label, x, y, low, high, dash, dots, color: own }, position) => {
    const color = own ?? position;
    if ((low === undefined) !== (high === undefined)) {
      throw new RangeError(`curve ${position + 1} ("${label ?? ''}") must have both low and high, or neither`);
    }
    if (low && high) {
      bands.push({ kind: 'band', color, x: Array.from(x), low: Array.from(low), high: Array.from(high) });
    }
    lines.push({
      kind: 'line',
      color,
      x: Array.from(x),
      y: Array.from(y),
      ...(label === undefined ? {} : { label }),
      ...(dash ? { dash } : {}),
    });
    if (dots) lines.push({ kind: 'points', color, x: Array.from(x), y: Array.from(y), size: 4 });
  });
  return panelOf({ x: options.x, y: options.y }, [...bands, ...lines], options);
}
