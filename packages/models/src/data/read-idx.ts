import type { IdxPair } from './catalogue.js';
import { digest } from './checksum.js';
import { DataFileError } from './data-file-error.js';
import { parseIdxImages, parseIdxLabels, readPlainOrGzip } from './idx.js';
import type { LabelledImages } from './images.js';

export interface IdxPaths {
  /** For manifests and figures: `Fashion-MNIST, training`. */
  readonly name: string;
  readonly images: string;
  readonly labels: string;
  readonly classes: number;
  /** The published sums, when these files are meant to be the published ones. */
  readonly published?: IdxPair;
}

/**
 * Images and labels from a pair of IDX files, gzip or not. The checksum is that of the decompressed bytes, images
 * before labels.
 *
 * @throws DataFileError naming file, expected and found, when anything in them is wrong
 */
export async function readIdxImages({ name, images, labels, classes, published }: IdxPaths): Promise<LabelledImages> {
  const [imageBytes, labelBytes] = await Promise.all([readPlainOrGzip(images), readPlainOrGzip(labels)]);
  const { count, height, width, pixels } = parseIdxImages(imageBytes, images);
  const labelled = parseIdxLabels(labelBytes, labels, classes);
  if (labelled.length !== count) {
    throw new DataFileError(labels, `${count} labels, one for each image of ${images}`, `${labelled.length}`);
  }
  if (published) {
    checkSum(images, imageBytes, published.images.md5);
    checkSum(labels, labelBytes, published.labels.md5);
  }
  const checksum = digest('sha256', imageBytes, labelBytes);
  return { name, count, shape: { height, width, channels: 1 }, classes, pixels, labels: labelled, checksum };
}

function checkSum(file: string, contents: Uint8Array, expected: string): void {
  const found = digest('md5', contents);
  if (found !== expected) {
    throw new DataFileError(file, `contents with the published MD5 ${expected}`, `MD5 ${found}`);
  }
}
