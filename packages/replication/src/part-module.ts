import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Part } from './experiment.js';

/**
 * Where the source of a part stands inside its experiment's package: `src/figure-3.ts`. A part that names no module is in
 * the one called after its id.
 *
 * @param entry  `file:` URL of the experiment's module, built (`dist/index.js`) or not
 * @returns null when there is no such file, as in a package that was published without its sources
 */
export function partModule(part: Pick<Part, 'id' | 'module'>, entry: string): string | null {
  const built = dirname(fileURLToPath(entry));
  const inside =
    part.module === undefined ? part.id : relative(built, fileURLToPath(part.module)).replaceAll('\\', '/');
  const source = `src/${inside.replace(/\.[cm]?[jt]s$/, '')}.ts`;
  return !inside.startsWith('..') && existsSync(join(dirname(built), source)) ? source : null;
}
