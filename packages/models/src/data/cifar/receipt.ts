import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '@hessian-rmt/numerics';
import { DataFileError } from '../data-file-error.js';
import type { CifarSource } from './catalogue.js';

// The publishers give the sum of the archive and none of the files in it. So whoever unpacks an archive whose sum was
// right writes down the sums of what came out: files with these sums are the published ones.

/** SHA-256 by file name, of files unpacked from the published archive. */
export type Receipt = Readonly<Record<string, string>>;

const nameOf = ({ archive }: CifarSource) => `unpacked-from-${archive.name}.json`;

/**
 * undefined when there is none: nothing says then where the files are from.
 *
 * @throws DataFileError when it is damaged or of another archive
 */
export async function readReceipt(source: CifarSource, folder: string): Promise<Receipt | undefined> {
  const path = join(folder, nameOf(source));
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  let found: unknown;
  try {
    const { archive, sha256 } = JSON.parse(text) as { archive?: { md5?: string }; sha256?: Receipt };
    if (archive?.md5 === source.archive.md5 && sha256) return sha256;
    found = `sums of an archive with MD5 ${archive?.md5}`;
  } catch (error) {
    found = (error as Error).message;
  }
  throw new DataFileError(path, `sums of files from the archive with MD5 ${source.archive.md5}`, String(found));
}

export async function writeReceipt(source: CifarSource, folder: string, sha256: Receipt): Promise<void> {
  const { name, md5 } = source.archive;
  const text = `${JSON.stringify({ archive: { name, md5 }, sha256 }, null, 2)}\n`;
  await writeAtomically(join(folder, nameOf(source)), [Buffer.from(text)]);
}

export async function removeReceipt(source: CifarSource, folder: string): Promise<void> {
  await rm(join(folder, nameOf(source)), { force: true });
}
