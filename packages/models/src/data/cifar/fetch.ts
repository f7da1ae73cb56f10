import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDirectory, exists } from '../data-directory.js';
import { download, type FetchedFile, type FetchOptions } from '../download.js';
import { type CifarSource, cifarFilesOf } from './catalogue.js';
import { unpackCifar } from './unpack.js';
import { verifyCifarFile } from './verify.js';

/**
 * Downloads the archive, unpacks it and removes it. An archive that lies in the folder already, with the published sum,
 * is unpacked instead, and stays.
 */
export async function fetchCifar(source: CifarSource, options: FetchOptions = {}): Promise<FetchedFile[]> {
  const { directory = dataDirectory(), baseUrl = source.baseUrl } = options;
  const folder = join(directory, source.name);
  const paths = cifarFilesOf(source).map(({ name }) => join(folder, name));
  if (await allPublished(source, folder)) return paths.map((path) => ({ path, downloaded: false }));

  await mkdir(folder, { recursive: true });
  const archive = join(folder, source.archive.name);
  const wasThere = (await md5Of(archive)) === source.archive.md5;
  if (!wasThere) {
    const url = new URL(source.archive.name, baseUrl.replace(/\/*$/, '/')).href;
    await download(url, archive, source.archive, options);
  }
  await unpackCifar(source, archive, folder);
  if (!wasThere) await rm(archive);
  return paths.map((path) => ({ path, downloaded: !wasThere }));
}

async function allPublished(source: CifarSource, folder: string): Promise<boolean> {
  for (const file of cifarFilesOf(source)) {
    if ((await verifyCifarFile(source, file, folder)).state !== 'published') return false;
  }
  return true;
}

async function md5Of(path: string): Promise<string | undefined> {
  if (!(await exists(path))) return undefined;
  const hash = createHash('md5');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}
