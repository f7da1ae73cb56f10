import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type IdxFile, type IdxSource, idxFilesOf, idxSources } from './catalogue.js';
import { dataDirectory } from './data-directory.js';
import type { DatasetName } from './datasets.js';
import { verifyFile } from './verify.js';

export interface FetchOptions {
  /** Default: see `dataDirectory`. Files go to its folder NAME. */
  readonly directory?: string;
  /** Another server with the same files. */
  readonly baseUrl?: string;
  /** Give up when nothing arrives for this long. Default 30,000 ms (our choice). */
  readonly stallTimeout?: number;
  readonly onProgress?: (progress: FetchProgress) => void;
}

export interface FetchProgress {
  readonly file: string;
  readonly received: number;
  /** Absent when the server does not say. */
  readonly total?: number;
}

export interface FetchedFile {
  readonly path: string;
  /** false: a copy with the published contents was there already, and nothing was sent for. */
  readonly downloaded: boolean;
}

/** A download that failed: says what of, what was expected and what was found. Nothing of it is left on the disk. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';

  constructor(
    readonly url: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`${url}: ${problem}`, options);
  }
}

/**
 * Downloads the files of a data set that are not there yet. A file appears under its name only when it is whole and
 * has the published MD5; one of that name with other contents is replaced. Redirects are followed, to plain http too:
 * the sums decide.
 *
 * @throws RangeError for a data set that is not downloaded
 * @throws DownloadError when the server refuses, cuts or stalls, or sends something else
 */
export async function fetchDataset(name: DatasetName, options: FetchOptions = {}): Promise<FetchedFile[]> {
  const source = idxSources.find((candidate) => candidate.name === name);
  if (!source) {
    const names = idxSources.map((candidate) => candidate.name).join(', ');
    throw new RangeError(`fetchDataset: expected one of ${names}, found ${name}`);
  }
  return fetchSource(source, options);
}

export async function fetchSource(source: IdxSource, options: FetchOptions = {}): Promise<FetchedFile[]> {
  const { directory = dataDirectory(), baseUrl = source.baseUrl } = options;
  const folder = join(directory, source.name);
  await mkdir(folder, { recursive: true });
  const fetched: FetchedFile[] = [];
  for (const file of idxFilesOf(source)) {
    const present = await verifyFile({ ...source, systemFolders: [] }, file, directory);
    if (present.state === 'published') {
      fetched.push({ path: present.path!, downloaded: false });
      continue;
    }
    const path = join(folder, `${file.name}.gz`);
    await download(new URL(`${file.name}.gz`, baseUrl.replace(/\/*$/, '/')).href, file, path, options);
    fetched.push({ path, downloaded: true });
  }
  return fetched;
}

async function download(url: string, file: IdxFile, path: string, options: FetchOptions): Promise<void> {
  const { stallTimeout = 30_000, onProgress } = options;
  const stalled = new AbortController();
  const stall = () => stalled.abort(new DownloadError(url, `nothing arrived for ${stallTimeout} ms`));
  let timer = setTimeout(stall, stallTimeout);
  const partial = `${path}.${process.pid}.part`;
  try {
    // `identity`: the gzip file itself is wanted, not its contents.
    const response = await fetch(url, { signal: stalled.signal, headers: { 'accept-encoding': 'identity' } });
    if (!response.ok || !response.body) {
      throw new DownloadError(url, `expected HTTP status 200, found ${response.status} ${response.statusText}`);
    }
    const length = response.headers.get('content-length');
    const md5 = createHash('md5');
    let received = 0;
    const handle = await open(partial, 'w');
    try {
      for await (const chunk of response.body) {
        clearTimeout(timer);
        timer = setTimeout(stall, stallTimeout);
        md5.update(chunk);
        await handle.writeFile(chunk);
        received += chunk.length;
        onProgress?.({ file: `${file.name}.gz`, received, ...(length ? { total: Number(length) } : {}) });
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    const found = md5.digest('hex');
    if (found !== file.compressedMd5) {
      throw new DownloadError(url, `expected MD5 ${file.compressedMd5}, found ${found} in ${received} bytes`);
    }
    await rename(partial, path);
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    throw new DownloadError(url, reasonOf(error), { cause: error });
  } finally {
    clearTimeout(timer);
    await rm(partial, { force: true });
  }
}

/** Node's fetch says `fetch failed` or `terminated` and keeps the reason in causes. */
function reasonOf(error: unknown): string {
  const messages: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) messages.push(cause.message);
  return messages.filter((message) => message !== '').join(': ');
}
