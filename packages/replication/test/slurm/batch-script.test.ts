import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { arrayScript, environmentOfJobs, lastJobScript } from '../../src/slurm/batch-script.js';
import type { JobArray } from '../../src/slurm/job-plan.js';
import { mergeSlurmSettings, type SomeSlurmSettings } from '../../src/slurm/slurm-settings.js';
import { temporaryFolder } from '../temporary.js';

const array: JobArray = {
  id: '3',
  stage: 1,
  cpus: 2,
  memory: 3 * 2 ** 30 + 1,
  seconds: 100,
  timeLimit: '00:30:00',
  packets: [{ units: [] }, { units: [] }, { units: [] }],
};

const contextOf = (settings: SomeSlurmSettings = {}, folder = '/shared/run') => ({
  folder,
  name: 'hessian-rmt-0123abcd',
  settings: mergeSlurmSettings(settings),
  environment: { HESSIAN_RMT_CACHE: '/shared/cache' },
  nodeCommand: '/usr/bin/node',
  processModule: '/shared/dist/task-process.js',
  arrays: [] as readonly JobArray[],
  limits: { maxArraySize: 1001 },
});

/** The options of `#SBATCH` lines, as Slurm's `_get_argument` (22.05) takes them apart, up to the first command. */
function optionsIn(script: string): string[] {
  const lines = script.split('\n');
  const end = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
  return lines.slice(0, end).flatMap((line) => (line.startsWith('#SBATCH') ? argumentsIn(line.slice(7)) : []));
}

