import { makeScale } from '../axes/scale.js';
import type { Panel } from '../figure.js';
import type { PlotArea } from '../marks/draw-marks.js';
import { type Regions, spectralRegions } from './regions.js';
import {
  type AxisName,
  boundsOf,
  type Domain,
  fittingY,
  homeAxes,
  initialView,
  otherKind,
  type View,
  zoomed,
} from './view.js';

/** The view of one panel and all that a reader can do to it. Knows no page: whoever changes it has `changed` called. */
export class PanelState {
  view: View;

  constructor(
    readonly panel: Panel,
    private readonly changed: () => void,
  ) {
    this.view = initialView(panel);
  }

  get isZoomed(): boolean {
    return this.view.x.domain !== undefined || this.view.y.domain !== undefined;
  }

  reset(): void {
    this.set({ x: { kind: this.view.x.kind }, y: { kind: this.view.y.kind } });
  }

  /** Zooms to what lies between these pixels of the area; an axis that is left out stays as it is. */
  zoomTo(plot: PlotArea, pixels: { readonly x?: Domain; readonly y?: Domain }): void {
    const bounds = boundsOf(this.panel, this.view);
    const next = { ...this.view };
    for (const name of ['x', 'y'] as const) {
      const range = pixels[name];
      const domain = range && zoomed(plot[name], range, bounds[name]);
      if (domain) next[name] = { kind: next[name].kind, domain };
    }
    this.set(this.snapped(next));
  }

  /** Shows `share` of what is shown, about a place that stays where it is. */
  zoomBy(plot: PlotArea, share: number, [px, py]: readonly [number, number]): void {
    const about = (pixel: number, length: number): Domain => [pixel - share * pixel, pixel + share * (length - pixel)];
    this.zoomTo(plot, { x: about(px, plot.width), y: about(py, plot.height) });
  }

  /** Moves what is shown by so many pixels, no further than there is something to see. */
  moveBy(plot: PlotArea, dx: number, dy: number): void {
    const bounds = boundsOf(this.panel, this.view);
    const moved = (name: AxisName, length: number, by: number): Domain => {
      const ends = bounds[name].domain.map(plot[name].at).sort((a, b) => a - b);
      const held = Math.max(Math.min(0, ends[0]), Math.min(Math.max(0, ends[1] - length), by));
      return [held, held + length];
    };
    this.zoomTo(plot, { x: moved('x', plot.width, dx), y: moved('y', plot.height, dy) });
  }

  /** Shows this part of the x axis, and of the y axis what the marks have there. */
  show(x: Domain): void {
    const y = fittingY(this.panel, this.view, x);
    this.set({
      x: { kind: this.view.x.kind, domain: x },
      y: y === undefined ? { kind: this.view.y.kind } : { kind: this.view.y.kind, domain: y },
    });
  }

  /** All that the panel holds where the figure itself shows a part; else undefined. */
  get everything(): View | undefined {
    const home = homeAxes(this.panel, this.view);
    const bounds = boundsOf(this.panel, this.view);
    const isCut = (name: AxisName): boolean => {
      const along = makeScale(home[name], [0, 1]);
      return bounds[name].domain.some((end) => along.at(end) < -0.05 || along.at(end) > 1.05);
    };
    if (!isCut('x') && !isCut('y')) return undefined;
    return {
      x: { kind: this.view.x.kind, domain: bounds.x.domain },
      y: { kind: this.view.y.kind, domain: bounds.y.domain },
    };
  }

  get regions(): Regions | undefined {
    return spectralRegions(this.panel, boundsOf(this.panel, this.view).x);
  }

  /** The scale that this axis can be switched to from the figure's own; undefined where there is none. */
  other(name: AxisName): 'linear' | 'log' | 'symlog' | undefined {
    return otherKind(this.panel, name);
  }

  /** Switches an axis between the figure's own scale and the other; the other axis keeps its part. */
  switchScale(name: AxisName): void {
    const own = initialView(this.panel)[name].kind;
    const other = this.other(name);
    if (other === undefined) return;
    this.set({ ...this.view, [name]: { kind: this.view[name].kind === own ? other : own } });
  }

  set(view: View): void {
    this.view = view;
    this.changed();
  }

  /** A view within a pixel of the figure's own is the figure's own. */
  private snapped(view: View): View {
    const home = homeAxes(this.panel, view);
    const next = { ...view };
    for (const name of ['x', 'y'] as const) {
      const { kind, domain } = view[name];
      const along = makeScale(home[name], [0, 1000]);
      const isHome = domain && Math.abs(along.at(domain[0])) < 1 && Math.abs(along.at(domain[1]) - 1000) < 1;
      if (isHome) next[name] = { kind };
    }
    return next;
  }
}
