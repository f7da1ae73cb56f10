import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach } from 'vitest';
import type { IdxSource } from '../../src/data/catalogue.js';
import { digest } from '../../src/data/checksum.js';

/** An IDX file of bytes, written out as the format says. */
export function idx(sizes: readonly number[], entries: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt8(8, 2);
  header.writeUInt8(sizes.length, 3);
  sizes.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, Uint8Array.from(entries)]);
}

/** A data set of three classes with four files of its own, as the catalogue would describe it, and these files. */
export function tinySource(): { source: IdxSource; contents: Map<string, Buffer>; compressed: Map<string, Buffer> } {
  const images = (count: number) =>
    idx(
      [count, 2, 3],
      Array.from({ length: count * 6 }, (_, i) => (41 * i) % 256),
    );
  const labels = (count: number) =>
    idx(
      [count],
      Array.from({ length: count }, (_, i) => i % 3),
    );
  const contents = new Map([
    ['train-images', images(7)],
    ['train-labels', labels(7)],
    ['t10k-images', images(4)],
    ['t10k-labels', labels(4)],
  ]);
  const compressed = new Map(Array.from(contents, ([name, bytes]) => [name, gzipSync(bytes)]));
  const file = (name: string) => ({
    name,
    compressedMd5: digest('md5', compressed.get(name)!),
    md5: digest('md5', contents.get(name)!),
  });
  const source: IdxSource = {
    name: 'tiny',
    title: 'Tiny',
    classes: 3,
    baseUrl: 'http://localhost/',
    systemFolders: [],
    files: {
      train: { images: file('train-images'), labels: file('train-labels') },
      test: { images: file('t10k-images'), labels: file('t10k-labels') },
    },
  };
  return { source, contents, compressed };
}

const folders: string[] = [];

/** An empty folder that goes when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hessian-rmt-test-'));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});
