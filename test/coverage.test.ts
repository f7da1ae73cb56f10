import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('docs/coverage.md has every figure, table and claim of the papers, as the committed results have them', () => {
  // Prints what is missing, and fails, also where a figure, a claim or a module of the results is in no row.
  expect(() => execFileSync(process.execPath, ['scripts/coverage.js', '--check'], { stdio: 'pipe' })).not.toThrow();
});
