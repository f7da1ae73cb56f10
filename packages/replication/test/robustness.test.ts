import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linearAlgebra } from '@hessian-rmt/numerics';
import { describe, expect, onTestFinished, test } from 'vitest';
import { wholeUnits } from './command.js';
import { forgeLibrary, loadedOpenBlas } from './forged-library.js';
import { Project } from './project.js';
import { canMount, SmallFileSystem } from './small-file-system.js';
import { temporaryFolder } from './temporary.js';

function projectWith(experiments: readonly string[], root?: string): Project {
  const project = new Project(experiments, root);
  onTestFinished(() => project.remove());
  return project;
}

/** Every file under a folder with its bytes; hidden ones too, so that nothing half-written goes unseen. */
function contents(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.sort().map((file) => [file.slice(folder.length + 1), readFileSync(file, 'latin1')]));
}

const storedUnits = async (directory: string) => (await wholeUnits(directory)).length;

/** No lock is held, and nothing is half-written. */
function expectTidy(cache: string): void {
  expect(existsSync(join(cache, 'lock'))).toBe(false);
  expect(existsSync(join(cache, 'aside')) ? readdirSync(join(cache, 'aside')) : []).toEqual([]);
}

const smoke = ['--profile', 'smoke', '--cores', '1'] as const;
const quick = ['--profile', 'quick', '--cores', '1'] as const;
const stackTrace = /^ +at /m;

describe.skipIf(!canMount)('on a small file system (skipped where mounting is not permitted)', () => {
  test('results that became read-only are told before anything is computed; what is there is still a hit', async () => {
    const project = projectWith(['bulky-toy']);
    const results = new SmallFileSystem(join(project.root, 'results'), 1024);
    expect(await project.run('reproduce', ...smoke)).toMatchObject({ code: 0 });
    const before = contents(results.folder);
    results.makeReadOnly();
    expect(await project.run('reproduce', ...smoke)).toMatchObject({ code: 0, stderr: '' });

    const { code, stdout, stderr } = await project.run('reproduce', ...smoke, '--seed', '2');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `hessian-rmt: The results cannot be written to ${results.folder}/bulky-toy/smoke: the file system is read-only. ` +
        'What stood there is untouched; finished units are kept.\n',
    );
    expect(contents(results.folder)).toEqual(before);
    expectTidy(join(project.root, '.hessian-rmt'));

    const drawing = await project.run('figures');
    expect(drawing.code).toBe(1);
    expect(drawing.stderr).toMatch(
      /The results cannot be written to .*bulky-toy\/smoke: the file system is read-only\./,
    );
    expect(contents(results.folder)).toEqual(before);
  });

  test('a repository that is read-only as a whole is told by the lock, and shows its results all the same', async () => {
    const small = new SmallFileSystem(temporaryFolder(), 2048);
    const project = projectWith(['bulky-toy'], join(small.folder, 'repository'));
    expect(await project.run('reproduce', ...smoke)).toMatchObject({ code: 0 });
    small.makeReadOnly();
    expect(await project.run('reproduce', ...smoke)).toMatchObject({ code: 0, stderr: '' });
    expect(await project.run('compare')).toMatchObject({ code: 0, stderr: '' });
    const { code, stderr } = await project.run('reproduce', ...smoke, '--seed', '2');
    expect(code).toBe(1);
    expect(stderr).toBe(
      `hessian-rmt: The lock that keeps runs apart cannot be written to ${project.root}/.hessian-rmt/lock: ` +
        'the file system is read-only. Nothing was changed.\n',
    );
    small.makeWritable();
  });

  test('a full disk under the results is told before anything is computed, or while drawing, and the old results stand', async () => {
    const project = projectWith(['toy']);
    const results = new SmallFileSystem(join(project.root, 'results'), 1024);
    const cache = join(project.root, '.hessian-rmt');
    expect(await project.run('reproduce', ...smoke)).toMatchObject({ code: 0 });
    const old = contents(join(results.folder, 'toy'));
    const told =
      `hessian-rmt: The results cannot be written to ${results.folder}/toy/smoke: the disk is full. ` +
      'What stood there is untouched; finished units are kept.\n';

    results.leave(0);
    const early = await project.run('reproduce', ...smoke, '--seed', '2');
    expect(early).toEqual({ code: 1, stdout: '', stderr: told });
    expect(contents(join(results.folder, 'toy'))).toEqual(old);

    results.leave(24);
    const late = await project.run('reproduce', ...smoke, '--seed', '2');
    expect(late).toMatchObject({ code: 1, stderr: told });
    expect(contents(join(results.folder, 'toy'))).toEqual(old);
    expectTidy(cache);

    results.free();
    const resumed = await project.run('reproduce', ...smoke, '--seed', '2');
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(resumed.stdout).toContain('2 units, all in the store');
    expect(contents(join(results.folder, 'toy'))['smoke/manifest.json']).not.toBe(old['smoke/manifest.json']);
  });

  test('a disk that fills up in mid-run costs the units that did not fit, and the run goes on when there is room', async () => {
    const small = new SmallFileSystem(temporaryFolder(), 4096);
    const project = projectWith(['bulky-toy'], join(small.folder, 'repository'));
    const cache = join(project.root, '.hessian-rmt');
    expect(await project.run('reproduce', ...quick)).toMatchObject({ code: 0 });
    const old = contents(join(project.root, 'results'));
    expect(await storedUnits(cache)).toBe(3);

    // A unit takes 256 KiB and a little: one more has room.
    small.leave(400);
    const full = await project.run('reproduce', ...quick, '--seed', '2');
    expect(full.code).toBe(1);
    expect(full.stderr).toBe(
      'hessian-rmt: 2 units failed; the results were not written. Finished units are kept.\n' +
        `  bulk, repetition 1\n    Finished units cannot be written to ${cache}: the disk is full. ` +
        'Those that stand there are kept.\n' +
        '  bulk, repetition 2\n    It was not begun, since the disk takes no more results.\n',
    );
    expect(contents(join(project.root, 'results'))).toEqual(old);
    expect(await storedUnits(cache)).toBe(4);
    expectTidy(cache);

    small.leave(0);
    const first = await project.run('reproduce', ...quick, '--seed', '2');
    expect(first).toMatchObject({ code: 1, stdout: '' });
    expect(first.stderr).toMatch(/^hessian-rmt: The lock .* cannot be written to .*lock: the disk is full\. .*\n$/);

    small.free();
    const resumed = await project.run('reproduce', ...quick, '--seed', '2');
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(resumed.stdout).toContain('3 units, 1 in the store, 2 to compute');
    expect(await storedUnits(cache)).toBe(6);
    expectTidy(cache);
  });

  test('a store without room is told before anything is computed', async () => {
    const project = projectWith(['bulky-toy']);
    const store = new SmallFileSystem(temporaryFolder(), 256);
    store.leave(0);
    const { code, stdout, stderr } = await project.runWith({ HESSIAN_RMT_CACHE: store.folder }, 'reproduce', ...smoke);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `hessian-rmt: Finished units cannot be written to ${store.folder}: the disk is full. ` +
        'Those that stand there are kept.\n',
    );
    expect(readdirSync(join(project.root, 'results/bulky-toy'))).toEqual([]);
    expectTidy(join(project.root, '.hessian-rmt'));
  });
});

