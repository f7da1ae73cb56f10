import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { sourceClosure } from '../src/source-closure.js';
import { temporaryFolder } from './temporary.js';

function write(folder: string, files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** An experiment that imports in every way there is. */
function experiment(): string {
  const folder = temporaryFolder();
  write(folder, {
    'package.json': '{ "name": "some-experiment", "type": "module" }',
    'kind.js': `
      import { a } from './a.js';
      import { readFile } from 'node:fs/promises';
      import { thing } from 'some-package/part.js';
      import { spectrum } from '@hessian-rmt/curvature';
      import { defineUnitKind } from '@hessian-rmt/replication';
      import { writeFigure } from '@hessian-rmt/plotting';
      export * from './b.js';
      const lazily = () => import('./lazy.js');
      const optional = () => import('@vendor/not-installed');
      const worker = () => new Worker(new URL('./worker.js', import.meta.url));
      const binary = new URL('./kernel.wasm', import.meta.url);
    `,
    'a.js': `import './a-needs.js'; export const a = 1;`,
    'a-needs.js': `import './a.js'; // a circle`,
    'b.js': `
      import { createRequire } from 'node:module';
      const load = createRequire(import.meta.url);
      load('required-package');
      notALoader('no package at all');
    `,
    'lazy.js': '',
    'worker.js': `import './worker-needs.js';`,
    'worker-needs.js': '',
    'kernel.wasm': 'not parsed: import',
    'unrelated.js': '',
    'node_modules/some-package/package.json': '{ "name": "some-package", "version": "1.2.3" }',
    'node_modules/required-package/package.json': '{ "name": "required-package", "version": "4.5.6" }',
    'packages/curvature/package.json':
      '{ "name": "@hessian-rmt/curvature", "version": "0.0.0", "type": "module", "exports": { ".": { "source": "./src/index.ts", "default": "./dist/index.js" } } }',
    'packages/curvature/dist/index.js': `export { spectrum } from './spectrum.js';`,
    'packages/curvature/dist/spectrum.js': 'export const spectrum = 1;',
  });
  mkdirSync(join(folder, 'node_modules/@hessian-rmt'), { recursive: true });
  symlinkSync(join(folder, 'packages/curvature'), join(folder, 'node_modules/@hessian-rmt/curvature'));
  return folder;
}

const closureOf = (folder: string, file = 'kind.js') => sourceClosure(pathToFileURL(join(folder, file)).href);

test('every own module is found, however it is imported, and no other', async () => {
  const { files } = await closureOf(experiment());
  expect(Object.keys(files).sort()).toEqual([
    '@hessian-rmt/curvature/dist/index.js',
    '@hessian-rmt/curvature/dist/spectrum.js',
    'some-experiment/a-needs.js',
    'some-experiment/a.js',
    'some-experiment/b.js',
    'some-experiment/kernel.wasm',
    'some-experiment/kind.js',
    'some-experiment/lazy.js',
    'some-experiment/worker-needs.js',
    'some-experiment/worker.js',
  ]);
});

test('external packages count by version, also where they are missing', async () => {
  const { packages, node } = await closureOf(experiment());
  expect(packages).toEqual({ 'some-package': '1.2.3', 'required-package': '4.5.6', '@vendor/not-installed': 'absent' });
  expect(node).toBe(process.versions.node.split('.')[0]);
});

test.each([
  'kind.js',
  'a-needs.js',
  'worker-needs.js',
  'kernel.wasm',
  'packages/curvature/dist/spectrum.js',
  'node_modules/some-package/package.json',
])('a change of %s changes the hash', async (file) => {
  const folder = experiment();
  const before = await closureOf(folder);
  write(folder, { [file]: file.endsWith('.json') ? '{ "name": "some-package", "version": "1.2.4" }' : '// changed' });
  expect((await closureOf(folder)).hash).not.toBe(before.hash);
});

test('a change elsewhere does not', async () => {
  const folder = experiment();
  const before = await closureOf(folder);
  write(folder, { 'unrelated.js': '// changed', 'new.js': '', 'node_modules/other/package.json': '{}' });
  expect((await closureOf(folder)).hash).toBe(before.hash);
});

test('the same sources in another folder have the same hash', async () => {
  expect((await closureOf(experiment())).hash).toBe((await closureOf(experiment())).hash);
});

test('an import that leads nowhere is an error that names the importer', async () => {
  const folder = experiment();
  write(folder, { 'a.js': `import './gone.js';` });
  await expect(closureOf(folder)).rejects.toThrow(/a\.js imports \.\/gone\.js, which is not there/);
});
