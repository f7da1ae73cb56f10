import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCifar } from '../../../src/data/cifar/read.js';
import { verifyCifarFile } from '../../../src/data/cifar/verify.js';
import { blackOf, DataFileError, dataset, labelledImages, listDatasets, verifyDatasets } from '../../../src/index.js';
import { cifarRecords, tinyCifar } from '../../support/cifar-files.js';
import { temporaryFolder } from '../../support/idx-files.js';

const subset = resolve(import.meta.dirname, '../../../../../../shared/data/cifar10-jpeg-subset');
const { source, contents } = await tinyCifar();

/** A data directory with these files in the data set's folder. */
async function directoryWith(files: Iterable<readonly [string, Uint8Array | string]>) {
  const directory = await temporaryFolder();
  const folder = join(directory, source.name);
  await mkdir(folder);
  for (const [name, bytes] of files) await writeFile(join(folder, name), bytes);
  return { directory, folder };
}

describe('CIFAR files', () => {
  it('are read batch after batch, with the names of their classes', async () => {
    const { directory } = await directoryWith(contents);
    const images = await readCifar(source, 'train', directory);
    expect(images).toMatchObject({ count: 8, classes: 3, shape: { height: 32, width: 32, channels: 3 } });
    expect([...images!.labels]).toEqual([0, 1, 2, 0, 1, 2, 0, 1]);
    expect(images!.pixels[4 * 3072]).toBe(1);
    expect(images!.classNames).toEqual(['cat', 'dog', 'ship']);
  });

  it('are found where the archive unpacks to, and in the directory itself', async () => {
    const directory = await temporaryFolder();
    await writeFile(join(directory, 'test.bin'), contents.get('test.bin')!);
    expect(await readCifar(source, 'test', directory)).toMatchObject({ count: 2 });
    await mkdir(join(directory, 'tiny-bin'));
    await writeFile(join(directory, 'tiny-bin', 'test.bin'), contents.get('test.bin')!.subarray(0, 3073));
    expect(await readCifar(source, 'test', directory)).toMatchObject({ count: 1 });
    expect(await readCifar(source, 'train', directory)).toBeUndefined();
  });

  it('are not called the published ones when nothing says that they are', async () => {
    const { directory } = await directoryWith(contents);
    const { name } = (await readCifar(source, 'train', directory))!;
    expect(name).toBe('Tiny CIFAR (training set, not verified to be the published one)');
  });

  it('are called a part when batches or records are missing', async () => {
    const { directory } = await directoryWith([
      ['batch_2.bin', contents.get('batch_2.bin')!],
      ['test.bin', contents.get('test.bin')!.subarray(0, 3073)],
    ]);
    expect((await readCifar(source, 'train', directory))!.name).toBe(
      'Tiny CIFAR format (not the published training set, 1 of 2 batches, 4 of 8 images)',
    );
    expect((await readCifar(source, 'test', directory))!.name).toBe(
      'Tiny CIFAR format (not the published test set, 1 of 2 images)',
    );
  });

  it('are refused when they are cut, too long or hold a label that is no class, and the file is named', async () => {
    const whole = contents.get('test.bin')!;
    const stray = Buffer.from(whole);
    stray[3073] = 3;
    const bad: [Buffer, string][] = [
      [whole.subarray(0, -1), 'expected whole records of 3073 bytes'],
      [Buffer.concat([whole, whole]), 'expected at most 6146 bytes, 2 records, found 12292 bytes'],
      [stray, 'expected labels from 0 to 2, found label 3 in record 1'],
      [Buffer.alloc(0), 'found 0 bytes'],
    ];
    for (const [bytes, message] of bad) {
      const { directory, folder } = await directoryWith([['test.bin', bytes]]);
      const attempt = readCifar(source, 'test', directory);
      await expect(attempt).rejects.toBeInstanceOf(DataFileError);
      await expect(attempt).rejects.toMatchObject({ file: join(folder, 'test.bin') });
      await expect(attempt).rejects.toThrow(message);
      expect(await verifyCifarFile(source, source.files.test[0], folder)).toMatchObject({
        state: 'damaged',
        problem: expect.stringContaining(message),
      });
    }
  });

  it('are refused when the names are not one for each class', async () => {
    const { directory, folder } = await directoryWith([...contents, ['names.txt', 'cat\ndog\n']]);
    await expect(readCifar(source, 'test', directory)).rejects.toThrow(
      `${join(folder, 'names.txt')}: expected the names of 3 classes, one a line, found 2 lines`,
    );
  });

  it('verify as well-formed, damaged or absent', async () => {
    const { folder } = await directoryWith([
      ['batch_1.bin', contents.get('batch_1.bin')!],
      ['test.bin', 'a page of text'],
    ]);
    const states = [...source.files.train, ...source.files.test].map((file) => verifyCifarFile(source, file, folder));
    expect((await Promise.all(states)).map(({ state }) => state)).toEqual(['unverified', 'absent', 'damaged']);
  });

  it('of CIFAR-100 hold superclasses beside the classes', async () => {
    const directory = await temporaryFolder();
    const labels = [
      [4, 0],
      [19, 99],
    ];
    await writeFile(
      join(directory, 'test.bin'),
      cifarRecords(labels, (n, c) => 10 * n + c),
    );
    const images = await labelledImages('cifar100', 'test', directory);
    expect(images.name).toBe('CIFAR-100 format (not the published test set, 2 of 10,000 images)');
    expect([images.classes, ...images.labels, ...images.superclassLabels!]).toEqual([100, 0, 99, 4, 19]);
  });

  it.each([
    ['cifar10', 'data_batch_2.bin', [[3], [5]]],
    [
      'cifar100',
      'train.bin',
      [
        [0, 3],
        [1, 55],
      ],
    ],
  ] as const)(
    'of %s become images of 32 x 32 x 3, channels innermost, standardised channel by channel',
    async (name, file, labels) => {
      const directory = await temporaryFolder();
      const pixel = (n: number, c: number, y: number, x: number) => (90 * n + 31 * c + (c + 1) * y + 3 * x) % 256;
      await writeFile(join(directory, file), cifarRecords(labels, pixel));
      const bytes = await dataset(name, { split: 'train', directory });
      expect(bytes).toMatchObject({ count: 2, image: { height: 32, width: 32, channels: 3 }, dimension: 3072 });
      expect([...bytes.labels]).toEqual(labels.map((label) => label[label.length - 1]));
      expect(bytes.inputs[3072 + (5 * 32 + 7) * 3 + 2]).toBe(pixel(1, 2, 5, 7) / 255);

      const scaled = await dataset(name, { split: 'train', directory, scaling: 'standardised-by-channel' });
      for (const channel of [0, 1, 2]) {
        const values = scaled.inputs.filter((_, i) => i % 3 === channel);
        const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
        const square = values.reduce((sum, x) => sum + x * x, 0) / values.length;
        expect(Math.abs(mean)).toBeLessThan(1e-12);
        expect(square).toBeCloseTo(1, 12);
      }
      const black = blackOf('standardised-by-channel', await labelledImages(name, 'train', directory));
      const zero = scaled.inputs.findIndex((_, i) => bytes.inputs[i] === 0 && i % 3 === 1);
      expect(black[1]).toBe(scaled.inputs[zero]);
    },
  );

  it('that are nowhere are asked for, with the command that brings them', async () => {
    const directory = await temporaryFolder();
    await expect(dataset('cifar10', { split: 'train', directory })).rejects.toThrow(
      `${join(directory, 'cifar10')} or ${join(directory, 'cifar-10-batches-bin')} or ${directory}: ` +
        'expected data_batch_1.bin (fetch it: npx hessian-rmt data fetch cifar10), found no such file',
    );
  });
});

