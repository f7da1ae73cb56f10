import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type ClosureOptions, sourceClosure } from '../src/source-closure.js';
import { temporaryFolder } from './temporary.js';

function write(folder: string, files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

const closureOf = (folder: string, file = 'kind.js', options?: ClosureOptions) =>
  sourceClosure(pathToFileURL(join(folder, file)).href, options);

/** A folder with a module that imports nothing. */
function nothing(): string {
  const folder = temporaryFolder();
  write(folder, { 'package.json': '{ "name": "nothing", "type": "module" }', 'kind.js': '' });
  return folder;
}

/** The closure beyond what every unit is given. */
async function ownClosureOf(folder: string) {
  const { files, names, packages } = await closureOf(folder);
  const given = await closureOf(nothing());
  const beyond = (found: Readonly<Record<string, string>>, known: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(found).filter(([key]) => !(key in known)));
  return {
    files: Object.keys(beyond(files, given.files)).sort(),
    names: beyond(names, given.names),
    packages: beyond(packages, given.packages),
  };
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
    'packages/curvature/dist/index.js': `
      export { spectrum } from './spectrum.js';
      export { gap } from './gap.js';
    `,
    'packages/curvature/dist/spectrum.js': `import { sorted } from './sorted.js'; export const spectrum = 1;`,
    'packages/curvature/dist/sorted.js': 'export const sorted = 1;',
    'packages/curvature/dist/gap.js': 'export const gap = 1;',
  });
  mkdirSync(join(folder, 'node_modules/@hessian-rmt'), { recursive: true });
  symlinkSync(join(folder, 'packages/curvature'), join(folder, 'node_modules/@hessian-rmt/curvature'));
  return folder;
}

