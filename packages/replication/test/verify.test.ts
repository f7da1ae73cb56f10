import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PlannedUnit } from '../src/run-plan.js';
import { drawUnits } from '../src/verification/draw-units.js';
import { fixture, UnitStore } from './built.js';
import { Project } from './project.js';

/** A run of the toy at smoke, made once; each test has a copy of it. */
const made = new Project();
let project: Project;
beforeAll(async () => {
  expect((await made.run('reproduce', '--profile', 'smoke', '--cores', '1')).code).toBe(0);
});
beforeEach(() => {
  project = new Project();
  for (const folder of ['results', '.hessian-rmt']) {
    cpSync(join(made.root, folder), join(project.root, folder), { recursive: true });
  }
});
afterEach(() => project.remove());
afterAll(() => made.remove());

const cache = () => join(project.root, '.hessian-rmt');
const manifest = () => join(project.root, 'results', 'toy', 'smoke', 'manifest.json');
const verify = (...words: string[]) => project.run('verify', '--cores', '1', ...words);

/** Everything in the cache but the estimates of times, with its bytes. */
function contents(): Record<string, string> {
  const entries = readdirSync(cache(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, 'latin1')]));
}

/** The stored unit of three squares. */
async function unitOfThree() {
  const store = new UnitStore(cache());
  for (const key of await store.keys()) {
    const record = await store.record(key);
    if (record.ingredients.config.n === 3) return { store, key, record, result: await store.load(record) };
  }
  throw new Error('expected a stored unit of three squares');
}

test('units computed again are identical to the byte, and nothing in the store is touched', async () => {
  const before = contents();
  const { code, stdout, stderr } = await verify();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('toy, smoke: computing 2 units of 2 again ...\n[1/2] squares n=');
  expect(stdout).toContain(
    'toy, smoke: 2 units of 2 computed again, identical to the byte (numbers and arrays of the stored units).\n',
  );
  expect(contents()).toEqual(before);
});

test('a sample is that of its seed, without repetition, and draws each unit as often as any other', () => {
  const candidates = Array.from({ length: 10 }, (_, seconds) => ({ unit: {} as PlannedUnit, seconds }));
  const drawn = (seed: number) => drawUnits(candidates, 3, seed, 'toy').map(({ seconds }) => seconds);
  expect(drawn(1)).toEqual(drawn(1));
  expect(drawUnits(candidates, 20, 1, 'toy')).toHaveLength(10);
  const counts = new Array(10).fill(0);
  for (let seed = 0; seed < 1000; seed++) {
    expect(new Set(drawn(seed)).size).toBe(3);
    for (const index of drawn(seed)) counts[index]++;
  }
  // Binomial with 1000 trials of 0.3: five standard deviations.
  for (const count of counts) expect(Math.abs(count - 300)).toBeLessThan(5 * Math.sqrt(1000 * 0.3 * 0.7));
});

test('a unit that is stored with other numbers is told with the largest differences: exit code 1', async () => {
  const { store, key, record, result } = await unitOfThree();
  const terms = { shape: [3], data: Float64Array.of(1, 4, 9.5) };
  const other = { ...result, numbers: { sum: 14.5 }, arrays: { ...result.arrays, terms } };
  await store.write(key, record.ingredients, other, record.seconds);
  const { code, stdout } = await verify();
  expect(code).toBe(1);
  expect(stdout).toContain('2 units of 2 computed again, 1 identical, 1 not');
  expect(stdout).toContain('  different: squares n=3, repetition 1\n');
  expect(stdout).toContain('    numbers.sum: 1 number by up to 0.5, relative 0.03448\n');
  expect(stdout).toContain('    arrays.terms: 1 number by up to 0.5, relative 0.05263\n');
});

