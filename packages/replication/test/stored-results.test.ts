import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nameOfResults, storedFolders, storedResults } from '../src/stored-results.js';
import { temporaryFolder } from './temporary.js';

function rootWith(...stored: readonly [experiment: string, folder: string, profile?: string][]): string {
  const root = temporaryFolder();
  for (const [experiment, folder, profile] of stored) {
    const directory = join(root, 'results', experiment, folder);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'claims.json'), '[]');
    if (profile) writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ profile }));
  }
  return root;
}

const anyFolder = { folder: undefined, demanded: false };

it('the results of an experiment are those of its largest profile, whatever their order on the disk', () => {
  const root = rootWith(['a', 'laptop'], ['a', 'quick'], ['a', 'wide', 'paper'], ['b', 'smoke']);
  const directory = (...names: string[]) => join(root, 'results', ...names);
  expect(storedResults(root, ['a', 'b', 'c'], anyFolder)).toEqual([
    {
      experiment: 'a',
      folder: 'laptop',
      profile: 'laptop',
      directory: directory('a', 'laptop'),
      others: ['quick', 'wide'],
    },
    { experiment: 'b', folder: 'smoke', profile: 'smoke', directory: directory('b', 'smoke'), others: [] },
  ]);
});

it('folders are listed from the smallest profile to the largest, those of changed runs after them by name', () => {
  const root = rootWith(['a', 'wide'], ['a', 'paper'], ['a', 'custom'], ['a', '.custom.new'], ['a', 'quick']);
  expect(storedFolders(root, 'a')).toEqual(['quick', 'paper', 'custom', 'wide']);
  expect(storedFolders(root, 'b')).toEqual([]);
});

it('a changed run is found by its name, and by itself where nothing else is; its profile is that of its manifest', () => {
  const root = rootWith(['a', 'quick'], ['a', 'wide', 'laptop'], ['b', 'custom', 'smoke']);
  const [wide] = storedResults(root, ['a'], { folder: 'wide', demanded: true });
  expect(wide).toMatchObject({ folder: 'wide', profile: 'laptop', others: ['quick'] });
  expect(nameOfResults(wide)).toBe('wide (profile laptop)');
  expect(storedResults(root, ['b'], anyFolder)).toMatchObject([{ folder: 'custom', profile: 'smoke' }]);
});

it('a changed run whose manifest does not say its profile is refused by name', () => {
  const none = rootWith(['a', 'wide']);
  expect(() => storedResults(none, ['a'], anyFolder)).toThrow(
    /a\/wide\/manifest\.json: expected the manifest of a run/,
  );
  const wrong = rootWith(['a', 'wide', 'huge']);
  expect(() => storedResults(wrong, ['a'], anyFolder)).toThrow(
    /profile: expected one of smoke, quick, laptop, paper, found "huge"/,
  );
});

it('a folder without a ledger, as a run leaves it beside the results, is no result', () => {
  const root = rootWith(['a', 'quick']);
  mkdirSync(join(root, 'results', 'a', 'paper'));
  expect(storedResults(root, ['a'], anyFolder)[0].profile).toBe('quick');
});

it('what is missing is an error when it was asked for by name, or when there is nothing at all', () => {
  const root = rootWith(['a', 'quick']);
  expect(storedResults(root, ['a', 'b'], anyFolder)).toHaveLength(1);
  expect(() => storedResults(root, ['a', 'b'], { folder: undefined, demanded: true })).toThrow(
    'no results of b; npx hessian-rmt reproduce makes them',
  );
  expect(() => storedResults(root, ['a', 'b'], { folder: 'paper', demanded: false })).toThrow(
    'no results at profile paper of a (stored: quick), b; npx hessian-rmt reproduce --profile paper makes them',
  );
  expect(() => storedResults(root, ['a'], { folder: 'wide', demanded: false })).toThrow(
    'no results called wide of a (stored: quick); npx hessian-rmt reproduce --as wide makes them',
  );
});
