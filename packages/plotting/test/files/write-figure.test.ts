import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Figure, readFigure, redraw, renderSvg, writeFigure } from '../../src/index.js';
import * as gallery from '../gallery/figures.js';
import { figureOf, lineMark, panelOf } from '../support.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'figures-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const figure = figureOf(panelOf([lineMark([0, 1.23456789123], [1 / 3, 1e-15 / 7], 'law $\\rho$')]));

async function bytesOf(paths: readonly string[]): Promise<Map<string, string>> {
  const bytes = new Map<string, string>();
  for (const path of paths) bytes.set(path, (await readFile(path)).toString('base64'));
  return bytes;
}

describe('writeFigure', () => {
  it('writes SVG, PNG and JSON under figures/, and nothing else', async () => {
    const written = await writeFigure(folder, figure);
    const names = ['test.json', 'test.png', 'test.svg'];
    expect((await readdir(join(folder, 'figures'))).sort()).toEqual(names);
    expect([...written].sort()).toEqual(names.map((name) => join(folder, 'figures', name)));
  });

  it('writes numbers with nine significant digits', async () => {
    await writeFigure(folder, figure);
    const stored = await readFigure(join(folder, 'figures', 'test.json'));
    expect(stored.panels[0].marks[0]).toMatchObject({ x: [0, 1.23456789], y: [0.333333333, 1.42857143e-16] });
  });

  it('stores a figure whose drawing is, byte for byte, the one written beside it', async () => {
    for (const make of [gallery.histogramLogarithmic, gallery.edges, gallery.hiddenValues]) {
      const [svg, , json] = await writeFigure(folder, make());
      expect(`${renderSvg(await readFigure(json))}\n`).toBe(await readFile(svg, 'utf8'));
    }
  });

  it('touches no file for a figure that cannot be drawn', async () => {
    const bad: Figure = figureOf(panelOf([lineMark([0], [Number.NaN])]));
    await expect(writeFigure(folder, bad)).rejects.toThrow('y[0] must be a finite number');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('redraw', () => {
  it('draws all figures under a folder again, to the same bytes, and leaves the JSON alone', async () => {
    const written = [
      ...(await writeFigure(join(folder, 'one', 'laptop'), figure)),
      ...(await writeFigure(join(folder, 'two', 'quick'), { ...figure, id: 'other' })),
    ];
    const before = await bytesOf(written);
    const pictures = written.filter((path) => !path.endsWith('.json'));
    for (const path of pictures) await rm(path);
    await writeFile(join(folder, 'one', 'manifest.json'), '{}');
    expect([...(await redraw(folder))].sort()).toEqual([...pictures].sort());
    expect(await bytesOf(written)).toEqual(before);
  });

  it('names the file that holds no figure', async () => {
    const path = join(folder, 'figures', 'bad.json');
    await mkdir(join(folder, 'figures'));
    await writeFile(path, '{"id": "bad"}');
    await expect(redraw(folder)).rejects.toThrow(`${path}: figure "bad": title must be a text; found nothing`);
    await writeFile(path, '{"id": ');
    await expect(readFigure(path)).rejects.toThrow(`${path}: `);
  });
});
