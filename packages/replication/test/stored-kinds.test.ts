import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LibraryInfo } from '@hessian-rmt/numerics';
import { expect, test } from 'vitest';
import type { Experiment } from '../src/experiment.js';
import { processorName } from '../src/processor-name.js';
import { storedKinds } from '../src/stored-kinds.js';
import { temporaryFolder } from './temporary.js';

const library = (kind: string, description: string) =>
  ({ kind, identity: 'portable 1', description }) as unknown as LibraryInfo;
const openBlas = library('openblas', 'OpenBLAS 0.3, Haswell');

/** Its units tell n seconds, and ten operations for each of their threads. */
const experiment = {
  name: 'toy',
  unitKinds: [{ name: 'telling', cost: ({ n }: { n: number }) => ({ flops: 20, seconds: n }) }, { name: 'silent' }],
} as unknown as Experiment;

/** Results of three units that took 60 seconds and told 6. */
function withResults(root: string, folder: string, run: object): void {
  const directory = join(root, 'results/toy', folder);
  mkdirSync(directory, { recursive: true });
  const kinds = { telling: { units: 3, seconds: 60, longest: 30, bytes: 300 }, silent: { units: 2, seconds: 8 } };
  const units = [1, 2, 3].map((n) => ({ kind: 'telling', config: { n }, threads: 2 }));
  writeFileSync(join(directory, 'claims.json'), '[]');
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ units }));
  writeFileSync(
    join(directory, 'run.json'),
    JSON.stringify({ processor: processorName(), linearAlgebra: openBlas.description, kinds, ...run }),
  );
}

test('units of stored results are held against what their kind tells of these very units', () => {
  const root = temporaryFolder();
  withResults(root, 'laptop', {});
  const kinds = storedKinds(root, experiment, openBlas, 'paper');
  const measured = { units: 3, seconds: 60, told: { flops: 30, seconds: 6 } };
  expect(kinds.get('telling')).toEqual([{ folder: 'laptop', units: 3, seconds: 60, bytes: 300, measured }]);
  expect(kinds.get('silent')).toEqual([{ folder: 'laptop', units: 2, seconds: 8, bytes: null, measured: null }]);
});

test('but not where another processor or library computed them; without a BLAS library it is the same one everywhere', () => {
  const root = temporaryFolder();
  const portable = library('portable', 'portable implementation');
  withResults(root, 'smoke', { processor: 'another' });
  withResults(root, 'quick', { linearAlgebra: 'OpenBLAS 0.3, Zen' });
  withResults(root, 'laptop', { linearAlgebra: portable.description });
  const areMeasured = (of: LibraryInfo) =>
    Object.fromEntries(
      storedKinds(root, experiment, of, 'paper')
        .get('telling')!
        .map(({ folder, measured }) => [folder, measured !== null]),
    );
  expect(areMeasured(openBlas)).toEqual({ smoke: false, quick: false, laptop: false });
  expect(areMeasured(portable)).toEqual({ smoke: false, quick: false, laptop: true });
});

test('the folder that the results go to comes first, then the largest profile; what cannot be read is left out', () => {
  const root = temporaryFolder();
  for (const folder of ['smoke', 'laptop', 'custom', 'quick']) withResults(root, folder, {});
  withResults(root, 'paper', { kinds: { telling: { units: 'three', seconds: 60 } } });
  const folders = (folder: string) =>
    storedKinds(root, experiment, openBlas, folder)
      .get('telling')!
      .map((one) => one.folder);
  expect(folders('paper')).toEqual(['laptop', 'quick', 'smoke', 'custom']);
  expect(folders('quick')).toEqual(['quick', 'laptop', 'smoke', 'custom']);
});
