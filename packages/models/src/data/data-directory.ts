import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { IdxFile, IdxSource } from './catalogue.js';

/**
 * Where data files lie, one folder a data set: the environment variable HESSIAN_RMT_DATA, else ~/.cache/hessian-rmt
 * (not a folder of the project, so that several copies of it share one download).
 */
export function dataDirectory(): string {
  return process.env.HESSIAN_RMT_DATA || join(homedir(), '.cache', 'hessian-rmt');
}

/** Where the files of a source may be, first come, first served. */
export function foldersOf(source: IdxSource, directory = dataDirectory()): string[] {
  return [join(directory, source.name), ...source.systemFolders];
}

/** Path of a file in one of these folders, compressed or not; undefined when it is in none. */
export async function findFile(file: IdxFile, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    for (const name of [`${file.name}.gz`, file.name]) {
      const path = join(folder, name);
      if (await exists(path)) return path;
    }
  }
  return undefined;
}

export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