test('of two runs at once on the same results each is written whole, one after the other', async () => {
  const project = projectWith(['toy']);
  const slow = { TOY_DELAY: '1000' };
  const both = await Promise.all([
    project.runWith(slow, 'reproduce', ...smoke, '--seed', '1'),
    project.runWith(slow, 'reproduce', ...smoke, '--seed', '2'),
  ]);
  expect(both).toMatchObject([
    { code: 0, stderr: '' },
    { code: 0, stderr: '' },
  ]);
  const waited = both.filter(({ stdout }) => stdout.startsWith('Waiting for another run here: toy at smoke, process '));
  expect(waited).toHaveLength(1);
  const folder = join(project.root, 'results/toy/smoke');
  const { seed, files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  expect(seed).toBe(both.indexOf(waited[0]) + 1);
  for (const [file, sum] of Object.entries(files)) {
    const found = createHash('sha256').update(readFileSync(join(folder, file)));
    expect(found.digest('hex')).toBe(sum);
  }
  expectTidy(join(project.root, '.hessian-rmt'));
});

test('a unit whose training diverges is named with step, rate and loss; it is not stored, and the others are', async () => {
  const project = projectWith(['faulty-toy']);
  const { code, stderr } = await project.run('reproduce', '--profile', 'laptop', '--cores', '1');
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /^hessian-rmt: 1 unit failed; the results were not written\. Finished units are kept\.\n {2}fault how=trains too fast\n {4}training diverged at step \d+, rate 1000000: expected a loss below [\d.e+]+, found \S+\n$/,
  );
  expect(stderr).not.toMatch(stackTrace);
  expect(readdirSync(join(project.root, 'results/faulty-toy'))).toEqual([]);
  expect(await storedUnits(join(project.root, '.hessian-rmt'))).toBe(1);
});

await linearAlgebra({ threads: 1 });
const openBlas = loadedOpenBlas();

describe.skipIf(!openBlas)('a BLAS library that answers nonsense (skipped without OpenBLAS, and not on Linux)', () => {
  /** Takes float64 for float32. */
  function nonsense(): string {
    const folder = join(temporaryFolder(), 'lib');
    mkdirSync(folder);
    const path = join(folder, 'libopenblas.so.0');
    forgeLibrary(openBlas!, path, 'cblas_dgemm', 'cblas_sgemm');
    return path;
  }
  const wrong = 'a product of known answer 5, 11, 14, 23 came out as 0, 0, 0, 0';

  test('is refused by the option or variable that asks for it', async () => {
    const project = projectWith(['toy']);
    const path = nonsense();
    for (const [source, outcome] of [
      ['--blas', await project.run('reproduce', ...smoke, '--blas', path)],
      ['HESSIAN_RMT_BLAS', await project.runWith({ HESSIAN_RMT_BLAS: path }, 'reproduce', ...smoke)],
    ] as const) {
      expect(outcome).toEqual({
        code: 2,
        stdout: '',
        stderr:
          `hessian-rmt: ${source}: "${path}" is no BLAS and LAPACK library that can be used: ${wrong} ` +
          '(see npx hessian-rmt reproduce --help)\n',
      });
    }
    expect(existsSync(join(project.root, 'results'))).toBe(false);
  });

  test('is not passed over when it was found, since another run might find it too', async () => {
    const project = projectWith(['toy', 'faulty-toy']);
    const path = nonsense();
    const outcome = await project.runWith({ CONDA_PREFIX: join(path, '../..') }, 'reproduce', ...smoke);
    expect(outcome).toEqual({
      code: 1,
      stdout: '',
      stderr: `hessian-rmt: the library '${path}' cannot be trusted: ${wrong}. HESSIAN_RMT_BLAS chooses another.\n`,
    });
    expect(existsSync(join(project.root, 'results'))).toBe(false);
  });
});
