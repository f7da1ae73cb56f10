import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Project } from './project.js';

/** A repository with results of the toy at smoke and quick, committed. */
const project = new Project();
const results = (...path: string[]) => join(project.root, 'results', 'toy', ...path);
const git = (...words: string[]) =>
  execFileSync('git', ['-c', 'user.name=A. Toy', '-c', 'user.email=a@toy', ...words], { cwd: project.root });
const reproduce = (...words: string[]) => project.run('reproduce', 'toy', '--cores', '1', ...words);
const read = (path: string) => readFileSync(path, 'utf8');

beforeAll(async () => {
  await reproduce('--profile', 'smoke');
  await reproduce('--profile', 'quick');
  git('init', '-q');
  git('add', 'results');
  git('commit', '-qm', 'results');
  cpSync(results(), join(project.root, 'elsewhere', 'toy'), { recursive: true });
});
afterAll(() => project.remove());

/** Does something with other results at smoke, and puts the old ones back. */
async function withOther(change: () => void, then: () => Promise<void>): Promise<void> {
  try {
    change();
    await then();
  } finally {
    rmSync(results('smoke'), { recursive: true });
    cpSync(join(project.root, 'elsewhere', 'toy', 'smoke'), results('smoke'), { recursive: true });
  }
}

function edit(file: string, from: string | RegExp, to: string): void {
  const text = read(results('smoke', file));
  expect(text).toMatch(from);
  writeFileSync(results('smoke', file), text.replace(from, to));
}

describe('compare --against', () => {
  test('the same results, in a revision, at a path or in one folder: exit code 0, and what was compared', async () => {
    const elsewhere = join(project.root, 'elsewhere');
    for (const [against, name] of [
      ['HEAD', 'profile smoke at HEAD'],
      ['elsewhere', join(elsewhere, 'toy', 'smoke')],
      [join(elsewhere, 'toy', 'smoke'), join(elsewhere, 'toy', 'smoke')],
    ]) {
      expect(await project.run('compare', '--profile', 'smoke', '--against', against)).toEqual({
        code: 0,
        stdout: `toy: profile smoke against ${name}\n  the same: 2 claims, 1 figure, 1 table, 1 array\n`,
        stderr: '',
      });
    }
  });

  test('a revision is read without touching the checkout, and leaves nothing behind', async () => {
    const temporary = () => readdirSync(tmpdir()).filter((name) => name.startsWith('hessian-rmt-compare-'));
    const before = temporary();
    await withOther(
      () => edit('claims.json', /"measured": 5/, '"measured": 4'),
      async () => {
        const edited = read(results('smoke', 'claims.json'));
        // A ledger whose verdicts are not those of its numbers is refused, here as everywhere.
        const { code, stderr } = await project.run('compare', '--profile', 'smoke', '--against', 'HEAD');
        expect({ code, isNamed: stderr.includes(results('smoke', 'claims.json')) }).toEqual({ code: 1, isNamed: true });
        expect(read(results('smoke', 'claims.json'))).toBe(edited);
      },
    );
    expect(temporary()).toEqual(before);
  });

  test('what moved is shown with its numbers, moved verdicts first, and gives exit code 3', async () => {
    await withOther(
      () => {
        const claims = JSON.parse(read(results('smoke', 'claims.json')));
        Object.assign(claims[1], { measured: 13, interval: [13, 13], verdict: 'not reproduced' });
        writeFileSync(results('smoke', 'claims.json'), JSON.stringify(claims));
        const figure = JSON.parse(read(results('smoke', 'figures', 'figure-1.json')));
        figure.panels[0].marks[0].x[1] = 2.5;
        writeFileSync(results('smoke', 'figures', 'figure-1.json'), JSON.stringify(figure));
        edit('tables/table-1.csv', '3,14', '3,13');
        edit('manifest.json', '"seed": 1', '"seed": 2');
      },
      async () => {
        const compare = ['compare', '--profile', 'smoke', '--against', 'HEAD'];
        const { code, stdout, stderr } = await project.run(...compare);
        expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
        expect(stdout).toBe(
          [
            'toy: profile smoke against profile smoke at HEAD',
            '  2 claims against 2, 1 with another verdict, 0 with another measured value',
            '    claim     before  now  difference  within both  verdict',
            '    T1.sum-3      14   13          -1  no           reproduced -> not reproduced',
            '  1 of 1 figure differs',
            '    figure-1: "draws" in the panel: 1 of 2 points by up to 50 % of the x axis',
            '  1 of 1 table differs',
            '    table-1: 1 cell by up to 7.143 % (sum of 3: 14 became 13)',
            '  inputs that differ, the likeliest cause first',
            '    seed: 1 became 2',
            '',
          ].join('\n'),
        );
        const [comparison] = JSON.parse((await project.run(...compare, '--json')).stdout);
        expect(comparison).toMatchObject({
          experiment: 'toy',
          same: false,
          claims: { moved: [{ id: 'T1.sum-3', difference: -1 }] },
          figures: { compared: 1, differ: [{ figure: 'figure-1', series: [{ moved: 1 }] }] },
          tables: { differ: [{ cells: 1 }] },
          arrays: { compared: 1, differ: [] },
          inputs: [{ input: 'seed' }],
        });
        const reproduced = await project.run(...compare, '--verdict', 'not-comparable');
        expect(reproduced.code).toBe(3);
        expect(reproduced.stdout).not.toContain('T1.sum-3');
      },
    );
  });

  test('a tolerance lets small differences pass', async () => {
    await withOther(
      () => edit('tables/table-1.csv', '3,14', '3,14.0000001'),
      async () => {
        const compare = (...more: string[]) =>
          project.run('compare', '--profile', 'smoke', '--against', 'HEAD', ...more);
        expect((await compare()).code).toBe(3);
        expect((await compare('--tolerance', '1e-6')).code).toBe(0);
      },
    );
  });

  test('two profiles: both sides are counted, and the settings are told', async () => {
    const { code, stdout } = await project.run('compare', '--against', 'smoke');
    expect(code).toBe(3);
    expect(stdout).toContain('toy: profile quick against smoke\n  6 claims against 2, 0 with another verdict');
    expect(stdout).toContain('5 new, 1 gone');
    expect(stdout).toContain('settings: table-1: sizes [2,3] became [3,4,5,6,7,8]');
  });

  test('what is not there is one line on standard error', async () => {
    const complaint = async (...words: string[]) => {
      const { code, stdout, stderr } = await project.run('compare', ...words);
      expect(stdout).toBe('');
      return [code, stderr];
    };
    expect(await complaint('--against', 'nowhere')).toEqual([
      2,
      'hessian-rmt: --against: expected another folder of results (stored: quick, smoke), a path to results or a git ' +
        'revision; found "nowhere" (see npx hessian-rmt compare --help)\n',
    ]);
    expect(await complaint('--against', 'quick')).toEqual([
      2,
      expect.stringContaining('are the results that are to be'),
    ]);
    mkdirSync(join(project.root, 'empty'), { recursive: true });
    expect(await complaint('--against', 'empty')).toEqual([
      1,
      'hessian-rmt: --against empty: it has no results to compare with of toy (profile quick)\n',
    ]);
    expect(await complaint('--tolerance', '1e-3')).toEqual([2, expect.stringContaining('expected --against with it')]);
    expect(await complaint('--against', 'HEAD', '--tolerance', 'tiny')).toEqual([
      2,
      expect.stringContaining('--tolerance: expected a number from 0, found "tiny"'),
    ]);
    expect(await complaint('--stale', '--against', 'HEAD')).toEqual([2, expect.stringContaining('--stale')]);
  });
});

