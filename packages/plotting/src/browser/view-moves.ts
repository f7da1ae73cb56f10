import type { PlotArea } from '../marks/draw-marks.js';

/** What pointer and keys do alike to the view of a panel. Places count in pixels from the upper left corner of the area. */
export interface ViewMoves {
  area(): PlotArea;
  /** Shows `share` of what is shown, about a place that stays where it is. */
  zoomBy(share: number, about: readonly [number, number]): void;
  moveBy(dx: number, dy: number): void;
  reset(): void;
}
