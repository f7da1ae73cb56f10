import type { Mark, Panel } from '../figure.js';
import { type PanelOptions, panelOf } from './panel-options.js';

export interface ScreePlotOptions extends PanelOptions {
  /** How many of the largest eigenvalues to show; default all. */
  readonly top?: number;
  /** A level across the panel, as a rounding floor. */
  readonly cutoff?: { readonly at: number; readonly label: string };
  /** Lines between two ranks, as a gap: behind the eigenvalue of rank `after`. */
  readonly markers?: readonly { readonly after: number; readonly label: string }[];
  /** What the values are, for the legend. Default: no legend. */
  readonly label?: string;
}

/**
 * Eigenvalues by rank, the largest first (rank 1). The vertical axis is logarithmic unless `y.scale` says otherwise;
 * eigenvalues <= 0 are then left out, and the figure says how many.
 */
export function screePlot(values: ArrayLike<number>, options: ScreePlotOptions = {}): Panel {
  const sorted = descending(values);
  const shown = sorted.slice(0, options.top ?? sorted.length);
  const { cutoff, markers = [], label } = options;
  const marks: Mark[] = [
    ...(cutoff ? [{ kind: 'rule', y: cutoff.at, label: cutoff.label } as const] : []),
    ...markers.map((marker) => ({ kind: 'rule', x: marker.after + 0.5, label: marker.label }) as const),
    { kind: 'points', x: shown.map((_, i) => i + 1), y: shown, color: 0, ...(label === undefined ? {} : { label }) },
  ];
  return panelOf({ x: { label: 'rank' }, y: { label: 'eigenvalue', scale: 'log' } }, marks, options);
}

/** The largest first. */
export function descending(values: ArrayLike<number>): number[] {
  return Array.from(Float64Array.from(values).sort().reverse());
}
