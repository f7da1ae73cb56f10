import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import {
  experimentPackage,
  fixture,
  localExecutor,
  type ProfileName,
  type RunEvent,
  reproduce,
  UnitStore,
  UnitsFailed,
} from './built.js';
import { temporaryFolder } from './temporary.js';

interface Run {
  readonly root: string;
  readonly experiment?: string;
  readonly profile?: ProfileName;
  readonly seed?: number;
  readonly force?: boolean;
}

/** A run of an experiment of the fixtures, with all that it told. */
async function run({ root, experiment = 'toy', profile = 'smoke', seed = 1, force = false }: Run) {
  const events: RunEvent[] = [];
  const outcome = await reproduce(experimentPackage(fixture(`experiments/${experiment}`)), {
    root,
    profile,
    seed,
    force,
    executor: localExecutor({ cores: 2 }),
    onEvent: (event) => events.push(event),
  });
  const count = (type: RunEvent['type']) => events.filter((event) => event.type === type).length;
  return { ...outcome, events, count };
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

const sum = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const contents = (folder: string) =>
  Object.fromEntries(files(folder).map((file) => [file, readFileSync(join(folder, file), 'latin1')]));
const marks = (folder: string) =>
  Object.fromEntries(
    files(folder).map((file) => [file, [statSync(join(folder, file)).ino, statSync(join(folder, file)).mtimeMs]]),
  );
const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));
/** All but what changes from run to run. */
function lasting(folder: string): Record<string, string> {
  const { 'run.json': _, ...rest } = contents(folder);
  return rest;
}

/** One run whose results the tests below only read, or copy. */
let root: string;
let first: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'hessian-rmt-test-'));
  first = await run({ root });
  return () => rmSync(root, { recursive: true, force: true });
});

/** A repository in which this run was done. */
function copyOfFirst(): string {
  const copy = temporaryFolder();
  cpSync(root, copy, { recursive: true });
  return copy;
}

test('a run writes figures, tables, arrays, claims, manifest and record of its experiment and profile', () => {
  expect(first.status).toBe('written');
  expect(first.directory).toBe(join(root, 'results/toy/smoke'));
  expect(files(first.directory)).toEqual([
    'arrays/draws.npy',
    'claims.json',
    'claims.md',
    'figures/figure-1.json',
    'figures/figure-1.png',
    'figures/figure-1.svg',
    'manifest.json',
    'run.json',
    'tables/table-1.csv',
    'tables/table-1.md',
  ]);
  expect(readdirSync(join(root, 'results/toy'))).toEqual(['smoke']);
});

test('a unit that two parts ask for is computed once', () => {
  expect(first.events.find(({ type }) => type === 'planned')).toMatchObject({ units: 2, inStore: 0, cores: 2 });
  expect([first.count('unitStarted'), first.count('unitFinished'), first.count('unitTaken')]).toEqual([2, 2, 0]);
});

test('events carry the time that has gone, and what is left falls to nothing', () => {
  const times = first.events.map(({ elapsedSeconds }) => elapsedSeconds);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(first.events.at(-1)).toMatchObject({ type: 'finished', remainingSeconds: 0 });
});

test('claims.json is the claims of all parts', () => {
  const claims = json(first.directory, 'claims.json');
  expect(claims.map(({ id }: { id: string }) => id)).toEqual(['T1.sum-2', 'T1.sum-3']);
  expect(claims[0]).toMatchObject({ published: 5, measured: 5, verdict: 'reproduced' });
  expect(readFileSync(join(first.directory, 'claims.md'), 'utf8')).toMatch(/2 claims: 2 reproduced/);
});

test('figures and tables say at which profile they were made', () => {
  expect(json(first.directory, 'figures/figure-1.json').profile).toBe('smoke');
  expect(readFileSync(join(first.directory, 'tables/table-1.md'), 'utf8')).toMatch(/Profile: smoke\./);
});

