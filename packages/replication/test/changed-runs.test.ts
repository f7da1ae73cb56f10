import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { redrawFigures } from '../src/redraw.js';
import { experimentPackage, localExecutor, type ReproduceOptions, reproduce } from './built.js';
import { Project } from './project.js';

const smoke = { HESSIAN_RMT_PROFILE: 'smoke' };

/** A project that is gone when the test is done. */
async function inProject(work: (project: Project) => Promise<void>, experiments?: readonly string[]): Promise<void> {
  const project = new Project(experiments);
  try {
    await work(project);
  } finally {
    project.remove();
  }
}

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

/** All files of a folder of results but run.json, which changes from run to run. */
function contents(project: Project, folder: string): Record<string, string> {
  const directory = join(project.root, 'results', 'toy', folder);
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'run.json')
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [file, readFileSync(file, 'latin1')]));
}

it.concurrent('a run with other settings has a folder of its own, and says everywhere what was changed', () =>
  inProject(async (project) => {
    const args = ['reproduce', 'toy', '--table', '1', '--seed', '7', '--set', 'sizes=[4,5]'];
    const { code, stdout } = await project.runWith(smoke, ...args);
    expect(code).toBe(0);
    expect(stdout).toContain('toy, table-1 alone at smoke, seed 7: 2 units');
    expect(stdout).toContain('  Changed: sizes = [4,5] in table-1.\n  Why: first run in results/toy/custom.\n');
    expect(stdout).toMatch(/to results\/toy\/custom in .*: table-1 alone, sizes = \[4,5\]\.\n/);
    expect(stdout).toContain('npx hessian-rmt compare toy --as custom lists them');

    const directory = join(project.root, 'results', 'toy', 'custom');
    const manifest = json(directory, 'manifest.json');
    expect(manifest).toMatchObject({ profile: 'smoke', seed: 7, changed: { sizes: [4, 5] } });
    expect(manifest.command).toBe(
      "npx hessian-rmt reproduce toy --profile smoke --seed 7 --part table-1 --set 'sizes=[4,5]'",
    );
    expect(manifest.parts).toMatchObject([{ id: 'table-1', settings: { sizes: [4, 5] } }]);
    expect(readFileSync(join(directory, 'tables/table-1.md'), 'utf8')).toContain('Profile: smoke, sizes = [4,5].');
    expect(existsSync(join(project.root, 'results', 'toy', 'smoke'))).toBe(false);

    // The command of the manifest is the same run.
    const again = await project.runWith(smoke, ...args, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject([
      { status: 'hit', because: null, folder: 'custom', parts: ['table-1'], changed: { sizes: [4, 5] }, directory },
    ]);
    expect((await project.run('compare', 'toy')).stdout).toMatch(/^toy, custom \(profile smoke\)\n/);
  }));

/** A run in this process, of built code. */
function runner(project: Project) {
  const toy = experimentPackage(join(project.root, 'experiments', 'toy'));
  const common = { root: project.root, profile: 'smoke', seed: 1, executor: localExecutor({ cores: 2 }) } as const;
  return (options: Partial<ReproduceOptions> = {}) => reproduce(toy, { ...common, ...options });
}

it('neither of a profile and a changed run takes the place of the other', () =>
  inProject(async (project) => {
    const run = runner(project);
    await run();
    const profile = contents(project, 'smoke');
    await run({ changed: { sizes: [4, 5] }, as: 'larger' });
    const larger = contents(project, 'larger');
    expect(json(project.root, 'results/toy/larger/figures/figure-1.json').profile).toBe('smoke, sizes = [4,5]');
    expect(json(project.root, 'results/toy/larger/manifest.json').command).toMatch(
      /--set 'sizes=\[4,5\]' --as larger$/,
    );
    expect((await run({ parts: ['figure-1'] })).plan.folder).toBe('custom');
    expect(contents(project, 'smoke')).toEqual(profile);
    await run({ force: true });
    expect(contents(project, 'smoke')).toEqual(profile);
    expect(contents(project, 'larger')).toEqual(larger);

    const { drawn, changed } = await redrawFigures(project.root, 'toy', 'larger');
    expect([drawn.length, changed]).toEqual([2, []]);
    await expect(run({ changed: { sizes: [4] }, as: 'smoke' })).rejects.toThrow(/expected a name that no profile has/);
    await expect(run({ as: 'quick' })).rejects.toThrow(/expected a name that no other profile has/);

    // Asked for by name, some parts do take the place of their own profile's results.
    await run({ parts: ['table-1'], as: 'smoke' });
    const { parts, command } = json(project.root, 'results/toy/smoke/manifest.json');
    expect(parts.map(({ id }: { id: string }) => id)).toEqual(['table-1']);
    expect(command).toMatch(/ --part table-1 --as smoke$/);
  }));

it('a run says which input changed since the last one in the same folder', () =>
  inProject(async (project) => {
    const run = runner(project);
    const why = async (options?: Partial<ReproduceOptions>) => (await run(options)).because;
    expect(await why()).toBe('first run in results/toy/smoke');
    expect(await why({ seed: 7 })).toBe('2 units changed: seed 1 -> 7');
    expect(await why({ seed: 7 })).toBe(null);
    expect(await why()).toBe('no unit to compute: seed 7 -> 1');
    appendFileSync(join(project.root, 'experiments/toy/index.js'), '// drawn in another way\n');
    expect(await why()).toBe('only drawing changed: toy/index.js');
    appendFileSync(join(project.root, 'experiments/toy/squares.js'), '// computed in another way\n');
    expect(await why()).toBe('2 units changed: toy/squares.js (kind squares)');
    expect(await why({ changed: { sizes: [2, 9] } })).toBe('first run in results/toy/custom');
    expect(await why({ changed: { sizes: [2, 8] } })).toBe(
      '1 unit changed: setting table-1.sizes [2,9] -> [2,8]; setting figure-1.sizes [2,9] -> [2,8]',
    );
    expect(await why({ force: true })).toBe('everything anew, as --force asks');
    // Without a memory the manifest is what is left.
    rmSync(join(project.root, '.hessian-rmt'), { recursive: true });
    expect(await why({ seed: 2 })).toBe('2 units changed: seed 1 -> 2');
  }));

it('a part that cannot work with a setting is named, with the setting', () =>
  inProject(async (project) => {
    const run = runner(project);
    await expect(run({ changed: { sizes: [] }, parts: ['figure-1'] })).rejects.toThrow(
      /^toy, figure-1 at smoke with sizes = \[\]: /,
    );
    await expect(run({ changed: { sizes: [1, -2] }, parts: ['table-1'] })).rejects.toThrow(
      /^toy, table-1 at smoke with sizes = \[1,-2\]: the flops of a unit of squares: /,
    );
    expect(existsSync(join(project.root, 'results/toy/custom'))).toBe(false);
  }));

it.concurrent('what cannot be run is told before anything is computed', () =>
  inProject(
    async (project) => {
      const refused = async (message: string, ...args: string[]) => {
        const outcome = await project.runWith(smoke, 'reproduce', ...args);
        expect(outcome).toEqual({
          code: 2,
          stdout: '',
          stderr: `hessian-rmt: ${message} (see npx hessian-rmt reproduce --help)\n`,
        });
      };
      await Promise.all([
        refused('--figure: toy has no Figure 2; there are Figures 1', 'toy', '--figure', '2'),
        refused('--table: expected a number or a range, as 3 or 7-8; found "one"', 'toy', '--table', 'one'),
        refused('--part: toy has no part "table-2"; its parts are table-1, figure-1', 'toy', '--part', 'table-2'),
        refused('--set: expected NAME=VALUE, as width=20; found "width"', 'toy', '--set', 'width'),
        refused(
          '--set: toy: none of the 2 parts has a setting size (did you mean sizes?); there are sizes',
          'toy',
          '--set',
          'size=3',
        ),
        refused(
          '--set: toy: sizes of table-1 is [2,3] at smoke: expected a list of the same kind, found 3',
          'toy',
          '--set',
          'sizes=3',
        ),
        refused('--as: expected a name that no other profile has; found "paper" at smoke', 'toy', '--as', 'paper'),
        refused(
          '--as: expected a name that no profile has, since settings are changed; found "smoke"',
          ...['toy', '--as', 'smoke', '--set', 'sizes=[3]'],
        ),
        refused(
          '--as: expected letters, digits, - and _, beginning with a letter or a digit; found "../x"',
          ...['toy', '--as', '../x'],
        ),
        // Of several experiments the first would have run.
        refused('--table: bulky-toy has no Table 1; there are no tables', 'toy', 'bulky-toy', '--table', '1'),
      ]);
      expect(existsSync(join(project.root, 'results'))).toBe(false);
    },
    ['toy', 'bulky-toy'],
  ));