describe('compare --stale', () => {
  const stale = async () => {
    const { code, stdout } = await project.run('compare', '--stale', '--json');
    return { code, states: JSON.parse(stdout) };
  };
  const source = (file: string) => join(project.root, 'experiments', 'toy', file);
  const withSource = async (file: string, from: string, to: string, then: () => Promise<void>) => {
    const text = read(source(file));
    expect(text).toContain(from);
    writeFileSync(source(file), text.replace(from, to));
    try {
      await then();
    } finally {
      writeFileSync(source(file), text);
    }
  };

  test('results of the code that is here are current', async () => {
    const { code, stdout } = await project.run('compare', '--stale');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'toy  smoke  current\ntoy  quick  current\nAll 2 are of the code that is here.\n',
    });
  });

  test('another caption: drawn by older code', async () => {
    await withSource('index.js', 'By adding.', 'By addition.', async () => {
      const { code, states } = await stale();
      expect(code).toBe(3);
      expect(states).toMatchObject([{ state: 'drawn by older code', kinds: [], unitsNew: 0 }, { folder: 'quick' }]);
    });
  });

  test('another module of a kind of units: computed by older code, and how many units', async () => {
    await withSource('squares.js', 'step < 10', 'step < 11', async () => {
      const { code, states } = await stale();
      expect(code).toBe(3);
      expect(states).toMatchObject([
        { state: 'computed by older code', units: 2, kinds: [{ kind: 'squares', units: 2 }], unitsNew: 0 },
        { state: 'computed by older code', units: 6, kinds: [{ kind: 'squares', units: 6 }] },
      ]);
    });
  });

  test('another setting: computed by older code, with the setting and the units that are new and gone', async () => {
    await withSource('index.js', 'smoke: { sizes: [2, 3] }', 'smoke: { sizes: [2, 9] }', async () => {
      const { stdout } = await project.run('compare', '--stale');
      expect(stdout).toContain('toy  smoke  computed by older code\n');
      expect(stdout).toContain(
        '  1 unit planned now that the run did not have\n  1 unit that no part asks for any more\n',
      );
      expect(stdout).toContain('  table-1: sizes was [2,3], is [2,9]\n');
      // The settings of quick are what they were; the module that holds them is not.
      expect(stdout).toContain('toy  quick  drawn by older code\n');
      expect(stdout).toContain('npx hessian-rmt reproduce toy --profile smoke --seed 1');
    });
  });

  test('another processor, library or version of Node makes nothing older', async () => {
    await withOther(
      () => {
        const manifest = JSON.parse(read(results('smoke', 'manifest.json')));
        manifest.linearAlgebra = 'another library';
        for (const unit of manifest.units) unit.key = '0'.repeat(64);
        writeFileSync(results('smoke', 'manifest.json'), JSON.stringify(manifest));
      },
      async () => expect((await stale()).states[0].state).toBe('current'),
    );
  });

  test('a run with changed settings is held against these, and results without a manifest against nothing', async () => {
    await reproduce('--profile', 'smoke', '--set', 'sizes=[4,5]');
    project.store('toy', 'paper', []);
    const { states } = await stale();
    expect(states.map(({ folder, state }: { folder: string; state: string }) => [folder, state])).toEqual([
      ['smoke', 'current'],
      ['quick', 'current'],
      ['paper', 'unknown'],
      ['custom', 'current'],
    ]);
    rmSync(results('paper'), { recursive: true });
    rmSync(results('custom'), { recursive: true });
  });
});