test('a damaged unit is named, and counts as different', async () => {
  const { store, key } = await unitOfThree();
  writeFileSync(join(store.folderOf(key), 'terms.npy'), 'damaged');
  const array = await verify();
  expect(array.code).toBe(1);
  expect(array.stdout).toContain('  damaged: squares n=3, repetition 1: terms.npy has not the sum it was written with');
  writeFileSync(join(store.folderOf(key), 'result.json'), '{}');
  const record = await verify('--json');
  expect(record.code).toBe(1);
  expect(JSON.parse(record.stdout)[0].units[0]).toMatchObject({ state: 'damaged', unit: 'squares n=3, repetition 1' });
});

test('without a store, as in a fresh clone, the sums of arrays in the manifest are what is compared with', async () => {
  rmSync(cache(), { recursive: true });
  const clean = await verify('--json');
  expect(clean.code).toBe(0);
  expect(JSON.parse(clean.stdout)[0]).toMatchObject({
    with: 'manifest',
    units: [{ state: 'identical' }, { state: 'identical' }],
    olderCode: 0,
  });
  expect(readdirSync(join(cache(), 'aside'))).toEqual([]);

  const told = JSON.parse(readFileSync(manifest(), 'utf8'));
  told.units.find(({ config }: { config: { n: number } }) => config.n === 3).arrays.terms = 'f'.repeat(64);
  told.linearAlgebra = 'another library';
  writeFileSync(manifest(), JSON.stringify(told));
  const { code, stdout } = await verify();
  expect(code).toBe(1);
  expect(stdout).toContain('1 identical, 1 not (the sums of arrays in manifest.json, since the store has none of the');
  expect(stdout).toContain(', in the manifest ffffffffffff\n');
  expect(stdout).toContain('bytes differ between processors and BLAS kernels');
});

test('units that took longer than the limit are not drawn; when none is left nothing was verified', async () => {
  const { code, stdout } = await verify('--minutes', '0');
  expect(code).toBe(1);
  expect(stdout).toContain('toy, smoke: nothing could be verified');
  expect(stdout).toContain('  not drawn: 2 units that took longer than --minutes\n');
});

test('a unit that works with another one gets the stored one, or has it computed where there is no store', async () => {
  project.remove();
  project = new Project(['chained-toy']);
  expect((await project.run('reproduce', '--profile', 'smoke', '--cores', '1')).code).toBe(0);
  // Only the needed unit has an array; one that leads to other sums shows that the stored one was taken.
  const store = new UnitStore(cache());
  const keys = await store.keys();
  const records = await Promise.all(keys.map((key) => store.record(key)));
  const needed = records.find(({ ingredients }) => ingredients.kind === 'terms')!;
  const doubled = { numbers: {}, arrays: { terms: { shape: [4], data: Float64Array.of(2, 4, 6, 8) } } };
  await store.write(needed.key, needed.ingredients, doubled, needed.seconds);
  const { stdout } = await verify('--json');
  const units: { unit: string; state: string }[] = JSON.parse(stdout)[0].units;
  expect(units.map(({ state }) => state)).toEqual(Array(4).fill('different'));

  rmSync(cache(), { recursive: true });
  const fresh = JSON.parse((await verify('--json')).stdout)[0];
  expect(fresh).toMatchObject({ with: 'manifest', incomparable: 3, units: [{ state: 'identical' }] });
});

test('Ctrl-C ends it with 130 and leaves nothing behind', async () => {
  const before = contents();
  const command = spawn(process.execPath, [fixture('cli.js'), 'verify', '--cores', '1'], {
    cwd: project.root,
    env: { ...process.env, TOY_DELAY: '60000' },
  });
  const ended = once(command, 'close');
  let printed = '';
  command.stderr.on('data', (text) => {
    printed += text;
  });
  // The unit that is being computed has its own store beside the real one.
  while (!readdirSync(join(cache(), 'aside')).some((name) => name.includes(`+${command.pid}+`))) await sleep(20);
  command.kill('SIGINT');
  expect((await ended)[0]).toBe(130);
  expect(printed).toBe('Stopped by SIGINT. Nothing was changed.\n');
  expect(contents()).toEqual(before);
});
