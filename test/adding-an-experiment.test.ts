import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = process.cwd();
const page = readFileSync('docs/adding-an-experiment.md', 'utf8');

/** The built command, which compiles nothing. */
const command = 'packages/replication/test/fixtures/cli.js';

/** What the page shows, by the path that it says: a line with the path in backticks, a colon, a block. */
const files = [...page.matchAll(/^`([^`\n]+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)].map(([, file, text]) => ({
  file,
  text,
}));

/** A repository with this one experiment; packages and what they depend on are those of this repository. */
const tree = mkdtempSync(path.join(tmpdir(), 'hessian-rmt-added-'));
const experiment = path.join(tree, 'experiments', 'centred-inputs');
const results = path.join(tree, 'results', 'centred-inputs', 'smoke');
afterAll(() => rmSync(tree, { recursive: true, force: true }));

function run(script: string, args: readonly string[], cwd = tree): string {
  const clean = Object.entries(process.env).filter(([name]) => !/^(HESSIAN_RMT_|NODE_OPTIONS|VITEST)/.test(name));
  const options = { cwd, env: Object.fromEntries(clean), encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(root, script), ...args], options);
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** Milliseconds for a machine that has other work; some ten seconds in all where it has none. */
const patience = 240_000;

describe('docs/adding-an-experiment.md, followed', { timeout: patience }, () => {
  beforeAll(() => {
    writeFileSync(
      path.join(tree, 'package.json'),
      '{ "private": true, "workspaces": ["packages/*", "experiments/*"] }',
    );
    for (const file of ['tsconfig.base.json', 'vitest.config.ts']) copyFileSync(file, path.join(tree, file));
    for (const folder of ['node_modules', 'packages'])
      symlinkSync(path.resolve(folder), path.join(tree, folder), 'dir');
    for (const { file, text } of files) {
      mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
      writeFileSync(path.join(tree, file), text);
    }
    // As `tsc -b` does, without building the packages that the experiment refers to: they are there.
    run('node_modules/typescript/bin/tsc', ['-p', experiment]);
    run(command, ['reproduce', 'centred-inputs', '--profile', 'smoke']);
  }, patience);

  it('makes a whole package', () => {
    expect(files.map(({ file }) => file.replace('experiments/centred-inputs/', ''))).toEqual([
      'package.json',
      'tsconfig.json',
      'tsconfig.test.json',
      'src/linear-unit.ts',
      'src/figure-1.ts',
      'src/index.ts',
      'test/linear-unit.test.ts',
      'README.md',
      'paper.json',
    ]);
  });

  it('stands in the report with a sentence for every group of its claims', () => {
    run(command, ['report', '--profile', 'smoke', '--markdown', 'report.md']);
    const report = readFileSync(path.join(tree, 'report.md'), 'utf8');
    const { name, groups } = JSON.parse(readFileSync(path.join(experiment, 'paper.json'), 'utf8'));
    for (const text of [name, ...Object.values(groups)]) expect(report).toContain(text);
    const claims: { id: string }[] = JSON.parse(readFileSync(path.join(results, 'claims.json'), 'utf8'));
    expect(Object.keys(groups)).toEqual([...new Set(claims.map(({ id }) => id.split('.')[0]))]);
  });

  it('draws its figure and judges its claims', () => {
    for (const extension of ['svg', 'png', 'json']) {
      expect(existsSync(path.join(results, 'figures', `figure-1.${extension}`)), extension).toBe(true);
    }
    const claims = JSON.parse(readFileSync(path.join(results, 'claims.json'), 'utf8'));
    expect(claims.map(({ id, verdict }: Record<string, string>) => [id, verdict])).toEqual([
      ['L1.bulk', 'reproduced'],
      ['L1.outlier', 'reproduced'],
      ['L2.centred', 'reproduced'],
    ]);
  });

  it('is listed by compare as the page shows it, but for the last digits', () => {
    const shown = page.match(/```text\n([\s\S]*?)```/)![1];
    const digits = (text: string) => text.replace(/\d+\.\d+/g, (number) => Number(number).toPrecision(1));
    const listed = run(command, ['compare', 'centred-inputs']);
    expect(digits(listed).replace(/ +/g, ' ')).toBe(digits(shown).replace(/ +/g, ' '));
  });

  it('takes a figure and a setting by name, as the page says', () => {
    const [, args] = page.match(/npx hessian-rmt (reproduce centred-inputs .*--set .*)/)!;
    run(command, args.split(' '));
    const figure = readFileSync(path.join(results, '..', 'custom', 'figures', 'figure-1.json'), 'utf8');
    expect(JSON.parse(figure).caption).toContain('mean 0 (left) and 0.25 (right)');
  });

  it('passes the tests that it comes with', () => {
    run('node_modules/vitest/vitest.mjs', ['run', '--root', '.', '--config', '../../vitest.config.ts'], experiment);
  });
});
