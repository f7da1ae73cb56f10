/**
 * Makes dist/page.js and dist/page.css (or those of another folder: `node bundle.js FOLDER`) of src/page/browser/: the
 * script and the style that the results page holds.
 * It takes the figures of plotting from their sources, so it asks for no other build.
 */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const outdir = process.argv[2] ?? fileURLToPath(new URL('dist', import.meta.url));
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: { page: here('src/page/browser/main.ts') },
  outdir,
  bundle: true,
  minify: true,
  format: 'iife',
  conditions: ['@hessian-rmt/source'],
  target: ['chrome103', 'firefox113', 'safari16.4'],
  charset: 'ascii',
  legalComments: 'none',
  logLevel: 'warning',
});
await build({
  entryPoints: { page: here('src/page/browser/styles.css') },
  outdir,
  bundle: true,
  minify: true,
  target: ['chrome103', 'firefox113', 'safari16.4'],
  legalComments: 'none',
  logLevel: 'warning',
});
