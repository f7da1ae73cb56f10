import { Resvg } from '@resvg/resvg-js';
import { encodePng } from './encode-png.js';
import { faceFile, faceNames } from './text/font.js';

/** Pixels of the PNG per pixel of the SVG. */
const zoom = 2;

/** Draws an SVG document of `renderSvg` as a PNG of twice its size, in the font that travels with the package. */
export function renderPng(svg: string): Uint8Array {
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: zoom },
    font: { fontFiles: faceNames.map(faceFile), loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
  });
  const { width, height, pixels } = image.render();
  return encodePng(width, height, pixels);
}
