import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCampaign } from './campaign.js';
import { DamagedProject, leftIn } from './damaged-project.js';
import { damaged, type Mutation, oddTexts, restructured, reworded } from './mutations.js';

const spectrumFixture = (name: string) => fileURLToPath(new URL(`../test/fixtures/spectrum/${name}`, import.meta.url));

let place: DamagedProject;
let results: string;
let pristine: string;
beforeAll(async () => {
  place = new DamagedProject();
  const { project } = place;
  const { code, stderr } = await project.run('reproduce', 'toy', '--profile', 'smoke');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  results = join(project.root, 'results');
  pristine = join(project.root, 'pristine');
  cpSync(results, pristine, { recursive: true });
});
afterAll(() => place?.remove());

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

test('stored results, as compare, report, figures, verify and cache read them', async () => {
  const verbs = [
    ['compare', 'toy', '--profile', 'smoke'],
    ['compare', 'toy', '--profile', 'smoke', '--json'],
    ['compare', 'toy', '--against', pristine],
    ['compare', 'toy', '--against', pristine, '--json'],
    ['compare', 'toy', '--stale'],
    ['report'],
    ['figures', 'toy', '--profile', 'smoke'],
    ['verify', 'toy', '--profile', 'smoke', '--units', '1', '--cores', '1'],
    ['cache', 'list'],
  ];
  const folder = join(pristine, 'toy', 'smoke');
  const files = filesUnder(folder).filter((file) => /\.(json|csv|md|npy)$/.test(file) && file !== 'claims.md');
  const input = fc.constantFrom(...files).chain((file) => {
    const content = readFileSync(join(folder, file));
    const text = content.toString();
    const mutated = file.endsWith('.json')
      ? fc.oneof(damaged(content), reworded(text), { weight: 3, arbitrary: restructured(text) })
      : damaged(content);
    return fc.tuple(mutated, fc.constantFrom(...verbs)).map(([one, verb]) => ({ ...one, file, verb }));
  });
  await runCampaign({
    kind: 'stored results',
    mutations: input,
    inputs: { long: 120, short: 8 },
    names: files.map((file) =>
      file
        .split('/')
        .at(-1)!
        .replace(/\.(md|csv)$/, ''),
    ),
    async read(mutation) {
      const { file, verb, bytes } = mutation as unknown as Mutation & { file: string; verb: string[] };
      const damagedFile = join(results, 'toy', 'smoke', file);
      writeFileSync(damagedFile, bytes);
      const before = new Map(filesUnder(results).map((name) => [name, readFileSync(join(results, name))]));
      try {
        const name = file
          .split('/')
          .at(-1)!
          .replace(/\.(md|csv)$/, '');
        const left = await place.complaintOrError(verb, [name]).then(
          (complaint) => complaint ?? leftIn(results),
          (error) => {
            const written = filesUnder(results).filter(
              (one) => !before.get(one)?.equals(readFileSync(join(results, one))),
            );
            const half = written.filter((one) => one !== 'index.html');
            if (half.length > 0 || leftIn(results)) return `an error, and ${half.join(', ')} written`;
            throw error;
          },
        );
        return left;
      } finally {
        rmSync(join(results, 'toy'), { recursive: true });
        cpSync(join(pristine, 'toy'), join(results, 'toy'), { recursive: true });
      }
    },
  });
});

/** No command line and no environment holds a zero byte, and no word is longer than the system lets through. */
const words = oddTexts.filter((text) => !text.includes('\0'));
const strange = fc.constantFrom(
  ...words,
  ...[
    '-1',
    '0',
    '1.5',
    '1e999',
    'NaN',
    'Infinity',
    '1000000000000',
    '9007199254740993',
    '0x10',
    ' 1 ',
    '1,2',
    '=',
    ',',
    '--',
    'null',
    'true',
  ],
);

