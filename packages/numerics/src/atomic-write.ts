import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/** Node's writes fail beyond 2 GiB in one piece. */
const largestPiece = 2 ** 30;

export interface WriteOptions {
  /** Largest number of bytes handed to the system in one call. Default 1 GiB; smaller ones are for tests. */
  readonly pieceBytes?: number;
}

/**
 * Write a file whole or not at all: the parts go to a new file in the same folder, which is flushed to the disk and
 * then renamed to `path`. Whoever reads `path`, at any moment, finds the old content or all of the new.
 *
 * @throws what the file system throws; nothing is left behind then
 */
export async function writeAtomically(
  path: string,
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { pieceBytes = largestPiece }: WriteOptions = {},
): Promise<void> {
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(aside, 'wx');
    try {
      for await (const part of parts) {
        for (let start = 0; start < part.length; ) {
          const length = Math.min(pieceBytes, part.length - start);
          start += (await file.write(part, start, length)).bytesWritten;
        }
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}
