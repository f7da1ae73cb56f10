import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { digestOf } from '../src/canonical-json.js';
import { inputsOf, LastRuns, type RunInputs } from '../src/last-run.js';
import type { PlannedUnit, RunPlan } from '../src/run-plan.js';
import type { SourceClosure } from '../src/source-closure.js';
import { whyComputed } from '../src/why-computed.js';
import { temporaryFolder } from './temporary.js';

const checksum = (letter: string) => letter.repeat(64);
const lanczos = '@hessian-rmt/curvature/dist/lanczos.js';
const drawing = '@hessian-rmt/plotting/dist/scale.js';

function closure(
  files: Readonly<Record<string, string>>,
  packages: Readonly<Record<string, string>> = {},
): SourceClosure {
  return { hash: JSON.stringify([files, packages]), files, names: {}, packages, node: '22' };
}

interface Toy {
  readonly seed?: number;
  readonly width?: number;
  readonly data?: string;
  readonly lanczos?: string;
  readonly drawing?: string;
  readonly library?: string;
  readonly mathjs?: string;
  readonly extra?: string;
  readonly list?: readonly object[];
}

/** A plan of two kinds of units, of which `spectrum` runs Lanczos and `network` does not. */
function plan(toy: Toy = {}): RunPlan {
  const {
    seed = 1,
    width = 16,
    data = 'a',
    library = 'OpenBLAS 0.3.21 on SkylakeX',
    mathjs = '14.1.0',
    extra = '1',
  } = toy;
  const common = { 'toy/dist/network.js': 'n' };
  const kinds = {
    network: closure(common, { mathjs }),
    spectrum: closure({ ...common, [lanczos]: toy.lanczos ?? 'l' }),
  };
  const unit = (kind: keyof typeof kinds): PlannedUnit => {
    const config = { width, images: { dataset: 'cifar10', train: checksum(data) }, extra };
    const ingredients = { kind, config, architecture: 'x64', environment: {} };
    const key = digestOf({ kind, seed, config, sources: kinds[kind].hash, library });
    return { key, ingredients } as unknown as PlannedUnit;
  };
  const units = [unit('network'), unit('spectrum')];
  return {
    experiment: { name: 'toy' },
    profile: 'quick',
    folder: 'quick',
    seed,
    parts: [
      { part: { id: 'figure-3' }, settings: { width, list: toy.list ?? [1], law: () => 0 }, units },
      { part: { id: 'figure-4' }, settings: { seed }, units: [] },
    ],
    units,
    library: { description: library },
    kinds,
    sources: closure(
      { ...kinds.spectrum.files, [drawing]: toy.drawing ?? 'd', 'toy/dist/figure-3.js': extra },
      { mathjs },
    ),
  } as unknown as RunPlan;
}

/** What a run of one plan after that of another says, when it computes these of its units. */
function why(toy: Toy, { before = {}, missing = [0, 1] }: { before?: Toy; missing?: readonly number[] } = {}): string {
  const now = plan(toy);
  return whyComputed(
    now,
    missing.map((i) => now.units[i]),
    inputsOf(plan(before)),
  );
}

it.each<[string, Toy, readonly number[], string]>([
  ['the seed', { seed: 7 }, [0, 1], '2 units changed: seed 1 -> 7'],
  ['a setting', { width: 20 }, [0, 1], '2 units changed: setting figure-3.width 16 -> 20'],
  [
    'a setting that nothing is computed with',
    { list: [{ b: 1, a: 2 }] },
    [],
    'no unit to compute: setting figure-3.list [1] -> [{"a":2,"b":1}]',
  ],
  [
    'the processor',
    { library: 'OpenBLAS 0.3.21 on Haswell' },
    [0, 1],
    '2 units changed: OpenBLAS 0.3.21 on SkylakeX -> OpenBLAS 0.3.21 on Haswell',
  ],
  ['a data set', { data: 'b' }, [0], '1 unit changed: data set cifar10, train: checksum aaaaaaaa -> bbbbbbbb'],
  ['a module', { lanczos: 'L' }, [1], `1 unit changed: ${lanczos} (kind spectrum)`],
  ['a package', { mathjs: '14.2.0' }, [0], '1 unit changed: mathjs 14.1.0 -> 14.2.0 (kind network)'],
  ['what a part asks for', { extra: '2' }, [0, 1], '2 units changed: toy/dist/figure-3.js'],
  ['nothing', {}, [0], '1 unit of the last run not in the store'],
  ['only drawing', { drawing: 'D' }, [], `only drawing changed: ${drawing}`],
  ['no input', {}, [], 'the files in results/ were missing or altered'],
  [
    'the seed to one whose units are stored',
    { seed: 2 },
    [],
    'no unit to compute: seed 1 -> 2; setting figure-4.seed 1 -> 2',
  ],
  [
    'several things',
    { seed: 2, width: 20, lanczos: 'L' },
    [0, 1],
    '2 units changed: seed 1 -> 2; setting figure-3.width 16 -> 20; ',
  ],
])('%s changed: the run says so in one line', (_, toy, missing, line) => {
  const said = why(toy, { missing });
  expect(said.startsWith(line) && (said === line || line.endsWith('; '))).toBe(true);
});

