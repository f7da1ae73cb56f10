import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readNpy } from '@hessian-rmt/numerics';
import { expect, test } from 'vitest';
import {
  experimentPackage,
  fixture,
  localExecutor,
  type ProfileName,
  type RunEvent,
  reproduce,
  type UnitsFailed,
} from './built.js';
import { temporaryFolder } from './temporary.js';

/** A run of the fixture whose units work with the results of others. */
async function run(root: string, profile: ProfileName) {
  const events: RunEvent[] = [];
  const outcome = await reproduce(experimentPackage(fixture('experiments/chained-toy')), {
    root,
    profile,
    seed: 1,
    executor: localExecutor({ cores: 3 }),
    onEvent: (event) => events.push(event),
  });
  const started = events.flatMap((event) => (event.type === 'unitStarted' ? [event.unit] : []));
  return { ...outcome, started };
}

test('a unit that three others need is computed once, before them, and stands in the manifest', async () => {
  const root = temporaryFolder();
  const { directory, started, plan } = await run(root, 'smoke');
  expect(started).toHaveLength(4);
  expect(started[0]).toBe('terms');
  const { data } = await readNpy(join(directory, 'arrays/sums.npy'));
  expect([...data]).toEqual([10, 30, 100]);
  const [terms, ...powers] = plan.units;
  expect(terms.ingredients.needs).toBeUndefined();
  for (const { ingredients } of powers) expect(ingredients.needs).toEqual([terms.key]);
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  expect(manifest.units.map(({ kind }: { kind: string }) => kind)).toEqual(['terms', 'powers', 'powers', 'powers']);
});

test('a needed unit that is in the store is not computed again', async () => {
  const root = temporaryFolder();
  const { plan } = await run(root, 'smoke');
  const { key } = plan.units[2];
  rmSync(join(root, '.hessian-rmt/units', key.slice(0, 2), key), { recursive: true });
  expect((await run(root, 'smoke')).started).toEqual(['powers power=2']);
});

test('units whose needed unit failed are told as failed, and nothing is written', async () => {
  const error: UnitsFailed = await run(temporaryFolder(), 'quick').then(
    () => expect.fail('the run must fail'),
    (thrown) => thrown,
  );
  expect(error.failures.map(({ unit, reason }) => [unit, reason.split('\n')[0]])).toEqual([
    ['terms', 'Error: no terms'],
    ['powers power=0', 'A unit that it needs failed.'],
    ['powers power=1', 'A unit that it needs failed.'],
  ]);
});

test('units that need each other are refused', async () => {
  await expect(run(temporaryFolder(), 'laptop')).rejects.toThrow(
    'chained-toy, table-1 at laptop: a unit of circle needs its own result.',
  );
});

test('a unit gets only what its kind says it needs', async () => {
  await expect(run(temporaryFolder(), 'paper')).rejects.toThrow(
    'powers asks for a unit that its kind does not say it needs',
  );
});
