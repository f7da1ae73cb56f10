import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rewriteFile } from '../src/rewrite-file.js';
import { temporaryFolder } from './temporary.js';

test('what a killed writer left beside a file goes when it is written again; what a live one writes stays', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'index.html');
  // A process that is gone.
  const { pid } = spawnSync(process.execPath, ['--version']);
  const left = `index.html.${hostname()}+${pid}+0.tmp`;
  const others = [
    `index.html.${hostname()}+${process.pid}+0.tmp`,
    `other.html.${hostname()}+${pid}+0.tmp`,
    'index.html.tmp',
  ];
  for (const name of [left, ...others]) writeFileSync(join(folder, name), 'half');
  await rewriteFile(path, 'whole');
  expect(readFileSync(path, 'utf8')).toBe('whole');
  expect(readdirSync(folder).sort()).toEqual([...others, 'index.html'].sort());
});

test('a file that cannot be put in its place leaves nothing beside it', async () => {
  const folder = temporaryFolder();
  await expect(rewriteFile(join(folder, 'no folder', 'file'), 'text')).rejects.toThrow(/ENOENT/);
  mkdirSync(join(folder, 'taken'));
  await expect(rewriteFile(join(folder, 'taken'), 'text')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
  expect(readdirSync(folder)).toEqual(['taken']);
});
