import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DataFileError, dataset, verifyDatasets } from '../../src/index.js';
import { idx, temporaryFolder } from '../support/idx-files.js';

const [imageName, labelName] = ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz'];
const t10k = resolve(import.meta.dirname, '../../../../../shared/data/mnist-t10k');
const fashion = '/usr/share/datasets/fashion-mnist';

const pixels = (count: number) => Array.from({ length: count * 784 }, (_, i) => (i * 37) % 256);
const images = idx([3, 28, 28], pixels(3));
const labels = idx([3], [4, 0, 9]);
const packed = gzipSync(images);
const huge = Buffer.from(images);
huge.writeUInt32BE(2 ** 31, 4);

/** A data directory in which MNIST's test set consists of these two files. */
async function mnistOf(imageFile: Buffer, labelFile: Buffer) {
  const directory = await temporaryFolder();
  const folder = join(directory, 'mnist');
  await mkdir(folder);
  await writeFile(join(folder, imageName), imageFile);
  await writeFile(join(folder, labelName), labelFile);
  return { directory, images: join(folder, imageName), labels: join(folder, labelName) };
}

describe('files under the names of MNIST', () => {
  it.each<[string, Buffer, Buffer, 'images' | 'labels', string]>([
    ['labels in place of the images', gzipSync(labels), gzipSync(labels), 'images', 'found a label file (0x00000801)'],
    ['images in place of the labels', packed, packed, 'labels', 'found an image file (0x00000803)'],
    ['both exchanged', gzipSync(labels), packed, 'images', 'expected an image file'],
    [
      'a page of an error',
      Buffer.from('<html>404</html>'),
      gzipSync(labels),
      'images',
      'found something else (0x3c68746d)',
    ],
    [
      'gzip that is cut',
      packed.subarray(0, packed.length >> 1),
      gzipSync(labels),
      'images',
      'expected whole gzip data and nothing after them, found unexpected end of file',
    ],
    ['gzip with a bit changed', flipped(packed), gzipSync(labels), 'images', 'expected whole gzip data'],
    [
      'bytes after the gzip data',
      Buffer.concat([packed, Buffer.from('and more')]),
      gzipSync(labels),
      'images',
      'expected whole gzip data and nothing after them, found',
    ],
    [
      'zeros after the gzip data',
      Buffer.concat([packed, Buffer.alloc(8)]),
      gzipSync(labels),
      'images',
      'expected one gzip member, found 8 trailing bytes',
    ],
    [
      'images cut before they were compressed',
      gzipSync(images.subarray(0, -1)),
      gzipSync(labels),
      'images',
      'expected 2368 bytes for sizes 3 x 28 x 28, found 2367 bytes (truncated)',
    ],
    [
      'bytes after the images',
      gzipSync(Buffer.concat([images, images])),
      gzipSync(labels),
      'images',
      '(trailing bytes)',
    ],
    [
      'a header that promises 2^31 images',
      gzipSync(huge),
      gzipSync(labels),
      'images',
      'for sizes 2147483648 x 28 x 28, found 2368 bytes (truncated)',
    ],
    [
      'fewer labels than images',
      packed,
      gzipSync(idx([2], [4, 0])),
      'labels',
      'expected 3 labels, one for each image of',
    ],
    [
      'label 10 of 10 classes',
      packed,
      gzipSync(idx([3], [4, 10, 9])),
      'labels',
      'expected labels from 0 to 9, found label 10 at position 1',
    ],
    [
      'no image at all',
      gzipSync(idx([0, 28, 28], [])),
      gzipSync(idx([0], [])),
      'images',
      'expected at least one entry, found sizes 0 x 28 x 28',
    ],
    ['an empty file', Buffer.alloc(0), gzipSync(labels), 'images', 'found 0 bytes'],
    [
      'well-formed images of something else',
      packed,
      gzipSync(labels),
      'images',
      'expected contents with the published MD5 2646ac647ad5339dbf082846283269ea, found MD5',
    ],
  ])(
    'are refused when they hold %s, and nothing else is taken for them',
    async (_, imageFile, labelFile, which, message) => {
      const files = await mnistOf(imageFile, labelFile);
      const attempt = dataset('mnist', { split: 'test', directory: files.directory });
      await expect(attempt).rejects.toBeInstanceOf(DataFileError);
      await expect(attempt).rejects.toMatchObject({ file: files[which] });
      await expect(attempt).rejects.toThrow(message);
    },
  );

  it.skipIf(!existsSync(t10k) || !existsSync(fashion))(
    'are refused when they are those of Fashion-MNIST, or the labels of it (skipped where either is absent)',
    async () => {
      const directory = await temporaryFolder();
      const folder = join(directory, 'mnist');
      await mkdir(folder);
      const load = () => dataset('mnist', { split: 'test', directory });
      await copyFile(join(t10k, imageName), join(folder, imageName));
      await copyFile(join(t10k, labelName), join(folder, labelName));
      expect((await load()).count).toBe(10_000);
      await copyFile(join(fashion, labelName), join(folder, labelName));
      await expect(load()).rejects.toThrow(/t10k-labels-idx1-ubyte\.gz: expected contents with the published MD5/);
      await copyFile(join(fashion, imageName), join(folder, imageName));
      await expect(load()).rejects.toThrow(/t10k-images-idx3-ubyte\.gz: expected contents with the published MD5/);
      const damaged = (await verifyDatasets(directory)).filter(({ state }) => state === 'damaged');
      expect(damaged.map(({ file }) => `${file}.gz`)).toEqual([imageName, labelName]);
    },
  );

  it.skipIf(!existsSync(t10k))(
    'are refused when the test set stands for the training set (skipped where ../shared/data is absent)',
    async () => {
      const directory = await temporaryFolder();
      const folder = join(directory, 'mnist');
      await mkdir(folder);
      await copyFile(join(t10k, imageName), join(folder, 'train-images-idx3-ubyte.gz'));
      await copyFile(join(t10k, labelName), join(folder, 'train-labels-idx1-ubyte.gz'));
      await expect(dataset('mnist', { split: 'train', directory })).rejects.toThrow(
        /train-images-idx3-ubyte\.gz: expected contents with the published MD5 6bbc9ace898e44ae57da46a324031adb, found/,
      );
    },
  );
});

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[bytes.length >> 1] ^= 8;
  return copy;
}