it('of settings too long to show only the name is told, and the order in which they were written down is none', () => {
  const long = (last: number) => Array.from({ length: 20 }, (_, i) => ({ size: i, samples: last }));
  const written = inputsOf(plan({ list: long(1).map(({ size, samples }) => ({ samples, size })) }));
  expect(whyComputed(plan({ list: long(1) }), [], written)).toBe('the files in results/ were missing or altered');
  expect(whyComputed(plan({ list: long(2) }), [], written)).toBe('no unit to compute: setting figure-3.list');
});

it('units that are gone from the store are told beside those that changed', () => {
  const now = plan({ lanczos: 'L' });
  expect(whyComputed(now, now.units, inputsOf(plan()))).toBe(
    `1 unit changed: ${lanczos} (kind spectrum); 1 unit of the last run not in the store`,
  );
});

it('a line holds as many causes as fit, and counts the others', () => {
  const now = plan();
  const many = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`@hessian-rmt/rmt/dist/law-number-${i}.js`, 'x']),
  );
  const last: RunInputs = { ...inputsOf(now), sources: { ...inputsOf(now).sources, ...many } };
  const line = whyComputed(now, [], last);
  expect(line).toMatch(/^only drawing changed: @hessian-rmt\/rmt\/dist\/law-number-0\.js is gone; .* and 10 more$/);
  expect(line.length).toBeLessThan(140);
});

it('the first run of an experiment in a folder is called that', () => {
  expect(whyComputed(plan(), plan().units, undefined)).toBe('first run in results/toy/quick');
});

it('what is remembered of a run comes back as it was, in few bytes, and is not written twice', async () => {
  const cache = temporaryFolder();
  const runs = new LastRuns(cache);
  await runs.remember(plan());
  const file = join(cache, 'last', 'toy', 'quick.json');
  const written = readFileSync(file);
  const found = await runs.find('toy', 'quick', '/nowhere');
  expect(found).toEqual(JSON.parse(JSON.stringify(inputsOf(plan()))));
  expect(written.length).toBeLessThan(1500);
  expect(await runs.find('toy', 'custom', '/nowhere')).toBeUndefined();
});

it('a damaged memory, or one that cannot be written, does no harm', async () => {
  const cache = temporaryFolder();
  const file = join(cache, 'last', 'toy', 'quick.json');
  mkdirSync(join(cache, 'last', 'toy'), { recursive: true });
  for (const text of [
    '',
    '{',
    '[]',
    'null',
    '{"format":1}',
    '{"format":99}',
    '{"format":1,"all":[],"kinds":{"a":[3]},"sources":[0]}',
  ]) {
    writeFileSync(file, text);
    expect(await new LastRuns(cache).find('toy', 'quick', '/nowhere')).toBeUndefined();
  }
  await new LastRuns(join(file, 'no-folder')).remember(plan());
});

it('where nothing is remembered the manifest tells what it can: kinds and drawing, not modules', async () => {
  const results = temporaryFolder();
  const before = plan();
  const manifest = {
    experiment: 'toy',
    profile: before.profile,
    seed: before.seed,
    parts: [
      { id: 'figure-3', settings: { list: [1], width: 16 }, units: [] },
      { id: 'figure-4', settings: { seed: 1 }, units: [] },
    ],
    units: before.units.map(({ key, ingredients }) => ({
      key,
      kind: ingredients.kind,
      config: ingredients.config,
      repetition: 0,
      threads: 1,
      arrays: {},
      sources: before.kinds[ingredients.kind].hash,
    })),
    sources: before.sources.hash,
    packages: {},
    node: '20',
    linearAlgebra: 'portable',
    backends: [],
    datasets: [],
    files: {},
  };
  writeFileSync(join(results, 'manifest.json'), JSON.stringify(manifest));
  writeFileSync(join(results, 'run.json'), JSON.stringify({ linearAlgebra: before.library.description }));
  const last = await new LastRuns(join(results, 'none')).find('toy', 'quick', results);
  const after = (toy: Toy, missing = [0, 1]) => {
    const now = plan(toy);
    return whyComputed(
      now,
      missing.map((i) => now.units[i]),
      last,
    );
  };
  expect(after({ seed: 7 })).toBe('2 units changed: seed 1 -> 7');
  expect(after({ lanczos: 'L' }, [1])).toBe('1 unit changed: sources (kind spectrum)');
  expect(after({ drawing: 'D' }, [])).toBe('only drawing changed: sources');
  expect(after({ library: 'OpenBLAS on Zen' })).toBe('2 units changed: OpenBLAS 0.3.21 on SkylakeX -> OpenBLAS on Zen');
  expect(after({}, [])).toBe('the files in results/ were missing or altered');
  // A fresh checkout has results and no store.
  expect(after({})).toBe('2 units of the last run not in the store');
});
