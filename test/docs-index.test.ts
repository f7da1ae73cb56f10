import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('docs/README.md leads to every page of docs/', () => {
  const index = readFileSync('docs/README.md', 'utf8');
  const pages = execFileSync('git', ['ls-files', '-z', 'docs/*.md'], { encoding: 'utf8' }).split('\0').filter(Boolean);
  const missing = pages
    .map((page) => page.replace('docs/', ''))
    .filter((page) => page !== 'README.md' && !index.includes(`](${page})`));
  expect(missing).toEqual([]);
});
