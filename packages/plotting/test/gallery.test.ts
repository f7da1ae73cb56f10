import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { renderPng, renderSvg } from '../src/index.js';
import * as gallery from './gallery/figures.js';

const snapshots = new URL('fixtures/gallery/', import.meta.url);

/** One decimal: a last bit of `Math.log` that differs between processors must not fail a test. */
function normalized(svg: string): string {
  const rounded = svg.replace(/\d+\.\d+/g, (number) => String(Number(Number(number).toFixed(1))));
  return `${rounded.replaceAll('><', '>\n<')}\n`;
}

async function accepted(name: string): Promise<string> {
  return readFile(new URL(`${name}.svg`, snapshots), 'utf8').catch(() => 'no snapshot yet');
}

describe('the gallery', () => {
  for (const [name, make] of Object.entries(gallery)) {
    it(`draws ${name} as its snapshot, or writes ${name}-changed.svg beside it: look, and rename it if it is right`, async () => {
      const drawn = normalized(renderSvg(make()));
      const changed = new URL(`${name}-changed.svg`, snapshots);
      const same = drawn === (await accepted(name));
      if (same) await rm(changed, { force: true });
      else await writeFile(changed, drawn);
      expect(same, same ? '' : `${changed.pathname} differs from the snapshot`).toBe(true);
    });
  }
});

/** `npm run gallery` writes all figures into a new folder, to be looked at. */
afterAll(async () => {
  if (process.env.HESSIAN_RMT_GALLERY === undefined) return;
  const folder = await mkdtemp(join(tmpdir(), 'gallery-'));
  for (const [name, make] of Object.entries(gallery)) {
    const svg = renderSvg(make());
    await writeFile(join(folder, `${name}.svg`), svg);
    await writeFile(join(folder, `${name}.png`), renderPng(svg));
  }
  console.log(`The gallery is in ${folder}`);
});
