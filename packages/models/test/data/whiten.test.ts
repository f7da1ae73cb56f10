import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { linearAlgebra, portableLinearAlgebra, randomStream } from '@hessian-rmt/numerics';
import { describe, expect, it } from 'vitest';
import {
  balancedSubset,
  blockAverage,
  type Dataset,
  dataset,
  greyscale,
  lumaWeights,
  whiten,
  whitening,
} from '../../src/index.js';
import { relativeError } from '../support/naive-network.js';

const library = await linearAlgebra();
const plain = { name: 'test', classes: 0, labels: new Uint8Array(), checksum: '' };
const subset = resolve(import.meta.dirname, '../../../../../shared/data/cifar10-jpeg-subset');

/** Mean, and covariance with divisor N, sample by sample. */
function moments({ count, dimension, inputs }: Dataset) {
  const x = (n: number, i: number) => inputs[n * dimension + i];
  const samples = Array.from({ length: count }, (_, n) => n);
  const axes = Array.from({ length: dimension }, (_, i) => i);
  const mean = axes.map((i) => samples.reduce((sum, n) => sum + x(n, i), 0) / count);
  const covariance = axes.flatMap((i) =>
    axes.map((j) => samples.reduce((sum, n) => sum + (x(n, i) - mean[i]) * (x(n, j) - mean[j]), 0) / count),
  );
  return { mean, covariance };
}

const identity = (n: number) => Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0));
const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));

/** Variances 9 along (cos t, sin t) and 4 across it, about (5, -1): covariance R diag(9, 4) R^T exactly. */
const angle = 0.4;
const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
const tilted: Dataset = {
  ...plain,
  count: 4,
  dimension: 2,
  inputs: Float64Array.from(
    [
      [3, 2],
      [3, -2],
      [-3, 2],
      [-3, -2],
    ].flatMap(([a, b]) => [5 + a * cosine - b * sine, -1 + a * sine + b * cosine]),
  ),
};

/** 40 samples in 6 dimensions, correlated and not centred. */
const mixed: Dataset = {
  ...plain,
  count: 40,
  dimension: 6,
  inputs: randomStream(2, 'mixed')
    .normals(240)
    .map((x, i, all) => 3 + x + 0.8 * all[i - (i % 6)]),
};