function argumentsIn(line: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < line.length; ) {
    while (/\s/.test(line[i] ?? '')) i++;
    if (i >= line.length || line[i] === '#') break;
    let [text, quote] = ['', ''];
    for (; i < line.length && (quote !== '' || !/\s/.test(line[i])); i++) {
      // A blank ends the word even after a backslash, unless in quotes.
      if (line[i] === '\\' && (quote !== '' || !/\s/.test(line[i + 1]))) text += line[++i];
      else if (line[i] === quote) quote = '';
      else if (quote === '' && /["']/.test(line[i])) quote = line[i];
      else if (quote === '' && line[i] === '#') return [...found, text];
      else text += line[i];
    }
    found.push(text);
  }
  return found;
}

it('an array asks for what its plan and the settings say, and for nothing else', () => {
  expect(optionsIn(arrayScript({ ...contextOf(), array: { ...array, memory: null, timeLimit: null } }))).toEqual([
    '--job-name=hessian-rmt-0123abcd',
    '--chdir=/shared/run',
    '--open-mode=append',
    '--requeue',
    '--array=0-2',
    '--output=logs/3-%a.log',
    '--cpus-per-task=2',
  ]);
  const settings = {
    partition: 'main',
    account: 'a1',
    gpus: 'a100:2',
    tasksAtOnce: 20,
    sbatch: ['--exclusive', '--constraint=a&b'],
  };
  const options = optionsIn(arrayScript({ ...contextOf(settings), array }));
  expect(options).toEqual(
    expect.arrayContaining([
      '--array=0-2%20',
      '--mem=3073M',
      '--time=00:30:00',
      '--partition=main',
      '--account=a1',
      '--gres=gpu:a100:2',
    ]),
  );
  expect(options.slice(-2)).toEqual(['--exclusive', '--constraint=a&b']);
});

it('the last job asks for one core, no GPU, and the memory and time of the settings', () => {
  const options = optionsIn(lastJobScript(contextOf({ memory: '8G', time: '2:00:00', gpus: '1', tasksAtOnce: 5 })));
  expect(options).toEqual(
    expect.arrayContaining(['--cpus-per-task=1', '--mem=8G', '--time=2:00:00', '--output=logs/last.log']),
  );
  expect(options.filter((option) => /^--(array|gres)/.test(option))).toEqual([]);
});

it('the last job asks for an hour and the memory of its tasks, within what its partition and its work allow', () => {
  const optionsOf = (maxSeconds: number | undefined, ...memories: readonly (number | null)[]) =>
    optionsIn(
      lastJobScript({
        ...contextOf(),
        arrays: memories.map((memory) => ({ ...array, memory })),
        limits: { maxArraySize: 1001, ...(maxSeconds === undefined ? {} : { maxSeconds }) },
      }),
    ).filter((option) => /^--(mem|time)/.test(option));
  expect(optionsOf(undefined)).toEqual(['--time=01:00:00']);
  expect(optionsOf(7200, null)).toEqual(['--time=01:00:00']);
  expect(optionsOf(900, 2 ** 31, 2 ** 30)).toEqual(['--mem=2048M', '--time=00:15:00']);
  expect(optionsOf(undefined, 2 ** 36)).toEqual(['--mem=4096M', '--time=01:00:00']);
});

it('texts of users stay in their line and their quotes, for Slurm and for the shell', () => {
  const folder = join(temporaryFolder(), `a b's "c" $HOME #d; exit 3 é`);
  mkdirSync(folder);
  const processModule = join(folder, 'task process.mjs');
  writeFileSync(
    processModule,
    'console.log(JSON.stringify([process.argv.slice(2), process.env.HESSIAN_RMT_DATA, process.env.NOTE, process.env.LOADED]))',
  );
  const settings = {
    setup: ['export LOADED="$((1 + 1))"'],
    environment: { NOTE: `it's $(date) "quoted" \`ls\`` },
    sbatch: [`--comment=it's "x" #y \\z`],
  };
  const context = { ...contextOf(settings, folder), nodeCommand: process.execPath, processModule };
  const script = arrayScript({ ...context, environment: { HESSIAN_RMT_DATA: folder }, array });
  const options = optionsIn(script);
  expect(options).toContain(`--chdir=${folder}`);
  expect(options).toContain(`--comment=it's "x" #y \\z`);

  const file = join(folder, 'script.sh');
  writeFileSync(file, script);
  execFileSync('bash', ['-n', file]);
  const printed = execFileSync('bash', [file], { encoding: 'utf8' });
  expect(JSON.parse(printed)).toEqual([[folder, '3'], folder, settings.environment.NOTE, '2']);
});

it('Node takes the place of the shell, so that signals reach it', () => {
  const folder = temporaryFolder();
  const processModule = join(folder, 'pid.mjs');
  writeFileSync(processModule, 'console.log(process.pid)');
  const settings = { setup: ['echo $$'] };
  const script = lastJobScript({ ...contextOf(settings, folder), nodeCommand: process.execPath, processModule });
  const [shell, node] = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
  expect(node).toBe(shell);
});

it('a node that does not see the folders, or has no Node, says so', () => {
  const folder = temporaryFolder();
  const module = join(folder, 'x.mjs');
  copyFileSync(new URL(import.meta.url), module);
  const messageOf = (context: Partial<ReturnType<typeof contextOf>>) => {
    const script = lastJobScript({ ...contextOf({}, folder), processModule: module, ...context });
    try {
      execFileSync('bash', ['-c', script], { encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      return `${(error as { status: number }).status} ${(error as { stderr: string }).stderr}`;
    }
  };
  expect(messageOf({ processModule: '/no/such.js' })).toMatch(
    /^1 hessian-rmt: .* has no \/no\/such\.js; expected a repository/,
  );
  expect(messageOf({ folder: '/no/such' })).toMatch(/has no \/no\/such; expected a cache directory/);
  expect(messageOf({ nodeCommand: '/no/node' })).toMatch(
    /has no \/no\/node; expected Node: see node and setup in slurm\.json/,
  );
});

it('a folder whose name Slurm would change in paths of logs is refused', () => {
  const expected = 'HESSIAN_RMT_CACHE: Slurm expects a path without % and backslash; found /shared/';
  for (const name of ['100 %', 'a\\b'])
    expect(() => lastJobScript(contextOf({}, `/shared/${name}`))).toThrow(expected + name);
});

it('a folder whose name has two lines is refused', () => {
  expect(() => lastJobScript(contextOf({}, '/shared/a\nb'))).toThrow(
    /expected texts and paths of one line, found .*\\nb/,
  );
});

it('jobs get what counts of the environment, with absolute paths', () => {
  const environment = {
    HESSIAN_RMT_DATA: 'data',
    HESSIAN_RMT_BLAS: 'portable',
    HESSIAN_RMT_PROFILE: 'paper',
    HESSIAN_RMT_EXECUTOR: 'slurm',
    HESSIAN_RMT_BACKEND: '',
    OPENBLAS_CORETYPE: 'Haswell',
    OPENBLAS_NUM_THREADS: '7',
    SECRET: 'x',
  };
  expect(environmentOfJobs(environment, '/shared/cache')).toEqual({
    HESSIAN_RMT_CACHE: '/shared/cache',
    HESSIAN_RMT_DATA: join(process.cwd(), 'data'),
    HESSIAN_RMT_BLAS: 'portable',
    OPENBLAS_CORETYPE: 'Haswell',
  });
});
