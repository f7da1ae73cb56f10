import { lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { fetchCifar } from '../../../src/data/cifar/fetch.js';
import { readCifar } from '../../../src/data/cifar/read.js';
import { unpackCifar } from '../../../src/data/cifar/unpack.js';
import { verifyCifarFile } from '../../../src/data/cifar/verify.js';
import { DataFileError, DownloadError } from '../../../src/index.js';
import { file, tinyCifar } from '../../support/cifar-files.js';
import { temporaryFolder } from '../../support/idx-files.js';
import { serve } from '../../support/server.js';

const { source, contents, archive } = await tinyCifar();
const unpacked = [...contents.keys(), 'unpacked-from-tiny.tar.gz.json'].sort();
const send =
  (bytes: Buffer): RequestListener =>
  (_, response) =>
    void response.writeHead(200, { 'content-length': bytes.length }).end(bytes);

describe('fetching CIFAR', () => {
  it('unpacks the files of the archive, and only them, and knows them for the published ones from then on', async () => {
    const directory = await temporaryFolder();
    let requests = 0;
    const baseUrl = await serve((request, response) => {
      requests++;
      expect(request.url).toBe('/files/tiny.tar.gz');
      send(archive)(request, response);
    });
    const fetched = await fetchCifar(source, { directory, baseUrl });
    const folder = join(directory, source.name);
    expect(fetched).toEqual(
      ['batch_1.bin', 'batch_2.bin', 'test.bin'].map((name) => ({ path: join(folder, name), downloaded: true })),
    );
    expect((await readdir(folder)).sort()).toEqual(unpacked);
    for (const [name, bytes] of contents) expect((await readFile(join(folder, name))).equals(bytes)).toBe(true);
    expect((await readCifar(source, 'train', directory))!.name).toBe('Tiny CIFAR (published training set)');
    expect((await verifyCifarFile(source, source.files.test[0], folder)).state).toBe('published');

    const again = await fetchCifar(source, { directory, baseUrl });
    expect(again.map(({ downloaded }) => downloaded)).toEqual([false, false, false]);
    expect(requests).toBe(1);
  });

  it('takes an archive that lies there already, and leaves it', async () => {
    const directory = await temporaryFolder();
    const folder = join(directory, source.name);
    await mkdir(folder);
    await writeFile(join(folder, 'tiny.tar.gz'), archive);
    const fetched = await fetchCifar(source, { directory, baseUrl: 'http://127.0.0.1:1/' });
    expect(fetched.map(({ downloaded }) => downloaded)).toEqual([false, false, false]);
    expect((await readdir(folder)).sort()).toEqual([...unpacked, 'tiny.tar.gz'].sort());
  });

  it('unpacks nothing before the sum is right', async () => {
    const flipped = Buffer.from(archive);
    flipped[archive.length >> 1] ^= 4;
    const bad: [Buffer, string][] = [
      [flipped, 'expected MD5'],
      [archive.subarray(0, -10), 'expected MD5'],
      [Buffer.concat([archive, archive]), `expected ${archive.length} bytes, found more`],
    ];
    for (const [bytes, message] of bad) {
      const directory = await temporaryFolder();
      const attempt = fetchCifar(source, { directory, baseUrl: await serve(send(bytes)) });
      await expect(attempt).rejects.toBeInstanceOf(DownloadError);
      await expect(attempt).rejects.toThrow(message);
      expect(await readdir(join(directory, source.name))).toEqual([]);
    }
  });

  it('asks for the SHA-256 where the publishers give one, beside the MD5', async () => {
    const directory = await temporaryFolder();
    const other = { ...source, archive: { ...source.archive, sha256: '0'.repeat(64) } };
    await expect(fetchCifar(other, { directory, baseUrl: await serve(send(archive)) })).rejects.toThrow(
      `expected SHA-256 ${'0'.repeat(64)}, found `,
    );
  });

  it('restores a file that was damaged, cut, lost or taken from another split', async () => {
    const directory = await temporaryFolder();
    const baseUrl = await serve(send(archive));
    await fetchCifar(source, { directory, baseUrl });
    const path = join(directory, source.name, 'batch_2.bin');
    const whole = contents.get('batch_2.bin')!;
    const flipped = Buffer.from(whole);
    flipped[100] ^= 1;
    const bad = [flipped, whole.subarray(0, 3073), contents.get('batch_1.bin')!, contents.get('test.bin')!];
    for (const bytes of bad) {
      await writeFile(path, bytes);
      await expect(readCifar(source, 'train', directory)).rejects.toThrow(
        /batch_2\.bin: expected contents with the SHA-256 [0-9a-f]{64} they had in tiny\.tar\.gz, found SHA-256 /,
      );
      await fetchCifar(source, { directory, baseUrl });
      expect((await readCifar(source, 'train', directory))!.count).toBe(8);
    }
    await rm(path);
    await expect(readCifar(source, 'train', directory)).rejects.toThrow(
      `${path}: expected the file unpacked from tiny.tar.gz (fetch it again), found no such file`,
    );
    await fetchCifar(source, { directory, baseUrl });
    expect((await readFile(path)).equals(whole)).toBe(true);
  });

  it('does not believe sums that are damaged or of another archive', async () => {
    const directory = await temporaryFolder();
    await fetchCifar(source, { directory, baseUrl: await serve(send(archive)) });
    const sums = join(directory, source.name, 'unpacked-from-tiny.tar.gz.json');
    for (const text of ['{"archive":', '{"archive":{"md5":"0"},"sha256":{}}', 'null']) {
      await writeFile(sums, text);
      await expect(readCifar(source, 'test', directory)).rejects.toThrow(
        `${sums}: expected sums of files from the archive with MD5 ${source.archive.md5}, found `,
      );
      const { state } = await verifyCifarFile(source, source.files.test[0], join(directory, source.name));
      expect(state).toBe('damaged');
    }
  });
});

describe('an archive with the right sum', () => {
  /** Unpacks an archive of these entries into the folder `inner` of a folder that must stay as it is. */
  async function unpack(change: (entries: TarEntry[]) => TarEntry[]) {
    const tiny = await tinyCifar(change);
    const outer = await temporaryFolder();
    const inner = join(outer, 'inner');
    await mkdir(inner);
    const path = join(outer, 'tiny.tar.gz');
    await writeFile(path, tiny.archive);
    await writeFile(join(outer, 'precious'), 'as it was');
    const unpacking = unpackCifar(tiny.source, path, inner);
    return { outer, inner, path, unpacking };
  }
  const evil = Buffer.from('evil');

  it('writes nowhere but to the expected names in its folder', async () => {
    const { outer, inner, unpacking } = await unpack((entries) => [
      file('../precious', evil),
      file('tiny-bin/../../precious', evil),
      file('tiny-bin/../test.bin', evil),
      file('/tmp/hessian-rmt-evil', evil),
      file('tiny-bin/sub/test.bin', evil),
      file('TINY-BIN/test.bin', evil),
      { header: { name: 'tiny-bin/link', type: 'symlink', linkname: '..', size: 0 } },
      file('tiny-bin/link/precious', evil),
      ...entries,
    ]);
    await unpacking;
    expect((await readdir(inner)).sort()).toEqual(unpacked);
    expect((await readdir(outer)).sort()).toEqual(['inner', 'precious', 'tiny.tar.gz']);
    expect(await readFile(join(outer, 'precious'), 'utf8')).toBe('as it was');
    await expect(lstat('/tmp/hessian-rmt-evil')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('replaces a link that lies under an expected name, and does not follow it', async () => {
    const outer = await temporaryFolder();
    const path = join(outer, 'tiny.tar.gz');
    await writeFile(path, archive);
    await writeFile(join(outer, 'precious'), 'as it was');
    await mkdir(join(outer, 'inner'));
    await symlink(join(outer, 'precious'), join(outer, 'inner', 'test.bin'));
    await unpackCifar(source, path, join(outer, 'inner'));
    expect(await readFile(join(outer, 'precious'), 'utf8')).toBe('as it was');
    expect((await lstat(join(outer, 'inner', 'test.bin'))).isFile()).toBe(true);
  });

  it.each<[string, (entries: TarEntry[]) => TarEntry[], string]>([
    [
      'a file is missing',
      (entries) => entries.filter(({ header }) => !header.name.endsWith('test.bin')),
      'expected an entry tiny-bin/test.bin, found none',
    ],
    [
      'a file is there twice',
      (entries) => [...entries, file('tiny-bin/test.bin', contents.get('test.bin')!)],
      'tiny-bin/test.bin: expected one entry of this name, found two',
    ],
    [
      'a file has another size',
      (entries) => [file('tiny-bin/test.bin', evil), ...entries],
      'tiny-bin/test.bin: expected 6146 bytes, found 4 bytes',
    ],
    [
      'a link stands for a file',
      (entries) => [
        { header: { name: 'tiny-bin/test.bin', type: 'symlink', linkname: '/etc/passwd', size: 0 } },
        ...entries,
      ],
      'tiny-bin/test.bin: expected a file, found a symlink',
    ],
  ])('is refused when %s, and leaves nothing that passes for published', async (_, change, message) => {
    const { inner, unpacking } = await unpack(change);
    await expect(unpacking).rejects.toBeInstanceOf(DataFileError);
    await expect(unpacking).rejects.toThrow(message);
    expect(await readdir(inner)).not.toContain('unpacked-from-tiny.tar.gz.json');
  });

  it('is refused when its gzip or its tar is cut or damaged, or it is something else', async () => {
    const outer = await temporaryFolder();
    const path = join(outer, 'tiny.tar.gz');
    const tar = await packTar([file('tiny-bin/batch_1.bin', contents.get('batch_1.bin')!)]);
    const damaged = Buffer.from(tar);
    damaged[10] ^= 1;
    for (const bytes of [
      archive.subarray(0, -20),
      gzipSync(tar.subarray(0, 2000)),
      gzipSync(damaged),
      Buffer.from('<!DOCTYPE html>'),
    ]) {
      await writeFile(path, bytes);
      const folder = join(outer, 'inner');
      await mkdir(folder, { recursive: true });
      const attempt = unpackCifar(source, path, folder);
      await expect(attempt).rejects.toThrow(`${path}: expected a whole tar.gz archive, found `);
      expect((await readdir(folder)).filter((name) => name.endsWith('.tmp') || name.endsWith('.json'))).toEqual([]);
    }
  });
});
