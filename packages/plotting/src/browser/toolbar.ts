import type { PlotArea } from '../marks/draw-marks.js';
import { element } from './html.js';
import type { PanelData } from './panel-data.js';
import type { PanelState } from './panel-state.js';
import type { AxisName } from './view.js';

/** What one press leaves of what is shown: our choice. */
const share = 0.6;

/** The buttons under a panel: zoom, parts of a spectrum, scales, data. Only those that do something are there. */
export function toolbar(
  state: PanelState,
  name: string,
  area: () => PlotArea,
  data: PanelData,
): { readonly root: HTMLElement; readonly update: () => void } {
  const zoom = (by: number) => () => state.zoomBy(area(), by, [area().width / 2, area().height / 2]);
  const reset = button('Reset', 'Show the figure as it was: or double click', () => state.reset());
  const all = button('All data', 'Show all data, also what the figure cuts off', () => {
    const { everything } = state;
    if (everything) state.set(everything);
  });
  const bulk = button('Bulk', 'Zoom to the central 98 % of the spectrum', () => {
    const { regions } = state;
    if (regions) state.show(regions.bulk);
  });
  const outliers = button('Outliers', 'Zoom to what lies beyond the bulk', () => {
    const { regions } = state;
    if (regions?.outliers) state.show(regions.outliers);
  });
  const scales = (['x', 'y'] as const).flatMap((axis) => scaleSwitch(state, axis));
  const buttons = element(
    'div',
    'hf-buttons',
    { role: 'group', 'aria-label': `View of ${name}` },
    named('Zoom in', button('+', 'Zoom in: or drag a rectangle, or turn the wheel with Ctrl', zoom(share))),
    named('Zoom out', button('\u2212', 'Zoom out: or turn the wheel with Ctrl', zoom(1 / share))),
    reset,
    all,
    bulk,
    outliers,
    ...scales.map((one) => one.element),
    data.button,
  );
  return {
    root: element('div', '', {}, buttons, data.content),
    update: () => {
      const { regions } = state;
      bulk.hidden = regions === undefined;
      outliers.hidden = regions?.outliers === undefined;
      all.hidden = state.everything === undefined;
      // Not `disabled`: a button that had the focus would lose it.
      reset.setAttribute('aria-disabled', String(!state.isZoomed));
      for (const one of scales) one.update();
    },
  };
}

interface Switch {
  readonly element: HTMLElement;
  readonly update: () => void;
}

/** Pressed while the axis is logarithmic. */
function scaleSwitch(state: PanelState, axis: AxisName): readonly Switch[] {
  const own = state.view[axis].kind;
  const other = state.other(axis);
  if (other === undefined) return [];
  const logarithmic = own === 'linear' ? other : own;
  const help = logarithmic === 'log' ? 'Logarithmic' : 'Logarithmic on both sides of zero:';
  const made = button(`log ${axis}`, `${help} ${axis} axis`, () => state.switchScale(axis));
  return [
    { element: made, update: () => made.setAttribute('aria-pressed', String(state.view[axis].kind !== 'linear')) },
  ];
}

function button(text: string, help: string, act: () => void): HTMLButtonElement {
  const made = element('button', 'hf-button', { type: 'button', title: help }, text);
  made.addEventListener('click', act);
  return made;
}

/** Of a button that shows a sign. */
function named(name: string, made: HTMLButtonElement): HTMLButtonElement {
  made.setAttribute('aria-label', name);
  return made;
}
