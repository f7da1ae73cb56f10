import { parseText } from '../text/rich-text.js';
import { themed } from './colors.js';
import { element, richNodes } from './html.js';
import type { Wording } from './wording.js';

export function fillTooltip(tooltip: HTMLElement, { series, lines }: Wording, color: string): void {
  const swatch = element('span', 'hf-swatch');
  swatch.style.background = themed(color);
  const values = element('dl', '');
  for (const { name, value } of lines) {
    values.append(
      element('dt', '', {}, ...richNodes(parseText(name))),
      element('dd', '', {}, ...richNodes(parseText(value))),
    );
  }
  tooltip.replaceChildren(
    element('div', 'hf-tooltip-title', {}, swatch, element('span', '', {}, ...richNodes(parseText(series)))),
    values,
  );
  tooltip.hidden = false;
}

/** Between a place and its tooltip, in pixels: a finger covers less. */
const gap = 12;

/** Puts the tooltip beside a place, on the side that has room for it, within `width` pixels. */
export function placeTooltip(tooltip: HTMLElement, width: number, [x, y]: readonly [number, number]): void {
  const { offsetWidth, offsetHeight } = tooltip;
  const beside = x + gap + offsetWidth <= width ? x + gap : x - gap - offsetWidth;
  const hasRoom = beside >= 0;
  const left = hasRoom ? beside : Math.max(0, Math.min(width - offsetWidth, x - offsetWidth / 2));
  const top = hasRoom ? y - offsetHeight / 2 : y - offsetHeight - gap;
  tooltip.style.left = `${Math.round(left)}px`;
  tooltip.style.top = `${Math.round(top)}px`;
}
