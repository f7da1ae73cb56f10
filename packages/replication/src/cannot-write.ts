import { accessSync, constants, existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Something on the disk cannot be written; the message says what, where and why. */
export class CannotWrite extends Error {
  override readonly name = 'CannotWrite';
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a file stands where a folder should be',
  EEXIST: 'a file stands where a folder should be',
};

/**
 * Do work that writes.
 *
 * @param what  as in `The results cannot be written to /x: the disk is full.`
 * @param kept  what is not lost, as a sentence
 * @throws CannotWrite in place of the system's errors; others as they are
 */
export async function writing<T>(what: string, path: string, kept: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    const why = reasons[codeOf(error as NodeJS.ErrnoException)] ?? message;
    throw new CannotWrite(`${what} cannot be written to ${path}: ${why}. ${kept}`, { cause: error });
  }
}

/** Node's `mkdir` of several folders says ENOENT for whatever keeps it from making them. */
function codeOf({ code = '', syscall, path }: NodeJS.ErrnoException): string {
  if (code !== 'ENOENT' || syscall !== 'mkdir' || path === undefined) return code;
  let present = dirname(path);
  while (!existsSync(present)) present = dirname(present);
  try {
    accessSync(present, constants.W_OK);
    return code;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? code;
  }
}

/** Enough that a disk refuses it when it is full: an empty file takes no block. */
const trial = new Uint8Array(4096);

/** Try whether a folder takes a file. @throws what the file system throws; nothing is left behind */
export async function tryWriting(file: string): Promise<void> {
  try {
    await writeFile(file, trial, { flag: 'wx' });
  } finally {
    await rm(file, { force: true });
  }
}
