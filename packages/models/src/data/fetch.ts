import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type IdxSource, idxFilesOf, idxSources } from './catalogue.js';
import { cifarSources } from './cifar/catalogue.js';
import { fetchCifar } from './cifar/fetch.js';
import { dataDirectory } from './data-directory.js';
import type { DatasetName } from './datasets.js';
import { download, type FetchedFile, type FetchOptions } from './download.js';
import { verifyFile } from './verify.js';

/**
 * Downloads the files of a data set that are not there yet. A file appears under its name only when it is whole and
 * has the published MD5; one of that name with other contents is replaced. CIFAR's archive is unpacked once its sum is
 * right (and taken from the data directory, if someone put it there). Redirects are followed, to plain http too: the sums
 * decide.
 *
 * @throws RangeError for a data set that is not downloaded
 * @throws DownloadError when the server refuses, cuts or stalls, or sends something else
 * @throws DataFileError when an archive does not hold what it should
 */
export async function fetchDataset(name: DatasetName, options: FetchOptions = {}): Promise<FetchedFile[]> {
  const idx = idxSources.find((candidate) => candidate.name === name);
  if (idx) return fetchSource(idx, options);
  const cifar = cifarSources.find((candidate) => candidate.name === name);
  if (cifar) return fetchCifar(cifar, options);
  const names = [...idxSources, ...cifarSources].map((candidate) => candidate.name).join(', ');
  throw new RangeError(`fetchDataset: expected one of ${names}, found ${name}`);
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
    await download(
      new URL(`${file.name}.gz`, baseUrl.replace(/\/*$/, '/')).href,
      path,
      { md5: file.compressedMd5 },
      options,
    );
    fetched.push({ path, downloaded: true });
  }
  return fetched;
}
