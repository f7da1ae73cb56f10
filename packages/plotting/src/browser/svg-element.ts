import type { SvgNode } from '../svg.js';
import { themed } from './colors.js';

const namespace = 'http://www.w3.org/2000/svg';

/** An element of the page that the drawing code of all figures can draw into; its colours are those of the theme. */
export class SvgElement implements SvgNode {
  constructor(private readonly element: SVGElement) {}

  static create(width: number, height: number): { readonly node: SvgElement; readonly element: SVGElement } {
    const element = document.createElementNS(namespace, 'svg');
    const node = new SvgElement(element);
    node.attr('width', width).attr('height', height).attr('viewBox', `0 0 ${width} ${height}`);
    return { node, element };
  }

  append(name: string): SvgElement {
    const child = document.createElementNS(namespace, name);
    this.element.append(child);
    return new SvgElement(child);
  }

  attr(name: string, value: string | number): SvgElement {
    if (name === 'fill' || name === 'stroke') {
      this.element.style.setProperty(name, themed(String(value), this.element.localName === 'text'));
    } else {
      this.element.setAttribute(name, String(value));
    }
    return this;
  }

  text(content: string): SvgElement {
    this.element.textContent = content;
    return this;
  }

  node(): SVGElement {
    return this.element;
  }
}
