import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { printable } from '../src/terminal.js';
import { Project } from '../test/project.js';
import { runCampaign } from './campaign.js';
import { Commander, complaintAboutOutcome } from './commander.js';
import { damaged, type Mutation, oddTexts, restructured, reworded } from './mutations.js';

const spectrumFixture = (name: string) => fileURLToPath(new URL(`../test/fixtures/spectrum/${name}`, import.meta.url));

let project: Project;
let commander: Commander;
let results: string;
let pristine: string;
beforeAll(async () => {
  project = new Project();
  commander = new Commander(project.root);
  const { code, stderr } = await project.run('reproduce', 'toy', '--profile', 'smoke');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  results = join(project.root, 'results');
  pristine = join(project.root, 'pristine');
  cpSync(results, pristine, { recursive: true });
});
afterAll(() => {
  commander?.stop();
  project?.remove();
});

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();

/** What must not be there after any command: something half-written, or written where nobody asked for it. */
function leftIn(folder: string): string | undefined {
  const left = readdirSync(folder, { recursive: true }).find((name) => /\.(tmp|new|old)(\/|$)/.test(String(name)));
  return left === undefined ? undefined : `leaves ${left}`;
}

/** Every so many commands run in a process of their own, as a user's do. */
const ownProcess = 12;
let count = 0;
async function runCommand(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return count++ % ownProcess === 0 ? project.runWith(env, ...args) : commander.run(args, env);
}

/** A command on damaged input ends in the documented way; as an error for the campaign to count where it ends in one. */
async function complaintOrError(
  args: readonly string[],
  names: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const outcome = await runCommand(args, env).catch((error: Error) => error.message);
  if (typeof outcome === 'string') return outcome;
  const complaint = complaintAboutOutcome(
    outcome,
    names.map(printable),
    [...args, ...Object.values(env)].map(printable),
  );
  if (complaint)
    return `${args.join(' ').slice(0, 200)}: ${complaint}: ${JSON.stringify((outcome.stderr || outcome.stdout).slice(0, 400))}`;
  if (outcome.code === 1 || outcome.code === 2)
    throw new Error(outcome.stderr.trim() || `${names[0]}: ${outcome.stdout}`);
  return undefined;
}

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
        const left = await complaintOrError(verb, [name]).then(
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
  const out = join(project.root, 'out');
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
    inputs: { long: 220, short: 12 },
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
      const complaint = await complaintOrError(args, names);
      const escaped = join(project.root, '..', 'escape');
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
      const complaint = await complaintOrError(
        ['reproduce', 'toy', '--profile', 'smoke', '--cores', '1', '--set', word],
        ['--set', 'squares', 'toy'],
      ).catch((error: Error) => {
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
      return (await complaintOrError(args, [variable, value.slice(0, 100)], { [variable]: value })) ?? leftIn(results);
    },
  });
});

test('files of weights and data, through spectrum', async () => {
  const names = ['model.npz', 'x.npy', 'y.npy'];
  const out = join(project.root, 'out');
  const paths = names.map((name) => join(project.root, name));
  const contents = names.map((name) => readFileSync(spectrumFixture(name)));
  await runCampaign({
    kind: 'files of spectrum',
    mutations: fc.oneof(
      ...contents.map((content, i) => damaged(content).map((one) => ({ ...one, name: `${i}: ${one.name}` }))),
    ),
    inputs: { long: 40, short: 3 },
    names: paths,
    async read({ name, bytes }) {
      for (const [i, path] of paths.entries()) writeFileSync(path, i === Number(name[0]) ? bytes : contents[i]);
      rmSync(out, { recursive: true, force: true });
      const [model, x, y] = paths;
      const args = [
        'spectrum',
        model,
        '--data',
        x,
        '--labels',
        y,
        '--activation',
        'tanh',
        '--out',
        out,
        '--threads',
        '1',
      ];
      const complaint = await complaintOrError(args, paths).catch((error) => {
        if (existsSync(out)) return 'an error, and results';
        throw error;
      });
      if (complaint) return complaint;
      return existsSync(join(out, 'spectrum.json')) ? leftIn(out) : 'neither an error nor results';
    },
  });
});

test('modules of operators', async () => {
  const file = join(project.root, 'operator.mjs');
  const out = join(project.root, 'out');
  const shapes = [
    '[6, 6]',
    '[6, 7]',
    '[0, 0]',
    '[-6, -6]',
    '[6]',
    '6',
    '"6,6"',
    'null',
    '[NaN, NaN]',
    '[1.5, 1.5]',
    '[1e12, 1e12]',
    '[2 ** 53, 2 ** 53]',
    '{}',
    '[6n, 6n]',
    '["6", "6"]',
    undefined,
  ];
  const products = [
    'v => v.map((x, i) => x * (i + 1))',
    'v => [...v]',
    'v => v.subarray(1)',
    'v => v.map(() => NaN)',
    'v => v.map(() => 1e308 * 10)',
    '() => undefined',
    '() => null',
    '() => "v"',
    '() => ({ length: 6 })',
    '() => new Float64Array(1e3)',
    '() => { throw new Error("no product"); }',
    '() => { throw undefined; }',
    '() => { throw { toString: null }; }',
    'async () => Promise.reject("two\\nlines \\u001b[31m")',
    'async v => new Float32Array(v)',
    'v => BigInt64Array.from([...v].map(() => 1n))',
    '5',
    'v => v.fill(0)',
    undefined,
  ];
  const whole = [
    'export default',
    'export default null;',
    'export default () => 5;',
    'export default async () => { throw new Error("\\u001b[2J"); };',
    'syntax error here',
    'export const operator = {};',
    'process.exit(0);',
    'throw undefined;',
    'import "./none.mjs";',
    '',
    '\u0000\u001b',
    'export default { get shape() { throw new TypeError("x"); } };',
    'export default new Proxy({}, {});',
    'module.exports = {};',
    'export default [];',
  ];
  const input = fc
    .oneof(
      fc
        .tuple(fc.constantFrom(...shapes), fc.constantFrom(...products))
        .map(
          ([shape, product]) =>
            `export default { ${shape === undefined ? '' : `shape: ${shape},`} ${product === undefined ? '' : `matvec: ${product}`} };`,
        ),
      fc.constantFrom(...products).map((product) => `export default { shape: [6, 6], matvec: ${product} };`),
      fc.constantFrom(...whole),
    )
    .map((text) => ({ name: text.slice(0, 120), bytes: Buffer.from(text) }));
  await runCampaign({
    kind: 'modules of operators',
    mutations: input,
    inputs: { long: 30, short: 2 },
    names: [file],
    async read({ bytes }) {
      writeFileSync(file, bytes);
      rmSync(out, { recursive: true, force: true });
      // In a process each: a module is loaded once.
      const outcome = await project.run('spectrum', '--operator', file, '--steps', '4', '--threads', '1', '--out', out);
      const complaint = complaintAboutOutcome(outcome, [file]);
      if (complaint) return `${complaint}: ${JSON.stringify(outcome.stderr.slice(0, 400))}`;
      if (outcome.code !== 0) {
        if (existsSync(out)) return 'an error, and results';
        throw new Error(outcome.stderr.trim());
      }
      return existsSync(join(out, 'spectrum.json')) && statSync(join(out, 'spectrum.json')).size > 0
        ? undefined
        : 'neither an error nor results';
    },
  });
});