test('every own module that is needed is found, however it is imported, and no other', async () => {
  const { files, names } = await ownClosureOf(experiment());
  expect(files).toEqual([
    '@hessian-rmt/curvature/dist/sorted.js',
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
  expect(names).toEqual({
    '@hessian-rmt/curvature/dist/index.js#spectrum': '@hessian-rmt/curvature/dist/spectrum.js#spectrum',
  });
});

test('external packages count by version, also where they are missing', async () => {
  const { packages } = await ownClosureOf(experiment());
  expect(packages).toEqual({ 'some-package': '1.2.3', 'required-package': '4.5.6', '@vendor/not-installed': 'absent' });
  expect((await closureOf(experiment())).node).toBe(process.versions.node.split('.')[0]);
});

test.each([
  'kind.js',
  'a-needs.js',
  'worker-needs.js',
  'kernel.wasm',
  'packages/curvature/dist/spectrum.js',
  'packages/curvature/dist/sorted.js',
  'node_modules/some-package/package.json',
])('a change of %s changes the hash', async (file) => {
  const folder = experiment();
  const before = await closureOf(folder);
  const changed = file.endsWith('.json')
    ? '{ "name": "some-package", "version": "1.2.4" }'
    : 'export const [spectrum, sorted] = [2, 2];';
  write(folder, { [file]: changed });
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

test('what replication gives to a unit counts, though the unit imports nothing', async () => {
  const given = await closureOf(nothing());
  expect(given.names).toEqual({
    '@hessian-rmt/numerics/dist/index.js#linearAlgebra': '@hessian-rmt/numerics/dist/choose.js#linearAlgebra',
    '@hessian-rmt/numerics/dist/index.js#randomStream': '@hessian-rmt/numerics/dist/random.js#randomStream',
  });
  const files = Object.keys(given.files);
  for (const module of ['choose.js', 'random.js', 'native/symmetric.js', 'portable/symmetric.js']) {
    expect(files).toContain(`@hessian-rmt/numerics/dist/${module}`);
  }
  expect(files.filter((label) => /replication|plotting|npz/.test(label))).toEqual([]);
});

test('where replication is followed all of it counts, and of plotting what it draws with', async () => {
  const files = Object.keys((await closureOf(nothing(), 'kind.js', { exclude: [] })).files);
  for (const module of [
    'replication/dist/index.js',
    'replication/dist/write-results.js',
    'plotting/dist/render-svg.js',
  ]) {
    expect(files).toContain(`@hessian-rmt/${module}`);
  }
  expect(files).not.toContain('@hessian-rmt/plotting/dist/index.js');
});

describe('a barrel', () => {
  const modules = (...names: string[]) =>
    Object.fromEntries(names.map((name) => [`${name}.js`, `export const ${name} = 1, other = 2; export default 3;`]));

  function folderWith(files: Record<string, string>): string {
    const folder = temporaryFolder();
    write(folder, { 'package.json': '{ "name": "x", "type": "module" }', ...modules('a', 'b', 'c'), ...files });
    return folder;
  }

  /** Labels without the package, of all modules but the first. */
  const modulesOf = async (folder: string) =>
    (await ownClosureOf(folder)).files.map((label) => label.replace('x/', '')).filter((label) => label !== 'kind.js');

  test.each([
    ['a list', `export { a } from './a.js'; export { b } from './b.js';`],
    ['a list with comments', `export { /* b, */ a, // c } from\n } from './a.js';\nexport { b } from './b.js';`],
    ['a new name', `export { other as a } from './a.js'; export { other as b, other } from './b.js';`],
    ['a default export', `export { default as a } from './a.js'; export { default as b } from './b.js';`],
    [
      'an import before',
      `import { other as x } from './a.js'; import { other } from './b.js'; export { x as a, other as x };`,
    ],
    ['a default import before', `import a, { other } from './a.js'; export { a, other };`],
    [
      'an import of which another export has the name',
      `export { b as x } from './b.js'; import { other as x } from './a.js'; export { x as a };`,
    ],
    ['a module as an object', `export * as a from './a.js'; export * as b from './b.js';`],
    ['an imported object', `import * as a from './a.js'; export { a }; export { b } from './b.js';`],
    ['a star', `export * from './b.js'; export * from './a.js'; export * from './c.js';`],
    ['a name before a star', `export * from './b.js'; export { other as a } from './a.js';`],
    [
      'a star through another barrel',
      `export * from './types.js'; export * from './inner.js'; export * from './b.js';`,
    ],
    ['a list through another barrel', `export { inner as a } from './inner.js'; export { c } from './inner.js';`],
  ])('is followed by name through %s', async (_how, barrel) => {
    const folder = folderWith({
      'kind.js': `import { a as mine } from './barrel.js';`,
      'barrel.js': barrel,
      'inner.js': `export { a, a as inner } from './a.js'; export { c } from './c.js';`,
      'types.js': 'export {};',
    });
    expect(await modulesOf(folder)).toEqual(['a.js']);
  });

  test('counts by what its names lead to: not by its text, and not by names that nobody takes', async () => {
    const folder = folderWith({
      'kind.js': `import { a } from './barrel.js';`,
      'barrel.js': `export { a } from './a.js'; export { b } from './b.js';`,
    });
    const before = await closureOf(folder);
    write(folder, { 'barrel.js': `// new\nexport { c } from './c.js';\nexport { a } from './a.js';` });
    expect((await closureOf(folder)).hash).toBe(before.hash);
    write(folder, { 'b.js': '// changed' });
    expect((await closureOf(folder)).hash).toBe(before.hash);
  });

  test('that takes a name from elsewhere in the same module changes the hash', async () => {
    const folder = folderWith({
      'kind.js': `import { a } from './barrel.js'; import { b } from './b.js';`,
      'barrel.js': `export { a } from './a.js';`,
    });
    const before = await closureOf(folder);
    write(folder, { 'barrel.js': `export { default as a } from './a.js';` });
    const after = await closureOf(folder);
    expect(after.files).toEqual(before.files);
    expect(after.names).not.toEqual(before.names);
    expect(after.hash).not.toBe(before.hash);
  });

  test.each([
    ['as an object', `import * as all from './barrel.js';`],
    ['dynamically', `const all = () => import('./barrel.js');`],
    ['for its effects', `import './barrel.js';`],
    ['with an empty list', `import {} from './barrel.js';`],
    ['with a name in quotes', `import { 'a' as b } from './barrel.js';`],
    ['by URL', `const url = new URL('./barrel.js', import.meta.url);`],
    ['and passed on by a module that does more', `export * from './barrel.js'; export const d = 1;`],
  ])('that is imported %s is taken whole', async (_how, source) => {
    const folder = folderWith({
      'kind.js': source,
      'barrel.js': `export { a } from './a.js'; export * from './b.js';`,
    });
    expect(await modulesOf(folder)).toEqual(['a.js', 'b.js', 'barrel.js']);
  });

  test('that does anything else is none, and taken whole', async () => {
    for (const more of ['const d = 1;', 'export const d = 1;', 'run();', `export { 'b' as d } from './b.js';`]) {
      const folder = folderWith({
        'kind.js': `import { a } from './barrel.js';`,
        'barrel.js': `export { a } from './a.js'; import { b } from './b.js'; ${more}`,
      });
      expect(await modulesOf(folder)).toEqual(['a.js', 'b.js', 'barrel.js']);
    }
  });

  test('that imports a module for its effects always takes it along', async () => {
    const folder = folderWith({
      'kind.js': `import { a } from './barrel.js';`,
      'barrel.js': `import './c.js'; export * from './inner.js';`,
      'inner.js': `import './register.js'; export { a } from './a.js'; export { b } from './b.js';`,
      'register.js': 'globalThis.registered = true;',
    });
    expect(await modulesOf(folder)).toEqual(['a.js', 'c.js', 'register.js']);
  });

  test('may pass on what a package from elsewhere exports', async () => {
    const folder = folderWith({
      'kind.js': `import { a, far, named } from './barrel.js';`,
      'barrel.js': `export * from 'far-package'; export * from './a.js'; export { named } from 'named-package'; export { x } from 'unused';`,
    });
    const { files, names, packages } = await ownClosureOf(folder);
    expect(files).toEqual(['x/a.js', 'x/kind.js']);
    expect(names).toEqual({
      'x/barrel.js#a': 'x/a.js#a',
      'x/barrel.js#far': 'far-package#far',
      'x/barrel.js#named': 'named-package#named',
    });
    expect(packages).toEqual({ 'far-package': 'absent', 'named-package': 'absent' });
  });

  test.each([
    ['that is not there', `export { a } from './a.js';`],
    ['that leads in a circle', `export { gone } from './inner.js'; export * from './inner.js';`],
    ['that the module behind it lacks', `export { gone } from './a.js';`],
  ])('asked for a name %s is an error that names the importer', async (_what, barrel) => {
    const folder = folderWith({
      'kind.js': `import { gone } from './barrel.js';`,
      'barrel.js': barrel,
      'inner.js': `export * from './barrel.js';`,
    });
    await expect(closureOf(folder)).rejects.toThrow(/kind\.js imports gone from \.\/barrel\.js, which has none/);
  });
});
