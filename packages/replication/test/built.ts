import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const unitProcess = new URL('../dist/unit-process.js', import.meta.url);
if (!existsSync(fileURLToPath(unitProcess))) {
  throw new Error('Units run in processes of built code: run `npx tsc -b` in packages/replication first.');
}

/** The package as users have it: what starts processes works only when built. */
export * from '../dist/index.js';

/** A file under test/fixtures. */
export const fixture = (path: string): string => fileURLToPath(new URL(`./fixtures/${path}`, import.meta.url));

/** A module as it is built. */
export const built = (path: string): URL => new URL(`../dist/${path}`, import.meta.url);
