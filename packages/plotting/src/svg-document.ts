import { createRequire } from 'node:module';
import { ground, ink } from './style.js';
import type { SvgNode } from './svg.js';

/** The part of d3-node that is used here; the package has no types. */
interface D3NodePackage {
  readonly D3Node: new () => {
    createSVG(width: number, height: number, attributes: Record<string, string>): SvgNode;
    readonly window: { readonly XMLSerializer: new () => { serializeToString(node: unknown): string } };
  };
}

const require = createRequire(import.meta.url);

export interface Svg {
  readonly root: SvgNode;
  /** The document as XML. (d3-node's own `svgString` writes HTML: `&nbsp;` in it is not XML.) */
  serialize(): string;
}

/**
 * An SVG document of this size in pixels, on white ground.
 *
 * d3-node brings a whole browser's DOM, which takes half a second to load: it is loaded here, by the first drawing,
 * so that whoever only builds or reads figures does not wait for it.
 */
export function createSvg(width: number, height: number, fontFamily: string): Svg {
  const { D3Node } = require('d3-node') as D3NodePackage;
  const page = new D3Node();
  const root = page.createSVG(width, height, {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'font-family': fontFamily,
    fill: ink,
    // Without it some programs drop the blanks between the parts of a formula.
    'xml:space': 'preserve',
  });
  root.append('rect').attr('width', width).attr('height', height).attr('fill', ground);
  return { root, serialize: () => new page.window.XMLSerializer().serializeToString(root.node()) };
}