test('options of all verbs', async () => {
  const out = join(place.project.root, 'out');
  const network = [
    spectrumFixture('model.npz'),
    '--data',
    spectrumFixture('x.npy'),
    '--labels',
    spectrumFixture('y.npy'),
    '--activation',
    'tanh',
  ];
  const options: readonly (readonly [verb: readonly string[], options: readonly string[]])[] = [
    [
      ['reproduce', 'toy', '--profile', 'smoke'],
      ['profile', 'seed', 'part', 'figure', 'table', 'set', 'as', 'backend', 'blas', 'cores', 'force', 'json'],
    ],
    [
      ['figures', 'toy'],
      ['profile', 'as'],
    ],
    [
      ['compare', 'toy'],
      ['profile', 'as', 'verdict', 'against', 'tolerance', 'all', 'stale', 'json'],
    ],
    [['report'], ['profile', 'check']],
    [
      ['verify', 'toy', '--cores', '1'],
      ['profile', 'as', 'units', 'seed', 'minutes', 'json'],
    ],
    [
      ['cache', 'prune', '--dry-run'],
      ['older-than', 'experiment', 'all', 'yes', 'json'],
    ],
    [['data', 'list'], ['directory']],
    [
      ['spectrum', ...network, '--out', out],
      [
        'activation',
        'loss',
        'layout',
        'order',
        'data',
        'labels',
        'targets',
        'format',
        'split',
        'limit',
        'scaling',
        'mean',
        'deviation',
        'channels',
        'part',
        'layers',
        'batches',
        'count',
        'method',
        'steps',
        'vectors',
        'law',
        'outliers',
        'operator',
        'operator-version',
        'threads',
        'seed',
        'blas',
      ],
    ],
    [['reproduce'], ['']],
    [['compare'], ['']],
    [[], ['']],
  ];
  const input = fc.constantFrom(...options).chain(([verb, names]) =>
    fc.tuple(fc.constantFrom(...names), strange, fc.constantFrom('=', ' ')).map(([name, value, sign]) => {
      const given = name === '' ? [value] : sign === '=' ? [`--${name}=${value}`] : [`--${name}`, value];
      return {
        name: `${verb[0]} ${given.join(' ').slice(0, 60)}`,
        bytes: Buffer.of(),
        args: [...verb, ...given],
        option: name,
      };
    }),
  );
  await runCampaign({
    kind: 'options',
    mutations: input,
    inputs: { long: 220, short: 40 },
    names: [''],
    async read(mutation) {
      const { args, option } = mutation as unknown as { args: string[]; option: string };
      rmSync(out, { recursive: true, force: true });
      const value = args
        .at(-1)!
        .replace(/^--[a-z-]+=/, '')
        .slice(0, 100);
      const names =
        option === '' ? ['see npx'] : [`--${option}`, value, 'no experiment', 'Unknown argument', 'an operator stands'];
      const complaint = await place.complaintOrError(args, names);
      const escaped = join(place.project.root, '..', 'escape');
      return complaint ?? (existsSync(escaped) ? `writes ${escaped}` : leftIn(results));
    },
  });
});

/** Of no sizes at all the toy's own code knows no figure; that is told in its words. */
test('values of settings', async () => {
  const value = fc.oneof(
    strange.map(String),
    restructured('{"sizes":[2,3]}').map(({ bytes }) => bytes.toString()),
    reworded('[2,3]').map(({ bytes }) => bytes.toString()),
    fc.json({ maxDepth: 3 }),
  );
  const name = fc.oneof(
    { weight: 4, arbitrary: fc.constant('sizes') },
    fc.constantFrom(
      'sizes.0',
      'sizes.length',
      '__proto__',
      'constructor',
      'toString',
      'sizes.0.0',
      '.',
      ' sizes',
      'size',
    ),
  );
  const input = fc
    .tuple(name, value)
    .filter(([, text]) => text.trim() !== '[]' && !text.includes('\0') && text.length < 100_000 && !/\d{2,}/.test(text))
    .map(([setting, text]) => ({
      name: `${setting}=${text.slice(0, 60)}`,
      bytes: Buffer.of(),
      word: `${setting}=${text}`,
    }));
  await runCampaign({
    kind: 'values of settings',
    mutations: input,
    inputs: { long: 60, short: 5 },
    names: ['--set'],
    async read(mutation) {
      const { word } = mutation as unknown as { word: string };
      const complaint = await place
        .complaintOrError(
          ['reproduce', 'toy', '--profile', 'smoke', '--cores', '1', '--set', word],
          ['--set', 'squares', 'toy'],
        )
        .catch((error: Error) => {
          throw new Error(`--set: ${error.message}`);
        });
      return complaint ?? leftIn(results);
    },
  });
});

test('environment variables', async () => {
  const variables = ['PROFILE', 'BACKEND', 'BLAS', 'DATA', 'CACHE'].map((name) => `HESSIAN_RMT_${name}`);
  const commands = [
    ['reproduce', 'toy', '--profile', 'smoke', '--cores', '1'],
    ['compare'],
    ['data', 'list'],
    ['cache', 'list'],
  ];
  const input = fc
    .tuple(fc.constantFrom(...variables), strange, fc.constantFrom(...commands))
    .filter(([variable, value]) => variable !== 'HESSIAN_RMT_CACHE' || !value.startsWith('..'))
    .map(([variable, value, args]) => ({
      name: `${variable}=${value.slice(0, 40)} ${args[0]}`,
      bytes: Buffer.of(),
      variable,
      value,
      args,
    }));
  await runCampaign({
    kind: 'environment variables',
    mutations: input,
    inputs: { long: 80, short: 5 },
    names: [''],
    async read(mutation) {
      const { variable, value, args } = mutation as unknown as { variable: string; value: string; args: string[] };
      return (
        (await place.complaintOrError(args, [variable, value.slice(0, 100)], { [variable]: value })) ?? leftIn(results)
      );
    },
  });
});