describe('whitening', () => {
  it('by ZCA is R diag(1/3, 1/2) R^T where the covariance is R diag(9, 4) R^T', async () => {
    const { mean, matrix } = await whitening(tilted, library);
    expect(relativeError(mean, [5, -1])).toBeLessThan(1e-15);
    const [a, b] = [1 / 3, 1 / 2];
    const across = (a - b) * cosine * sine;
    const expected = [a * cosine ** 2 + b * sine ** 2, across, across, a * sine ** 2 + b * cosine ** 2];
    expect(relativeError(matrix, expected)).toBeLessThan(1e-14);
  });

  it('by PCA is diag(1/3, 1/2) R^T there, the largest weight of each component positive', async () => {
    const { matrix, outputs } = await whitening(tilted, library, { method: 'pca' });
    expect(outputs).toBe(2);
    const expected = [cosine / 3, sine / 3, -sine / 2, cosine / 2];
    expect(relativeError(matrix, expected)).toBeLessThan(1e-14);
  });

  it.each(['zca', 'pca'] as const)('by %s gives mean zero and covariance one, with either library', async (method) => {
    for (const algebra of [library, portableLinearAlgebra()]) {
      const white = whiten(mixed, await whitening(mixed, algebra, { method }), algebra);
      const { mean, covariance } = moments(white);
      expect(largest(mean)).toBeLessThan(1e-13);
      expect(relativeError(covariance, identity(6))).toBeLessThan(1e-12);
    }
  });

  it('by ZCA turns nothing: its matrix is symmetric, and white data stay what they are', async () => {
    const by = await whitening(mixed, library);
    const transposed = by.matrix.map((_, i) => by.matrix[(i % 6) * 6 + Math.floor(i / 6)]);
    expect(relativeError(by.matrix, transposed)).toBeLessThan(1e-14);
    const white = whiten(mixed, by, library);
    const again = whiten(white, await whitening(white, library), library);
    expect(relativeError(again.inputs, white.inputs)).toBeLessThan(1e-12);
    expect(white.name).toBe('test, whitened (ZCA)');
  });

  it('of test data takes mean and matrix of the training data', async () => {
    const by = await whitening(tilted, library);
    const other: Dataset = { ...tilted, count: 1, inputs: Float64Array.of(5 + cosine, -1 + sine) };
    // One step along the axis of deviation 3.
    expect(relativeError(whiten(other, by, library).inputs, [cosine / 3, sine / 3])).toBeLessThan(1e-13);
  });

  it.each([
    ['fewer samples than coordinates', { ...mixed, count: 4, inputs: mixed.inputs.subarray(0, 24) }, 3],
    ['a constant coordinate', { ...mixed, inputs: mixed.inputs.map((x, i) => (i % 6 === 2 ? 0.7 : x)) }, 5],
    [
      'one coordinate the sum of two others',
      { ...mixed, inputs: mixed.inputs.map((x, i, all) => (i % 6 === 5 ? all[i - 1] + all[i - 2] : x)) },
      5,
    ],
  ])('finds the rank of data with %s: pca keeps so many components, zca refuses', async (_, data, rank) => {
    await expect(whitening(data, library)).rejects.toThrow(
      `expected a covariance of full rank 6 for zca, found rank ${rank} in test: take pca, which keeps ${rank} components`,
    );
    const white = whiten(data, await whitening(data, library, { method: 'pca' }), library);
    expect(white).toMatchObject({ dimension: rank, name: `test, whitened (PCA, ${rank} of 6 components)` });
    expect(relativeError(moments(white).covariance, identity(rank))).toBeLessThan(1e-12);
  });

  it('refuses data that are all equal, another method and another dimension', async () => {
    const constant = { ...tilted, inputs: new Float64Array(8).fill(0.5) };
    await expect(whitening(constant, library, { method: 'pca' })).rejects.toThrow('all inputs of test are equal');
    await expect(whitening(mixed, library, { method: 'lda' as never })).rejects.toThrow(
      'method must be zca or pca, found lda',
    );
    const by = await whitening(mixed, library);
    expect(() => whiten(tilted, by, library)).toThrow('expected 6 inputs a sample in test, found 2');
  });
});

describe('grey images', () => {
  const colours: Dataset = {
    ...plain,
    count: 2,
    dimension: 24,
    image: { height: 2, width: 4, channels: 3 },
    inputs: randomStream(4, 'colours').normals(48),
  };

  it('are the luma 0.299 R + 0.587 G + 0.114 B of each pixel', () => {
    const grey = greyscale(colours);
    expect(grey).toMatchObject({ dimension: 8, image: { height: 2, width: 4, channels: 1 }, name: 'test, grey' });
    for (const [n, y, x] of [
      [0, 0, 0],
      [1, 1, 2],
    ]) {
      const [r, g, b] = colours.inputs.subarray(n * 24 + (y * 4 + x) * 3);
      expect(grey.inputs[n * 8 + y * 4 + x]).toBeCloseTo(0.299 * r + 0.587 * g + 0.114 * b, 15);
    }
    expect(lumaWeights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 15);
  });

  it('are the same whether they are made smaller before or after', () => {
    const [before, after] = [greyscale(blockAverage(colours, 2)), blockAverage(greyscale(colours), 2)];
    expect(relativeError(before.inputs, after.inputs)).toBeLessThan(1e-14);
  });

  it('are not made of what has no colours', () => {
    expect(() => greyscale(greyscale(colours))).toThrow('expected images of three channels in test, grey, found 1');
    expect(() => greyscale(mixed)).toThrow('found no images');
  });
});

it.skipIf(!existsSync(subset))(
  'the images of Pennington & Bahri 2017, sec. 5.2, 150 of 4 x 4 pixels, grey and white, come from CIFAR (skipped where ../shared/data is absent)',
  async () => {
    const random = randomStream(1, 'pennington-bahri');
    const images = balancedSubset(await dataset('cifar10', { split: 'test', directory: subset }), 150, random);
    const small = greyscale(blockAverage(images, 8));
    const white = whiten(small, await whitening(small, library), library);
    expect(white).toMatchObject({ count: 150, dimension: 16, image: { height: 4, width: 4, channels: 1 } });
    const { mean, covariance } = moments(white);
    expect(largest(mean)).toBeLessThan(1e-12);
    expect(relativeError(covariance, identity(16))).toBeLessThan(1e-11);
  },
);