describe.skipIf(!existsSync(subset))(
  'the CIFAR-10 subset decoded from JPEG (skipped where ../shared/data is absent)',
  () => {
    it('is read by pointing the directory at it, and its name says that it is not the published set', async () => {
      const train = await labelledImages('cifar10', 'train', subset);
      expect(train.name).toBe(
        'CIFAR-10 format (not the published training set, 1 of 5 batches, 10,000 of 50,000 images)',
      );
      expect(train.count).toBe(10_000);
      expect(train.classNames?.[6]).toBe('frog');
      // Round robin, as its README says.
      expect(train.labels.every((label, n) => label === n % 10)).toBe(true);

      const test = await dataset('cifar10', { split: 'test', directory: subset });
      expect(test.name).toBe('CIFAR-10 format (not the published test set, 2,000 of 10,000 images)');
      expect([test.count, test.dimension, test.classes]).toEqual([2000, 3072, 10]);
    });

    it('has the colours of CIFAR-10: mean and deviation channel by channel', async () => {
      // Of the published training set: means 0.4914, 0.4822, 0.4465. An image's mean scatters by about 0.12 (the
      // deviation of all pixels, which bounds it, is 0.25), that of 10,000 images by less than 0.0025; five of them.
      const { pixels } = await labelledImages('cifar10', 'train', subset);
      const sums = [0, 0, 0];
      pixels.forEach((value, i) => {
        sums[i % 3] += value;
      });
      const means = sums.map((sum) => sum / (pixels.length / 3) / 255);
      [0.4914, 0.4822, 0.4465].forEach((mean, c) => {
        expect(Math.abs(means[c] - mean)).toBeLessThan(0.0125);
      });
    });

    it('is listed where it is, and verifies as well-formed', async () => {
      const listed = (await listDatasets(subset)).find(({ name }) => name === 'cifar10');
      expect(listed).toEqual({ name: 'cifar10', train: subset, test: subset });
      const statuses = (await verifyDatasets(subset)).filter(({ dataset }) => dataset === 'cifar10');
      expect(statuses.map(({ state }) => state)).toEqual(['unverified', ...new Array(4).fill('absent'), 'unverified']);
      expect(statuses[5].problem).toContain('2000 of 10000 images, not unpacked by us from the published archive');
    });
  },
);
