import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { renderPng, renderSvg } from '../src/index.js';
import { palette } from '../src/style.js';
import { faceFile, faceNames } from '../src/text/font.js';
import { figureOf, lineMark, panelOf } from './support.js';

/** The pixels of a PNG, decoded by drawing it as an image of an SVG. */
function decode(png: Uint8Array): { width: number; height: number; pixels: Uint8Array } {
  const bytes = Buffer.from(png);
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const image = `<image width="${width}" height="${height}" href="data:image/png;base64,${bytes.toString('base64')}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${image}</svg>`;
  return { width, height, pixels: new Resvg(svg).render().pixels };
}

/** Number of pixels of exactly this colour. */
function count(pixels: Uint8Array, color: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16));
  let found = 0;
  for (let i = 0; i < pixels.length; i += 4) {
    if (pixels[i] === r && pixels[i + 1] === g && pixels[i + 2] === b && pixels[i + 3] === 255) found++;
  }
  return found;
}

describe('renderPng', () => {
  const svg = renderSvg(figureOf(panelOf([lineMark([0, 4], [0.5, 0.5])])));
  const { width, height, pixels } = decode(renderPng(svg));

  it('is twice as large as the SVG', () => {
    const [, svgWidth, svgHeight] = /width="(\d+)" height="(\d+)"/.exec(svg)!;
    expect([width, height]).toEqual([2 * Number(svgWidth), 2 * Number(svgHeight)]);
  });

  it('has white ground and a line of the length and thickness that the SVG says', () => {
    expect([...pixels.slice(0, 4)]).toEqual([255, 255, 255, 255]);
    expect(count(pixels, '#ffffff') / (width * height)).toBeGreaterThan(0.85);
    const [, plotWidth] = /d="M0,0V[\d.]+H([\d.]+)/.exec(svg)!;
    // 3.2 pixels thick, of which the rims may be blended.
    expect(count(pixels, palette[0])).toBeGreaterThan(2 * 2 * Number(plotWidth) - 10);
    expect(count(pixels, palette[0])).toBeLessThan(4 * 2 * Number(plotWidth) + 10);
  });

  it('has the pixels that resvg draws, to the last of them, in fewer bytes than its own file', () => {
    const drawn = new Resvg(svg, {
      fitTo: { mode: 'zoom', value: 2 },
      font: { fontFiles: faceNames.map(faceFile), loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
    }).render();
    expect(Buffer.compare(pixels, drawn.pixels)).toBe(0);
    expect(renderPng(svg).length).toBeLessThan(drawn.asPng().length);
  });

  it('has letters', () => {
    const without = renderSvg({ ...figureOf(panelOf([lineMark([0, 4], [0.5, 0.5])])), caption: ' ' });
    const dark = (bytes: Uint8Array): number => count(decode(bytes).pixels, '#222222');
    expect(dark(renderPng(svg)) - dark(renderPng(without))).toBeGreaterThan(200);
  });
});
