import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  denseOperator,
  type LanczosCheckpoint,
  lanczos,
  lanczosFiles,
  type Operator,
  stochasticLanczosQuadrature,
} from '../../src/index.js';
import { spaced, withEigenvalues } from '../known-spectra.js';

const la = await linearAlgebra({ threads: 1 });
const operator = denseOperator(await withEigenvalues(spaced(-1, 2, 40), la));
const options = { linearAlgebra: la, steps: 9, start: { random: randomStream(1, 'start') } };
const run = (checkpoint: LanczosCheckpoint, more = {}) =>
  lanczos(counted.operator, { ...options, checkpoint, ...more });

let folder: string;
let counted: { readonly operator: Operator; products: number };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lanczos-'));
  counted = {
    products: 0,
    operator: {
      shape: operator.shape,
      matvec(v) {
        counted.products++;
        return operator.matvec(v);
      },
    },
  };
  options.start = { random: randomStream(1, 'start') };
});
afterEach(() => rm(folder, { recursive: true }));

describe('a checkpoint in files', () => {
  it('lets a run that was stopped at any step go on from there, to the same bytes', async () => {
    const whole = await lanczos(operator, { ...options, start: { random: randomStream(1, 'start') } });
    for (const stop of [1, 4, 8]) {
      const place = join(folder, `${stop}`);
      const abort = new AbortController();
      const progress = (fraction: number) => fraction * 9 > stop - 0.5 && abort.abort(new Error('killed'));
      options.start = { random: randomStream(1, 'start') };
      await expect(run(lanczosFiles(place), { progress, signal: abort.signal })).rejects.toThrow('killed');
      options.start = { random: randomStream(1, 'start') };
      const resumed = await run(lanczosFiles(place));
      expect(resumed).toEqual(whole);
    }
    expect(counted.products).toBe(3 * 9);
  });

  it('survives a process that dies between the vector and the recurrence', async () => {
    const whole = await run(lanczosFiles(folder));
    const before = await readFile(join(folder, 'recurrence.npz'));
    options.start = { random: randomStream(1, 'start') };
    await run(lanczosFiles(folder), { steps: 12 });
    await writeFile(join(folder, 'recurrence.npz'), before);
    options.start = { random: randomStream(1, 'start') };
    expect(await run(lanczosFiles(folder))).toEqual(whole);
    expect(counted.products).toBe(12);
  });

  it('serves fewer steps and more steps than it holds', async () => {
    await run(lanczosFiles(folder));
    for (const [steps, products] of [
      [5, 9],
      [12, 12],
    ]) {
      options.start = { random: randomStream(1, 'start') };
      const found = await run(lanczosFiles(folder), { steps });
      expect(counted.products).toBe(products);
      expect(found).toEqual(
        await lanczos(operator, { ...options, steps, start: { random: randomStream(1, 'start') } }),
      );
    }
  });

  it('takes up a quadrature of several vectors in the one that it was in', async () => {
    const quadrature = (more = {}) =>
      stochasticLanczosQuadrature(counted.operator, {
        linearAlgebra: la,
        steps: 4,
        vectors: 3,
        random: randomStream(1, 'slq'),
        checkpoint: (i) => lanczosFiles(join(folder, `vector ${i}`)),
        ...more,
      });
    const abort = new AbortController();
    const progress = (fraction: number) => fraction > 0.49 && abort.abort(new Error('killed'));
    await expect(quadrature({ progress, signal: abort.signal })).rejects.toThrow('killed');
    const resumed = await quadrature();
    expect(counted.products).toBe(12);
    expect(resumed).toEqual(await quadrature({ checkpoint: undefined }));
  });

  it('holds one file a vector, written once, and a recurrence', async () => {
    await run(lanczosFiles(folder), { steps: 2 });
    expect((await readdir(folder)).sort()).toEqual([
      'recurrence.npz',
      'vector-0000.npz',
      'vector-0001.npz',
      'vector-0002.npz',
    ]);
  });

  it('knows that a space was invariant', async () => {
    const start = new Float64Array(40);
    const identity = denseOperator(await withEigenvalues(new Float64Array(40).fill(3), la));
    start[0] = 1;
    for (let i = 0; i < 2; i++) {
      const found = await lanczos(identity, { ...options, start, checkpoint: lanczosFiles(folder) });
      expect(found).toMatchObject({ invariant: true, steps: 1 });
    }
  });

  it('is refused if it is of another operator, another start vector or another size', async () => {
    await run(lanczosFiles(folder, 'epoch 1'));
    options.start = { random: randomStream(1, 'start') };
    await expect(run(lanczosFiles(folder, 'epoch 2'))).rejects.toThrow(
      'recurrence.npz: expected a checkpoint of "epoch 2", found "epoch 1".',
    );
    options.start = { random: randomStream(2, 'start') };
    await expect(run(lanczosFiles(folder, 'epoch 1'))).rejects.toThrow('vector 0 is not the start vector asked for');
    const small = denseOperator({ n: 2, data: Float64Array.of(1, 0, 0, 1) });
    await expect(lanczos(small, { ...options, checkpoint: lanczosFiles(folder, 'epoch 1') })).rejects.toThrow(
      'expected vectors of length 2, found 40',
    );
  });

  it('is refused if a file is damaged or missing', async () => {
    await run(lanczosFiles(folder));
    const file = join(folder, 'vector-0003.npz');
    const bytes = await readFile(file);
    bytes[200] ^= 1;
    await writeFile(file, bytes);
    options.start = { random: randomStream(1, 'start') };
    await expect(run(lanczosFiles(folder))).rejects.toThrow('vector-0003.npz: vector.npy: expected the CRC-32');
    await rm(file);
    options.start = { random: randomStream(1, 'start') };
    await expect(run(lanczosFiles(folder))).rejects.toThrow('vector-0003.npz');
  });
});
