import type { PlotArea } from '../marks/draw-marks.js';
import type { Domain } from './view.js';
import type { ViewMoves } from './view-moves.js';

type Place = readonly [number, number];

export interface PointerActions extends ViewMoves {
  /** Of an event. */
  place(event: MouseEvent): Place;
  /** Undefined: the pointer has left. */
  read(place: Place | undefined): void;
  select(from: Place, to: Place): void;
  /** Between these pixels; an axis that is left out stays as it is. */
  zoomTo(pixels: { readonly x?: Domain; readonly y?: Domain }): void;
}

/** Shorter than this, in pixels, a drag was a click. */
const leastDrag = 5;
/** A rectangle flatter than this selects along one axis only. */
const flat = 14;
/** What one notch of a wheel (100 units in browsers) leaves of what is shown: our choice. */
const sharePerNotch = 0.8;

/**
 * A mouse or pen reads by hovering, zooms by dragging a rectangle, moves what is shown by dragging with Shift, and zooms
 * by the wheel with Ctrl, Shift or Meta: without them the wheel scrolls the page. A finger reads where it touches and
 * moves across; up and down it scrolls the page.
 */
export function listenToPointer(target: HTMLElement, actions: PointerActions): void {
  let drag: { readonly from: Place; readonly moves: boolean; last: Place } | undefined;

  target.addEventListener('pointerdown', (event) => {
    const place = actions.place(event);
    if (event.pointerType === 'touch') {
      actions.read(isInside(place, actions.area()) ? place : undefined);
      return;
    }
    if (event.button !== 0 || !isInside(place, actions.area())) return;
    drag = { from: place, moves: event.shiftKey, last: place };
    target.setPointerCapture(event.pointerId);
  });
  target.addEventListener('pointermove', (event) => {
    const place = actions.place(event);
    if (drag?.moves) {
      actions.moveBy(drag.last[0] - place[0], drag.last[1] - place[1]);
      drag.last = place;
    } else if (drag && length(drag.from, place) >= leastDrag) {
      actions.select(...selection(drag.from, place, actions.area()));
    } else {
      actions.read(isInside(place, actions.area()) ? place : undefined);
    }
  });
  target.addEventListener('pointerup', (event) => {
    const place = actions.place(event);
    if (drag && !drag.moves && length(drag.from, place) >= leastDrag) {
      const area = actions.area();
      const [from, to] = selection(drag.from, place, area);
      const isWhole = (i: 0 | 1, whole: number): boolean => Math.abs(to[i] - from[i]) >= whole;
      actions.zoomTo({
        ...(isWhole(0, area.width) ? {} : { x: [from[0], to[0]] }),
        ...(isWhole(1, area.height) ? {} : { y: [from[1], to[1]] }),
      });
    }
    drag = undefined;
  });
  target.addEventListener('pointercancel', () => {
    drag = undefined;
    actions.read(undefined);
  });
  target.addEventListener('pointerleave', (event) => {
    if (!drag && event.pointerType !== 'touch') actions.read(undefined);
  });
  target.addEventListener('dblclick', () => actions.reset());
  target.addEventListener(
    'wheel',
    (event) => {
      const place = actions.place(event);
      if (!(event.ctrlKey || event.shiftKey || event.metaKey) || !isInside(place, actions.area())) return;
      event.preventDefault();
      // With Shift some browsers turn the wheel sideways. Lines and pages are worth 1/3 of a notch and more.
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 33;
      const notches = ((event.deltaY || event.deltaX) * unit) / 100;
      actions.zoomBy(sharePerNotch ** -Math.max(-3, Math.min(3, notches)), place);
    },
    { passive: false },
  );
}

function isInside([x, y]: Place, { width, height }: PlotArea): boolean {
  return x >= -2 && x <= width + 2 && y >= -2 && y <= height + 2;
}

function length([x0, y0]: Place, [x1, y1]: Place): number {
  return Math.hypot(x1 - x0, y1 - y0);
}

/** The rectangle between two places, within the area; over all of an axis along which it is flat. */
function selection([x0, y0]: Place, [x1, y1]: Place, { width, height }: PlotArea): readonly [Place, Place] {
  const along = (from: number, to: number, whole: number): Domain => [
    Math.max(0, Math.min(whole, from)),
    Math.max(0, Math.min(whole, to)),
  ];
  const x = along(x0, x1, width);
  const y = along(y0, y1, height);
  const [dx, dy] = [Math.abs(x[1] - x[0]), Math.abs(y[1] - y[0])];
  if (dy < flat && dx >= dy)
    return [
      [x[0], 0],
      [x[1], height],
    ];
  if (dx < flat && dy > dx)
    return [
      [0, y[0]],
      [width, y[1]],
    ];
  return [
    [x[0], y[0]],
    [x[1], y[1]],
  ];
}
