import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeAtomically } from '@hessian-rmt/numerics';
import { checkFigure } from '../check-figure.js';
import type { Figure } from '../figure.js';
import { renderPng } from '../render-png.js';
import { renderSvg } from '../render-svg.js';
import { encodeFigure, readFigure, roundFigure } from './figure-json.js';

/**
 * Writes `figures/ID.svg`, `.png` and `.json` under the directory. The JSON holds the figure with its numbers rounded to 9
 * significant digits, and that is also what is drawn: `redraw` gives the same bytes.
 *
 * @returns the paths of the files, each written whole or not at all
 * @throws Error for a figure that cannot be drawn, before any file is touched
 */
export async function writeFigure(directory: string, figure: Figure): Promise<readonly string[]> {
  checkFigure(figure);
  const stored = roundFigure(figure);
  const folder = join(directory, 'figures');
  const pictures = draw(folder, stored);
  const json = join(folder, `${stored.id}.json`);
  await mkdir(folder, { recursive: true });
  await writeAtomically(json, [Buffer.from(encodeFigure(stored))]);
  return [...(await writeAll(pictures)), json];
}

/**
 * Draws every `figures/*.json` under the directory again: after a change of the style, say. Nothing is computed.
 *
 * @returns the paths of the SVG and PNG files written
 * @throws Error naming the first file that holds no figure
 */
export async function redraw(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true });
  const paths = entries
    .map((entry) => join(directory, entry))
    .filter((path) => path.endsWith('.json') && basename(dirname(path)) === 'figures')
    .sort();
  const written: string[] = [];
  for (const path of paths) written.push(...(await writeAll(draw(dirname(path), await readFigure(path)))));
  return written;
}

interface Picture {
  readonly path: string;
  readonly bytes: Uint8Array;
}

function draw(folder: string, figure: Figure): readonly Picture[] {
  const svg = renderSvg(figure);
  return [
    { path: join(folder, `${figure.id}.svg`), bytes: Buffer.from(`${svg}\n`) },
    { path: join(folder, `${figure.id}.png`), bytes: renderPng(svg) },
  ];
}

async function writeAll(pictures: readonly Picture[]): Promise<readonly string[]> {
  for (const { path, bytes } of pictures) await writeAtomically(path, [bytes]);
  return pictures.map(({ path }) => path);
}
