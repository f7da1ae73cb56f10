import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { storedResults } from '../src/stored-results.js';
import { temporaryFolder } from './temporary.js';

function rootWith(...stored: readonly [experiment: string, profile: string][]): string {
  const root = temporaryFolder();
  for (const [experiment, profile] of stored) {
    mkdirSync(join(root, 'results', experiment, profile), { recursive: true });
    writeFileSync(join(root, 'results', experiment, profile, 'claims.json'), '[]');
  }
  return root;
}

const anyProfile = { profile: undefined, demanded: false };

it('the results of an experiment are those of its largest profile, whatever their order on the disk', () => {
  const root = rootWith(['a', 'laptop'], ['a', 'quick'], ['b', 'smoke']);
  expect(storedResults(root, ['a', 'b', 'c'], anyProfile)).toEqual([
    { experiment: 'a', profile: 'laptop', directory: join(root, 'results', 'a', 'laptop'), others: ['quick'] },
    { experiment: 'b', profile: 'smoke', directory: join(root, 'results', 'b', 'smoke'), others: [] },
  ]);
});

it('a folder without a ledger, as a run leaves it beside the results, is no result', () => {
  const root = rootWith(['a', 'quick']);
  mkdirSync(join(root, 'results', 'a', 'paper'));
  expect(storedResults(root, ['a'], anyProfile)[0].profile).toBe('quick');
});

it('what is missing is an error when it was asked for by name, or when there is nothing at all', () => {
  const root = rootWith(['a', 'quick']);
  expect(storedResults(root, ['a', 'b'], anyProfile)).toHaveLength(1);
  expect(() => storedResults(root, ['a', 'b'], { profile: undefined, demanded: true })).toThrow(
    'no results of b; npx hessian-rmt reproduce makes them',
  );
  expect(() => storedResults(root, ['a', 'b'], { profile: 'paper', demanded: false })).toThrow(
    'no results at profile paper of a (stored: quick), b; npx hessian-rmt reproduce --profile paper makes them',
  );
});
