import type { Axis, Panel } from '../figure.js';

/** What every constructor of a panel takes besides its data. */
export interface PanelOptions {
  readonly title?: string;
  /** Replaces parts of the constructor's own axis. */
  readonly x?: Partial<Axis>;
  readonly y?: Partial<Axis>;
  readonly legend?: Panel['legend'] & string;
}

/** A panel of these axes and marks, with what the options say otherwise. */
export function panelOf(axes: Pick<Panel, 'x' | 'y'>, marks: Panel['marks'], options: PanelOptions): Panel {
  return {
    ...(options.title === undefined ? {} : { title: options.title }),
    x: { ...axes.x, ...options.x },
    y: { ...axes.y, ...options.y },
    marks,
    ...(options.legend === undefined ? {} : { legend: options.legend }),
  };
}
