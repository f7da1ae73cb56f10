import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseIdxImages, parseIdxLabels, readPlainOrGzip } from '../../src/data/idx.js';
import { readIdxImages } from '../../src/data/read-idx.js';
import { idx, temporaryFolder } from '../support/idx-files.js';

const images = idx(
  [2, 2, 3],
  Array.from({ length: 12 }, (_, i) => 20 * i),
);
const labels = idx([2], [4, 0]);

describe('IDX files', () => {
  it('hold images row by row', () => {
    const { count, height, width, pixels } = parseIdxImages(images, 'images');
    expect([count, height, width]).toEqual([2, 2, 3]);
    expect([...pixels.subarray(6, 9)]).toEqual([120, 140, 160]);
  });

  it('hold labels', () => {
    expect([...parseIdxLabels(labels, 'labels', 5)]).toEqual([4, 0]);
  });

  it('are refused when images are given as labels, and the other way round', () => {
    expect(() => parseIdxLabels(images, 'a.gz', 10)).toThrow(
      'a.gz: expected a label file (IDX magic number 0x00000801), found an image file (0x00000803)',
    );
    expect(() => parseIdxImages(labels, 'b.gz')).toThrow(/b\.gz: expected an image file .* found a label file/);
  });

  it('are refused when they are something else', () => {
    expect(() => parseIdxImages(Buffer.from('<!DOCTYPE html>'), 'page')).toThrow(
      'page: expected an image file (IDX magic number 0x00000803), found something else (0x3c21444f)',
    );
    expect(() => parseIdxImages(Buffer.alloc(3), 'short')).toThrow('found 3 bytes');
  });

  it('are refused at whatever byte they are cut', () => {
    for (let length = 4; length < images.length; length++) {
      expect(() => parseIdxImages(images.subarray(0, length), 'cut')).toThrow(`found ${length} bytes (truncated)`);
    }
  });

  it('are refused when bytes follow the last entry', () => {
    const longer = Buffer.concat([labels, Buffer.alloc(3)]);
    expect(() => parseIdxLabels(longer, 'long', 5)).toThrow(
      'long: expected 10 bytes for sizes 2, found 13 bytes (trailing bytes)',
    );
  });

  it('are refused when they are empty, or announce more than there can be', () => {
    expect(() => parseIdxLabels(idx([0], []), 'none', 5)).toThrow('none: expected at least one entry, found sizes 0');
    expect(() => parseIdxImages(idx([2 ** 32 - 1, 2 ** 32 - 1, 28], []), 'huge')).toThrow('truncated');
  });

  it('are refused when a label is not a class', () => {
    expect(() => parseIdxLabels(labels, 'labels', 4)).toThrow(
      'labels: expected labels from 0 to 3, found label 4 at position 0',
    );
  });

  it('give the same data compressed and not, with the checksum of the contents', async () => {
    const folder = await temporaryFolder();
    const paths = ['images', 'labels', 'images.gz', 'labels.gz'].map((name) => join(folder, name));
    await Promise.all([
      writeFile(paths[0], images),
      writeFile(paths[1], labels),
      writeFile(paths[2], gzipSync(images)),
      writeFile(paths[3], gzipSync(labels)),
    ]);
    const plain = await readIdxImages({ name: 'plain', images: paths[0], labels: paths[1], classes: 5 });
    const packed = await readIdxImages({ name: 'plain', images: paths[2], labels: paths[3], classes: 5 });
    expect(packed).toEqual(plain);
    expect(plain.shape).toEqual({ height: 2, width: 3, channels: 1 });
  });

  it('are refused when images and labels differ in number', async () => {
    const folder = await temporaryFolder();
    const [imagePath, labelPath] = [join(folder, 'images'), join(folder, 'labels')];
    await writeFile(imagePath, images);
    await writeFile(labelPath, idx([3], [0, 1, 2]));
    await expect(readIdxImages({ name: 'pair', images: imagePath, labels: labelPath, classes: 5 })).rejects.toThrow(
      `${labelPath}: expected 2 labels, one for each image of ${imagePath}, found 3`,
    );
  });

  it('are refused when the compressed data are cut, damaged, or followed by something', async () => {
    const folder = await temporaryFolder();
    const packed = gzipSync(Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * i * 7919) % 251)));
    const flipped = Buffer.from(packed);
    flipped[packed.length >> 1] ^= 0x10;
    const bad = { cut: packed.subarray(0, -20), flipped, longer: Buffer.concat([packed, Buffer.from('extra')]) };
    for (const [name, bytes] of Object.entries(bad)) {
      const path = join(folder, name);
      await writeFile(path, bytes);
      await expect(readPlainOrGzip(path)).rejects.toMatchObject({ name: 'DataFileError', file: path });
    }
  });
});
