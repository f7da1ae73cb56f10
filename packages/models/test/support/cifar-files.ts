import { gzipSync } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';
import { digest } from '../../src/data/checksum.js';
import type { CifarSource } from '../../src/data/cifar/catalogue.js';

/** Records as the format says: label bytes, then a red, a green and a blue plane of 32 x 32. */
export function cifarRecords(
  labels: readonly (readonly number[])[],
  pixel: (image: number, channel: number, y: number, x: number) => number,
): Buffer {
  return Buffer.concat(
    labels.map((label, image) => {
      const planes = [0, 1, 2].flatMap((channel) =>
        Array.from({ length: 1024 }, (_, i) => pixel(image, channel, Math.floor(i / 32), i % 32) % 256),
      );
      return Uint8Array.from([...label, ...planes]);
    }),
  );
}

export const file = (name: string, body: Uint8Array): TarEntry => ({
  header: { name, size: body.length, type: 'file' },
  body,
});

/** A data set of three classes in three small files, as the catalogue would describe it, with these files and their archive. */
export async function tinyCifar(change: (entries: TarEntry[]) => TarEntry[] = (entries) => entries): Promise<{
  source: CifarSource;
  contents: Map<string, Buffer>;
  archive: Buffer;
}> {
  const records = (count: number, shift: number) =>
    cifarRecords(
      Array.from({ length: count }, (_, n) => [(n + shift) % 3]),
      (n, c, y, x) => shift + 7 * n + 50 * c + 3 * y + x,
    );
  const contents = new Map([
    ['batch_1.bin', records(4, 0)],
    ['batch_2.bin', records(4, 1)],
    ['test.bin', records(2, 2)],
    ['names.txt', Buffer.from('cat\ndog\nship\n\n')],
  ]);
  const entries = [
    { header: { name: 'tiny-bin/', size: 0, type: 'directory' as const } },
    ...Array.from(contents, ([name, body]) => file(`tiny-bin/${name}`, body)),
    file('tiny-bin/readme.html', Buffer.from('<!DOCTYPE html>')),
  ];
  const archive = gzipSync(await packTar(change(entries)));
  const source: CifarSource = {
    name: 'tiny-cifar',
    title: 'Tiny CIFAR',
    baseUrl: 'http://localhost/',
    archive: {
      name: 'tiny.tar.gz',
      bytes: archive.length,
      md5: digest('md5', archive),
      sha256: digest('sha256', archive),
    },
    folder: 'tiny-bin',
    labelClasses: [3],
    files: {
      train: [
        { name: 'batch_1.bin', images: 4 },
        { name: 'batch_2.bin', images: 4 },
      ],
      test: [{ name: 'test.bin', images: 2 }],
    },
    classNames: 'names.txt',
    otherTexts: [],
  };
  return { source, contents, archive };
}
