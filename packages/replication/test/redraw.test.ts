import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, writeFigure } from '@hessian-rmt/plotting';
import { describe, expect, it } from 'vitest';
import { redrawFigures } from '../src/redraw.js';
import { sumsOf } from '../src/results-directory.js';
import { temporaryFolder } from './temporary.js';

const figure: Figure = {
  id: 'figure-1',
  title: 'A line',
  caption: 'It rises.',
  panels: [{ x: { label: 'x' }, y: { label: 'y' }, marks: [{ kind: 'line', x: [0, 1], y: [0, 1] }] }],
};

/** A repository with the results of one experiment. */
async function resultsOfToy(): Promise<{ root: string; directory: string }> {
  const root = temporaryFolder();
  const directory = join(root, 'results', 'toy', 'laptop');
  await writeFigure(directory, figure);
  writeFileSync(join(directory, 'claims.json'), '[]');
  const files = await sumsOf(directory);
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ seed: 1, files }));
  writeFileSync(join(directory, 'run.json'), '{}');
  return { root, directory };
}

const manifestOf = (directory: string) => JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));

describe('redrawFigures', () => {
  it('changes no byte when nothing about the drawing changed', async () => {
    const { root, directory } = await resultsOfToy();
    const before = await sumsOf(directory);
    const { drawn, changed } = await redrawFigures(root, 'toy', 'laptop');
    expect(drawn).toEqual(['figures/figure-1.svg', 'figures/figure-1.png']);
    expect(changed).toEqual([]);
    expect(await sumsOf(directory)).toEqual(before);
  });

  it('draws what the stored data say, and the manifest tells which files were redrawn', async () => {
    const { root, directory } = await resultsOfToy();
    const svg = join(directory, 'figures', 'figure-1.svg');
    writeFileSync(svg, 'drawn in another style');
    const { changed } = await redrawFigures(root, 'toy', 'laptop');
    expect(changed).toEqual(['figures/figure-1.svg']);
    expect(readFileSync(svg, 'utf8')).toContain('A line');

    const manifest = manifestOf(directory);
    const { 'manifest.json': _, 'run.json': __, ...files } = await sumsOf(directory);
    expect(manifest).toEqual({
      seed: 1,
      files,
      redrawn: { command: 'npx hessian-rmt figures toy --profile laptop', files: ['figures/figure-1.svg'] },
    });
  });

  it.each(['figures/figure-1.json', 'claims.json'])(
    'does not bless %s that was altered since the run',
    async (file) => {
      const { root, directory } = await resultsOfToy();
      const path = join(directory, file);
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, text.replace('0,1]', '0,2]').replace('[]', '[ ]'));
      writeFileSync(join(directory, 'figures/figure-1.svg'), 'drawn in another style');
      const before = await sumsOf(directory);
      await expect(redrawFigures(root, 'toy', 'laptop')).rejects.toThrow(
        `${path}: expected the file that manifest.json`,
      );
      expect(await sumsOf(directory)).toEqual(before);
      rmSync(path);
      await expect(redrawFigures(root, 'toy', 'laptop')).rejects.toThrow('it is missing');
    },
  );

  it('leaves everything as it was when a stored figure cannot be drawn, and names it', async () => {
    const { root, directory } = await resultsOfToy();
    mkdirSync(join(directory, 'figures'), { recursive: true });
    writeFileSync(join(directory, 'figures', 'figure-2.json'), '{"id": "figure-2"');
    const before = await sumsOf(directory);
    await expect(redrawFigures(root, 'toy', 'laptop')).rejects.toThrow('figure-2.json');
    expect(await sumsOf(directory)).toEqual(before);
  });
});
