import { drawSample, sampleWidth } from '../layout/legend.js';
import type { DrawnMark } from '../marks/drawn-mark.js';
import { parseText } from '../text/rich-text.js';
import { element, richNodes } from './html.js';
import { SvgElement } from './svg-element.js';

const sampleHeight = 14;

/** An entry of the legend, which switches its series on and off. */
export function legendButton(drawn: DrawnMark, text: string, isOn: boolean, toggle: () => void): HTMLButtonElement {
  const sample = SvgElement.create(sampleWidth, sampleHeight);
  sample.node.attr('aria-hidden', 'true');
  drawSample(sample.node, drawn, 0, sampleHeight / 2);
  const label = element('span', 'hf-label', {}, ...richNodes(parseText(text)));
  const button = element(
    'button',
    'hf-series',
    { type: 'button', 'aria-pressed': String(isOn) },
    sample.element,
    label,
  );
  button.addEventListener('click', toggle);
  return button;
}
