import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { findExperiments, projectRoot } from '../src/find-experiments.js';
import { partModule } from '../src/part-module.js';
import { temporaryFolder } from './temporary.js';

const url = (...path: string[]) => pathToFileURL(join(...path)).href;

function packageWith(...sources: string[]): { folder: string; entry: string } {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'src'));
  for (const source of sources) writeFileSync(join(folder, 'src', source), '');
  return { folder, entry: url(folder, 'dist/index.js') };
}

test('a part stands in the module called after it', () => {
  const { entry } = packageWith('table-1.ts');
  expect(partModule({ id: 'table-1' }, entry)).toBe('src/table-1.ts');
});

test('a part that names its module is found in the source of what was compiled', () => {
  const { folder, entry } = packageWith('audit.ts');
  expect(partModule({ id: 'audit-7850', module: url(folder, 'dist/audit.js') }, entry)).toBe('src/audit.ts');
  const uncompiled = { id: 'audit-7850', module: url(folder, 'src/audit.ts') };
  expect(partModule(uncompiled, url(folder, 'src/index.ts'))).toBe('src/audit.ts');
});

test('a part whose source is not there, or is not of its package, has no module', () => {
  const { folder, entry } = packageWith();
  expect(partModule({ id: 'table-1' }, entry)).toBe(null);
  expect(partModule({ id: 'table-1', module: url(folder, '../table-1.js') }, entry)).toBe(null);
});

test('every part of the four papers is found in its package', async () => {
  for (const experiment of findExperiments(projectRoot())) {
    const { parts } = (await import(join(experiment.folder, 'src/index.ts'))).default;
    const entry = url(experiment.folder, 'src/index.ts');
    const lost = parts.filter((part: never) => partModule(part, entry) === null).map(({ id }: { id: string }) => id);
    expect(lost, experiment.name).toEqual([]);
  }
});
