import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { linearAlgebra, readNpy, toFloat64, writeNpy, writeNpz } from '@hessian-rmt/numerics';
import { afterAll, describe, expect, it, vi } from 'vitest';
import './built.js';
import { Project } from './project.js';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/spectrum/${name}`, import.meta.url));
/** By PyTorch's automatic differentiation in float64 (fixtures/spectrum/generate.py). */
const reference: Readonly<Record<string, number[]>> & { readonly batches: number[][]; readonly loss: number } =
  JSON.parse(readFileSync(fixture('reference.json'), 'utf8'));
const network = [
  fixture('model.npz'),
  '--data',
  fixture('x.npy'),
  '--labels',
  fixture('y.npy'),
  '--activation',
  'tanh',
];

const project = new Project([]);
const projects = [project];
afterAll(() => {
  for (const one of projects) one.remove();
});

// Each test starts processes, which on a busy machine wait for each other.
vi.setConfig({ testTimeout: 240_000 });

/**
 * The numbers that --json prints, and an array of the results. In a project of its own: runs in one project wait for each
 * other.
 */
async function spectrumOf(...args: string[]) {
  const own = new Project([]);
  projects.push(own);
  const { code, stdout, stderr } = await own.run('spectrum', ...args, '--out', 'out', '--json');
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const folder = join(own.root, 'out');
  const array = async (name: string) => toFloat64(await readNpy(join(folder, 'arrays', `${name}.npy`)));
  return { summary: JSON.parse(stdout), array, folder };
}

/** To 1e-10 of the largest magnitude. */
function expectLevels(found: Float64Array, wanted: readonly number[]): void {
  expect(found.length).toBe(wanted.length);
  const tolerance = 1e-10 * Math.max(...wanted.map(Math.abs));
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - found[i])));
  expect(worst).toBeLessThan(tolerance);
}

describe.concurrent('eigenvalues are those of PyTorch', () => {
  it('of the Hessian, structural zeros removed', async () => {
    const { array, summary } = await spectrumOf(...network);
    expectLevels(await array('eigenvalues'), reference.hessian);
    const [{ structuralZeros, loss, trace, negative }] = summary.spectra;
    // The shift of all logits: a zero for each column of the last layer.
    expect(structuralZeros).toMatchObject({ shift: 6, total: 6 });
    expect(loss).toBeCloseTo(reference.loss, 12);
    expect(trace).toBeCloseTo(
      reference.hessian.reduce((sum, value) => sum + value, 0),
      12,
    );
    expect(negative).toBe(reference.hessian.filter((value) => value < -1e-12).length);
  });

  it('of the block of a layer of the Gauss-Newton matrix', async () => {
    const options = ['--part', 'gauss-newton', '--layers', '2.*', '--no-deflate', '--method', 'exact'];
    const { array, summary } = await spectrumOf(...network, ...options);
    // The output is linear in its layer: there the two matrices are one.
    expectLevels(await array('eigenvalues'), reference.secondLayer);
    expect(summary.matrix).toMatchObject({ part: 'gauss-newton', layers: ['2.weight', '2.bias'], deflated: false });
    expect(summary.spectra[0].structuralZeros).toBeNull();
  });

  it('of batches', async () => {
    const { array, summary, folder } = await spectrumOf(...network, '--batches', '8', '--law', 'semicircle');
    expectLevels(await array('eigenvalues'), reference.batches.flat());
    expect(summary.spectra).toHaveLength(3);
    expect(summary.law).toMatchObject({ name: 'semicircle', source: expect.stringContaining('mean and variance') });
    expect(summary.files).toContain('tables/batches.csv');
    for (const file of summary.files) expect(existsSync(join(folder, file))).toBe(true);
  });

  it('by Lanczos within the residuals', async () => {
    const [steps, vectors, law] = ['12', '2', 'marchenko-pastur:ratio=0.5'];
    const found = await spectrumOf(...network, '--steps', steps, '--vectors', vectors, '--law', law);
    const wanted = reference.hessian;
    const [ritz, residuals] = [await found.array('nodes'), await found.array('residuals')];
    expect(ritz).toHaveLength(24);
    for (const [i, node] of ritz.entries()) {
      const distance = Math.min(...wanted.map((value) => Math.abs(value - node)));
      expect(distance).toBeLessThan(residuals[i] + 1e-12);
    }
    const { trace, traceStandardError } = found.summary.spectra[0];
    const exact = wanted.reduce((sum, value) => sum + value, 0);
    expect(Math.abs(trace - exact)).toBeLessThan(5 * traceStandardError);
  });
});

describe.concurrent('eigenvalues are those of a closed form', () => {
  /** Eigenvalues of the mean of [x; 1] [x; 1]^T. */
  async function momentsOf(inputs: Float64Array, dimension: number): Promise<Float64Array> {
    const count = inputs.length / dimension;
    const n = dimension + 1;
    const matrix = new Float64Array(n * n);
    for (let s = 0; s < count; s++) {
      const x = [...inputs.subarray(s * dimension, (s + 1) * dimension), 1];
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) matrix[i * n + j] += (x[i] * x[j]) / count;
    }
    return (await linearAlgebra({ threads: 1 })).symmetricEigenvalues(matrix, n);
  }

  const [count, dimension, outputs] = [30, 5, 3];
  const inputs = Float64Array.from({ length: count * dimension }, (_, i) => Math.sin(1 + i * i));

  it('softmax regression at zero weights, by Lanczos over worker threads which many samples are spread over', async () => {
    const many = 1200;
    const [model, x, y] = ['many.npz', 'many-x.npy', 'many-y.npy'].map((name) => join(project.root, name));
    const data = Float64Array.from({ length: many * dimension }, (_, i) => Math.sin(1 + i * i));
    await writeNpz(model, {
      weight: { shape: [outputs, dimension], data: new Float64Array(outputs * dimension) },
      bias: { shape: [outputs], data: new Float64Array(outputs) },
    });
    await writeNpy(x, { shape: [many, dimension], data });
    await writeNpy(y, { shape: [many], data: Int32Array.from({ length: many }, (_, i) => i % outputs) });
    const { array, summary } = await spectrumOf(model, '--data', x, '--labels', y, '--steps', '18', '--threads', '2');
    // Those of the second moments times those of (1/C)(I - 11^T/C): 0 and, C - 1 times, 1/C.
    const wanted = [0, ...(await momentsOf(data, dimension)).map((value) => value / outputs)];
    expect(summary.spectra[0].invariant).toBe(true);
    // A repeated eigenvalue shows up once for each vector that is orthogonal to all before to rounding.
    const nodes = [...(await array('nodes'))];
    const apart = (one: number, others: readonly number[]) => Math.min(...others.map((other) => Math.abs(one - other)));
    for (const value of wanted) expect(apart(value, nodes)).toBeLessThan(1e-10);
    for (const node of nodes) expect(apart(node, wanted)).toBeLessThan(1e-10);
  });

  it('a linear network with squared error, weights as Keras has them: those of the second moments, once an output', async () => {
    const [model, x, t] = ['linear.npz', 'linear-x.npy', 'linear-t.npy'].map((name) => join(project.root, name));
    await writeNpz(model, {
      kernel: { shape: [dimension, outputs], data: inputs.slice(0, dimension * outputs) },
      bias: { shape: [outputs], data: Float64Array.of(1, 2, 3) },
    });
    await writeNpy(x, { shape: [count, dimension], data: inputs });
    await writeNpy(t, { shape: [count, outputs], data: inputs.slice(0, count * outputs) });
    const { array, summary } = await spectrumOf(model, '--data', x, '--targets', t, '--loss', 'squared-error');
    const wanted = [...(await momentsOf(inputs, dimension))].flatMap((value) => Array(outputs).fill(value));
    expectLevels(await array('eigenvalues'), wanted);
    expect(summary.spectra[0].accuracy).toBeNull();
  });
});

/** diag(1 .. n), in a module. */
function diagonal(n: number, delay = 0): string {
  const wait = delay > 0 ? `await new Promise((done) => setTimeout(done, ${delay}));` : '';
  return `export default async () => ({
    shape: [${n}, ${n}],
    async matvec(v) { ${wait} return v.map((x, i) => (i + 1) * x); },
  });`;
}

describe('an operator of one’s own', () => {
  it('with a version goes on after a kill at the step it was in, to the same bytes', async () => {
    const own = new Project([]);
    writeFileSync(join(own.root, 'slow.mjs'), diagonal(400, 15));
    const args = ['spectrum', '--operator', 'slow.mjs', '--operator-version', '1', '--steps', '30'];
    const running = started(own.root, args);
    const vectors = () =>
      existsSync(join(own.root, '.hessian-rmt', 'unfinished'))
        ? readdirSync(join(own.root, '.hessian-rmt', 'unfinished'), { recursive: true }).filter((file) =>
            `${file}`.includes('vector-00'),
          )
        : [];
    while (vectors().length < 5) await sleep(20);
    process.kill(-running.pid!, 'SIGKILL');
    expect(existsSync(join(own.root, 'spectrum-of-slow'))).toBe(false);
    const before = vectors().length;
    const resumed = await own.run(...args);
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(before).toBeGreaterThanOrEqual(5);

    const whole = await own.runWith({ HESSIAN_RMT_CACHE: join(own.root, 'another') }, ...args, '--out', 'whole');
    expect(whole).toMatchObject({ code: 0 });
    const bytes = (folder: string) => readFileSync(join(own.root, folder, 'arrays', 'nodes.npy'));
    expect(bytes('spectrum-of-slow').equals(bytes('whole'))).toBe(true);
    own.remove();
  });
});

/** The command in a group of processes of its own. */
function started(cwd: string, args: readonly string[]): ChildProcess {
  const cli = fileURLToPath(new URL('fixtures/cli.js', import.meta.url));
  return spawn(process.execPath, [cli, ...args], { cwd, detached: true, stdio: 'ignore' });
}

describe('the folder of results', () => {
  it('holds what made it, is replaced by an equal run from the store, and is left alone when it holds something else', async () => {
    const args = ['spectrum', ...network, '--law', 'semicircle:sigma=0.3', '--out', 'again'];
    const first = await project.run(...args);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const folder = join(project.root, 'again');
    const manifest = readFileSync(join(folder, 'manifest.json'), 'utf8');
    const { kind, command, files, network: model } = JSON.parse(manifest);
    expect({ kind, command }).toEqual({
      kind: 'spectrum',
      command: expect.stringContaining('npx hessian-rmt spectrum'),
    });
    expect(model.widths).toEqual([6, 5, 3]);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        'arrays/eigenvalues.npy',
        'figures/spectrum.svg',
        'figures/outliers.png',
        'spectrum.json',
        'tables/summary.md',
      ]),
    );
    for (const file of Object.keys(files)) expect(existsSync(join(folder, file))).toBe(true);

    const second = await project.run(...args);
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('taken from the store') });
    expect(readFileSync(join(folder, 'manifest.json'), 'utf8')).toBe(manifest);

    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const third = await project.run(...args);
    expect(third).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/expected an earlier spectrum .*found notes.txt/),
    });
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });
});