test('the manifest lists what was computed, from what, and the sum of every file', () => {
  const manifest = json(first.directory, 'manifest.json');
  expect(manifest).toMatchObject({
    command: 'npx hessian-rmt reproduce toy --profile smoke --seed 1',
    experiment: 'toy',
    profile: 'smoke',
    seed: 1,
    node: process.versions.node.split('.')[0],
    datasets: [{ name: 'the integers', checksum: 'none' }],
    linearAlgebra: first.plan.library.identity,
  });
  expect(manifest.parts.map(({ id, settings }: never) => [id, settings])).toEqual([
    ['table-1', { sizes: [2, 3] }],
    ['figure-1', { sizes: [2, 3] }],
  ]);
  expect(manifest.parts.map(({ figures, tables, claims }: never) => ({ figures, tables, claims }))).toEqual([
    { figures: [], tables: ['tables/table-1.md'], claims: ['T1.sum-2', 'T1.sum-3'] },
    { figures: ['figures/figure-1.svg'], tables: [], claims: [] },
  ]);
  expect(manifest.units).toHaveLength(2);
  expect(manifest.units[0]).toMatchObject({ kind: 'squares', config: { n: 2 }, repetition: 0, threads: 1 });
  expect(manifest.packages['d3-node']).toMatch(/^\d+\.\d+\.\d+$/);
  const others = files(first.directory).filter((file) => !['manifest.json', 'run.json'].includes(file));
  expect(manifest.files).toEqual(Object.fromEntries(others.map((file) => [file, sum(join(first.directory, file))])));
  // The committed array is, byte for byte, the unit's.
  expect(manifest.units[0].arrays.draws).toBe(manifest.files['arrays/draws.npy']);
});

test('run.json says when, where and on what', () => {
  const record = json(first.directory, 'run.json');
  expect(record).toMatchObject({ cores: 2, node: process.version, units: { computed: 2, fromStore: 0 }, threads: [1] });
  expect(Date.parse(record.finished) - Date.parse(record.started)).toBeCloseTo(1000 * record.seconds, 3);
});

test('the same run elsewhere gives the same bytes in every file but run.json', async () => {
  const second = await run({ root: temporaryFolder() });
  expect(lasting(second.directory)).toEqual(lasting(first.directory));
  expect(second.directory).not.toBe(first.directory);
});

test('a second run computes nothing and touches nothing', async () => {
  const before = marks(first.directory);
  const second = await run({ root });
  expect(second.status).toBe('hit');
  expect(second.events.map(({ type }) => type)).toEqual(['planned', 'hit']);
  expect(marks(first.directory)).toEqual(before);
});

test('altered and missing files are put back as they were', async () => {
  const own = copyOfFirst();
  const { directory } = await run({ root: own });
  const before = contents(directory);
  writeFileSync(join(directory, 'claims.md'), 'altered');
  rmSync(join(directory, 'figures'), { recursive: true });
  const second = await run({ root: own });
  expect([second.status, second.count('unitStarted')]).toEqual(['restored', 0]);
  expect(contents(directory)).toEqual(before);

  rmSync(directory, { recursive: true });
  expect((await run({ root: own })).status).toBe('restored');
  expect(contents(directory)).toEqual(before);
});

test('when the kept outputs are damaged too the results are made again from the units', async () => {
  const own = copyOfFirst();
  const { directory } = await run({ root: own });
  const before = lasting(directory);
  writeFileSync(join(directory, 'claims.md'), 'altered');
  for (const blob of files(join(own, '.hessian-rmt/outputs'))) {
    writeFileSync(join(own, '.hessian-rmt/outputs', blob), 'damaged');
  }
  const second = await run({ root: own });
  expect([second.status, second.count('unitStarted')]).toEqual(['written', 0]);
  expect(lasting(directory)).toEqual(before);
  // And the kept outputs are whole again.
  writeFileSync(join(directory, 'claims.md'), 'altered');
  expect((await run({ root: own })).status).toBe('restored');
});

test('a hit at one profile leaves the newer files of another alone', async () => {
  const own = copyOfFirst();
  await run({ root: own, profile: 'laptop', seed: 1 });
  await run({ root: own, seed: 1 });
  const newer = await run({ root: own, profile: 'laptop', seed: 2 });
  const before = { marks: marks(newer.directory), contents: contents(newer.directory) };
  expect((await run({ root: own, seed: 1 })).status).toBe('hit');
  expect({ marks: marks(newer.directory), contents: contents(newer.directory) }).toEqual(before);
  expect(json(newer.directory, 'manifest.json').seed).toBe(2);
});

