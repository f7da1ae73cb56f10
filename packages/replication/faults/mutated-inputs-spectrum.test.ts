import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCampaign } from './campaign.js';
import { complaintAboutOutcome } from './commander.js';
import { DamagedProject, leftIn } from './damaged-project.js';
import { damaged } from './mutations.js';

const spectrumFixture = (name: string) => fileURLToPath(new URL(`../test/fixtures/spectrum/${name}`, import.meta.url));

let place: DamagedProject;
beforeAll(() => {
  place = new DamagedProject();
});
afterAll(() => place?.remove());

test('files of weights and data, through spectrum', async () => {
  const names = ['model.npz', 'x.npy', 'y.npy'];
  const out = join(place.project.root, 'out');
  const paths = names.map((name) => join(place.project.root, name));
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
      const complaint = await place.complaintOrError(args, paths).catch((error) => {
        if (existsSync(out)) return 'an error, and results';
        throw error;
      });
      if (complaint) return complaint;
      return existsSync(join(out, 'spectrum.json')) ? leftIn(out) : 'neither an error nor results';
    },
  });
});

test('modules of operators', async () => {
  const file = join(place.project.root, 'operator.mjs');
  const out = join(place.project.root, 'out');
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
      const outcome = await place.project.run(
        'spectrum',
        '--operator',
        file,
        '--steps',
        '4',
        '--threads',
        '1',
        '--out',
        out,
      );
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

test('checkpoints of a Lanczos process that ended before its time, through spectrum', async () => {
  const { project } = place;
  const [file, hurdle, out] = ['operator.mjs', 'hurdle', 'out'].map((name) => join(project.root, name));
  const unfinished = join(project.root, '.hessian-rmt', 'unfinished');
  writeFileSync(
    file,
    `import { existsSync } from 'node:fs';
    let products = 0;
    export default {
      shape: [12, 12],
      matvec(v) {
        if (++products > 3 && existsSync(${JSON.stringify(hurdle)})) throw new Error('hurdle');
        return v.map((x, i) => x * (i + 1));
      },
    };`,
  );
  const args = [
    'spectrum',
    '--operator',
    file,
    '--operator-version',
    '1',
    '--steps',
    '6',
    '--threads',
    '1',
    '--out',
    out,
  ];
  const undisturbed = await project.run(...args);
  expect(undisturbed).toMatchObject({ code: 0, stderr: '' });
  const expected = readFileSync(join(out, 'arrays', 'nodes.npy'));
  rmSync(join(project.root, '.hessian-rmt'), { recursive: true });
  rmSync(out, { recursive: true });
  writeFileSync(hurdle, '');
  expect((await project.run(...args)).code).toBe(1);
  rmSync(hurdle);
  const kept = join(project.root, 'kept');
  cpSync(unfinished, kept, { recursive: true });
  const files = readdirSync(kept, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'owner')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  expect(files.length).toBeGreaterThan(2);
  await runCampaign({
    kind: 'checkpoints, by spectrum',
    mutations: fc.oneof(
      ...files.map((path, i) => damaged(readFileSync(path)).map((one) => ({ ...one, name: `${i}: ${one.name}` }))),
    ),
    inputs: { long: 30, short: 2 },
    names: [unfinished],
    async read({ name, bytes }) {
      rmSync(join(project.root, '.hessian-rmt'), { recursive: true });
      rmSync(out, { recursive: true, force: true });
      cpSync(kept, unfinished, { recursive: true });
      writeFileSync(files[Number(/^\d+/.exec(name))].replace(kept, unfinished), bytes);
      const complaint = await place.complaintOrError(args, [unfinished]).catch((error) => {
        if (existsSync(out)) return 'an error, and results';
        throw error;
      });
      if (complaint) return complaint;
      return readFileSync(join(out, 'arrays', 'nodes.npy')).equals(expected) ? leftIn(out) : 'other nodes';
    },
  });
});
