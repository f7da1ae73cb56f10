import type { Reading } from './reading.js';
import type { ViewMoves } from './view-moves.js';

export interface KeyActions extends ViewMoves {
  /** Of each mark in sight, from left to right; marks without any are left out. */
  readings(): readonly (readonly Reading[])[];
  read(reading: Reading | undefined): void;
}

/** What a key press leaves of what is shown, and how far it moves: our choice. */
const share = 0.6;
const stride = 0.15;

/**
 * Arrows read: left and right along a series (Page Up and Page Down by tenths of it, Home and End to its ends), up and
 * down from series to series. With Shift they move what is shown. `+` and `-` zoom about the reading, `0` shows all,
 * Escape puts the reading away.
 */
export function listenToKeys(target: HTMLElement, actions: KeyActions): void {
  let current: Reading | undefined;
  const show = (reading: Reading | undefined): void => {
    current = reading;
    actions.read(reading);
  };

  const step = (move: (index: number, count: number) => number, turn = 0): void => {
    const all = actions.readings();
    if (all.length === 0) return;
    const at = current && all.findIndex((readings) => readings[0].mark === current!.mark);
    if (current === undefined || at === undefined || at < 0) {
      show(all[0][0]);
      return;
    }
    const series = all[Math.max(0, Math.min(all.length - 1, at + turn))];
    if (series[0].mark !== current.mark) {
      show(series[nearestTo(current.pixel, series)]);
      return;
    }
    const here = series.findIndex(({ index }) => index === current!.index);
    show(series[Math.max(0, Math.min(series.length - 1, move(here, series.length)))]);
  };
  const zoom = (by: number): void => {
    const { width, height } = actions.area();
    actions.zoomBy(by, current?.pixel ?? [width / 2, height / 2]);
    again();
  };
  const move = (dx: number, dy: number): void => {
    const { width, height } = actions.area();
    actions.moveBy(dx * stride * width, dy * stride * height);
    again();
  };
  /** After the axes have changed the same datum stands elsewhere, or nowhere. */
  const again = (): void => {
    if (current === undefined) return;
    const { mark, index } = current;
    const readings = actions.readings().find(([first]) => first.mark === mark);
    show(readings?.find((reading) => reading.index === index));
  };

  const keys: Record<string, () => void> = {
    ArrowLeft: () => step((index) => index - 1),
    ArrowRight: () => step((index) => index + 1),
    PageUp: () => step((index, count) => index - Math.ceil(count / 10)),
    PageDown: () => step((index, count) => index + Math.ceil(count / 10)),
    Home: () => step(() => 0),
    End: () => step((_, count) => count - 1),
    ArrowUp: () => step((index) => index, -1),
    ArrowDown: () => step((index) => index, 1),
    '+': () => zoom(share),
    '=': () => zoom(share),
    '-': () => zoom(1 / share),
    _: () => zoom(1 / share),
    '0': () => {
      actions.reset();
      again();
    },
    Escape: () => show(undefined),
  };
  const withShift: Record<string, () => void> = {
    ArrowLeft: () => move(-1, 0),
    ArrowRight: () => move(1, 0),
    ArrowUp: () => move(0, -1),
    ArrowDown: () => move(0, 1),
  };

  target.addEventListener('keydown', (event) => {
    // Ctrl, Alt and Meta belong to the browser.
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const action = (event.shiftKey ? withShift[event.key] : undefined) ?? keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
  target.addEventListener('blur', () => show(undefined));
  // What is read by pointing is where the arrows go on from: the pointer has its own readings, so they begin anew.
  target.addEventListener('pointerdown', () => {
    current = undefined;
  });
}

function nearestTo([x, y]: readonly [number, number], readings: readonly Reading[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  readings.forEach(({ pixel }, i) => {
    const distance = Math.abs(pixel[0] - x) + 1e-3 * Math.abs(pixel[1] - y);
    if (distance < least) {
      least = distance;
      best = i;
    }
  });
  return best;
}