test('another seed draws other numbers; the first seed comes back from the record', async () => {
  const own = copyOfFirst();
  const one = await run({ root: own, seed: 1 });
  const before = contents(one.directory);
  const two = await run({ root: own, seed: 2 });
  expect(two.count('unitFinished')).toBe(2);
  expect(lasting(two.directory)['arrays/draws.npy']).not.toBe(before['arrays/draws.npy']);
  expect((await run({ root: own, seed: 1 })).status).toBe('restored');
  expect(contents(one.directory)).toEqual(before);
});

test('a damaged unit is told, computed again, and gives the same results', async () => {
  const own = copyOfFirst();
  const { directory, plan } = await run({ root: own });
  const before = lasting(directory);
  const { key } = plan.units[1];
  const array = join(own, '.hessian-rmt/units', key.slice(0, 2), key, 'terms.npy');
  const bytes = readFileSync(array);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(array, bytes);

  const second = await run({ root: own });
  expect(second.events.find(({ type }) => type === 'unitDamaged')).toMatchObject({
    key,
    unit: 'squares n=3, repetition 1',
  });
  expect([second.count('unitStarted'), second.count('unitTaken')]).toEqual([1, 1]);
  expect(lasting(directory)).toEqual(before);
  await expect(new UnitStore(join(own, '.hessian-rmt')).record(key)).resolves.toMatchObject({ key });
});

test('force computes everything again', async () => {
  const own = copyOfFirst();
  const { directory } = await run({ root: own });
  const before = lasting(directory);
  const again = await run({ root: own, force: true });
  expect([again.status, again.count('unitFinished')]).toEqual(['written', 2]);
  expect(lasting(directory)).toEqual(before);
});

test('failures are listed by unit, what finished is kept, and nothing is written', async () => {
  const own = temporaryFolder();
  const failing = run({ root: own, experiment: 'faulty-toy', profile: 'smoke' });
  const error = await failing.then(
    () => undefined,
    (thrown: UnitsFailed) => thrown,
  );
  expect(error).toBeInstanceOf(UnitsFailed);
  expect(error!.failures.map(({ unit }) => unit).sort()).toEqual(
    ['diverges', 'exits', 'is killed', 'throws'].map((how) => `fault how=${how}`),
  );
  expect(error!.message).toMatch(/^4 units failed; the results were not written\. Finished units are kept\./);
  expect(readdirSync(join(own, 'results/faulty-toy'))).toEqual([]);
  expect(readdirSync(join(own, '.hessian-rmt')).includes('lock')).toBe(false);
  // The unit that worked is taken from the store by the next profile.
  const next = await run({ root: own, experiment: 'faulty-toy', profile: 'quick' });
  expect([next.status, next.count('unitStarted'), next.count('unitTaken')]).toEqual(['written', 0, 1]);
});

test('results that cannot be written are told before anything is computed', async () => {
  const own = temporaryFolder();
  mkdirSync(join(own, 'results'));
  writeFileSync(join(own, 'results/toy'), 'a file');
  await expect(run({ root: own })).rejects.toThrow(/The results cannot be written to .*results\/toy\/smoke/);
  expect(readdirSync(join(own, '.hessian-rmt'))).toEqual(['aside']);
});

test('results are not written when the sources changed while the run went on', async () => {
  const own = temporaryFolder();
  const folder = join(own, 'experiments/changing');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "exports": { ".": { "default": "./index.mjs" } } }');
  writeFileSync(join(folder, 'drawing.mjs'), '');
  writeFileSync(
    join(folder, 'index.mjs'),
    `import { writeFileSync } from 'node:fs';
    import './drawing.mjs';
    const present = () => {
      writeFileSync(new URL('./drawing.mjs', import.meta.url), '// another style');
      return {};
    };
    const profiles = { smoke: {}, quick: {}, laptop: {}, paper: {} };
    const parts = [{ id: 'figure-1', place: '', title: '', profiles, units: () => [], present }];
    export default { name: 'changing', unitKinds: [], parts };`,
  );
  const running = () => reproduce(experimentPackage(folder), { root: own, profile: 'quick', seed: 1 });
  await expect(running()).rejects.toThrow(/sources of changing changed during the run/);
  expect(readdirSync(join(own, 'results/changing'))).toEqual([]);
  // The second time they are what they were at the start.
  expect((await running()).status).toBe('written');
});

test('a hit does not wait for another run', async () => {
  const { takeLock } = await import('../src/run-lock.js');
  const lock = await takeLock(join(root, '.hessian-rmt/lock'), { purpose: 'another run' });
  expect((await run({ root })).status).toBe('hit');
  lock.release();
});
